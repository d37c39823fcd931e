/** What a reader can point at: the grids of a figure that show a tensor, as boxes of cells. */

/** @import {Trace} from "../model/types.js" */
/** @import {Plan} from "./layout.js" */

import { gridRect, indexOf } from "../marks/geometry.js";

/**
 * `slice` counts from 0, and is null where the tensor has no slices; `index` gives a cell's full index.
 * @typedef {{tensor: string, name: string, rows: number, cols: number, x: number, y: number, w: number, h: number,
 *   cell: {w: number, h: number}, flat: boolean, slice: number | null,
 *   index: (row: number, col: number) => number[]}} Target
 */

/**
 * @param {Plan[]} plans
 * @param {Trace} trace
 * @returns {Target[]}
 */
export function targets(plans, trace) {
  return plans.flatMap((plan) => plan.grids).filter((grid) =>
    !grid.shared && grid.tensor in trace.tensors && within(grid, trace)
  )
    .map((grid) => ({
      ...gridRect(grid),
      tensor: grid.tensor,
      name: grid.name,
      rows: grid.rows,
      cols: grid.cols,
      cell: { w: grid.w, h: grid.h },
      flat: grid.dims === 1,
      slice: grid.dims === 3 ? grid.lead[grid.lead.length - 1] : null,
      index: (row, col) => indexOf(grid, row, col),
    }));
}

/** Slices of padding belong to no tensor. */
/** @param {Plan["grids"][0]} grid @param {Trace} trace */
function within({ tensor, lead }, trace) {
  return lead.every((value, axis) => value >= 0 && value < trace.tensors[tensor].shape[axis]);
}
