/** What an address says of how a page shows its figure, read as the server reads it; what is none is left out. */

/** @import {PageState, Params} from "./query.js" */
/** @import {Trace} from "./types.js" */

import { lengthOf } from "./clock.js";
import { SPEEDS } from "./player.js";

const THEMES = ["light", "dark", "projector"];

/** Parameters of frames besides those of all pages. */
const OF_FRAMES = ["start", "end", "controls", "panels", "fit", "transparent"];

/** @param {string} name */
export function partOfFrame(name) {
  return OF_FRAMES.includes(name);
}

/**
 * Of any page.
 * @param {PageState} page
 */
export function viewed({ step, theme, speed, loop }) {
  return { step, theme: one(theme, THEMES), speed: one(speed, SPEEDS), loop };
}

/**
 * Of a frame: see `app/embed.py`.
 * @param {Params} pairs  all of its address
 * @param {PageState} page
 * @param {Trace} trace
 */
export function framed(pairs, page, trace) {
  const steps = lengthOf(trace);
  const start = whole(pairs.start, steps) ?? 0;
  const named = (pairs.panels ?? "").split(",").filter((name) => name in trace.tensors);
  const stages = ["all", ...trace.stages.map(({ id }) => id)];
  return {
    step: Math.max(start, page.step),
    embed: {
      start,
      end: whole(pairs.end, steps),
      autoplay: one(pairs.autoplay, ["true", "slide"]) ?? "false",
      controls: one(pairs.controls, ["none", "transport", "all"]) ?? "transport",
      panels: Object.keys(trace.tensors).filter((name) => named.includes(name)),
      stage: one(page.stage, stages) ?? "",
      fit: one(pairs.fit, ["contain", "width"]) ?? "contain",
      predict: page.predict ?? false,
      transparent: pairs.transparent === "true",
    },
  };
}

/** @param {string | null | undefined} text @param {string[]} words */
function one(text, words) {
  return text && words.includes(text) ? text : null;
}

/** @param {string | undefined} text @param {number} most */
function whole(text, most) {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), most) : null;
}
