/** One whole frame of a figure as SVG, to be taken away: title, figure, equation, credit; the same layout at every step. Pure. */

/** @import {Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Look, Means, Measure, Sums} from "./sum.js" */

import { lengthOf, stageAt, turnsOf } from "../model/clock.js";
import { stageName } from "./layout.js";
import { lookOf } from "./look.js";
import { AIR, figuresOf, paneSvg, SMALL } from "./panes.js";
import { partsOf } from "./parts.js";
import { escaped, line, tenth } from "./pieces.js";
import { sumsAt, sumsPiece } from "./sum.js";

/**
 * What a frame is made of. `stage` is the one to be seen alone, `all`, or nothing said; `width` and `height` are the
 * pixels asked for; `first` and `last` the steps that share one layout, the step alone where they are left out.
 * @typedef {{trace: Trace, step: number, stage?: string, theme: Theme, t: Translate, measure: Measure, width: number,
 *   height: number, title?: string, subtitle?: string, equation?: boolean, credit?: boolean, transparent?: boolean,
 *   first?: number, last?: number}} FrameOptions
 */

/** The shorter side of a frame in its own units, whatever its pixels: 1280 × 720 for 16:9. */
const SIDE = 720;
const MARGIN = 40;
const TITLE = { size: 40, least: 26, height: 84 };
const SUBTITLE = 25;
const FOOT = { size: 21, height: 58 };
const SUM = { above: 18, below: 6, share: 0.27, least: 0.17 };
/** Where a film is longer, so many of its equations are measured beforehand. */
const MEASURED = 400;

/**
 * One frame as an SVG document.
 * @param {FrameOptions} options
 * @returns {string}
 */
export function frameSvg(options) {
  return framesOf(options)(options.step);
}

/**
 * The frames of one export: what a step looks like as an SVG document, all in one layout.
 * @param {FrameOptions} options
 * @returns {(step: number) => string}
 */
