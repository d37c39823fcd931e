/**
 * The scene of two signals: f, with g sliding over it, their products, and the sums as a curve that grows; one column
 * for cross-correlation, one for convolution, which reverses g first. A value stands under the first sample of g.
 */

/** @import {Grid, Rect} from "../marks/geometry.js" */
/** @import {Shape} from "../marks/shapes.js" */
/** @import {Word} from "../marks/image.js" */
/** @import {Stage, Step, Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Plan, Scene} from "./layout.js" */
/** @import {Base, Overlay, View} from "./paint.js" */

import { NO_RING, place, polygonPath, rectsPath } from "../marks/geometry.js";
import { filled, lines, now, outlines, stroked, written } from "../marks/shapes.js";
import { wordsSvg, image } from "../marks/image.js";
import { liveStep, spanOf, turnsOf } from "../model/clock.js";
import { plain } from "../model/strings.js";
import { tapsOf, touched, valueAt } from "../model/trace.js";
import { nameOf, plan, range } from "./layout.js";

/**
 * One operation: `x` gives the middle of a coordinate of f, and each row the height of a value.
 * @typedef {{y: number, h: number, low: number, high: number}} Row
 * @typedef {{stage: Stage, left: number, pitch: number, first: number, count: number, top: number,
 *   rows: {f: Row, g: Row, product: Row, sum: Row}}} Column
 * @typedef {Plan & {columns: Column[], curve: boolean, t: Translate}} SignalPlan
 */

/** Columns narrower than this stand under each other. */
const NARROW = 330;

/** From this many pixels a sample on, it is told by its number. */
const NUMBERED = 21;

/** @param {Scene} scene @returns {SignalPlan} */
export function layout(scene) {
  const { trace, stage, box, theme, t } = scene;
  const { stages } = turnsOf(trace)[0];
  const beside = box.width >= 2 * NARROW;
  const gap = 36;
  const wide = beside ? (box.width - gap) / 2 : box.width;
  const head = Math.round(theme.label * 2);
  const foot = Math.round(theme.label * 2.2);
  const high = Math.max(230, Math.min(420, (box.height - foot) / (beside ? 1 : 2)));
  const columns = stages.map((own, n) =>
    columnOf(trace, own, beside ? n * (wide + gap) : 0, beside ? 0 : n * high, wide, high - head, head, theme.small)
  );
  const words = columns.flatMap((column) => headings(column, theme, t));
  const height = (beside ? 1 : 2) * high + foot;
  const made = plan(scene, columns[0].pitch, columns.flatMap((column) => gridsOf(trace, column, t)), words, box.width, height, {
    into: "down",
    out: "down",
  });
  return { ...made, stage, columns, curve: trace.params.view === "curve", t };
}

/**
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {number} left
 * @param {number} top
 * @param {number} wide
 * @param {number} high
 * @param {number} head
 * @param {number} small  the height of a number
 * @returns {Column}
 */
function columnOf(trace, stage, left, top, wide, high, head, small) {
  const size = trace.tensors[stage.input].shape[1];
  const [before, after] = (stage.padding ?? [[0, 0]])[0];
  const count = size + Math.max(before, 0) + Math.max(after, 0);
  const third = high / 3;
  const row = (/** @type {number} */ n, /** @type {number[]} */ values) => {
    // The name of a row stands above its highest number.
    const room = 20 + Math.round(small * 1.4);
    const [low, most] = [Math.min(0, ...values), Math.max(0, ...values)];
    return { y: top + head + n * third + room, h: third - room - 8, low, high: most > low ? most : low + 1 };
  };
  const products = stage.steps.products.flat().map((value) => value ?? 0);
  return {
    stage,
    left,
    pitch: wide / (count + 1),
    first: -Math.max(before, 0),
    count,
    top: top + head,
    rows: {
      f: row(0, numbersOf(trace, stage.input)),
      g: row(0, numbersOf(trace, stage.kernel ?? "")),
      product: row(1, products),
      sum: row(2, numbersOf(trace, stage.output)),
    },
  };
}

/** @param {Trace} trace @param {string} tensor @returns {number[]} */
function numbersOf(trace, tensor) {
  return trace.tensors[tensor].values.flat(2);
}

