/** How a figure takes its frame: seen as a whole, or as wide as the frame is; in a large frame everything is larger. */

/** @import {Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Box} from "../scenes/layout.js" */
/** @import {Figure, Moment} from "./figure.js" */

import { bestFit } from "../scenes/fit.js";

/** How much closer a long sum is written before it scrolls, so that the figure keeps its room. */
const CLOSER = [1, 0.85, 0.72, 0.6];
/** The most that sum and transport take of the frame's height. */
const MOST_OF_FRAME = 0.42;

/** Writes a sum as close as it must be to leave the figure its room. */
/** @param {HTMLElement} dock  the sum and what stands with it */
export function fitSum(dock) {
  for (const closer of CLOSER) {
    dock.style.setProperty("--closer", String(closer));
    if (dock.offsetHeight <= MOST_OF_FRAME * innerHeight) return;
  }
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
