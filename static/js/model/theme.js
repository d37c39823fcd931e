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

/** What is drawn thicker, larger or further apart, where a figure is seen from far away. */
/** @param {boolean} large @param {boolean} present */
function sizes(large, present) {
  return {
    width: { grid: 1.2, outline: 2, window: large ? 5.6 : 4 },
    // From the last row numbers want larger cells: there a figure sooner grows beyond the fold.
    legible: { number: 23, dense: 14, weight: large ? 70 : 38, room: large ? 34 : 26 },
    cell: present ? 140 : large ? 90 : 56,
    label: large ? 24 : 15,
    small: large ? 20 : 13,
    edgeRoom: 3,
  };
}

/**
 * A theme from the tokens of the style sheet, wherever they were read.
 * @param {string} name
 * @param {(token: string) => string} color  a token's colour, as #rrggbb
 * @param {string} font
 * @param {boolean} [present]  the figure fills a screen
 * @returns {Theme}
 */
export function themeOf(name, color, font, present = false) {
  const triple = (/** @type {string} */ role) => ({
    ink: color(`${role}-ink`),
    line: color(`${role}-line`),
    fill: color(`${role}-fill`),
  });
  return {
    name,
    roles: Object.fromEntries(["input", "kernel", "output", "hidden", "padding"].map((role) => [role, triple(role)])),
    groups: [1, 2, 3, 4].map((n) => triple(`group-${n}`)),
    text: color("text"),
    muted: color("muted"),
    surface: color("surface"),
    divider: color("divider"),
    edge: color("edge"),
    ramp: [1, 2, 3].map((n) => color(`ramp-${n}`)),
    rampText: color("ramp-3-text"),
    highlight: {
      fill: color("highlight-fill"),
      outline: color("highlight-outline"),
      text: color("highlight-text"),
    },
    font,
    ...sizes(name === "projector", present),
    fit,
  };
}

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
