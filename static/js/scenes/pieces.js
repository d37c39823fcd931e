/** Pieces of written text and boxes that know their size: set in rows, in columns and around the middle. Pure. */

/** @import {Measure} from "./sum.js" */

/**
 * Something of a size that is drawn with its upper left corner anywhere.
 * @typedef {{w: number, h: number, draw: (x: number, y: number) => string}} Piece
 * A stretch of a text: its colour, whether it is bold, and how far it keeps from the stretch before it.
 * @typedef {{text: string, color: string, bold?: boolean, space?: number}} Run
 */

/** A baseline under the middle of its line, as a share of the size. */
const MIDDLE = 0.35;

/** @type {Piece} */
export const NOTHING = { w: 0, h: 0, draw: () => "" };

/**
 * One line of text. It hangs on its anchor, so that where fonts differ in width it still stands in its place.
 * @param {Run[]} runs
 * @param {number} size
 * @param {Measure} measure
 * @param {{line?: number, least?: number, anchor?: "start" | "middle" | "end", opacity?: number}} [how]
 * @returns {Piece}
 */
export function line(runs, size, measure, { line = size * 1.4, least = 0, anchor = "middle", opacity = 1 } = {}) {
  const natural = runs.reduce((sum, { text, bold, space = 0 }) => sum + space + measure(text, size, bold), 0);
  const w = Math.max(natural, least);
  const from = { start: 0, middle: w / 2, end: w }[anchor];
  const spans = runs.map(({ text, color, bold, space = 0 }) =>
    `<tspan${space ? ` dx="${tenth(space)}"` : ""} fill="${color}"${bold ? ' font-weight="700"' : ""}>${escaped(text)}</tspan>`
  ).join("");
  return {
    w,
    h: line,
    draw: (x, y) =>
      `<text x="${tenth(x + from)}" y="${tenth(y + line / 2 + MIDDLE * size)}" font-size="${tenth(size)}" ` +
      `text-anchor="${anchor}"${opacity < 1 ? ` opacity="${opacity}"` : ""}>${spans}</text>`,
  };
}

/**
 * Side by side.
 * @param {Piece[]} pieces
 * @param {number} gap
 * @param {"middle" | "top"} [align]
 * @returns {Piece}
 */
export function row(pieces, gap, align = "middle") {
  const shown = pieces.filter(({ w }) => w > 0);
  const h = Math.max(0, ...shown.map((piece) => piece.h));
  return {
    w: shown.reduce((sum, { w }) => sum + w, 0) + gap * Math.max(0, shown.length - 1),
    h,
    draw: (x, y) => {
      let at = x;
      return shown.map((piece) => {
        const drawn = piece.draw(at, align === "top" ? y : y + (h - piece.h) / 2);
        at += piece.w + gap;
        return drawn;
      }).join("");
    },
  };
}

/**
 * One under the other.
 * @param {Piece[]} pieces
 * @param {number} gap
 * @param {"start" | "middle"} [align]
 * @returns {Piece}
 */
export function column(pieces, gap, align = "middle") {
  const shown = pieces.filter(({ h }) => h > 0);
  const w = Math.max(0, ...shown.map((piece) => piece.w));
  return {
    w,
    h: shown.reduce((sum, { h }) => sum + h, 0) + gap * Math.max(0, shown.length - 1),
    draw: (x, y) => {
      let at = y;
      return shown.map((piece) => {
        const drawn = piece.draw(align === "start" ? x : x + (w - piece.w) / 2, at);
        at += piece.h + gap;
        return drawn;
      }).join("");
    },
  };
}

/**
 * In rows as wide as there is room; where one is not enough, rows become alike in width.
 * @param {Piece[]} pieces
 * @param {number} room
 * @param {{gap: number, between: number, align?: "start" | "middle"}} how
 * @returns {Piece}
 */
export function wrapped(pieces, room, { gap, between, align = "middle" }) {
  const rows = rowsIn(pieces, room, gap);
  if (rows.length < 2) return row(pieces, gap);
  const all = pieces.reduce((sum, { w }) => sum + w + gap, 0);
  const narrow = Array.from({ length: 12 }, (_, n) => all / rows.length + (n * (room - all / rows.length)) / 12);
  const limit = narrow.find((width) => rowsIn(pieces, width, gap).length === rows.length) ?? room;
  return column(rowsIn(pieces, limit, gap).map((found) => row(found, gap)), between, align);
}

/** @param {Piece[]} pieces @param {number} room @param {number} gap @returns {Piece[][]} */
function rowsIn(pieces, room, gap) {
  const rows = /** @type {Piece[][]} */ ([[]]);
  let used = 0;
  for (const piece of pieces) {
    const last = rows[rows.length - 1];
    if (last.length > 0 && used + gap + piece.w > room) {
      rows.push([piece]);
      used = piece.w;
    } else {
      used += (last.length > 0 ? gap : 0) + piece.w;
      last.push(piece);
    }
  }
  return rows;
}

/**
 * A rounded box around a piece.
 * @param {Piece} inner
 * @param {{x: number, top: number, bottom: number, radius: number, stroke: string, width: number, fill?: string,
 *   w?: number, h?: number}} how  room at the sides, above and under it; the least size
 * @returns {Piece}
 */
export function boxed(inner, { x: side, top, bottom, radius, stroke, width, fill = "none", w: wide = 0, h: high = 0 }) {
  const w = Math.max(wide, inner.w + 2 * side);
  const h = Math.max(high, inner.h + top + bottom);
  return {
    w,
    h,
    draw: (x, y) =>
      `<rect x="${tenth(x + width / 2)}" y="${tenth(y + width / 2)}" width="${tenth(w - width)}" ` +
      `height="${tenth(h - width)}" rx="${tenth(radius)}" fill="${fill}" stroke="${stroke}" stroke-width="${tenth(width)}"/>` +
      inner.draw(x + (w - inner.w) / 2, y + top + (h - top - bottom - inner.h) / 2),
  };
}

/**
 * A piece in a place of a given size.
 * @param {Piece} piece
 * @param {number} w
 * @param {"start" | "middle" | "end"} [align]
 * @returns {Piece}
 */
export function placed(piece, w, align = "middle") {
  const wide = Math.max(w, piece.w);
  const by = { start: 0, middle: (wide - piece.w) / 2, end: wide - piece.w }[align];
  return { w: wide, h: piece.h, draw: (x, y) => piece.draw(x + by, y) };
}

/** @param {string} text */
export function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}

/** @param {number} value */
export function tenth(value) {
  return Math.round(value * 10) / 10;
}
