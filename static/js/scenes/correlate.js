/** The scene of a stage that gathers: a window over the input, its kernel, and the output cell that they fill. */

/** @import {Stage, Step, Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Plan, Scene} from "./layout.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Base, Overlay, View} from "./paint.js" */
/** @import {Grid} from "../marks/geometry.js" */
/** @import {Link} from "../marks/link.js" */

import { outlineMarks } from "../marks/cells.js";
import { coverMarks } from "../marks/cover.js";
import { cellRect, gridRect, hatchLines, hull, place, ringRect } from "../marks/geometry.js";
import { linkLines, linkTints } from "../marks/link.js";
import { lines, outlines } from "../marks/shapes.js";
import { liveStep, progress } from "../model/clock.js";
import { plain, span } from "../model/strings.js";
import { tapsOf, valueAt } from "../model/trace.js";
import { inCrossbar, inUprightCrossbar, PARTIAL } from "./crossbar.js";
import { inCorner, inRow, inStack } from "./layout.js";
import { fitted } from "./sizing.js";
import {
  cornerLabels,
  cellsDone,
  coverAhead,
  coverUnlessPast,
  focusMarks,
  nowMarks,
  paint,
  valuesOf,
  windowMarks,
  windowOf,
} from "./paint.js";

/** @param {Scene} scene @returns {Plan} */
export function layout(scene) {
  return fitted(scene, arrangements(scene));
}

/** @param {Scene} scene */
export function arrangements({ trace, stage }) {
  const [ins, ...spatial] = trace.tensors[stage.input].shape;
  if (ins > 1 || trace.tensors[stage.output].shape[0] > 1) return [inCrossbar, inUprightCrossbar];
  return spatial.length === 2 ? [inRow, inCorner] : [inStack];
}

/** @param {Plan} plan @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(plan, trace, theme) {
  const values = valuesOf(trace, plan.stage, theme);
  const drawn = paint(
    plan,
    theme,
    (grid, index) => (isPartial(grid) ? partialWord(trace, plan.stage, grid, index, theme) : values(grid, index)),
    (grid, index) =>
      isPartial(grid) ? partialSum(trace, plan.stage, grid, index) : valueAt(trace.tensors[grid.tensor], index),
  );
  return { ...drawn, shapes: [...drawn.shapes, ...droppedMarks(plan, theme)] };
}

/**
 * The last cells of the padded input that no window reads, crossed out: what the floor of the size formula drops.
 * @param {Plan} plan
 * @param {Theme} theme
 */
function droppedMarks({ stage, grids }, theme) {
  const ends = stage.axes.map(({ at }) => Math.max(...at[at.length - 1], ...at[0]));
  const strips = grids.filter(({ tensor, shared }) => tensor === stage.input && !shared).flatMap((grid) => {
    const { x, y, w, h } = ringRect(grid);
    const right = grid.x + (ends[ends.length - 1] + 1) * grid.w;
    const below = grid.dims === 1 ? y + h : grid.y + (ends[ends.length - 2] + 1) * grid.h;
    return [
      ...(below < y + h - 1 ? [{ x, y: below, w, h: y + h - below }] : []),
      ...(right < x + w - 1 ? [{ x: right, y, w: x + w - right, h: Math.min(below, y + h) - y }] : []),
    ];
  });
  if (strips.length === 0) return [];
  return [
    lines(strips.flatMap((strip) => hatchLines(strip, 9)), theme.muted, 1.2),
    outlines(strips, theme.text, 1.6, "above", "5px,3px"),
  ];
}

/** Whether a grid shows the sums of one channel alone: no tensor of the trace, but sums of its products. */
/** @param {Grid} grid */
function isPartial({ tensor }) {
  return tensor === PARTIAL;
}

/**
 * What one channel adds to an output cell: the products of its taps, added up.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {Grid} grid  its lead is filter and channel
 * @param {number[]} index
 * @returns {number | null}
 */
function partialSum({ tensors }, { steps, output, channels }, { lead: [filter, channel] }, index) {
  const [, rows, cols] = tensors[output].shape;
  const [, , row, col] = index;
  const at = (filter * rows + row) * cols + col - steps.start;
  const products = steps.products[at];
  if (!products) return null;
  const taps = products.length / channels[filter].length;
  return products.slice(channel * taps, (channel + 1) * taps).reduce((/** @type {number} */ sum, value) => sum + (value ?? 0), 0);
}

/** @param {Trace} trace @param {Stage} stage @param {Grid} grid @param {number[]} index @param {Theme} theme */
function partialWord(trace, stage, grid, index, theme) {
  const value = partialSum(trace, stage, grid, index);
  return value === null ? null : { text: plain(value), color: theme.text };
}

/**
 * The sums of each channel: covered as far as the output is, the current cells marked.
 * @param {Plan} plan
 * @param {Trace} trace
 * @param {number} number
 * @param {Step | null} live
 * @param {Theme} theme
 */
function partialMarks(plan, trace, number, live, theme) {
  const grids = plan.grids.filter(isPartial);
  if (grids.length === 0) return [];
  const now = live
    ? grids.filter(({ lead }) => lead[0] === live.position[0]).map((grid) => cellRect(grid, live.position[1], live.position[2]))
    : [];
  const ahead = progress(trace, plan.stage, number) === "past" ? [] : coverMarks(
    grids.map((grid) => ({ grid, done: live ? cellsDone({ ...grid, lead: [grid.lead[0]] }, live.position) : 0 })),
    theme,
  );
  return [...ahead, ...outlineMarks(grids, theme), outlines(now, theme.highlight.outline, theme.width.window - 1.4)];
}

