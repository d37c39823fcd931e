/** Text and tinted cells as one SVG image, which Plotly draws once; a data URI, so it stays a vector everywhere. */

/** @import {Rect} from "./geometry.js" */
/** @import {Theme} from "../model/theme.js" */

/**
 * @typedef {{x: number, y: number, text: string, size: number, color: string, weight?: number,
 *   anchor?: "start" | "middle" | "end", tail?: {text: string, color: string},
 *   halo?: string}} Word
 * @typedef {Record<string, any>} Image
 */

/**
 * @param {Rect} box
 * @param {string} content
 * @param {"below" | "above"} [layer]
 * @returns {Image}
 */
export function image(box, content, layer = "above") {
  const [w, h] = [Math.ceil(box.w), Math.ceil(box.h)];
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${content}</svg>`;
  return {
    xref: "x",
    yref: "y",
    x: box.x,
    y: box.y,
    sizex: w,
    sizey: h,
    xanchor: "left",
    yanchor: "top",
    sizing: "stretch",
    layer,
    source: `data:image/svg+xml,${encodeURIComponent(content ? svg : EMPTY)}`,
  };
}

const EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';

/**
 * Words as SVG text, centred on their height; alike ones share a group, which keeps the image short.
 * @param {Word[]} words
 * @param {Theme} theme
 */
export function wordsSvg(words, theme) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  /** @type {Word | null} */
  let last = null;
  let group = /** @type {string[]} */ ([]);
  for (const word of words) {
    if (!last || !alike(word, last)) group = groupOf(groups, word);
    last = word;
    const tail = word.tail
      ? `<tspan dx="${tenth(word.size * 0.4)}" font-weight="400" fill="${word.tail.color}">${
        escaped(word.tail.text)
      }</tspan>`
      : "";
    group.push(
      `<text x="${tenth(word.x)}" y="${tenth(word.y + word.size * 0.35)}">${escaped(word.text)}${tail}</text>`,
    );
  }
  const font = `font-family="${theme.font.replace(/"/g, "'")}" style="font-variant-numeric:tabular-nums"`;
  return words.length === 0
    ? ""
    : `<g ${font}>${[...groups].map(([style, drawn]) => `<g ${style}>${drawn.join("")}</g>`).join("")}</g>`;
}

/** Whether two words look alike: of thousands of numbers in a row most do. */
/** @param {Word} one @param {Word} other */
function alike(one, other) {
  return one.size === other.size && one.color === other.color && one.weight === other.weight &&
    one.anchor === other.anchor && one.halo === other.halo;
}

/** The words that look like one. */
/** @param {Map<string, string[]>} groups @param {Word} word @returns {string[]} */
function groupOf(groups, word) {
  const style = `font-size="${word.size}" fill="${word.color}" font-weight="${word.weight ?? 400}" ` +
    `text-anchor="${word.anchor ?? "middle"}"` +
    (word.halo ? ` paint-order="stroke" stroke="${word.halo}" stroke-width="4" stroke-linejoin="round"` : "");
  const group = groups.get(style) ?? [];
  groups.set(style, group);
  return group;
}

/** @param {string} text */
function escaped(text) {
  if (!/[&<]/.test(text)) return text;
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/** @param {number} value */
function tenth(value) {
  return Math.round(value * 10) / 10;
}
