/** Which input channels an output channel can depend on, through all stages: a walk through their channel tables. */

/** @import {Stage, Trace} from "./types.js" */

import { readers } from "./trace.js";

/**
 * One column of channels: a tensor's, with the wires that lead into each from the column before.
 * @typedef {{tensor: string, count: number, from: number[][]}} Column
 */

/**
 * The columns of a chain of stages, the input's first.
 * @param {Trace} trace
 * @returns {Column[]}
 */
export function columnsOf(trace) {
  const [first] = trace.stages;
  const count = trace.tensors[first.input].shape[0];
  const start = { tensor: first.input, count, from: Array.from({ length: count }, () => []) };
  return [start, ...trace.stages.map((stage) => columnOf(trace, stage))];
}

/** @param {Trace} trace @param {Stage} stage @returns {Column} */
function columnOf(trace, stage) {
  const count = trace.tensors[stage.output].shape[0];
  /** @type {number[][]} */
  const from = Array.from({ length: count }, () => []);
  for (const { channel, filter } of readers(stage)) from[filter].push(channel);
  return { tensor: stage.output, count, from };
}

/**
 * A row an output channel: the input channels it depends on, in order.
 * @param {Column[]} columns
 * @returns {number[][]}
 */
export function seenBy(columns) {
  const [first, ...others] = columns;
  return others.reduce(
    (seen, column) => column.from.map((wires) => union(wires.map((wire) => seen[wire]))),
    Array.from({ length: first.count }, (_, channel) => [channel]),
  );
}

/** @param {number[][]} lists */
function union(lists) {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
