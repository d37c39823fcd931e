/** The sum of a step, as the page writes it out: terms in boxes (a kernel row each), boxes in lines (a channel each). */

/** @import {Stage, Step, Trace} from "./types.js" */

import { stampOf, tapsOf, valueAt } from "./trace.js";

/**
 * `left` comes from the input (null stands for padding), `right` from the kernel.
 * @typedef {{left: number | null, right: number | null, product: number | null, padding: boolean, letter: string}} Term
 * @typedef {{name: "channel" | "map" | "slice" | "", number: number, boxes: Term[][], sum: number}} Line
 * @typedef {{kind: "sum" | "stamp", lines: Line[], bias: number | null, value: number | null, terms: number}} Equation
 */

/**
 * @param {Trace} trace
 * @param {Step} step
 * @param {(index: number[]) => string} [letter]  names the input cell of a term
 * @returns {Equation}
 */
export function equationOf(trace, step, letter = () => "") {
  const { stage } = step;
  const spreads = stage.operation === "transpose" && stage.by === "input";
  const terms = spreads ? spread(trace, step) : gathered(trace, step, letter);
  const bias = spreads ? null : stage.bias?.[step.position[0]] ?? null;
  return {
    kind: spreads ? "stamp" : "sum",
    lines: linesOf(terms, spreads ? "map" : "channel"),
    bias,
    value: step.value,
    terms: terms.length,
  };
}

/** @typedef {Term & {channel: number, tap: number[]}} Placed */

/** @param {Trace} trace @param {Step} step @param {(index: number[]) => string} letter @returns {Placed[]} */
function gathered(trace, { stage, position, products }, letter) {
  const [input, kernel] = [trace.tensors[stage.input], trace.tensors[stage.kernel ?? ""]];
  const all = tapsOf(stage, position).map((tap, column) => ({
    left: tap.input ? valueAt(input, tap.input) : 0,
    right: valueAt(kernel, tap.kernel),
    product: products[column],
    padding: tap.input === null,
    letter: tap.input ? letter(tap.input) : "",
    channel: tap.channel,
    tap: tap.kernel.slice(2),
  }));
  if (stage.operation !== "transpose") return all;
  return all.filter((term) => !term.padding).sort((a, b) => a.channel - b.channel || -order(a.tap, b.tap));
}

/** Later taps of a transposed kernel come from earlier input cells. */
/** @param {number[]} a @param {number[]} b */
function order(a, b) {
  const axis = a.findIndex((tap, n) => tap !== b[n]);
  return axis < 0 ? 0 : a[axis] - b[axis];
}

/** @param {Trace} trace @param {Step} step @returns {Placed[]} */
function spread(trace, { stage, position, products, value }) {
  const kernel = trace.tensors[stage.kernel ?? ""];
  return stampOf(stage, position).map((stamp, column) => ({
    left: value,
    right: valueAt(kernel, stamp.kernel),
    product: products[column],
    padding: stamp.output === null,
    letter: "",
    channel: stamp.filter,
    tap: stamp.kernel.slice(2),
  }));
}

/** @param {Placed[]} terms @param {"channel" | "map"} by @returns {Line[]} */
function linesOf(terms, by) {
  const channels = grouped(terms, (term) => term.channel);
  return channels.flatMap(([channel, found]) => {
    const slices = grouped(found, (term) => (term.tap.length === 3 ? term.tap[0] : 0));
    return slices.map(([slice, part]) => ({
      name: /** @type {Line["name"]} */ (channels.length > 1 ? by : slices.length > 1 ? "slice" : ""),
      number: (channels.length > 1 ? channel : slice) + 1,
      boxes: grouped(part, (term) => (term.tap.length === 1 ? 0 : term.tap[term.tap.length - 2])).map((
        [, row],
      ) => row),
      sum: part.reduce((sum, term) => sum + (term.product ?? 0), 0),
    }));
  });
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} key
 * @returns {[number, T[]][]}
 */
function grouped(items, key) {
  /** @type {Map<number, T[]>} */
  const found = new Map();
  for (const item of items) {
    const group = found.get(key(item)) ?? [];
    group.push(item);
    found.set(key(item), group);
  }
  return [...found];
}
