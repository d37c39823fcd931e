/**
 * Blocks: boxes of cells in a cabinet projection. The front face stands square to the eye, depth runs to the right and
 * up. Pure; everything is a polygon or a line, so that it stays crisp at any size and in any export.
 */

/** @import {Rect} from "./geometry.js" */

import { polygonPath, runs, segmentsPath } from "./geometry.js";

/**
 * A box of cells: the upper left corner of its front face, its cells along each axis, the size of a cell on the front,
 * and how far one cell of depth runs right and up.
 * @typedef {{x: number, y: number, rows: number, cols: number, depth: number, w: number, h: number, dx: number,
 *   dy: number}} Block
 * A face or a part of one: a corner, and two ways from it, each so many cells long.
 * @typedef {number[]} Point
 * @typedef {{at: Point, u: Point, nu: number, v: Point, nv: number}} Face
 * Cells of a block: from a row, a column and a depth on, so many along each axis.
 * @typedef {{row: number, col: number, deep: number, rows: number, cols: number, depth: number}} Cells
 */

/**
 * Where a corner of a cell stands on the page.
 * @param {Block} block
 * @param {number} row
 * @param {number} col
 * @param {number} deep
 * @returns {Point}
 */
export function project({ x, y, w, h, dx, dy }, row, col, deep) {
  return [x + col * w + deep * dx, y + row * h - deep * dy];
}

/**
 * Some of a block's cells as a block of their own; they may stand outside it, as a window on padding does.
 * @param {Block} block
 * @param {Cells} cells
 * @returns {Block}
 */
export function part(block, { row, col, deep, rows, cols, depth }) {
  const [x, y] = project(block, row, col, deep);
  return { ...block, x, y, rows, cols, depth };
}

/** @param {Block} block @returns {Face} */
export function front({ x, y, w, h, rows, cols }) {
  return { at: [x, y], u: [w, 0], nu: cols, v: [0, h], nv: rows };
}

/** @param {Block} block @returns {Face} */
export function top({ x, y, w, dx, dy, cols, depth }) {
  return { at: [x, y], u: [w, 0], nu: cols, v: [dx, -dy], nv: depth };
}

/** @param {Block} block @returns {Face} */
export function side({ x, y, w, h, dx, dy, rows, cols, depth }) {
  return { at: [x + cols * w, y], u: [dx, -dy], nu: depth, v: [0, h], nv: rows };
}

/** The three faces that can be seen. */
/** @param {Block} block @returns {Face[]} */
export function faces(block) {
  return [front(block), top(block), side(block)];
}

/** The front face as a box. */
/** @param {Block} block @returns {Rect} */
export function frontRect({ x, y, w, h, rows, cols }) {
  return { x, y, w: cols * w, h: rows * h };
}

/** The box around a block. */
/** @param {Block} block @returns {Rect} */
export function bounds({ x, y, w, h, dx, dy, rows, cols, depth }) {
  return { x, y: y - depth * dy, w: cols * w + depth * dx, h: rows * h + depth * dy };
}

/**
 * The edges that can be seen: the silhouette, and the three that meet in the near upper right corner. Drawn so, no two
 * lines meet at a sharp angle, where a thick line would end in a spike.
 * @param {Block} block
 */
export function edgesPath(block) {
  const { rows, cols, depth } = block;
  const at = (/** @type {number[]} */ [row, col, deep]) => project(block, row, col, deep);
  const round = [[rows, 0, 0], [0, 0, 0], [0, 0, depth], [0, cols, depth], [rows, cols, depth], [rows, cols, 0]];
  const near = at([0, cols, 0]);
  const inner = [[0, 0, 0], [rows, cols, 0], [0, cols, depth]].map((corner) => [...near, ...at(corner)]);
  return polygonPath(round.map(at)) + segmentsPath(inner);
}

/** @param {Face[]} found */
export function facesPath(found) {
  return found.map(({ at, u, nu, v, nv }) =>
    polygonPath([
      at,
      [at[0] + nu * u[0], at[1] + nu * u[1]],
      [at[0] + nu * u[0] + nv * v[0], at[1] + nu * u[1] + nv * v[1]],
      [at[0] + nv * v[0], at[1] + nv * v[1]],
    ])
  ).join("");
}

/**
 * The lines between the cells of faces, where they stand at least so many pixels apart: what is finer would be grey.
 * @param {Face[]} found
 * @param {number} least
 * @returns {number[][]}
 */
export function cellLines(found, least) {
  return found.flatMap(({ at: [x, y], u, nu, v, nv }) => {
    const across = (/** @type {Point} */ step, /** @type {number} */ n, /** @type {Point} */ way) =>
      Math.hypot(...step) < least ? [] : count(n).slice(1).map((i) => {
        const [x0, y0] = [x + i * step[0], y + i * step[1]];
        return [x0, y0, x0 + way[0], y0 + way[1]];
      });
    return [
      ...across(u, nu, [nv * v[0], nv * v[1]]),
      ...across(v, nv, [nu * u[0], nu * u[1]]),
    ];
  });
}

/** The edges that a solid block hides: all meet in its far lower left corner. */
/** @param {Block} block @returns {number[][]} */
export function hiddenEdges(block) {
  const { rows, cols, depth } = block;
  const far = project(block, rows, 0, depth);
  return [[rows, 0, 0], [rows, cols, depth], [0, 0, depth]].map(([row, col, deep]) => [
    ...far,
    ...project(block, row, col, deep),
  ]);
}

