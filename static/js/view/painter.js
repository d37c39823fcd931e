/** What draws a figure until Plotly has come, or where it never comes: the two calls that `figure.js` makes, answered with SVG. */

/** @import {Marks} from "../scenes/index.js" */

import { marksSvg } from "../scenes/index.js";

/** Names of patterns are the document's: those of two figures must not meet. */
let figures = 0;
/** @type {WeakMap<HTMLElement, string>} */
const prefixes = new WeakMap();

/**
 * @param {HTMLElement} canvas
 * @param {unknown} _data
 * @param {Marks & {width: number, height: number, font: {family: string}}} layout
 */
function react(canvas, _data, { width, height, font, ...marks }) {
  if (!prefixes.has(canvas)) prefixes.set(canvas, `f${figures += 1}-`);
  canvas.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"></svg>`;
  const svg = /** @type {SVGElement} */ (canvas.firstElementChild);
  svg.style.fontFamily = font.family;
  svg.style.display = "block";
  relayout(canvas, marks);
}

/** @param {HTMLElement} canvas @param {Marks} marks */
function relayout(canvas, marks) {
  /** @type {SVGElement} */ (canvas.firstElementChild).innerHTML = marksSvg(marks, prefixes.get(canvas));
}

/** In the place of Plotly. */
export const PAINTER = { react, relayout };
