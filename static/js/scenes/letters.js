/** Letters for the cells of a small input, so that every view can name them. */

/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Plan} from "./layout.js" */
/** @import {Theme, Triple} from "../model/theme.js" */
/** @import {Rect} from "../marks/geometry.js" */
/** @import {Word} from "../marks/image.js" */

import { cellRect, indexOf } from "../marks/geometry.js";

/** Above this many cells letters would say less than positions do. */
const MOST = 6;

/** Dashes that go with the letters, in turn. */
export const dashes = ["solid", "7px,3px", "2px,3px", "9px,3px,2px,3px"];

/**
 * Whether the input of a stage is named by letters.
 * @param {Trace} trace
 * @param {Stage} stage
 */
export function small(trace, stage) {
  const shape = trace.tensors[trace.tensors[stage.input].of ?? stage.input].shape;
  return shape[0] === 1 && shape.reduce((all, side) => all * side, 1) <= MOST;
}

/**
 * The lettered cells of the input as it is drawn, or of its zero-stuffed form.
 * @param {Plan} plan
 * @param {Trace} trace
 * @param {Theme} theme
 * @returns {{rect: Rect, index: number[], group: Triple, letter: string, word: Word}[]}
 */
export function lettersOf(plan, trace, theme) {
  if (!small(trace, plan.stage)) return [];
  const tensor = trace.tensors[plan.stage.input];
  return plan.grids.filter((grid) => grid.tensor === plan.stage.input).flatMap((grid) => {
    const cells = [];
    for (let row = 0; row < grid.rows; row += 1) {
      for (let col = 0; col < grid.cols; col += 1) {
        const index = indexOf(grid, row, col);
        if (!tensor.from || tensor.from.every((axis, a) => axis[index[a + 1]] >= 0)) {
          cells.push({ grid, row, col, index });
        }
      }
    }
    return cells;
  }).map(({ grid, row, col, index }, n) => {
    const rect = cellRect(grid, row, col);
    const group = theme.groups[n % theme.groups.length];
    const letter = String.fromCharCode(97 + n);
    const size = Math.max(theme.small * 0.85, 0.24 * rect.w);
    const word = {
      x: rect.x + size * 0.55,
      y: rect.y + size * 0.62,
      text: letter,
      size,
      color: group.ink,
      weight: 700,
    };
    return {
      rect,
      index,
      group,
      letter,
      word: { ...word, text: rect.w >= theme.legible.number ? letter : "" },
    };
  });
}

/**
 * The letter of an input cell.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {number[]} index
 */
export function letterAt(trace, stage, index) {
  const shape = trace.tensors[stage.input].shape;
  return String.fromCharCode(97 + index.reduce((sum, i, a) => sum * shape[a] + i, 0));
}
