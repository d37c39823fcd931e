/** Links: tints that lie under all grids, so that they show only between them; their edges are lines over cells. */

/** @import {Rect} from "./geometry.js" */
/** @import {Shape} from "./shapes.js" */

import { polygonPath } from "./geometry.js";
import { filled, lines } from "./shapes.js";

/** @typedef {{from: Rect, to: Rect, way: "right" | "down"}} Link */

/** @param {Link[]} links @param {string} color @returns {Shape[]} */
export function linkTints(links, color) {
  if (links.length === 0) return [];
  const path = links.map(edges).map(([a, b]) => polygonPath([a.start, a.end, b.end, b.start])).join("");
  // Where links cross, both count: the even-odd rule would leave a hole.
  return [{ ...filled(path, `${color}24`), fillrule: "nonzero" }];
}

/** @param {Link[]} links @param {string} color @param {"below" | "above"} layer @returns {Shape[]} */
export function linkLines(links, color, layer) {
  if (links.length === 0) return [];
  return [lines(links.flatMap(edges).map(({ start, end }) => [...start, ...end]), color, 1.6, layer)];
}

/** @param {Link} link */
function edges({ from, to, way }) {
  return [0, 1].map((side) =>
    way === "right"
      ? { start: [from.x + from.w, from.y + side * from.h], end: [to.x, to.y + side * to.h] }
      : { start: [from.x + side * from.w, from.y + from.h], end: [to.x + side * to.w, to.y] }
  );
}