export function framesOf(options) {
  const { trace, theme, t, measure, title = "", subtitle = "", equation = true, credit = true, transparent = false } = options;
  const { width, height } = unitsOf(options);
  const means = { theme, t, measure };
  const [first, last] = [options.first ?? options.step, options.last ?? options.step];
  const head = headOf(title, subtitle, width, means);
  const foot = credit ? FOOT.height : AIR;
  const under = (/** @type {number} */ share) => {
    const room = { width: width - 2 * MARGIN, height: share * height };
    const sums = equation ? sumsOf(trace, { first, last }, room, means) : null;
    const high = sums && sums.height > 0 ? sums.height + SUM.above + SUM.below : 0;
    const lineY = height - foot - high;
    const area = { x: MARGIN, y: head.height + AIR / 2, width: room.width, height: lineY - head.height - 1.5 * AIR };
    return { sums, high, lineY, figures: figuresOf(trace, area, options) };
  };
  const roomy = under(SUM.share);
  // Where cells are small, the equation makes room for them.
  const { sums, high: sumHeight, lineY, figures } = roomy.high > 0 && roomy.figures(first).size < SMALL ? under(SUM.least) : roomy;
  const total = lengthOf(trace);
  const still = [
    transparent ? "" : `<rect width="${width}" height="${height}" fill="${theme.surface}"/>`,
    head.svg,
    sumHeight > 0 ? `<path d="M0,${tenth(lineY)}H${width}" stroke="${theme.divider}" stroke-width="1.5"/>` : "",
    credit ? creditSvg(height, means) : "",
  ].join("");
  const open = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${options.width}" height="${options.height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${theme.font.replace(/"/g, "'")}" style="font-variant-numeric:tabular-nums">`;
  return (step) => {
    const said = `${title ? `${title}, ` : ""}${t("frame.step", { n: step, total })}`;
    const piece = sums?.at(step);
    const sum = piece
      ? piece.draw((width - piece.w) / 2, lineY + SUM.above + (sumHeight - SUM.above - SUM.below - piece.h) / 2)
      : "";
    const counted = credit && step > 0 ? countSvg(trace, step, total, width, height, means) : "";
    const figure = figures(step).panes.map((pane, n) => paneSvg(pane, n, step)).join("");
    return `${open}<title>${escaped(said)}</title>${still}${figure}${sum}${counted}</svg>`;
  };
}

/** @param {{width: number, height: number}} pixels */
function unitsOf({ width, height }) {
  const scale = SIDE / Math.min(width, height);
  return { width: tenth(width * scale), height: tenth(height * scale) };
}

/**
 * The title at the left, what matters of the parameters at the right, under it where both are too long.
 * @param {string} title
 * @param {string} subtitle
 * @param {number} width
 * @param {Means} means
 */
function headOf(title, subtitle, width, { theme, measure }) {
  if (!title && !subtitle) return { height: AIR, svg: "" };
  const room = width - 2 * MARGIN;
  const size = Math.min(TITLE.size, (TITLE.size * room) / Math.max(1, measure(title, TITLE.size, true)));
  const named = line([{ text: title, color: theme.text, bold: true }], size, measure, { anchor: "start", line: TITLE.size * 1.2 });
  const asked = (/** @type {"start" | "end"} */ anchor) => {
    const fit = Math.min(SUBTITLE, (SUBTITLE * room) / Math.max(1, measure(subtitle, SUBTITLE)));
    return line([{ text: subtitle, color: theme.muted }], fit, measure, { anchor });
  };
  const beside = named.w + measure(subtitle, SUBTITLE) + 40 <= room;
  const right = asked("end");
  const drawn = named.draw(MARGIN, 24) + (!subtitle
    ? ""
    : beside
    ? right.draw(width - MARGIN - right.w, 24 + TITLE.size * 0.7 - right.h / 2)
    : asked("start").draw(MARGIN, 24 + TITLE.size * 1.2));
  return { height: TITLE.height + (subtitle && !beside ? SUBTITLE * 1.4 : 0), svg: title || subtitle ? drawn : "" };
}

/**
 * The equations of some steps, each stage's in one look.
 * @param {Trace} trace
 * @param {{first: number, last: number}} range
 * @param {{width: number, height: number}} room
 * @param {Means} means
 */
function sumsOf(trace, { first, last }, room, means) {
  const looks = turnsOf(trace).map(({ stages: [stage], before, total }) => {
    const [from, to] = [Math.max(first, before + 1), Math.min(last, before + total)];
    const found = stepsFrom(from, to).map((step) => sumsAt(trace, step, means.t)).filter((sums) => sums.length > 0);
    return { stage, look: found.length > 0 ? lookOf(found, room, means) : null, found };
  });
  const height = looks.reduce((most, { look, found }) => {
    if (!look) return most;
    return found.reduce((high, sums) => Math.max(high, sumsPiece(sums, look, room, means).h), most);
  }, 0);
  const fits = (/** @type {Sums} */ sums, /** @type {Look} */ look) => {
    const piece = sumsPiece(sums, look, room, means);
    return piece.w <= room.width && piece.h <= height + 0.01 ? piece : null;
  };
  return {
    height,
    /** @param {number} step */
    at(step) {
      const sums = sumsAt(trace, step, means.t);
      if (sums.length === 0) return null;
      const shared = looks.find(({ stage }) => stage === stageAt(trace, step))?.look;
      const own = () => lookOf([sums], { width: room.width, height }, means);
      // One that was not measured beforehand, and is longer than all that were, is set smaller by itself.
      return (shared && fits(sums, shared)) ?? sumsPiece(sums, own(), room, means);
    },
  };
}

/** @param {number} from @param {number} to */
function stepsFrom(from, to) {
  const count = Math.max(0, to - from + 1);
  const some = Math.min(count, MEASURED);
  return Array.from({ length: some }, (_, n) => from + Math.floor((n * count) / some));
}

/** Convoscope's mark, 28 units high. */
const MARK = '<path fill="#8cb9e8" d="M11 11h7v7h-7zM20 11h7v7h-7zM11 20h7v7h-7zM20 20h7v7h-7z"/>' +
  '<path fill="#a9cdf0" d="M20 2h7v7h-7zM2 20h7v7H2z"/>' +
  '<path fill="#2b7cd3" d="M2 2h7v7H2zM11 2h7v7h-7zM2 11h7v7H2z"/>' +
  '<path fill="#ffe14d" d="M11 11h7v7h-7z"/>' +
  '<path fill="none" stroke="#cf5a04" stroke-width="2.2" stroke-linejoin="round" d="M1.5 1.5h17v17h-17z"/>';

/** @param {number} height @param {Means} means */
function creditSvg(height, { theme, t, measure }) {
  const words = line([{ text: t("frame.credit"), color: theme.muted }], FOOT.size, measure, { anchor: "start" });
  const middle = height - FOOT.height / 2 - 3;
  return `<g transform="translate(${MARGIN},${tenth(middle - 13)}) scale(.93)">${MARK}</g>` +
    words.draw(MARGIN + 37, middle - words.h / 2);
}

/**
 * Which step it is, and of which stage where there are several; smaller where it would meet the credit.
 * @param {Trace} trace
 * @param {number} step
 * @param {number} total
 * @param {number} width
 * @param {number} height
 * @param {Means} means
 */
function countSvg(trace, step, total, width, height, { theme, t, measure }) {
  const turns = turnsOf(trace);
  const many = turns.length > 1 && !partsOf(trace).some((part) => part.whole);
  const stage = stageAt(trace, step);
  const n = turns.findIndex(({ stages }) => stages[0] === stage) + 1;
  const counted = t("frame.step", { n: step, total });
  const room = width - 2 * MARGIN - 60 - measure(t("frame.credit"), FOOT.size);
  const whole = many
    ? `${t("frame.stage", { n, total: turns.length, name: stageName(stage.id, t) })} · ${counted}`
    : counted;
  const text = measure(whole, FOOT.size) <= room ? whole : counted;
  const words = line([{ text, color: theme.muted }], FOOT.size, measure, { anchor: "end" });
  return words.draw(width - MARGIN - words.w, height - FOOT.height / 2 - 3 - words.h / 2);
}

/** Parameters of a figure that a title is followed by, in this order; the first two also where they say little. */
const TOLD = ["stride", "padding", "dilation", "groups", "output_padding"];
const QUIET = /** @type {Record<string, string>} */ ({ dilation: "1", groups: "1", output_padding: "0" });
/** What a kind is about is always told. */
const NAMED = /** @type {Record<string, string>} */ ({ dilated: "dilation", grouped: "groups", "pointwise-grouped": "groups" });

/**
 * «stride 1 · padding 0»: what matters of the parameters.
 * @param {Trace} trace
 * @param {Translate} t
 */
export function subtitleOf({ params, kind }, t) {
  const told = TOLD.filter((name) => params[name] !== undefined && params[name] !== null)
    .map((name) => ({ name, value: sides(params[name]) }))
    .filter(({ name, value }) => value !== QUIET[name] || NAMED[kind] === name);
  const mode = params.mode === undefined ? [] : [t(`choice.mode.${params.mode}`)];
  return [...mode, ...told.map(({ name, value }) => t(`frame.${name}`, { value }))].join(" · ");
}

/** A size as it is read: one number where all axes agree. */
/** @param {any} value */
function sides(value) {
  const axes = (Array.isArray(value) ? value : [value]).map((side) =>
    Array.isArray(side) ? (side[0] === side[1] ? String(side[0]) : `${side[0]}:${side[1]}`) : String(side)
  );
  return axes.every((side) => side === axes[0]) ? axes[0] : axes.join(" × ");
}
