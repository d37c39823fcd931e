/** The picture of a step where there is no page: the entry of the scripts that the server runs. Pure. */

/** @import {Translate} from "../model/strings.js" */
/** @import {Trace} from "../model/types.js" */
/** @import {Box} from "./layout.js" */
/** @import {Measure} from "./sum.js" */

import { guessable, stepsAt } from "../model/clock.js";
import { branch, finishedText, standing } from "../model/pair.js";
import { translator } from "../model/strings.js";
import { themeOf } from "../model/theme.js";
import { cellOf, untilAlike } from "./alike.js";
import { sumHtml } from "./equation.js";
import { bestFit, grown, growth } from "./fit.js";
import { frameSvg, subtitleOf } from "./frame.js";
import { base, laidOut, marksOf, marksSvg, narrate, overlay, stagesOf } from "./index.js";
import { stageName } from "./layout.js";
import { gridsOf } from "./parts.js";

/**
 * What a picture is made of. `tokens` are the theme's colours by the names that the style sheet gives them; `widths` say
 * how wide characters are in a font as high as 1, regular and bold.
 * @typedef {Record<string, number>} Widths
 * @typedef {{trace: Trace, step: number, stage: string, theme: string, tokens: Record<string, string>, font: string,
 *   strings: Record<string, string>, widths: {regular: Widths, bold: Widths}, width: number, height: number,
 *   title: string, transparent?: boolean}} Still
 * @typedef {{trace: Trace, stage: string, until: string}} OneSide
 * @typedef {Box & {least: number | null, frame: [number, number] | null}} Room  as `app/first.py` has it
 */

// In pixels, as sum.css has them: a line of a sum, how much of its lines a sum holds before it grows, and by how much
// several sums are higher than one.
const LINE = 28;
const ONE_LINE = 70;
const SEVERAL = 52;

/**
 * With more grids than these a first picture is left to the page: it would take longer than scripts take to come. Where
 * all is seen at once, many layouts are tried. Not a matter of time, so that a page is the same however busy its server.
 */
const MOST_GRIDS = 240;
const MOST_SEEN_AT_ONCE = 160;

/**
 * The whole frame of a step as SVG.
 * @param {Still} still
 */
export function picture({ theme: name, tokens, font, strings, widths, ...still }) {
  const t = translator(strings);
  return frameSvg({
    ...still,
    subtitle: subtitleOf(still.trace, t),
    theme: themeOf(name, (token) => known(tokens, token), font),
    t,
    measure: measureBy(widths),
  });
}

/**
 * The figure as its page will draw it, in rooms of these sizes, and what stands beside it there; null where it has too
 * many grids.
 * @param {Pick<Still, "trace" | "step" | "stage" | "theme" | "tokens" | "font" | "strings"> & {predict: boolean,
 *   whole: boolean, panels: string[], rooms: Room[], above: {switches: number, stages: number}}} asked  `predict`: the
 *   value of the step is to be guessed; `whole`: in a frame, where nothing scrolls; `above`: heights of rows, where they
 *   are there
 */
export function inPage({ trace, step, stage, theme: name, predict, whole, panels, tokens, font, strings, rooms, above }) {
  if (gridsOf(trace) > (whole ? MOST_SEEN_AT_ONCE : MOST_GRIDS)) return null;
  const usual = themeOf(name, (token) => known(tokens, token), font);
  const t = translator(strings);
  const asking = predict && guessable(stepsAt(trace, step));
  const stages = rowOf(trace, t);
  const taken = above.switches + (stages.length ? above.stages : 0) + growthOfSum(trace, t);
  const pictures = rooms.map(({ frame, ...given }, n) => {
    const room = remaining(given, taken);
    const theme = whole && frame ? grown(usual, growth({ width: frame[0], height: frame[1] }, name)) : usual;
    const wanted = { stage, step, panels };
    const { box, beside } = whole ? bestFit(trace, room, wanted, theme, t) : { box: room, beside: false };
    const laid = laidOut(trace, box, theme, t, { ...wanted, beside });
    return pictureOf(trace, laid, { step, focus: null, asking, theme }, `s${n}-`);
  });
  // What asks for a guess wants scripts.
  if (asking) return { pictures, stages, sum: { html: "", several: false }, said: "" };
  return { pictures, stages, sum: sumHtml(trace, step, { open: false }, t), said: narrate(trace, step, t) };
}

