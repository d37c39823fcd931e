/** Marks as Plotly shapes. Numbers are drawn between the layers «below» and «above». */

/** @import {Rect} from "./geometry.js" */
/** @import {Theme} from "../model/theme.js" */

import { rectsPath, segmentsPath } from "./geometry.js";

/**
 * @typedef {Record<string, any>} Shape
 * @typedef {"below" | "above"} Layer
 */

const NOTHING = "M0,0Z";

/** How far above the middle Plotly sets a label, as a share of its size. */
export const LOW = 0.08;

/**
 * @param {string} path
 * @param {string} fill
 * @param {Layer} [layer]
 * @returns {Shape}
 */
export function filled(path, fill, layer = "below") {
  return { type: "path", path: path || NOTHING, fillcolor: fill, line: { width: 0 }, layer };
}

/**
 * @param {string} path
 * @param {string} color
 * @param {number} width
 * @param {Layer} [layer]
 * @param {string} [dash]
 * @returns {Shape}
 */
export function stroked(path, color, width, layer = "below", dash = "solid") {
  return {
    type: "path",
    path: path || NOTHING,
    fillcolor: "rgba(0,0,0,0)",
    line: { color, width, dash },
    layer,
  };
}

/** @param {Rect[]} rects @param {string} fill @param {Layer} [layer] */
export function boxes(rects, fill, layer = "below") {
  return filled(rectsPath(rects), fill, layer);
}

/** @param {Rect[]} rects @param {string} color @param {number} width @param {Layer} [layer] @param {string} [dash] */
export function outlines(rects, color, width, layer = "above", dash = "solid") {
  return stroked(rectsPath(rects), color, width, layer, dash);
}

/** @param {number[][]} ends @param {string} color @param {number} width @param {Layer} [layer] @param {string} [dash] */
export function lines(ends, color, width, layer = "below", dash = "solid") {
  return stroked(segmentsPath(ends), color, width, layer, dash);
}

/**
 * The one highlighted cell: yellow, the darkest outline, its number bold.
 * @param {Rect} rect
 * @param {string} text
 * @param {Theme} theme
 * @returns {Shape[]}
 */
export function now(rect, text, theme) {
  const grown = Math.max(0, (6 - rect.w) / 2);
  const corners = {
    x0: rect.x - grown,
    y0: rect.y - grown,
    x1: rect.x + rect.w + grown,
    y1: rect.y + rect.h + grown,
  };
  const cell = {
    type: "rect",
    ...corners,
    fillcolor: theme.highlight.fill,
    line: { color: theme.highlight.outline, width: Math.min(theme.width.window - 1, rect.w / 4 + 1) },
    layer: "above",
  };
  if (!text || Math.min(rect.w, rect.h) < theme.legible.dense) return [cell];
  const size = theme.fit(text, rect, 1.08);
  const label = { text: `<b>${text}</b>`, font: { size, color: theme.highlight.text }, padding: 0 };
  // Plotly centres a label a little high; the box that carries it hangs as much lower.
  const low = LOW * size;
  return [cell, {
    type: "rect",
    ...corners,
    y0: corners.y0 + low,
    y1: corners.y1 + low,
    line: { width: 0 },
    layer: "above",
    label,
  }];
}

/**
 * The same shapes while the number of the highlighted cell is still to be guessed.
 * @param {Shape[]} shapes
 * @param {Theme} theme
 * @returns {Shape[]}
 */
export function unsaid(shapes, theme) {
  const numbered = (/** @type {Shape} */ { label }) =>
    label?.font?.color === theme.highlight.text && !label.textposition;
  return shapes.map((shape) =>
    numbered(shape) ? { ...shape, label: { ...shape.label, text: "<b>?</b>" } } : shape
  );
}

/**
 * A short name in the upper left corner of a highlighted cell.
 * @param {Rect} rect
 * @param {string} text
 * @param {number} size
 * @param {string} color
 * @returns {Shape}
 */
export function tag(rect, text, size, color) {
  return {
    type: "rect",
    x0: rect.x,
    y0: rect.y,
    x1: rect.x + rect.w,
    y1: rect.y + rect.h,
    line: { width: 0 },
    layer: "above",
    label: { text: `<b>${text}</b>`, textposition: "top left", font: { size, color }, padding: 3 },
  };
}

/**
 * A word that changes with the step, centred on a point.
 * @param {{x: number, y: number}} at
 * @param {string} text
 * @param {number} size
 * @param {string} color
 * @returns {Shape}
 */
export function written({ x, y }, text, size, color) {
  return {
    type: "rect",
    x0: x - 1,
    x1: x + 1,
    y0: y - 1 + LOW * size,
    y1: y + 1 + LOW * size,
    line: { width: 0 },
    layer: "above",
    label: { text: `<b>${text}</b>`, textposition: "middle center", font: { size, color }, padding: 0 },
  };
}
