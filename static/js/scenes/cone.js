/**
 * The scene of a stack of layers along one axis: the input at the bottom, a row of cells a layer above it, and the
 * cone of one cell through all layers down to the cells of the input on which it depends.
 */

/** @import {Grid} from "../marks/geometry.js" */
/** @import {Shape} from "../marks/shapes.js" */
/** @import {Word} from "../marks/image.js" */
/** @import {Cell, Lattice, Stage, Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Plan, Scene} from "./layout.js" */
/** @import {Base, Overlay, View} from "./paint.js" */

import { cellRect, NO_RING, place } from "../marks/geometry.js";
import { boxes, lines, outlines, written } from "../marks/shapes.js";
import { liveStep, progress, stepAt } from "../model/clock.js";
import { plain } from "../model/strings.js";
import { tapsOf, touched, valueAt } from "../model/trace.js";
import { lettersOf, nameOf, plan, range, wordWidth } from "./layout.js";
import { cornerLabels, coverUnlessPast, nowMarks, paint, valuesOf, windowMarks, windowOf } from "./paint.js";

export { narrate } from "./correlate.js";

/** @typedef {Plan & {stages: Stage[], t: Translate}} ConePlan */

/** @param {Scene} scene @returns {ConePlan} */
export function layout(scene) {
  const { trace, box, theme, t } = scene;
  const { stages, tensors } = trace;
  const size = tensors[stages[0].input].shape[1];
  const unit = Math.min(theme.cell * 0.9, (box.width - 8) / size);
  const high = Math.max(Math.min(unit, theme.cell * 0.8), theme.legible.dense);
  const label = Math.round(theme.small * 1.9);
  const free = (box.height - (stages.length + 1) * (high + label)) / stages.length;
  const gap = Math.max(26, Math.min(70, free));
  let [scale, shift] = [1, 0];
  const left = theme.edgeRoom;
  const places = [{ scale, shift }];
  for (const stage of stages) {
    const [taps] = stage.axes[0].at;
    const before = { scale, shift };
    shift = before.shift + (before.scale * (taps[0] + taps[taps.length - 1])) / 2;
    scale = before.scale * (stage.stride?.[0] ?? 1);
    places.push({ scale, shift });
  }
  const names = [stages[0].input, ...stages.map(({ output }) => output)];
  const grids = names.map((tensor, n) => {
    const { scale: own, shift: from } = places[n];
    const y = (stages.length - n) * (high + gap + label) + label;
    return row(trace, tensor, left + (from + 0.5 - own / 2) * unit, y, own * unit, high, t);
  });
  const words = grids.map((grid, n) => heading(trace, grid, n, left, theme, t, box.width < 40 * theme.small));
  const bottom = grids[0].y + high + theme.small * 2;
  const made = plan(scene, unit, grids, words, left + size * unit + theme.edgeRoom, bottom, { into: "down", out: "down" });
  return { ...made, stages, t };
}

/** @param {Trace} trace @param {string} tensor @param {number} x @param {number} y @param {number} w @param {number} h @param {Translate} t @returns {Grid} */
function row({ tensors }, tensor, x, y, w, h, t) {
  const { role, shape } = tensors[tensor];
  return {
    tensor,
    lead: [0],
    dims: 1,
    rows: 1,
    cols: shape[1],
    x,
    y,
    w,
    h,
    pad: NO_RING,
    role,
    group: -1,
    look: "solid",
    name: nameOf(tensor, t),
    shared: false,
  };
}

/** What a row is, its kernel, and how far a cell of it sees. */
/**
 * @param {Trace} trace
 * @param {Grid} grid
 * @param {number} n
 * @param {number} left
 * @param {Theme} theme
 * @param {Translate} t
 * @param {boolean} brief
 * @returns {Word}
 */
function heading({ stages, tensors, facts }, grid, n, left, theme, t, brief) {
  const word = {
    x: left,
    y: grid.y - theme.small * 0.9,
    text: nameOf(grid.tensor, t),
    size: theme.small,
    color: (theme.roles[grid.role] ?? theme.roles.hidden).ink,
    weight: 700,
    anchor: /** @type {const} */ ("start"),
    halo: theme.surface,
  };
  if (n === 0) return word;
  const stage = stages[n - 1];
  const layer = facts.layers?.[n - 1];
  const kernel = tensors[stage.kernel ?? ""].values[0][0].map((/** @type {number} */ value) => plain(value)).join(", ");
  const said = t(brief ? "cone.layer.brief" : "cone.layer", {
    n,
    kernel,
    dilation: stage.dilation?.[0] ?? 1,
    stride: stage.stride?.[0] ?? 1,
    field: layer?.receptive_field ?? "",
  });
  return { ...word, tail: { text: said, color: theme.muted } };
}

