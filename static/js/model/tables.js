/** A tensor as flat tables: which of its axes are rows and columns, what has been computed, and what a step meets. */

/** @import {Stage, Tensor, Trace} from "./types.js" */

import { progress, spanOf, stepsAt } from "./clock.js";
import { product, runningSums, stampOf, tapsOf, valueAt } from "./trace.js";

/**
 * One flat table: the axes that its rows and columns run along, and where it stands on the others.
 * @typedef {{lead: {axis: string, at: number}[], rows: {axis: string, size: number}, cols: {axis: string, size: number},
 *   index: (row: number, col: number) => number[]}} Slice
 */

/** Axes that no window runs along. */
const CHANNELS = ["filter", "channel"];

/** @param {Tensor} tensor */
export function sizeOf({ shape }) {
  return shape.reduce((all, length) => all * length, 1);
}

/**
 * The tables of a tensor. Rows and columns are its last two axes; a kernel that is one cell wide along all of them has
 * its filters as rows and its channels as columns, since tables of one cell would say nothing.
 * @param {Tensor} tensor
 * @returns {Slice[]}
 */
export function slicesOf({ axes, shape }) {
  const single = axes.every((axis, a) => CHANNELS.includes(axis) || shape[a] === 1);
  const leading = axes.filter((axis) => CHANNELS.includes(axis)).length;
  const last = single && leading > 1 ? leading : axes.length;
  const [rows, cols] = [last - 2, last - 1];
  const tail = shape.slice(last).map(() => 0);
  return product(shape.slice(0, rows).map((length) => Array.from({ length }, (_, n) => n))).map((lead) => ({
    lead: lead.map((at, a) => ({ axis: axes[a], at })).filter((_, a) => shape[a] > 1),
    rows: { axis: axes[rows], size: shape[rows] },
    cols: { axis: axes[cols], size: shape[cols] },
    index: (row, col) => [...lead, row, col, ...tail],
  }));
}

/**
 * What a cell of a tensor holds at a step: null where no step has computed it yet.
 * @param {Trace} trace
 * @param {string} name
 * @param {number} step
 * @returns {(index: number[]) => number | null}
 */
export function valuesAt(trace, name, step) {
  const tensor = trace.tensors[name];
  const stage = trace.stages.find(({ output }) => output === name);
  const full = (/** @type {number[]} */ index) => valueAt(tensor, index);
  if (!stage || progress(trace, stage, step) === "past") return full;
  if (stage.by === "input") {
    const sums = runningSums(trace, stage, step);
    return (index) => sums.get(index.join()) ?? null;
  }
  const done = Math.max(0, step - spanOf(trace, stage).before);
  return (index) => (placeOf(index, tensor.shape) < done ? full(index) : null);
}

/** The number of a cell in reading order, from 0. */
/** @param {number[]} index @param {number[]} shape */
function placeOf(index, shape) {
  return index.reduce((place, at, axis) => place * shape[axis] + at, 0);
}

/**
 * What the steps at a number meet, by `tensor index`: `now` is the cell that a step stands on, `window` those that it
 * reads, or writes where it is a stamp.
 * @param {Trace} trace
 * @param {number} step
 * @returns {Map<string, "now" | "window">}
 */
export function metAt(trace, step) {
  /** @type {Map<string, "now" | "window">} */
  const met = new Map();
  for (const { stage, position } of stepsAt(trace, step)) {
    for (const [tensor, index] of windowOf(stage, position)) met.set(cellKey(tensor, index), "window");
    met.set(cellKey(stage.by === "input" ? stage.input : stage.output, position), "now");
  }
  return met;
}

/** @param {string} tensor @param {number[]} index */
export function cellKey(tensor, index) {
  return `${tensor} ${index.join()}`;
}

/** @param {Stage} stage @param {number[]} position @returns {[string, number[]][]} */
function windowOf(stage, position) {
  /** @type {[string, number[]][]} */
  const found = [];
  const add = (/** @type {string | undefined} */ tensor, /** @type {number[] | null} */ index) => {
    if (tensor !== undefined && index) found.push([tensor, index]);
  };
  if (stage.by === "input") {
    for (const { output, kernel } of stampOf(stage, position)) {
      add(stage.output, output);
      add(stage.kernel, kernel);
    }
    return found;
  }
  for (const { input, kernel } of tapsOf(stage, position)) {
    add(stage.input, input);
    if (stage.operation !== "transpose" || input) add(stage.kernel, kernel);
  }
  return found;
}
