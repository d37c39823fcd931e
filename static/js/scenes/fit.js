/** How a figure that is seen as a whole is laid out: larger than its room, and then made smaller, where that is read better. Pure. */

/** @import {Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Wanted} from "./index.js" */
/** @import {Box} from "./layout.js" */

import { layout } from "./index.js";
import { paired } from "./parts.js";
import { spills } from "./room.js";

/** In a frame of this size things have the size that a theme gives them; they grow along with larger ones. */
const USUAL = { width: 960, height: 540 };
const USUAL_PROJECTED = { width: 1280, height: 720 };
const MOST_GROWTH = 3;
/** Projected things are large already: in a frame smaller than a screen they shrink, down to the size of other themes. */
const LEAST_PROJECTED = 0.62;

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

/** Cells larger than this are no easier to read, in pixels as they are seen. */
const ENOUGH = 44;
/** What labels are worth beside cells: they have one size, so that what makes a figure smaller makes them illegible. */
const OF_LABELS = 0.7;

/**
 * How a figure is laid out to be read best in its room: in which box, and whether its two pictures of one stage stand
 * side by side. Larger cells count, and labels that stay large.
 * @param {Trace} trace
 * @param {Box} room
 * @param {Wanted} wanted
 * @param {Theme} theme
 * @param {Translate} t
 * @returns {{box: Box, beside: boolean, worth: number}}  `worth` grows with how well it is read
 */
export function bestFit(trace, room, wanted, theme, t) {
  const tried = (/** @type {number} */ times, /** @type {boolean} */ beside) => {
    const box = { width: Math.round(room.width * times), height: Math.round(room.height * times) };
    const drawing = layout(trace, box, theme, t, { ...wanted, beside });
    const scale = Math.min(1, room.width / drawing.width, room.height / drawing.height);
    const cut = beside && spills(drawing);
    const worth = cut ? -Infinity : worthOf(scale * Math.min(...drawing.plans.map(({ cell }) => cell)), scale);
    return { box, beside, worth, whole: scale >= 1 / times - 0.01 };
  };
  let best = tried(1, false);
  if (best.whole) return best;
  const ways = room.width > room.height && paired(trace) ? [false, true] : [false];
  for (const times of LARGER) {
    for (const beside of ways) {
      if (times === 1 && !beside) continue;
      const other = tried(times, beside);
      if (other.worth > best.worth + LEAST_GAIN) best = other;
    }
  }
  return best;
}

/** A gain that is none: what is about as good is not worth another arrangement. */
const LEAST_GAIN = 0.02;

/**
 * How well a figure is read: a tenth more of a cell, as it is seen, counts more than a tenth more of its scale.
 * @param {number} cell  as it is seen, in pixels
 * @param {number} scale
 */
export function worthOf(cell, scale) {
  return Math.log(Math.min(cell, ENOUGH)) + OF_LABELS * Math.log(scale);
}