/**
 * Both sides of a comparison as their page will draw them: for each what `inPage` gives, whether it is `finished`, and
 * in words `until` which stage it goes; null where they have too many grids together.
 * @param {Pick<Still, "step" | "theme" | "tokens" | "font" | "strings"> & {rooms: Room[], sides: OneSide[],
 *   above: {until: number, stages: number}}} asked  `step`: of the common clock
 */
export function pairInPage({ sides, step, theme: name, tokens, font, strings, rooms, above }) {
  if (sides.reduce((sum, { trace }) => sum + gridsOf(trace), 0) > MOST_GRIDS) return null;
  const usual = themeOf(name, (token) => known(tokens, token), font);
  const t = translator(strings);
  const shown = sides.map(({ trace: whole, stage, until }) => {
    const trace = branch(whole, until);
    const said = until && t("compare.until", { stage: stageName(until, t) });
    return { trace, stage, until: said, stages: rowOf(trace, t), ...standing(trace, step) };
  });
  const taken = Math.max(...shown.map(({ stages, until }) =>
    (stages.length ? above.stages : 0) + (until ? above.until : 0)
  )) + Math.max(...shown.map(({ trace }) => growthOfSum(trace, t)));
  const drawn = rooms.map((given, n) => {
    const room = remaining(given, taken);
    let theme = usual;
    /** @type {ReturnType<typeof laidOut>[]} */
    let laid = [];
    untilAlike(usual, (look) => {
      theme = look;
      laid = shown.map(({ trace, stage, step }) => laidOut(trace, room, look, t, { stage, step }));
      return laid.map(({ plans }) => cellOf(plans));
    });
    return shown.map(({ trace, step }, side) =>
      pictureOf(trace, laid[side], { step, focus: null, asking: false, theme }, `s${side}${n}-`)
    );
  });
  return shown.map(({ trace, stages, until, step, finished }, side) => ({
    pictures: drawn.map((pictures) => pictures[side]),
    stages,
    sum: sumHtml(trace, step, { open: false }, t),
    said: finished ? finishedText(step, t) : narrate(trace, step, t),
    finished,
    until,
  }));
}

/**
 * @param {Trace} trace
 * @param {ReturnType<typeof laidOut>} laid
 * @param {Parameters<typeof overlay>[2]} shown
 * @param {string} prefix  of the names of its patterns, which are the document's
 */
function pictureOf(trace, { plans, width, height, alone }, shown, prefix) {
  const marks = marksOf(base(plans, trace, shown.theme), overlay(plans, trace, shown));
  return { width, height, alone, svg: marksSvg(marks, prefix) };
}

/** What stands on the buttons of the stages. */
/** @param {Trace} trace @param {Translate} t */
function rowOf(trace, t) {
  return stagesOf(trace, t).map(({ id, name, sizes }) => ({ id, name, sizes }));
}

/** What of a room is left where rows take something of its height. */
/** @param {Box & {least: number | null}} room @param {number} taken */
function remaining({ least, width, height }, taken) {
  return { width, height: least === null ? height : Math.max(least, height - taken) };
}

/**
 * By how many pixels the first step's sum is higher than one of a single line: rooms are those that it leaves.
 * @param {Trace} trace @param {Translate} t
 */
function growthOfSum(trace, t) {
  const { html, several } = sumHtml(trace, 1, { open: false }, t);
  const lines = html.split('class="sum-line"').length - 1;
  return several ? SEVERAL : Math.max(0, lines * LINE - ONE_LINE);
}

/**
 * The step in words.
 * @param {Pick<Still, "trace" | "step" | "strings">} still
 */
export function said({ trace, step, strings }) {
  return narrate(trace, step, translator(strings));
}

/** A table of tokens that lacks one would make a figure without that colour. */
/** @param {Record<string, string>} tokens @param {string} name */
function known(tokens, name) {
  if (!(name in tokens)) throw new Error(`unknown token: ${name}`);
  return tokens[name];
}

/** From here on characters are as wide as they are high: Chinese, its marks, and what fills a cell of its own. */
const SQUARE = 0x2e80;
/** A little more than most others take. */
const OTHER = 0.6;

/**
 * How wide a text is, by the widths of its characters.
 * @param {Still["widths"]} widths
 * @returns {Measure}
 */
export function measureBy({ regular, bold }) {
  return (text, size, strong = false) => {
    const table = strong ? bold : regular;
    const widthOf = (/** @type {string} */ one) =>
      table[one] ?? (/** @type {number} */ (one.codePointAt(0)) < SQUARE ? OTHER : 1);
    return size * [...text].reduce((sum, one) => sum + widthOf(one), 0);
  };
}
