/** The figure of a frame in the room that it has: as large as can be, its two views beside each other. Pure. */

/** @import {Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {FrameOptions} from "./frame.js" */
/** @import {Plan} from "./layout.js" */
/** @import {Base} from "./paint.js" */

import { marksSvg } from "../marks/svg.js";
import { stageAt } from "../model/clock.js";
import { base, layout, marksOf, overlay } from "./index.js";
import { gridsOf, partsOf } from "./parts.js";
import { tenth } from "./pieces.js";
import { extent, spills } from "./room.js";

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Area
 * A picture of a figure in its place; `theme` is that of its cells, `size` about how large they are in the frame.
 * @typedef {{trace: Trace, plans: Plan[], theme: Theme, base: () => Base, x: number, y: number, scale: number,
 *   size: number, rank: number}} Pane
 * @typedef {{panes: Pane[], size: number}} Placed
 */

/** Between things that do not belong together. */
export const AIR = 14;
/** Cells below this are small. */
export const SMALL = 26;
/** In cells below this nobody reads a number. */
const BLURRED = 4;
/** So many grids are a crowd. Where there are far more, cells are hardly larger than that, and laying them out takes seconds. */
const CROWD = 40;
const FAR_MORE = 500;
/** How large labels of the figure are at best and at least, and the most of a cell. */
const LABEL = { most: 24, least: 13.5 };
const MOST_CELL = 116;
/** Cells so much larger are worth smaller labels. */
const WORTH = 1.12;

/**
 * The figure of a step, laid out once for each stage that it may show alone.
 * @param {Trace} trace
 * @param {Area} area
 * @param {FrameOptions} options
 * @returns {(step: number) => Placed}
 */
export function figuresOf(trace, area, options) {
  const views = viewsOf(trace);
  /** @type {Map<string, Placed>} */
  const known = new Map();
  return (step) => {
    const key = stageAt(trace, step).id;
    const found = known.get(key) ?? placedIn(views, area, options, step);
    known.set(key, found);
    return found;
  };
}

/**
 * The figure as large as its area allows: its views beside or over each other where it has two of one stage.
 * @param {Views} views
 * @param {Area} area
 * @param {FrameOptions} options
 * @param {number} step
 * @returns {Placed}
 */
function placedIn({ whole, parts }, area, options, step) {
  if (parts.length < 2) {
    const drawn = (/** @type {Trace} */ trace) => paneOf(trace, area, options, step);
    // A crowd of channels, too small to be told apart, is seen better as blocks; one large channel is not.
    const grids = inBlocks(whole) ? gridsOf(whole) : 0;
    const flat = grids > FAR_MORE ? null : drawn(whole);
    const pane = flat && (flat.size >= BLURRED || grids < CROWD) ? flat : drawn(seenAs(whole, "blocks"));
    return { panes: [pane], size: pane.size };
  }
  const numbers = DEEP.includes(partsOf(parts[0])[0].scene) ? 1 : 0;
  const found = SHARES.map((share) => {
    const panes = split(area, share).map((part, n) => paneOf(parts[n], part, options, step));
    const [flat, deep] = numbers === 0 ? panes : [...panes].reverse();
    // What is read comes before what is seen: numbers that are written, then as large as they need to be.
    const ease = (/** @type {Pane} */ { size }) => Math.log(Math.min(size, COMFORTABLE));
    return { panes, size: flat.size, worth: 10 * flat.rank + ease(flat) + 0.5 * ease(deep) };
  });
  return found.reduce((most, one) => (one.worth > most.worth ? one : most));
}

/** Cells larger than this leave room to the other view. */
const COMFORTABLE = 44;
const DEEP = ["blocks", "volume"];

/** How much of an area the first of two views may get. */
const SHARES = [0.38, 0.5, 0.62];

/** Two parts of an area, along its longer side. */
/** @param {Area} area @param {number} share @returns {Area[]} */
function split({ x, y, width, height }, share) {
  const gap = 2 * AIR;
  if (width < height) {
    const high = share * (height - gap);
    return [{ x, y, width, height: high }, { x, y: y + high + gap, width, height: height - gap - high }];
  }
  const wide = share * (width - gap);
  return [{ x, y, width: wide, height }, { x: x + wide + gap, y, width: width - gap - wide, height }];
}

/**
 * One picture in its area. Labels are as large as they may be, unless smaller ones leave room for cells with numbers,
 * with weights in their corners, or for cells that are much larger.
 * @param {Trace} trace
 * @param {Area} area
 * @param {FrameOptions} options
 * @param {number} step
 * @returns {Pane}
 */
