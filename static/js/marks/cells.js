/** A grid of cells: fill, lines, outline, the ring of padding around it, and its numbers. */

/** @import {Grid, Rect} from "./geometry.js" */
/** @import {Shape} from "./shapes.js" */
/** @import {Theme, Triple} from "../model/theme.js" */
/** @import {Word} from "./image.js" */

import { grouped } from "../model/groups.js";
import { cellRect, gridRect, hatchLines, indexOf, innerLines, ringRect } from "./geometry.js";
import { boxes, lines, outlines } from "./shapes.js";

/** Below this many pixels a cell has no lines around it. */
const LINED = 5;

/**
 * Every grid of a figure: fills, then lines, then outlines, alike ones in one shape, so that the number of
 * shapes depends on the colours and never on the number of cells.
 * @param {Grid[]} grids
 * @param {Theme} theme
 * @returns {Shape[]}
 */
export function gridMarks(grids, theme) {
  const ringed = grids.filter((grid) => hasRing(grid) || grid.look === "hatched");
  return [
    ...ringMarks(ringed, theme),
    ...byColour(
      grids.filter((grid) => grid.look === "solid" && numbered(grid, theme)),
      theme,
      (found, { fill }) => boxes(found.map(gridRect), fill),
    ),
    ...byColour(
      grids.filter((grid) => grid.w >= LINED),
      theme,
      (found, { line }) =>
        lines(
          found.flatMap((grid) => innerLines(gridRect(grid), grid.w, grid.h)),
          line,
          thin(found[0], theme),
        ),
    ),
    ...outlineMarks(grids, theme),
  ];
}

/** @param {Grid[]} grids @param {Theme} theme @returns {Shape[]} */
export function outlineMarks(grids, theme) {
  return byRole(grids, theme, (found, { line }) => outlines(found.map(gridRect), line, theme.width.outline));
}

/** @param {Grid} grid @param {Theme} theme */
export function thin(grid, theme) {
  return grid.w < 14 ? 0.6 : theme.width.grid;
}

/** A grid wide enough for numbers; smaller ones show values by shade alone. */
/** @param {Grid} grid @param {Theme} theme */
export function numbered(grid, theme) {
  return grid.w >= theme.legible.number && grid.h >= theme.legible.dense;
}

/** @param {Grid[]} grids @param {Theme} theme @returns {Shape[]} */
function ringMarks(grids, theme) {
  if (grids.length === 0) return [];
  const { line, fill } = theme.roles.padding;
  const rings = grids.flatMap(ringBoxes);
  return [
    boxes(rings, fill),
    lines(rings.flatMap((ring) => hatchLines(ring, 7)), `${line}59`, 1),
    lines(
      grids.filter((grid) => grid.w >= LINED).flatMap((grid) => innerLines(ringRect(grid), grid.w, grid.h)),
      `${line}80`,
      1,
    ),
    outlines(grids.map(ringRect), line, 1.4, "below", "4px,3px"),
  ];
}

/** @param {Grid} grid */
function hasRing({ pad }) {
  return pad.top + pad.bottom + pad.left + pad.right > 0;
}

/** The padding around a grid as up to four boxes, or the whole of a hatched grid. */
/** @param {Grid} grid @returns {Rect[]} */
function ringBoxes(grid) {
  const outer = ringRect(grid);
  if (grid.look === "hatched") return [outer];
  const inner = gridRect(grid);
  return [
    { ...outer, h: inner.y - outer.y },
    { ...outer, y: inner.y + inner.h, h: outer.y + outer.h - inner.y - inner.h },
    { ...inner, x: outer.x, w: inner.x - outer.x },
    { ...inner, x: inner.x + inner.w, w: outer.x + outer.w - inner.x - inner.w },
  ].filter((box) => box.w > 0 && box.h > 0);
}

/**
 * The colours of a grid: its group's, or its role's.
 * @param {Grid} grid
 * @param {Theme} theme
 * @returns {Triple}
 */
export function colours(grid, theme) {
  const role = theme.roles[grid.role] ?? theme.roles.hidden;
  if (grid.group < 0) return role;
  return theme.groups[grid.group % theme.groups.length];
}

/**
 * @param {Grid[]} grids
 * @param {Theme} theme
 * @param {(found: Grid[], colours: Triple) => Shape} draw
 */