/** @param {Column} column @param {Theme} theme @param {Translate} t @returns {Word[]} */
function headings(column, theme, t) {
  const { left, top, rows, stage } = column;
  const word = (/** @type {string} */ text, /** @type {number} */ y, /** @type {string} */ role) => ({
    x: left + 4,
    y,
    text,
    size: theme.small,
    color: theme.roles[role].ink,
    weight: 700,
    anchor: /** @type {const} */ ("start"),
  });
  const middle = left + ((column.count + 1) * column.pitch) / 2;
  return [
    { x: middle, y: top - theme.label, text: nameOf(stage.output, t), size: theme.label, color: theme.text, weight: 700 },
    word(t("signal.f"), rows.f.y - 12 - Math.round(theme.small * 1.2), "input"),
    word(t("signal.product"), rows.product.y - 12 - Math.round(theme.small * 1.2), "hidden"),
    word(t("signal.sum"), rows.sum.y - 12 - Math.round(theme.small * 1.2), "output"),
  ];
}

/** Rows that can be pointed at: f and the sums. */
/** @param {Trace} trace @param {Column} column @param {Translate} t @returns {Grid[]} */
function gridsOf(trace, { stage, left, pitch, first, rows }, t) {
  const strip = (/** @type {string} */ tensor, /** @type {Row} */ row, /** @type {number} */ start) => ({
    tensor,
    lead: [0],
    dims: 1,
    rows: 1,
    cols: trace.tensors[tensor].shape[1],
    x: left + (start - first + 0.5) * pitch,
    y: row.y,
    w: pitch,
    h: row.h,
    pad: NO_RING,
    role: trace.tensors[tensor].role,
    group: -1,
    look: /** @type {const} */ ("bare"),
    name: `${nameOf(stage.output, t)}: ${nameOf(tensor, t)}`,
    shared: false,
  });
  return [strip(stage.input, rows.f, 0), strip(stage.output, rows.sum, underFirst(stage, 0))];
}

/** The coordinate on which the first sample of g stands in a step. */
/** @param {Stage} stage @param {number} output */
function underFirst({ axes: [axis], flip }, output) {
  const taps = axis.at[output];
  return flip ? taps[taps.length - 1] : taps[0];
}

/** @param {SignalPlan} plan @param {Column} column @param {number} at */
function middleOf({ origin }, { left, first, pitch }, at) {
  return origin.x + left + (at - first + 1) * pitch;
}

/** @param {SignalPlan} plan @param {Row} row @param {number} value */
function heightOf({ origin }, { y, h, low, high }, value) {
  return origin.y + y + h * (1 - (value - low) / (high - low));
}

/** @param {Plan} made @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(made, trace, theme) {
  const plan = /** @type {SignalPlan} */ (made);
  const axes = plan.columns.flatMap((column) =>
    Object.values(column.rows).map((row) => {
      const y = heightOf(plan, row, 0);
      return [middleOf(plan, column, column.first - 0.5), y, middleOf(plan, column, column.first + column.count - 0.5), y];
    })
  );
  const drawn = plan.columns.map((column) => {
    const values = numbersOf(trace, column.stage.input);
    return trail(plan, column, column.rows.f, values.map((value, at) => ({ at, value })), theme.roles.input, theme);
  });
  const box = { x: 0, y: 0, w: plan.width, h: plan.height };
  const words = [...plan.words, ...drawn.flatMap((part) => part.words)];
  return {
    backs: [],
    shapes: [lines(axes, theme.edge, 1), ...drawn.flatMap((part) => part.shapes)],
    images: [image(box, wordsSvg(words, theme))],
  };
}

/** @typedef {{at: number, value: number}} Point */

/**
 * Samples as stems with dots and numbers, or as a curve over its area.
 * @param {SignalPlan} plan
 * @param {Column} column
 * @param {Row} row
 * @param {Point[]} points
 * @param {{line: string, fill: string, ink: string}} colours
 * @param {Theme} theme
 * @param {number} [shift]  pixels to the right of the middle
 * @returns {{shapes: Shape[], words: Word[]}}
 */
function trail(plan, column, row, points, { line, fill, ink }, theme, shift = 0) {
  if (points.length === 0) return { shapes: [], words: [] };
  const zero = heightOf(plan, row, 0);
  const spots = points.map(({ at, value }) => ({
    x: middleOf(plan, column, at) + shift,
    y: heightOf(plan, row, value),
    value,
  }));
  if (plan.curve) {
    const corners = [[spots[0].x, zero], ...spots.map(({ x, y }) => [x, y]), [spots[spots.length - 1].x, zero]];
    const path = `M${spots.map(({ x, y }) => `${tenth(x)},${tenth(y)}`).join("L")}`;
    return { shapes: [filled(polygonPath(corners), `${fill}B3`, "above"), stroked(path, line, 2.4, "above")], words: [] };
  }
  const r = Math.max(2, Math.min(5, column.pitch / 5));
  const words = column.pitch < NUMBERED ? [] : spots.map(({ x, y, value }) => ({
    x,
    y: value < 0 ? y + r + theme.small * 0.6 : y - r - theme.small * 0.55,
    text: plain(value),
    size: Math.min(theme.small, column.pitch * 0.5),
    color: ink,
    weight: 700,
  }));
  return {
    shapes: [
      lines(spots.map(({ x, y }) => [x, zero, x, y]), line, Math.min(3, r), "above"),
      filled(spots.map(({ x, y }) => dot(x, y, r)).join(""), line, "above"),
    ],
    words,
  };
}