/** The edges behind the front face, as if one looked through it: four that run back, and the far face. */
/** @param {Block} block @returns {number[][]} */
export function tunnelEdges(block) {
  const { rows, cols, depth } = block;
  const corners = [[0, 0], [0, cols], [rows, cols], [rows, 0]];
  return corners.flatMap(([row, col], n) => {
    const [nextRow, nextCol] = corners[(n + 1) % 4];
    const far = project(block, row, col, depth);
    return [
      [...project(block, row, col, 0), ...far],
      [...far, ...project(block, nextRow, nextCol, depth)],
    ];
  });
}

/**
 * What can be seen of the cells that come after the first `done`, in reading order with depth slowest.
 * @param {Block} block
 * @param {number} done
 * @returns {Face[]}
 */
export function facesAhead(block, done) {
  const { rows, cols, depth } = block;
  const deep = Math.floor(done / (rows * cols));
  const row = Math.floor(done / cols) % rows;
  const col = done % cols;
  const begun = deep < depth;
  return [
    ...(deep === 0 ? restOfFront(block, row, col) : []),
    ...(begun && row === 0 ? [top(part(block, { row, col, deep, rows: 1, cols: cols - col, depth: 1 }))] : []),
    ...(begun ? [side(part(block, { row, col: 0, deep, rows: rows - row, cols, depth: 1 }))] : []),
    ...(deep + 1 < depth ? behind(block, deep + 1) : []),
  ];
}

/** @param {Block} block @param {number} row @param {number} col @returns {Face[]} */
function restOfFront(block, row, col) {
  const { rows, cols } = block;
  const next = row + (col > 0 ? 1 : 0);
  return [
    ...(col > 0 ? [front(part(block, { row, col, deep: 0, rows: 1, cols: cols - col, depth: 1 }))] : []),
    ...(next < rows
      ? [front(part(block, { row: next, col: 0, deep: 0, rows: rows - next, cols, depth: 1 }))]
      : []),
  ];
}

/** Top and side from a depth on. */
/** @param {Block} block @param {number} deep @returns {Face[]} */
function behind(block, deep) {
  const { rows, cols, depth } = block;
  const rest = part(block, { row: 0, col: 0, deep, rows, cols, depth: depth - deep });
  return [top(rest), side(rest)];
}

/**
 * What can be seen of the cells that a test picks; neighbours in a line are joined.
 * @param {Block} block
 * @param {(row: number, col: number, deep: number) => boolean} picked
 * @returns {Face[]}
 */
export function facesWhere(block, picked) {
  const { rows, cols, depth } = block;
  const stretches = (/** @type {number} */ n, /** @type {(at: number) => boolean} */ test) =>
    runs(count(n).filter(test)).map(([from, to]) => [from, to - from + 1]);
  return [
    ...count(rows).flatMap((row) =>
      stretches(cols, (col) => picked(row, col, 0)).map(([col, n]) =>
        front(part(block, { row, col, deep: 0, rows: 1, cols: n, depth: 1 }))
      )
    ),
    ...count(depth).flatMap((deep) => [
      ...stretches(cols, (col) => picked(0, col, deep)).map(([col, n]) =>
        top(part(block, { row: 0, col, deep, rows: 1, cols: n, depth: 1 }))
      ),
      ...stretches(rows, (row) => picked(row, cols - 1, deep)).map(([row, n]) =>
        side(part(block, { row, col: 0, deep, rows: n, cols, depth: 1 }))
      ),
    ]),
  ];
}

/** @param {number} n */
function count(n) {
  return Array.from({ length: n }, (_, i) => i);
}

/**
 * The lines of sheets that lie one behind the other: cells on the front, seams on top and side.
 * @param {Block} block
 * @param {number} least
 */
export function seams(block, least) {
  const { w, h, rows, cols } = block;
  return cellLines([
    top({ ...block, cols: 1, w: cols * w }),
    side({ ...block, x: block.x + cols * w - w, cols: 1, rows: 1, h: rows * h }),
  ], least);
}

/**
 * A block as SVG: faces in three shades of one fill, cells, edges.
 * @param {Block} block
 * @param {{fill: string, shade: string, line: string, edge: string}} colours
 * @param {{width: number, thin: number, least: number, sheets: boolean}} pen  sheets have cells on the front alone
 * @param {string} [within]  what is drawn on the faces, under their lines
 */
export function blockSvg(block, { fill, shade, line, edge }, { width, thin, least, sheets }, within = "") {
  const seen = faces(block);
  const cells = cellLines(sheets ? [seen[0]] : seen, least);
  const pen = (/** @type {string} */ path, /** @type {string} */ color, /** @type {number} */ size) =>
    `<path d="${path}" fill="none" stroke="${color}" stroke-width="${size}" stroke-linejoin="round"/>`;
  return `<path d="${facesPath(seen)}" fill="${fill}"/>` +
    `<path d="${facesPath([seen[1]])}" fill="${shade}" fill-opacity=".2"/>` +
    `<path d="${facesPath([seen[2]])}" fill="${shade}" fill-opacity=".38"/>${within}` +
    pen(segmentsPath(cells), `${line}BF`, thin) +
    (sheets ? pen(segmentsPath(seams(block, least - 2)), edge, thin) : "") +
    pen(edgesPath(block), edge, width);
}
