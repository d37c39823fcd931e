/** The whole calculation of one cell: every term with the places that its factors come from. */

/** @import {Equation, Line} from "./equation.js" */
/** @import {Cell, Stage, Step, Trace} from "./types.js" */

import { spanOf } from "./clock.js";
import { equationOf } from "./equation.js";
import { stampOf, valueAt } from "./trace.js";

/** @typedef {{cell: Cell, equation: Equation}} Calculation */

/**
 * How one cell of an output came about; null where no stage writes it, or the trace does not carry the step that does.
 * @param {Trace} trace
 * @param {Cell} cell
 * @returns {Calculation | null}
 */
export function calculationOf(trace, cell) {
  const stage = trace.stages.find(({ output }) => output === cell.tensor);
  if (!stage) return null;
  if (stage.by === "input") return { cell, equation: stamped(trace, stage, cell) };
  const place = cell.index.join();
  const at = stage.steps.position.findIndex((position) => position.join() === place);
  return at < 0 ? null : { cell, equation: equationOf(trace, stepOf(trace, stage, at)) };
}

/** @param {Trace} trace @param {Stage} stage @param {number} at @returns {Step} */
function stepOf(trace, stage, at) {
  const { position, products, value, start } = stage.steps;
  return {
    number: spanOf(trace, stage).before + start + at + 1,
    stage,
    position: position[at],
    products: products[at],
    value: value[at],
  };
}

/**
 * What the stamps of a transposed convolution bring to one cell of its output: a line an input channel.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {Cell} cell
 * @returns {Equation}
 */
function stamped(trace, stage, cell) {
  const place = cell.index.join();
  const kernel = trace.tensors[stage.kernel ?? ""];
  const terms = stage.steps.position.flatMap((position, at) =>
    stampOf(stage, position).flatMap(({ output, kernel: weight }, column) =>
      output?.join() === place
        ? [{
          left: stage.steps.value[at],
          right: valueAt(kernel, weight),
          product: stage.steps.products[at][column],
          padding: false,
          letter: "",
          from: position,
          weight,
          to: null,
        }]
        : []
    )
  );
  const channels = [...new Set(terms.map(({ from }) => from[0]))];
  const lines = channels.map((channel) => {
    const own = terms.filter(({ from }) => from[0] === channel);
    return {
      name: /** @type {Line["name"]} */ (channels.length > 1 ? "channel" : ""),
      number: channel + 1,
      boxes: [own],
      sum: own.reduce((sum, { product }) => sum + (product ?? 0), 0),
    };
  });
  return {
    kind: "sum",
    lines,
    bias: stage.bias?.[cell.index[0]] ?? null,
    value: valueAt(trace.tensors[stage.output], cell.index),
    terms: terms.length,
    divisor: 1,
  };
}

/**
 * The indices of a cell as they stand beneath its letter, counted from 1: without those of axes that have one cell
 * only because there is one channel or one filter.
 * @param {number[]} shape
 * @param {number[]} index
 * @param {number} leading  axes before the spatial ones
 */
export function subscript(shape, index, leading) {
  const shown = index.filter((_, axis) => axis >= leading || shape[axis] > 1).map((at) => at + 1);
  return shown.join(shown.some((at) => at > 9) ? "," : "\u200a");
}