/** @param {number} x @param {number} y @param {number} r */
function dot(x, y, r) {
  return polygonPath(range(0, 12).map((n) => {
    const turn = (n * Math.PI) / 6;
    return [x + r * Math.cos(turn), y + r * Math.sin(turn)];
  }));
}

/** @param {number} value */
function tenth(value) {
  return Math.round(value * 10) / 10;
}

/** @param {Plan} made @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(made, trace, view) {
  const plan = /** @type {SignalPlan} */ (made);
  const { theme, step: number } = view;
  const parts = plan.columns.map((column) => columnMarks(plan, column, trace, view));
  const box = { x: 0, y: 0, w: plan.width - 1, h: plan.height };
  const words = parts.flatMap((part) => part.words);
  return {
    under: parts.flatMap((part) => part.under),
    shapes: [...parts.flatMap((part) => part.shapes), ...verdict(plan, trace, number, theme)],
    images: words.length > 0 ? [image(box, wordsSvg(words, theme))] : [],
  };
}

/** @param {SignalPlan} plan @param {Column} column @param {Trace} trace @param {View} view */
function columnMarks(plan, column, trace, { step: number, focus, theme, turn = 1 }) {
  const { stage, rows } = column;
  const step = liveStep(trace, stage, number);
  const sums = numbersOf(trace, stage.output);
  const { before, total } = spanOf(trace, stage);
  const reached = Math.max(0, Math.min(total, number - before));
  const grown = sums.slice(0, reached).map((value, n) => ({ at: underFirst(stage, n), value }));
  const curve = trail(plan, column, rows.sum, grown, theme.roles.output, theme);
  const samples = samplesOf(trace, column, step, turn);
  const g = trail(plan, column, rows.g, samples, theme.roles.kernel, theme, plan.curve ? 0 : column.pitch * 0.27);
  const products = step ? productMarks(plan, column, step, theme) : { shapes: [], words: [] };
  const current = step ? nowMark(plan, column, step, theme) : [];
  const met = focus ? focusMarks(plan, column, trace, focus, theme) : [];
  return {
    under: [...met, ...(step ? [windowMark(plan, column, step, theme)] : [])],
    shapes: [...g.shapes, ...products.shapes, ...curve.shapes, ...current],
    words: [...g.words, ...products.words, ...curve.words],
  };
}

/**
 * Where the samples of g stand: under way from unreversed to reversed as far as `turn` says; at step 0 unreversed, where
 * its first step will find it.
 * @param {Trace} trace
 * @param {Column} column
 * @param {Step | null} step
 * @param {number} turn  0 to 1
 * @returns {Point[]}
 */
function samplesOf(trace, { stage }, step, turn) {
  const output = step ? step.position[1] : 0;
  const places = stage.axes[0].at[output];
  const middle = (places[0] + places[places.length - 1]) / 2;
  const turned = stage.flip ? Math.cos(Math.PI * (step ? turn : 0)) : 1;
  const taps = tapsOf(stage, [0, output]);
  return taps.map((tap) => {
    const value = valueAt(trace.tensors[stage.kernel ?? ""], tap.kernel) ?? 0;
    const unreversed = stage.flip ? 2 * middle - tap.at[0] : tap.at[0];
    return { at: middle + (unreversed - middle) * turned, value };
  });
}

/** The products of a step as an area. */
/** @param {SignalPlan} plan @param {Column} column @param {Step} step @param {Theme} theme */
function productMarks(plan, column, { stage, position, products }, theme) {
  const { product: row } = column.rows;
  const { line, fill, ink } = theme.roles.hidden;
  const points = tapsOf(stage, position).map((tap, n) => ({ at: tap.at[0], value: products[n] ?? 0 }))
    .sort((a, b) => a.at - b.at);
  if (plan.curve) return trail(plan, column, row, points, { line, fill, ink }, theme);
  const zero = heightOf(plan, row, 0);
  const bars = points.map(({ at, value }) => {
    const y = heightOf(plan, row, value);
    const x = middleOf(plan, column, at - 0.5);
    return { x, y: Math.min(y, zero), w: column.pitch, h: Math.abs(zero - y), value, middle: middleOf(plan, column, at) };
  });
  const tall = bars.filter(({ h }) => h > 0);
  const words = column.pitch < NUMBERED ? [] : bars.map(({ middle, y, h, value }) => ({
    x: middle,
    y: value < 0 ? y + h + theme.small * 0.7 : y - theme.small * 0.65,
    text: plain(value),
    size: Math.min(theme.small, column.pitch * 0.5),
    color: value === 0 ? theme.muted : ink,
    weight: 700,
  }));
  return { shapes: [filled(rectsPath(tall), fill, "above"), outlines(tall, line, 1.6)], words };
}