/** @param {Plan} plan @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(plan, trace, theme) {
  const drawn = paint(
    plan,
    theme,
    (grid, index) => valuesOf(trace, plan.stage, theme)(grid, index),
    (grid, index) => valueAt(trace.tensors[grid.tensor], index),
  );
  // The lines of the cone pass under the headings.
  const sheets = plan.words.map((word) => ({
    x: word.x - 2,
    y: word.y - word.size * 0.7,
    w: wordWidth(word) * 0.92 + 4,
    h: word.size * 1.4,
  }));
  return { ...drawn, shapes: [boxes(sheets, theme.surface), ...drawn.shapes] };
}

/** @param {Plan} made @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(made, trace, { step: number, focus, theme }) {
  const plan = /** @type {ConePlan} */ (made);
  const cover = plan.stages.flatMap((stage) => coverUnlessPast({ ...plan, stage }, trace, number, theme));
  const step = stepAt(trace, number);
  const apex = focus ?? (step ? { tensor: step.stage.output, index: step.position } : null);
  const live = plan.stages.map((stage) => liveStep(trace, stage, number)).find((found) => found !== null) ?? null;
  const value = live ? nowMarks(plan, live.stage.output, live.position, live.value, theme) : [];
  if (!apex) return { under: [], shapes: cover, images: [] };
  const cone = coneMarks(plan, trace, apex, theme, number, focus !== null);
  if (focus || !live) {
    return { under: cone.lines, shapes: [...cone.cells, ...cover, ...value, ...selfMarks(plan, apex, theme), ...cone.said], images: [] };
  }
  const taps = tapsOf(live.stage, live.position);
  const window = windowOf(plan, live.stage.input, taps.map((tap) => [tap.channel, ...tap.at]));
  const weights = taps.map((tap) => `×${plain(valueAt(trace.tensors[live.stage.kernel ?? ""], tap.kernel))}`);
  const ink = theme.roles.kernel;
  return {
    under: cone.lines,
    shapes: [...cone.cells, ...windowMarks({ ...window, frames: [] }, ink, theme), ...cover, ...value, ...cone.said],
    images: cornerLabels(window, weights, ink.ink, theme),
  };
}

/** @param {ConePlan} plan @param {Cell} cell @param {Theme} theme */
function selfMarks(plan, cell, theme) {
  const found = place(plan.grids, cell.tensor, cell.index);
  return found ? [outlines([found.rect], theme.text, 3)] : [];
}

/**
 * All cells that a cell is made from, the lines between them, and, on the input, the cells in between that it misses.
 * @param {ConePlan} plan
 * @param {Trace} trace
 * @param {Cell} apex
 * @param {Theme} theme
 * @param {number} number
 * @param {boolean} both  what the cell has a part in, too
 * @returns {{lines: Shape[], cells: Shape[], said: Shape[]}}
 */
function coneMarks(plan, trace, apex, theme, number, both) {
  const level = (/** @type {string} */ tensor) => plan.grids.findIndex((grid) => grid.tensor === tensor);
  const all = /** @type {Lattice[]} */ ([{ tensor: apex.tensor, axes: apex.index.map((at) => [at]) }, ...touched(trace, apex)]);
  const met = all.filter(({ tensor }) => both || level(tensor) <= level(apex.tensor));
  const cellsOf = (/** @type {string} */ tensor) =>
    new Set(met.filter((found) => found.tensor === tensor).flatMap(({ axes }) => axes[1]));
  const wires = plan.stages.flatMap((stage) => {
    const above = cellsOf(stage.output);
    const below = cellsOf(stage.input);
    return [...above].flatMap((at) =>
      stage.axes[0].at[at].filter((tap) => below.has(tap)).map((tap) => between(plan, stage, at, tap))
    );
  });
  const rects = plan.grids.flatMap((grid) => [...cellsOf(grid.tensor)].map((at) => cellRect(grid, 0, at)));
  const [bottom] = plan.grids;
  const seen = [...cellsOf(bottom.tensor)].sort((a, b) => a - b);
  const missed = range(seen[0], seen[seen.length - 1] + 1).filter((at) => !seen.includes(at));
  const looks = apex.tensor !== bottom.tensor && seen.length > 0 && progress(trace, plan.stages[0], number) !== "before";
  const holes = looks ? missed.map((at) => cellRect(bottom, 0, at)) : [];
  const text = plan.t(missed.length > 0 ? "cone.gaps" : "cone.field", {
    n: seen.length,
    extent: seen[seen.length - 1] - seen[0] + 1,
    gaps: missed.length,
  });
  const at = { x: (place(plan.grids, bottom.tensor, [0, seen[0]])?.rect.x ?? 0), y: bottom.y + bottom.h + theme.small };
  const wide = lettersOf(text) * theme.small * 0.29;
  const middle = Math.max(plan.origin.x + wide, Math.min(plan.width - wide, at.x + ((seen[seen.length - 1] - seen[0] + 1) * bottom.w) / 2));
  return {
    lines: [lines(wires, theme.roles.kernel.line, 1.6)],
    cells: [
      boxes(rects, `${theme.roles.kernel.line}40`),
      outlines(rects, theme.roles.kernel.line, 1.6),
      ...(holes.length > 0
        ? [boxes(holes, `${theme.surface}C0`, "above"), outlines(holes, theme.text, 1.6, "above", "3px,3px")]
        : []),
    ],
    said: looks ? [written({ x: middle, y: at.y }, text, theme.small, theme.text)] : [],
  };
}

/** From a cell down to one of its taps. */
/** @param {ConePlan} plan @param {Stage} stage @param {number} at @param {number} tap */
function between({ grids }, stage, at, tap) {
  const [above, below] = [stage.output, stage.input].map((name) => grids.find(({ tensor }) => tensor === name));
  if (!above || !below) return [0, 0, 0, 0];
  return [above.x + (at + 0.5) * above.w, above.y + above.h, below.x + (tap + 0.5) * below.w, below.y];
}
