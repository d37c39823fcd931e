/** How a figure takes its frame: seen as a whole, or as wide as the frame is; in a large frame everything is larger. */

/** @import {Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Figure, Moment} from "./figure.js" */

import { layout } from "../scenes/index.js";

/** In a frame of this size things have the size that a theme gives them; they grow along with larger ones. */
const USUAL = { width: 960, height: 540 };
const USUAL_PROJECTED = { width: 1280, height: 720 };
const MOST_GROWTH = 3;

/** How many times larger than its room a figure may be laid out and then made smaller, so that all of it is seen. */
const LARGER = [1, 1.25, 1.5, 2, 2.5, 3, 4];

/** How much larger than the theme says things are drawn in a frame of this size. */
/** @param {{width: number, height: number}} frame @param {string} theme */
export function growth({ width, height }, theme) {
  const usual = theme === "projector" ? USUAL_PROJECTED : USUAL;
  return Math.max(1, Math.min(MOST_GROWTH, width / usual.width, height / usual.height));
}

/** @param {Theme} theme @param {number} by @returns {Theme} */
export function grown(theme, by) {
  const { grid, outline, window } = theme.width;
  return {
    ...theme,
    cell: Math.round(theme.cell * by),
    label: Math.round(theme.label * by),
    small: Math.round(theme.small * by),
    width: { grid: grid * by, outline: outline * by, window: window * by },
  };
}

/**
 * Draws a figure as a whole into its room, and moves the layers that lie over each other alike.
 * @param {Figure} figure
 * @param {HTMLElement[]} layers
 * @param {{trace: Trace, room: {width: number, height: number}, moment: Moment, theme: Theme, t: Translate, moving: boolean}} drawing
 */
export function drawWhole(figure, layers, { trace, room, moment, theme, t, moving }) {
  const numbers = (/** @type {number} */ times) => {
    const box = { width: Math.round(room.width * times), height: Math.round(room.height * times) };
    const { plans, width, height } = layout(trace, box, theme, t, moment);
    const scale = Math.min(1, room.width / width, room.height / height);
    return { box, size: scale * Math.min(...plans.map(({ cell }) => cell)), whole: scale >= 1 / times - 0.01 };
  };
  let best = numbers(1);
  for (const times of best.whole ? [] : LARGER.slice(1)) {
    const other = numbers(times);
    if (other.size > 1.02 * best.size) best = other;
  }
  figure.draw(trace, best.box, moment, moving);
  place(figure, layers, room);
}

/** The whole figure in the middle of its room. */
/** @param {Figure} figure @param {HTMLElement[]} layers @param {{width: number, height: number}} room */
export function place({ canvas, size: { width, height } }, layers, room) {
  const scale = Math.min(1, room.width / width, room.height / height);
  const [x, y] = [room.width - scale * width, room.height - scale * height].map((spare) => Math.max(0, spare / 2));
  for (const layer of layers) {
    layer.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px) scale(${scale.toFixed(4)})`;
  }
  canvas.style.width = `${width}px`;
  // Nothing scrolls here.
  const frame = /** @type {HTMLElement} */ (canvas.parentElement);
  frame.classList.remove("scrolls");
  for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
}
