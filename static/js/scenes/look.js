/** How large the sums of an export are written, so that all of them fit and look alike. Pure. */

/** @import {Term} from "../model/equation.js" */
/** @import {Least, Look, Means, Room, Sums} from "./sum.js" */

import { plain } from "../model/strings.js";
import { pairText, PAIR, PARTIAL, PRODUCT, sumsPiece, VALUE } from "./sum.js";

/** Type from here down is tried, then terms are folded; the last is for what is long beyond measure. */
const LARGEST = 1.7;
const LARGEST_OF_SEVERAL = 1.25;
const ONE_ROW = 1.1;
const LEAST = 0.8;
const DOWN = 0.94;
/** Terms written out; the rest becomes «… and n more». */
const FOLDS = [27, 18, 12, 9, 6, 4, 2, 1];

/**
 * The look in which all of some sums fit a room: the largest type in one row, smaller type, several rows, fewer terms.
 * @param {Sums[]} all
 * @param {Room} room
 * @param {Means} means
 * @returns {Look}
 */
export function lookOf(all, room, means) {
  const least = leastOf(all, means);
  const heavy = [...all].sort((a, b) => weight(b) - weight(a));
  const fits = (/** @type {Look} */ look) =>
    heavy.every((sums) => {
      const { w, h } = sumsPiece(sums, look, room, means);
      return w <= room.width && h <= room.height;
    });
  const largest = all.some((sums) => sums.length > 1) ? LARGEST_OF_SEVERAL : LARGEST;
  for (const most of FOLDS) {
    for (const rows of [false, true]) {
      for (const scale of scales(largest, rows ? LEAST : ONE_ROW)) {
        const look = { scale, most, rows, least };
        if (fits(look)) return look;
      }
    }
  }
  for (const scale of scales(LEAST, 0.05)) {
    const look = { scale, most: 1, rows: true, least: NONE };
    if (fits(look)) return look;
  }
  return { scale: 0.05, most: 1, rows: true, least: NONE };
}

/** @type {Least} */
const NONE = { term: 0, value: 0, partial: 0 };

/** @param {number} from @param {number} to */
function scales(from, to) {
  const count = Math.ceil(Math.log(to / from) / Math.log(DOWN));
  return Array.from({ length: count + 1 }, (_, n) => Math.max(to, from * DOWN ** n));
}

/** About how long the sums of a step are, so that the longest are tried first. */
/** @param {Sums} sums */
function weight(sums) {
  return sums.reduce((all, { equation: { lines } }) =>
    all + lines.flatMap(({ boxes }) => boxes.flat()).reduce((n, { left, right, product }) =>
      n + [left, right, product].reduce((/** @type {number} */ sum, value) => sum + plain(value).length, 3), 9), 0);
}

/** Terms and results as wide as the widest of all steps, so that nothing jumps from one step to the next. */
/** @param {Sums[]} all @param {Means} means @returns {Least} */
function leastOf(all, { measure }) {
  const equations = all.flat().map(({ equation }) => equation);
  const lines = equations.flatMap((equation) => equation.lines);
  const terms = lines.flatMap((found) => found.boxes.flat());
  const widest = (/** @type {number[]} */ widths) => widths.reduce((most, width) => Math.max(most, width), 0);
  const typical = widest(terms.map((term) => Math.max(
    measure(pairText(term), PAIR, true),
    term.right === null ? 0 : measure(plain(term.product), PRODUCT, true),
  )));
  return {
    // One number of many digits shall not spread all others.
    term: Math.min(typical, 64),
    value: Math.min(widest(equations.map(({ value }) => measure(plain(value), VALUE, true))), 160),
    partial: Math.min(widest(lines.map(({ sum }) => measure(`= ${plain(sum)}`, PARTIAL, true))), 120),
  };
}

