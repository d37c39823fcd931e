/** Pixel geometry of drawn grids: where a cell stands, and SVG paths over cells. Pure, and the only arithmetic here. */

/**
 * A two-dimensional slice of a tensor as it is drawn. `lead` holds the indices before row and column;
 * `pad` the rings of padding cells around it. `look` says how it is filled; a `shared` grid is drawn by another plan.
 * @typedef {{top: number, bottom: number, left: number, right: number}} Ring
 * @typedef {{tensor: string, lead: number[], dims: number, rows: number, cols: number, x: number, y: number,
 *   w: number, h: number, pad: Ring, role: string, group: number, look: "solid" | "hatched" | "bare",
 *   name: string, shared: boolean}} Grid
 * @typedef {{x: number, y: number, w: number, h: number}} Rect
 */

/** @type {Ring} */
export const NO_RING = { top: 0, bottom: 0, left: 0, right: 0 };

/** The box of a grid without its padding. */
/** @param {Grid} grid @returns {Rect} */
export function gridRect(grid) {
  return { x: grid.x, y: grid.y, w: grid.cols * grid.w, h: grid.rows * grid.h };
}

/** The box of a grid with its padding. */
/** @param {Grid} grid @returns {Rect} */
export function ringRect({ x, y, w, h, rows, cols, pad }) {
  return {
    x: x - pad.left * w,
    y: y - pad.top * h,
    w: (cols + pad.left + pad.right) * w,
    h: (rows + pad.top + pad.bottom) * h,
  };
}

/** @param {Grid} grid @param {number} row @param {number} col @returns {Rect} */
export function cellRect(grid, row, col) {
  return { x: grid.x + col * grid.w, y: grid.y + row * grid.h, w: grid.w, h: grid.h };
}

/**
 * The full index of a drawn cell in its tensor.
 * @param {Grid} grid
 * @param {number} row
 * @param {number} col
 */
export function indexOf(grid, row, col) {
  return grid.dims === 1 ? [...grid.lead, col] : [...grid.lead, row, col];
}

/**
 * The grid and place at which a tensor's cell is drawn, or null where it is not.
 * @param {Grid[]} grids
 * @param {string} tensor
 * @param {number[]} index
 * @returns {{grid: Grid, row: number, col: number, rect: Rect} | null}
 */
export function place(grids, tensor, index) {
  const grid = grids.find((found) => {
    if (found.tensor !== tensor) return false;
    return found.lead.every((value, i) => value === index[i]);
  });
  if (!grid) return null;
  const col = index[index.length - 1];
  const row = grid.dims === 1 ? 0 : index[index.length - 2];
  return { grid, row, col, rect: cellRect(grid, row, col) };
}

/** The smallest box around others. */
/** @param {Rect[]} rects @returns {Rect} */
export function hull(rects) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, w, h } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** @param {Rect} rect @param {number} by @returns {Rect} */
export function inset({ x, y, w, h }, by) {
  return { x: x + by, y: y + by, w: Math.max(w - 2 * by, 0), h: Math.max(h - 2 * by, 0) };
}

/** @param {Rect} rect */
export function rectPath({ x, y, w, h }) {
  return `M${px(x)},${px(y)}L${px(x + w)},${px(y)}L${px(x + w)},${px(y + h)}L${px(x)},${px(y + h)}Z`;
}

/** @param {Rect} rect @param {number} r */
export function roundedPath({ x, y, w, h }, r) {
  const [x1, y1] = [x + w, y + h];
  return `M${px(x + r)},${px(y)}L${px(x1 - r)},${px(y)}Q${px(x1)},${px(y)},${px(x1)},${px(y + r)}` +
    `L${px(x1)},${px(y1 - r)}Q${px(x1)},${px(y1)},${px(x1 - r)},${px(y1)}` +
    `L${px(x + r)},${px(y1)}Q${px(x)},${px(y1)},${px(x)},${px(y1 - r)}` +
    `L${px(x)},${px(y + r)}Q${px(x)},${px(y)},${px(x + r)},${px(y)}Z`;
}

/** @param {Rect[]} rects */
export function rectsPath(rects) {
  return rects.map(rectPath).join("");
}

/** @param {number[][]} points */
export function polygonPath(points) {
  return `M${points.map(([x, y]) => `${px(x)},${px(y)}`).join("L")}Z`;
}

/** @param {number[][]} ends  x, y, x, y of each line */
export function segmentsPath(ends) {
  return ends.map(([x0, y0, x1, y1]) => `M${px(x0)},${px(y0)}L${px(x1)},${px(y1)}`).join("");
}

/**
 * The lines between the cells of a block.
 * @param {Rect} block
 * @param {number} w
 * @param {number} h
 * @returns {number[][]}
 */
export function innerLines(block, w, h) {
  const lines = [];
  for (let y = block.y + h; y < block.y + block.h - 0.5; y += h) {
    lines.push([block.x, y, block.x + block.w, y]);
  }
  for (let x = block.x + w; x < block.x + block.w - 0.5; x += w) {
    lines.push([x, block.y, x, block.y + block.h]);
  }
  return lines;
}

/**
 * Diagonal lines across a box, the same wherever boxes touch.
 * @param {Rect} box
 * @param {number} gap
 * @returns {number[][]}
 */
export function hatchLines({ x, y, w, h }, gap) {
  const lines = [];
  for (let sum = Math.ceil((x + y) / gap) * gap; sum < x + y + w + h; sum += gap) {
    const x0 = Math.max(x, sum - (y + h));
    const x1 = Math.min(x + w, sum - y);
    lines.push([x0, sum - x0, x1, sum - x1]);
  }
  return lines;
}

/**
 * Rectangles over the product of rows and columns, neighbours joined, so that their number stays small.
 * @param {Grid} grid
 * @param {number[]} rows
 * @param {number[]} cols
 * @returns {Rect[]}
 */
export function latticeRects(grid, rows, cols) {
  return runs(rows).flatMap(([top, bottom]) =>
    runs(cols).map(([left, right]) => hull([cellRect(grid, top, left), cellRect(grid, bottom, right)]))
  );
}

/** Neighbouring indices joined: the first and last of each stretch. */
/** @param {number[]} indices @returns {number[][]} */
export function runs(indices) {
  const found = /** @type {number[][]} */ ([]);
  for (const i of [...indices].sort((a, b) => a - b)) {
    const last = found[found.length - 1];
    if (last && last[1] === i - 1) last[1] = i;
    else found.push([i, i]);
  }
  return found;
}

/** Tenths of a pixel are enough, and keep paths short. */
/** @param {number} value */
function px(value) {
  return Math.round(value * 10) / 10;
}
