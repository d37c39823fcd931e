/** What a mark needs to know of the theme, and how large a number may be written in a cell. */

/**
 * @typedef {{ink: string, line: string, fill: string}} Triple
 * @typedef {{name: string, roles: Record<string, Triple>, groups: Triple[], text: string, muted: string,
 *   surface: string, divider: string, edge: string, ramp: string[], rampText: string, highlight: {fill: string, outline: string, text: string},
 *   font: string, width: {grid: number, outline: number, window: number},
 *   legible: {number: number, dense: number, weight: number, room: number},
 *   cell: number, label: number, small: number, edgeRoom: number,
 *   fit: (text: string, box: {w: number, h: number}, scale?: number) => number}} Theme
 */

/** A cell number takes 0.43 of its cell, less where it is long; digits are a little over half as wide as high. */
/**
 * @param {string} text
 * @param {{w: number, h: number}} box
 * @param {number} [scale]
 */
export function fit(text, box, scale = 1) {
  const room = (0.88 * box.w) / (0.57 * Math.max(text.length, 1));
  return Math.round(Math.min(0.43 * Math.min(box.h * 1.5, box.w), 0.74 * box.h, room) * scale * 10) / 10;
}
