/** Whether a figure has the room it needs: nothing beyond its sides, no label across another. */

/** @import {Plan} from "./layout.js" */
/** @import {Rect} from "../marks/geometry.js" */
/** @import {Word} from "../marks/image.js" */

import { ringRect } from "../marks/geometry.js";
import { wordWidth } from "./layout.js";

/** Widths of words are estimates, on the wide side. */
const SLACK = 0.86;
const EDGE = 4;

/**
 * Whether grids or labels of a figure lie beyond its sides, or labels over each other.
 * @param {{plans: Plan[], width: number}} drawing
 */
export function spills({ plans, width }) {
  const words = plans.flatMap((plan) => plan.words).map(wordRect);
  const grids = plans.flatMap((plan) => plan.grids).map(ringRect);
  return [...words, ...grids].some(({ x, w }) => x < -EDGE || x + w > width + EDGE) ||
    words.some((word, n) => words.slice(n + 1).some((other) => meet(word, other)));
}

/** How far to the right a figure reaches. */
/** @param {{plans: Plan[], width: number}} drawing */
export function reach({ plans, width }) {
  const grids = plans.flatMap((plan) => plan.grids).map(ringRect);
  return Math.ceil(Math.max(width, ...grids.map(({ x, w }) => x + w + EDGE)));
}

/** From where to where a figure reaches, with its labels, and not less than its width. */
/** @param {{plans: Plan[], width: number}} drawing */
export function extent({ plans, width }) {
  const words = plans.flatMap((plan) => plan.words).map(wordRect);
  const all = [...words, ...plans.flatMap((plan) => plan.grids).map(ringRect)];
  const left = Math.min(0, ...all.map(({ x }) => x));
  return { left, right: Math.max(width, ...all.map(({ x, w }) => x + w)) };
}

/** @param {Word} word @returns {Rect} */
function wordRect(word) {
  const w = wordWidth(word) * SLACK;
  const left = { start: 0, middle: w / 2, end: w }[word.anchor ?? "middle"];
  return { x: word.x - left, y: word.y - word.size * 0.4, w, h: word.size * 0.8 };
}

/** @param {Rect} a @param {Rect} b */
function meet(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
