/** The cover: hides output cells that no step has computed yet. */

/** @import {Grid, Rect} from "./geometry.js" */
/** @import {Shape} from "./shapes.js" */
/** @import {Theme} from "../model/theme.js" */

import { gridRect, innerLines, latticeRects } from "./geometry.js";
import { boxes, lines } from "./shapes.js";
import { thin } from "./cells.js";

/**
 * @param {{grid: Grid, done: number}[]} parts  how many cells of each grid are done, in reading order
 * @param {Theme} theme
 * @returns {Shape[]}
 */
export function coverMarks(parts, theme) {
  const hidden = parts.flatMap(({ grid, done }) => remaining(grid, done).map((box) => ({ box, grid })));
  return hide(hidden, theme);
}

/**
 * Covers every cell that is not reached, wherever it lies.
 * @param {Grid[]} grids
 * @param {(grid: Grid, row: number, col: number) => boolean} reached
 * @param {Theme} theme
 * @returns {Shape[]}
 */
export function coverRects(grids, reached, theme) {
  const hidden = grids.flatMap((grid) =>
    Array.from({ length: grid.rows }, (_, row) => {
      const cols = Array.from({ length: grid.cols }, (_, col) => col).filter((col) =>
        !reached(grid, row, col)
      );
      return latticeRects(grid, [row], cols).map((box) => ({ box, grid }));
    }).flat()
  );
  return hide(hidden, theme);
}

/** @param {{box: Rect, grid: Grid}[]} hidden @param {Theme} theme @returns {Shape[]} */
function hide(hidden, theme) {
  if (hidden.length === 0) return [];
  const color = (theme.roles[hidden[0].grid.role] ?? theme.roles.hidden).line;
  return [
    boxes(hidden.map(({ box }) => box), theme.surface, "above"),
    lines(
      hidden.filter(({ grid }) => grid.w >= 8).flatMap(({ box, grid }) => [
        ...innerLines(box, grid.w, grid.h),
        [box.x, box.y + box.h, box.x + box.w, box.y + box.h],
      ]),
      `${color}B3`,
      thin(hidden[0].grid, theme),
      "above",
      "4px,4px",
    ),
  ];
}

/** The cells from `done` on: the rest of a row, and the rows under it. */
/** @param {Grid} grid @param {number} done @returns {Rect[]} */
function remaining(grid, done) {
  const { x, y, w, h } = gridRect(grid);
  const row = Math.floor(done / grid.cols);
  const col = done % grid.cols;
  const below = { x, w, y: y + (row + (col ? 1 : 0)) * grid.h };
  return [
    { x: x + col * grid.w, y: y + row * grid.h, w: col ? w - col * grid.w : 0, h: grid.h },
    { ...below, h: y + h - below.y },
  ].filter((box) => box.w > 0 && box.h > 0.5);
}