/** @param {Plan} plan @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plan, trace, { step: number, focus, theme }) {
  const live = liveStep(trace, plan.stage, number);
  const cover = [
    ...coverAhead(plan, trace, number, theme),
    ...coverUnlessPast(plan, trace, number, theme),
    ...partialMarks(plan, trace, number, live, theme),
  ];
  const value = live ? nowMarks(plan, plan.stage.output, live.position, live.value, theme) : [];
  if (focus) {
    return { under: [], shapes: [...cover, ...value, ...focusMarks(plan, trace, focus, theme)], images: [] };
  }
  if (!live) return { under: [], shapes: cover, images: [] };
  const moving = windowPart(plan, trace, live, theme);
  return { ...moving, shapes: [...moving.shapes, ...cover, ...moving.last, ...value] };
}

/**
 * The window, its kernel and the links between them.
 * @param {Plan} plan
 * @param {Trace} trace
 * @param {Step} step
 * @param {Theme} theme
 */
function windowPart(plan, trace, step, theme) {
  const taps = tapsOf(plan.stage, step.position);
  const window = windowOf(plan, plan.stage.input, taps.map((tap) => [tap.channel, ...tap.at]));
  const kernel = windowOf(plan, plan.stage.kernel ?? "", taps.map((tap) => tap.kernel));
  const { links, out } = linksOf(plan, step, window.frames, kernel.frames);
  const layer = plan.crossed || plan.grids.length > 3 ? "below" : "above";
  const [ink, green] = [theme.roles.kernel, theme.roles.output];
  const weights = taps.map((tap) => `×${plain(valueAt(trace.tensors[plan.stage.kernel ?? ""], tap.kernel))}`);
  return {
    under: [
      ...linkTints(links, ink.line),
      ...linkTints(out, green.line),
      ...(layer === "below" ? [...linkLines(links, ink.line, layer)] : []),
    ],
    shapes: [
      ...windowMarks(window, ink, theme),
      ...(layer === "above" ? linkLines(links, ink.line, layer) : []),
      ...(plan.crossed || plan.grids.length > 3
        ? [outlines(kernel.frames, ink.line, theme.width.window)]
        : []),
    ],
    last: linkLines(out, green.line, "above"),
    images: cornerLabels(window, weights, ink.ink, theme),
  };
}

/**
 * From each window to its kernel, and from the kernels to the output cell.
 * @param {Plan} plan
 * @param {Step} step
 * @param {import("../marks/geometry.js").Rect[]} windows
 * @param {import("../marks/geometry.js").Rect[]} kernels
 * @returns {{links: Link[], out: Link[]}}
 */
function linksOf(plan, step, windows, kernels) {
  const cell = place(plan.grids, plan.stage.output, step.position);
  if (windows.length !== kernels.length || windows.length === 0 || !cell) return { links: [], out: [] };
  const partial = plan.grids.filter((grid) => isPartial(grid) && grid.lead[0] === step.position[0]).pop();
  const from = partial ? gridRect(partial) : plan.crossed ? kernels[kernels.length - 1] : hull(kernels);
  return {
    links: windows.map((window, n) => ({ from: window, to: kernels[n], way: plan.ways.into })),
    out: [{ from, to: cell.rect, way: plan.ways.out }],
  };
}

/**
 * The sentence of a step.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {Step} step
 * @param {Translate} t
 */
export function narrate(trace, stage, step, t) {
  const taps = tapsOf(stage, step.position);
  const where = spot(step.position.slice(1), t);
  const window = spans(taps.map((tap) => tap.at), t);
  const padded = taps.filter((tap) => tap.at.some((at, axis) => outside(trace, stage, axis, at))).length;
  const channels = stage.channels[step.position[0]];
  const many = trace.tensors[stage.input].shape[0] > 1 || trace.tensors[stage.output].shape[0] > 1;
  const said = many
    ? t(channels.length === 1 ? "say.filterOne" : "say.filter", {
      filter: step.position[0] + 1,
      channels: span(channels),
      window,
      n: taps.length,
      where,
    })
    : t(taps.length === 1 ? "say.windowOne" : "say.window", { window, n: taps.length, where });
  if (!many && padded > 0 && padded < taps.length && !stage.bias) {
    return t("say.windowPadded", { window, n: taps.length, padded, where });
  }
  const bias = stage.bias ? ` ${t("say.bias", { value: plain(stage.bias[step.position[0]]) })}` : "";
  const ring = padded === 0 ? "" : ` ${t(padded === 1 ? "say.paddedOne" : "say.padded", { n: padded })}`;
  return said + bias + ring;
}

/** @param {Trace} trace @param {Stage} stage @param {number} axis @param {number} at */
function outside(trace, stage, axis, at) {
  return at < 0 || at >= trace.tensors[stage.input].shape[axis + 1];
}

/**
 * A place in words: «row 2, column 3».
 * @param {number[]} where
 * @param {Translate} t
 */
export function spot(where, t) {
  const names = ["slice", "row", "column"].slice(3 - where.length);
  return where.map((at, a) => t(`say.${names[a]}`, { n: at + 1 })).join(", ");
}

/**
 * Ranges in words: «rows 2–4, column 1»; rows of padding keep their numbers, 0 and below.
 * @param {number[][]} cells
 * @param {Translate} t
 */
export function spans(cells, t) {
  const names = ["slice", "row", "column"].slice(3 - cells[0].length);
  return names.map((name, a) => {
    const met = [...new Set(cells.map((cell) => cell[a]))];
    return met.length === 1 ? t(`say.${name}`, { n: met[0] + 1 }) : t(`say.${name}s`, { span: span(met) });
  }).join(", ");
}