function byColour(grids, theme, draw) {
  return grouped(grids, (grid) => colours(grid, theme)).map(([triple, found]) => draw(found, triple));
}

/**
 * @param {Grid[]} grids
 * @param {Theme} theme
 * @param {(found: Grid[], colours: Triple) => Shape} draw
 */
function byRole(grids, theme, draw) {
  return grouped(grids, (grid) => theme.roles[grid.role] ?? theme.roles.hidden)
    .map(([triple, found]) => draw(found, triple));
}

/**
 * What a drawn cell says; null where it stays empty.
 * @typedef {(grid: Grid, index: number[]) => {text: string, color: string, weight?: number} | null} Wording
 */

/**
 * The numbers of a grid and of the padding around it, as words.
 * @param {Grid} grid
 * @param {Wording} wording
 * @param {Theme} theme
 * @returns {Word[]}
 */
export function numberWords(grid, wording, theme) {
  const words = /** @type {Word[]} */ ([]);
  const lift = grid.role === "input" || grid.role === "hidden" || grid.role === "padding";
  for (let row = -grid.pad.top; row < grid.rows + grid.pad.bottom; row += 1) {
    for (let col = -grid.pad.left; col < grid.cols + grid.pad.right; col += 1) {
      const said = wording(grid, indexOf(grid, row, col));
      if (!said) continue;
      const word = wordIn(cellRect(grid, row, col), said.text, said.color, theme, lift);
      word.weight = said.weight;
      words.push(word);
    }
  }
  return words;
}

/**
 * A number in its cell; `lift` leaves room under it for what a window says in the corner.
 * @param {Rect} rect
 * @param {string} text
 * @param {string} color
 * @param {Theme} theme
 * @param {boolean} [lift]
 * @returns {Word}
 */
export function wordIn(rect, text, color, theme, lift = false) {
  const share = lift && rect.h >= theme.legible.weight ? 0.44 : 0.5;
  return { x: rect.x + rect.w / 2, y: rect.y + rect.h * share, text, size: theme.fit(text, rect), color };
}

/** How many shades tell values apart where cells are too small for numbers. */
const SHADES = 7;

/**
 * Cells shaded by value, from the fill of the role to its line colour.
 * @param {Grid} grid
 * @param {(grid: Grid, index: number[]) => number | null} value
 * @param {Theme} theme
 */
export function shadesSvg(grid, value, theme) {
  const { fill, line } = colours(grid, theme);
  const { rows, cols } = grid;
  const values = /** @type {number[]} */ ([]);
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < rows; row += 1) {
    for (let col = 0; col < cols; col += 1) {
      const found = value(grid, indexOf(grid, row, col)) ?? 0;
      if (found < low) low = found;
      if (found > high) high = found;
      values.push(found);
    }
  }
  /** @type {string[][]} */
  const shades = Array.from({ length: SHADES }, () => []);
  // Halved, since the largest numbers lie further apart than any number is large.
  const span = high / 2 - low / 2 || 1;
  const shadeOf = (/** @type {number} */ found) => Math.round(((found / 2 - low / 2) / span) * (SHADES - 1));
  const lefts = Array.from({ length: cols + 1 }, (_, col) => cellRect(grid, 0, col).x);
  for (let row = 0; row < rows; row += 1) {
    const { y } = cellRect(grid, row, 0);
    const own = values.slice(row * cols, (row + 1) * cols).map(shadeOf);
    // Neighbours of one shade are one box: there may be a hundred thousand cells.
    for (let from = 0; from < cols;) {
      let to = from + 1;
      while (own[to] === own[from]) to += 1;
      if (own[from] > 0) shades[own[from]].push(`M${lefts[from]} ${y}H${lefts[to]}v${grid.h}H${lefts[from]}z`);
      from = to;
    }
  }
  const shaded = shades.map((paths, shade) =>
    paths.length === 0
      ? ""
      : `<path d="${paths.join("")}" fill-opacity="${((0.85 * shade) / (SHADES - 1)).toFixed(2)}"/>`
  );
  const { x, y, w, h } = gridRect(grid);
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}"/><g fill="${line}">${
    shaded.join("")
  }</g>`;
}
