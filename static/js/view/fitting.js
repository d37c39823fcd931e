/** How a figure takes its frame: seen as a whole, or as wide as the frame is; in a large frame everything is larger. */

/** @import {Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Figure, Moment} from "./figure.js" */

import { layout } from "../scenes/index.js";
import { spills } from "../scenes/room.js";

/** @typedef {{width: number, height: number}} Box */

/** In a frame of this size things have the size that a theme gives them; they grow along with larger ones. */
const USUAL = { width: 960, height: 540 };
const USUAL_PROJECTED = { width: 1280, height: 720 };
const MOST_GROWTH = 3;
/** Projected things are large already: in a frame smaller than a screen they shrink, down to the size of other themes. */
const LEAST_PROJECTED = 0.62;

/** How much closer a long sum is written before it scrolls, so that the figure keeps its room. */
const CLOSER = [1, 0.85, 0.72, 0.6];
/** The most that sum and transport take of the frame's height. */
const MOST_OF_FRAME = 0.42;

/** How many times larger than its room a figure may be laid out and then made smaller, so that all of it is seen. */
const LARGER = [1, 1.25, 1.5, 2, 2.5, 3, 4];

/** How much larger than the theme says things are drawn in a frame of this size. */
/** @param {Box} frame @param {string} theme */
export function growth({ width, height }, theme) {
  const [usual, least] = theme === "projector" ? [USUAL_PROJECTED, LEAST_PROJECTED] : [USUAL, 1];
  return Math.max(least, Math.min(MOST_GROWTH, width / usual.width, height / usual.height));
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

/** Writes a sum as close as it must be to leave the figure its room. */
/** @param {HTMLElement} dock  the sum and what stands with it */
export function fitSum(dock) {
  for (const closer of CLOSER) {
    dock.style.setProperty("--closer", String(closer));
    if (dock.offsetHeight <= MOST_OF_FRAME * innerHeight) return;
  }
}

/**
 * How a figure is laid out to have the largest cells in its room: in which box, and whether its two pictures of one stage
 * stand side by side.
 * @param {Trace} trace
 * @param {Box} room
 * @param {Moment} moment
 * @param {Theme} theme
 * @param {Translate} t
 * @returns {{box: Box, beside: boolean, size: number}}  `size` is that of the smallest cells as they are seen
 */
export function bestFit(trace, room, moment, theme, t) {
  const tried = (/** @type {number} */ times, /** @type {boolean} */ beside) => {
    const box = { width: Math.round(room.width * times), height: Math.round(room.height * times) };
    const drawing = layout(trace, box, theme, t, { ...moment, beside });
    const scale = Math.min(1, room.width / drawing.width, room.height / drawing.height);
    const cut = beside && spills(drawing);
    const size = cut ? 0 : scale * Math.min(...drawing.plans.map(({ cell }) => cell));
    return { box, beside, size, whole: scale >= 1 / times - 0.01 };
  };
  let best = tried(1, false);
  if (best.whole) return best;
  const ways = room.width > room.height ? [false, true] : [false];
  for (const times of LARGER) {
    for (const beside of ways) {
      const other = tried(times, beside);
      if (other.size > 1.02 * best.size) best = other;
    }
  }
  return best;
}

/**
 * Draws a figure as a whole into its room, and moves the layers that lie over each other alike.
 * @param {Figure} figure
 * @param {HTMLElement[]} layers
 * @param {{trace: Trace, room: Box, moment: Moment, theme: Theme, t: Translate, moving: boolean}} drawing
 */
export function drawWhole(figure, layers, { trace, room, moment, theme, t, moving }) {
  const { box, beside } = bestFit(trace, room, moment, theme, t);
  figure.draw(trace, box, { ...moment, beside }, moving);
  place(figure, layers, room);
}

/** The whole figure in the middle of its room. */
/** @param {Figure} figure @param {HTMLElement[]} layers @param {Box} room */
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
