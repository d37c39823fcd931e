/** The sum of a step, as the page writes it out: terms in boxes (a kernel row each), boxes in lines (a channel each). */

/** @import {Stage, Step, Trace} from "./types.js" */

import { grouped } from "./groups.js";
import { stampOf, tapsOf, valueAt } from "./trace.js";

/**
 * `from` and `weight` are where the two stand in their tensors, `to` is the cell that a stamp writes; null for none.
 * `left` comes from the input (null stands for padding that has no value), `right` from the kernel or, where a stage
 * has none, from the weights of its window; null where nothing is multiplied.
 * @typedef {{left: number | null, right: number | null, product: number | null, padding: boolean, letter: string,
 *   from: number[] | null, weight: number[] | null, to: number[] | null}} Term
 * @typedef {{name: "channel" | "map" | "slice" | "", number: number, boxes: Term[][], sum: number}} Line
 * @typedef {"sum" | "stamp" | "max" | "mean" | "relu" | "copy"} EquationKind
 * @typedef {{kind: EquationKind, lines: Line[], bias: number | null, value: number | null, terms: number,
 *   divisor: number}} Equation
 */

/**
 * @param {Trace} trace
 * @param {Step} step
 * @param {(index: number[]) => string} [letter]  names the input cell of a term
 * @returns {Equation}
 */
export function equationOf(trace, step, letter = () => "") {
  const { stage } = step;
  const kind = kindOf(stage);
  const terms = kind === "stamp" ? spread(trace, step) : gathered(trace, step, letter);
  const bias = kind === "stamp" ? null : stage.bias?.[step.position[0]] ?? null;
  return {
    kind,
    lines: linesOf(terms, kind === "stamp" ? "map" : "channel"),
    bias,
    value: step.value,
    terms: terms.length,
    divisor: stage.count_include_pad === false ? terms.filter((term) => !term.padding).length : terms.length,
  };
}

/** What becomes of the numbers that a step meets. */
/** @param {Stage} stage @returns {EquationKind} */
function kindOf({ operation, by, mode }) {
  if (operation === "transpose" && by === "input") return "stamp";
  if (operation === "pool") return mode === "max" ? "max" : "mean";
  if (operation === "activate") return "relu";
  if (operation === "shuffle" || mode === "nearest") return "copy";
  return "sum";
}

/** @typedef {Term & {channel: number, tap: number[]}} Placed */

/** @param {Trace} trace @param {Step} step @param {(index: number[]) => string} letter @returns {Placed[]} */
function gathered(trace, { stage, position, products }, letter) {
  const input = trace.tensors[stage.input];
  const kernel = stage.kernel === undefined ? null : trace.tensors[stage.kernel];
  const all = tapsOf(stage, position).map((tap, column) => ({
    left: tap.input ? valueAt(input, tap.input) : stage.mode === "max" ? null : 0,
    right: kernel ? valueAt(kernel, tap.kernel) : tap.weight,
    product: products[column],
    padding: tap.input === null,
    letter: tap.input ? letter(tap.input) : "",
    channel: tap.channel,
    tap: tap.kernel.slice(2),
    from: tap.input,
    weight: kernel ? tap.kernel : null,
    to: null,
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
    from: null,
    weight: stamp.kernel,
    to: stamp.output,
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