function paneOf(trace, area, { theme, t, stage = "", transparent }, step) {
  const celled = partsOf(trace).every(({ scene }) => !UNCELLED.includes(scene));
  const tried = (/** @type {number} */ share) => {
    const scale = Math.max(LABEL.least, share * LABEL.most) / theme.label;
    const own = { ...theme, cell: Math.round(MOST_CELL / scale) };
    const box = { width: Math.round(area.width / scale), height: Math.round(area.height / scale) };
    const drawing = layout(trace, box, own, t, { stage, step });
    const { left, right } = extent({ plans: drawing.plans, width: box.width });
    const width = right - left;
    const shrunk = scale * Math.min(1, box.height / drawing.height, box.width / width);
    const cells = drawing.plans.map(({ cell }) => cell);
    const reached = (/** @type {number} */ least) => (cells.every((cell) => cell >= least) ? 1 : 0);
    const { number, weight } = theme.legible;
    return {
      drawing,
      left,
      width,
      scale: shrunk,
      size: shrunk * Math.exp(cells.reduce((sum, cell) => sum + Math.log(cell), 0) / cells.length),
      rank: (spills(drawing) ? 0 : 4) + 2 * reached(number) + (celled && share > FINE ? reached(weight) : 0),
    };
  };
  const largest = tried(1);
  // Smaller labels make no crowd legible.
  const lost = gridsOf(trace) > CROWD && largest.size < BLURRED / 2;
  const tries = lost ? [largest] : [largest, ...[0.89, 0.78, 0.67, 0.56].map(tried)];
  const rank = Math.max(...tries.map((one) => one.rank));
  const able = tries.filter((one) => one.rank === rank);
  const most = Math.max(...able.map((one) => one.size));
  const { drawing, left, width, scale, size } = able.find((one) => one.size * WORTH >= most) ?? able[0];
  const plans = transparent ? drawing.plans.map(bare) : drawing.plans;
  const seen = scale * Math.min(...plans.map(({ cell }) => cell)) < BLURRED ? shaded(theme) : theme;
  /** @type {Base | null} */
  let still = null;
  return {
    trace,
    plans,
    theme: seen,
    // Drawn only where this pane is chosen of several.
    base: () => still ??= base(plans, trace, seen),
    x: area.x + (area.width - width * scale) / 2 - left * scale,
    y: area.y + (area.height - drawing.height * scale) / 2,
    scale,
    // Where numbers stand in no cells, none are too small.
    size: celled || DEEP.includes(drawing.plans[0].scene) ? size : Math.max(size, SMALL),
    rank,
  };
}

/** A theme in which cells show their values by shade alone, however large they are. */
/** @param {Theme} theme @returns {Theme} */
function shaded(theme) {
  return { ...theme, legible: { ...theme.legible, number: Infinity, weight: Infinity } };
}

/** Labels smaller than this share of the largest are too dear a price for weights in the corners of cells. */
const FINE = 0.6;

/** Scenes that draw no weights into cells. */
const UNCELLED = ["signals", "lab", ...DEEP];

/**
 * A figure that shows its stages in numbers and in depth, taken apart, in the order in which the page has them.
 * @typedef {{whole: Trace, parts: Trace[]}} Views
 * @param {Trace} trace
 * @returns {Views}
 */
function viewsOf(trace) {
  const [first, second] = partsOf(trace);
  const two = second && first.stage === second.stage && !first.slot;
  return { whole: trace, parts: two ? [seenAs(trace, first.scene), seenAs(trace, second.scene)] : [] };
}

/** The same figure in one view, whichever was chosen. */
/** @param {Trace} trace @param {string} scene @returns {Trace} */
function seenAs(trace, scene) {
  return { ...trace, params: { ...trace.params, view: DEEP.includes(scene) ? scene : "numbers" } };
}

/** Whether all stages of a figure can be drawn as blocks. */
/** @param {Trace} trace */
function inBlocks(trace) {
  return partsOf(seenAs(trace, "blocks")).every(({ scene }) => scene === "blocks");
}

/** Words keep off what is behind them by a rim of the page's colour: where there is no page, without it. */
/** @param {Plan} plan @returns {Plan} */
function bare(plan) {
  return { ...plan, words: plan.words.map((word) => ({ ...word, halo: undefined })) };
}

/** @param {Pane} pane @param {number} n @param {number} step */
export function paneSvg({ trace, plans, theme, base, x, y, scale }, n, step) {
  const moving = overlay(plans, trace, { step, focus: null, theme });
  const marks = marksSvg(marksOf(base(), moving), `p${n}-`);
  // Older viewers know links of pictures under this name alone.
  const known = marks.replaceAll(' href="data:', ' xlink:href="data:');
  return `<g transform="translate(${tenth(x)},${tenth(y)}) scale(${Math.round(scale * 1000) / 1000})">${known}</g>`;
}