/** The stretch of f on which g stands. */
/** @param {SignalPlan} plan @param {Column} column @param {Step} step @param {Theme} theme */
function windowMark(plan, column, { stage, position }, theme) {
  const places = stage.axes[0].at[position[1]];
  const [left, right] = [Math.min(...places) - 0.5, Math.max(...places) + 0.5].map((at) => middleOf(plan, column, at));
  const { f, product } = column.rows;
  const box = { x: left, y: plan.origin.y + f.y - 4, w: right - left, h: product.y + product.h - f.y + 8 };
  return { ...filled(rectsPath([box]), `${theme.roles.kernel.line}1F`), line: { color: theme.roles.kernel.line, width: 1 } };
}

/** @param {SignalPlan} plan @param {Column} column @param {Step} step @param {Theme} theme */
function nowMark(plan, column, { stage, position, value }, theme) {
  const x = middleOf(plan, column, underFirst(stage, position[1]));
  const y = heightOf(plan, column.rows.sum, value ?? 0);
  const text = plain(value);
  const w = Math.max(22, text.length * theme.small * 0.62 + 8);
  const h = theme.small * 1.5;
  const middle = Math.max(plan.origin.x + column.left + w / 2, x);
  return now({ x: middle - w / 2, y: y - h - 7, w, h }, text, { ...theme, fit: () => theme.small });
}

/** @param {SignalPlan} plan @param {Column} column @param {Trace} trace @param {import("../model/types.js").Cell} cell @param {Theme} theme */
function focusMarks(plan, column, trace, cell, theme) {
  const own = [column.stage.input, column.stage.output];
  const grids = plan.grids.filter((grid) =>
    own.includes(grid.tensor) && grid.x >= plan.origin.x + column.left && grid.x < plan.origin.x + column.left + (column.count + 1) * column.pitch
  );
  const met = touched(trace, cell).filter(({ tensor }) => own.includes(tensor)).flatMap(({ tensor, axes }) => {
    const grid = grids.find((found) => found.tensor === tensor && near(found, plan, column));
    return grid ? axes[1].map((at) => bandOf(grid, at)) : [];
  });
  const self = place(grids.filter((grid) => near(grid, plan, column)), cell.tensor, cell.index);
  return [
    filled(rectsPath(met), `${theme.roles.hidden.line}33`),
    ...(self ? [{ ...outlines([self.rect], theme.text, 2.4, "below") }] : []),
  ];
}

/** Whether a strip belongs to a column: columns under each other share their left edge. */
/** @param {Grid} grid @param {SignalPlan} plan @param {Column} column */
function near(grid, plan, { rows }) {
  return [rows.f.y, rows.sum.y].some((y) => Math.abs(grid.y - plan.origin.y - y) < 1);
}

/** @param {Grid} grid @param {number} at @returns {Rect} */
function bandOf(grid, at) {
  return { x: grid.x + at * grid.w, y: grid.y, w: grid.w, h: grid.h };
}

/** How far the two operations have agreed so far, in words. */
/** @param {SignalPlan} plan @param {Trace} trace @param {number} number @param {Theme} theme @returns {Shape[]} */
function verdict(plan, trace, number, theme) {
  if (plan.columns.length < 2 || number < 1) return [];
  const [one, other] = plan.columns.map(({ stage }) => numbersOf(trace, stage.output));
  const done = Math.min(number, one.length);
  const differ = range(0, done).filter((n) => one[n] !== other[n]).length;
  const text = differ > 0 ? `≠ ${plan.t("signal.differ", { n: differ, all: done })}` : `= ${plan.t("signal.agree", { n: done })}`;
  const at = { x: plan.origin.x + (plan.width - plan.origin.x) / 2, y: plan.height - theme.label };
  return [written(at, text, theme.label, theme.text)];
}

/**
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {Step} step
 * @param {Translate} t
 */
export function narrate(trace, stage, step, t) {
  const [one, other] = turnsOf(trace)[0].stages.map((own) => liveStep(trace, own, step.number)?.value);
  return t("say.signals", {
    at: underFirst(stage, step.position[1]) + 1,
    correlation: plain(one),
    convolution: plain(other),
  });
}
