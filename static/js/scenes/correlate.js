/** The scene of a stage that gathers: a window over the input, its kernel, and the output cell that they fill. */

/** @import {Stage, Step, Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Plan, Scene} from "./layout.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Base, Overlay, View} from "./paint.js" */
/** @import {Link} from "../marks/link.js" */

import { hull, place } from "../marks/geometry.js";
import { linkLines, linkTints } from "../marks/link.js";
import { outlines } from "../marks/shapes.js";
import { plain, span } from "../model/strings.js";
import { stepAt, tapsOf, valueAt } from "../model/trace.js";
import { inCrossbar, inUprightCrossbar } from "./crossbar.js";
import { fitted, inCorner, inRow, inStack } from "./layout.js";
import {
  cornerLabels,
  coverOf,
  focusMarks,
  nowMarks,
  paint,
  rims,
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
  return paint(
    plan,
    theme,
    valuesOf(trace, plan.stage, theme),
    (grid, index) => valueAt(trace.tensors[grid.tensor], index),
  );
}

/** @param {Plan} plan @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plan, trace, { step: number, focus, theme }) {
  const step = stepAt(trace, number);
  const live = step && step.stage.id === plan.stage.id ? step : null;
  const past = step !== null && !live && step.number > plan.stage.steps.offset;
  const cover = past ? [] : [...coverOf(plan, live, theme), ...rims(plan, theme)];
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
  const layer = plan.crossed ? "below" : "above";
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
  const from = plan.crossed ? kernels[kernels.length - 1] : hull(kernels);
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
 * Ranges in words: «rows 2–4, columns 1–3»; rows of padding keep their numbers, 0 and below.
 * @param {number[][]} cells
 * @param {Translate} t
 */
function spans(cells, t) {
  const names = ["slices", "rows", "columns"].slice(3 - cells[0].length);
  return names.map((name, a) => t(`say.${name}`, { span: span(cells.map((cell) => cell[a])) })).join(", ");
}
