/**
 * The scene of the overlap: along one row, each input cell drops a brick on every output cell that its stamp reaches,
 * and the piles are counted; beside it the counts of both axes as a map.
 */

/** @import {Grid, Rect} from "../marks/geometry.js" */
/** @import {Shape} from "../marks/shapes.js" */
/** @import {Word} from "../marks/image.js" */
/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Plan, Scene} from "./layout.js" */
/** @import {Base, Overlay, View} from "./paint.js" */

import { numbered, thin, wordIn } from "../marks/cells.js";
import { coverRects } from "../marks/cover.js";
import { cellRect, gridRect, inset, innerLines, NO_RING, place, polygonPath } from "../marks/geometry.js";
import { image, wordsSvg } from "../marks/image.js";
import { boxes, filled, lines, outlines } from "../marks/shapes.js";
import { liveStep, progress } from "../model/clock.js";
import { grouped } from "../model/groups.js";
import { runningSums } from "../model/trace.js";
import { label, plan, range } from "./layout.js";
import { focusMarks } from "./paint.js";

export { narrate } from "./transpose.js";

/**
 * `x` is where output cell 0 begins, `unit` its width; `floor` the height on which bricks stand, `brick` how high one
 * is; `counts` what the piles come to. A layer after the first has piles of both layers, and no letters.
 * @typedef {{x: number, unit: number, top: number, floor: number, brick: number, counts: number[], first: boolean,
 *   table: number[][]}} Bench
 * @typedef {Plan & {bench: Bench}} LabPlan
 */

/** Figures narrower than this have the map under the bricks. */
const NARROW = 600;

/** @param {Scene} scene @returns {LabPlan} */
export function layout(scene) {
  const { trace, stage, box, theme, t } = scene;
  const { counts, first } = countsOf(trace, stage);
  const wide = box.width >= NARROW;
  const axis = stage.axes[stage.axes.length - 1];
  const outs = trace.tensors[stage.output].shape[2];
  const [from, to] = reach(stage, outs);
  const side = wide ? Math.min(0.36 * box.width, box.height - 40) : Math.min(box.width - 6, 0.55 * box.height);
  const room = wide ? box.width - side - 40 : box.width - 6;
  const unit = Math.max(2, Math.min(theme.cell * 0.7, room / (to - from)));
  const head = Math.round(theme.label * 1.9);
  const most = Math.max(...counts);
  const beams = first ? Math.min(2 * unit, 60) : 0;
  const start = first ? head + unit + beams + 6 : head;
  const high = Math.max(40, Math.min(wide ? box.height - start - unit - theme.label * 2.4 : 120, most * unit));
  const bench = {
    x: theme.edgeRoom - from * unit,
    unit,
    top: head,
    floor: start + high,
    brick: high / most,
    counts,
    first,
    table: axis.targets ?? [],
  };
  const bottom = bench.floor + unit + theme.label * 1.9;
  const left = wide ? theme.edgeRoom + (to - from) * unit + 40 : theme.edgeRoom;
  const map = mapGrid(trace, stage, left, wide ? head : bottom + head, side, t);
  const words = [
    ...(first ? [lead(t("lab.input"), { x: theme.edgeRoom, y: theme.label * 0.8 }, "input", theme)] : []),
    lead(first ? t("lab.overlap") : t("lab.overlap.n", { n: layerOf(trace, stage) }), { x: theme.edgeRoom, y: bench.floor + unit + theme.label }, "output", theme),
    lead(t("lab.map"), { x: left, y: map.y - theme.label * 1.1 }, "output", theme),
  ];
  const width = wide ? left + map.cols * map.w + 4 : box.width;
  const height = Math.max(bottom, map.y + map.rows * map.h + 6);
  return { ...plan(scene, map.w, [map], words, width, height, { into: "down", out: "down" }), bench };
}

/** @param {string} text @param {{x: number, y: number}} at @param {string} role @param {Theme} theme @returns {Word} */
function lead(text, at, role, theme) {
  return { ...label(text, [], role, at, theme), tail: undefined, anchor: "start" };
}

/** The number of a transposed layer, counted from 1. */
/** @param {Trace} trace @param {Stage} stage */
function layerOf({ stages }, stage) {
  return stages.filter(({ operation }) => operation === "transpose").findIndex(({ id }) => id === stage.id) + 1;
}

/**
 * How many products meet in each cell of a row: those of this layer and all before it.
 * @param {Trace} trace
 * @param {Stage} stage
 */
function countsOf(trace, stage) {
  const layer = layerOf(trace, stage);
  const { per_axis: axes, counts: table } = trace.facts.stacked?.[layer - 1] ?? stage.overlap ?? { per_axis: [[1]] };
  return { counts: axes[axes.length - 1], table: table ?? [], first: layer === 1 };
}

/** The output columns from which, and to which, stamps reach; beyond the output where it is cropped. */
/** @param {Stage} stage @param {number} outs */
function reach(stage, outs) {
  const axis = stage.axes.length - 1;
  const before = stage.padding?.[axis][0] ?? 0;
  const after = stage.padding?.[axis][1] ?? 0;
  return [-Math.max(0, before), outs + Math.max(0, after)];
}

/** @param {Trace} trace @param {Stage} stage @param {number} x @param {number} y @param {number} side @param {Translate} t @returns {Grid} */
function mapGrid(trace, stage, x, y, side, t) {
  const [, rows, cols] = trace.tensors[stage.output].shape;
  const cell = Math.max(1, Math.min(40, Math.floor(side / Math.max(rows, cols))));
  return {
    tensor: stage.output,
    lead: [0],
    dims: 2,
    rows,
    cols,
    x,
    y,
    w: cell,
    h: cell,
    pad: NO_RING,
    role: "output",
    group: -1,
    look: "solid",
    name: t("lab.map"),
    shared: false,
  };
}

/** A step of the ramp for a count: none, least, between, most. */
/** @param {number} n @param {number[]} all */
function stepOf(n, all) {
  if (n === 0) return 0;
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return n === most && most > least ? 3 : n === least ? 1 : 2;
}

/** @param {Plan} made @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(made, trace, theme) {
  const plan = /** @type {LabPlan} */ (made);
  const { stage, grids: [map] } = plan;
  const { table } = countsOf(trace, stage);
  const cells = table.flatMap((row, r) => row.map((n, c) => ({ n, rect: cellRect(map, r, c) })));
  const every = [...new Set(cells.map(({ n }) => n))].filter((n) => n > 0);
  const tints = grouped(cells, ({ n }) => stepOf(n, every)).filter(([step]) => step > 0)
    .map(([step, found]) => boxes(found.map(({ rect }) => rect), theme.ramp[step - 1]));
  const said = numbered(map, theme) || map.w >= theme.legible.dense
    ? cells.map(({ n, rect }) => wordIn(rect, String(n), stepOf(n, every) === 3 ? theme.rampText : theme.text, theme))
    : [];
  const row = plan.bench.counts.map((n, at) => ({ n, rect: countRect(plan, at) }));
  const piles = [...new Set(row.map(({ n }) => n))].filter((n) => n > 0);
  const rowTints = grouped(row, ({ n }) => stepOf(n, piles)).filter(([step]) => step > 0)
    .map(([step, found]) => boxes(found.map(({ rect }) => rect), theme.ramp[step - 1]));
  const rowWords = plan.bench.unit < 11 ? [] : row.map(({ n, rect }) => ({
    ...wordIn(rect, String(n), stepOf(n, piles) === 3 ? theme.rampText : theme.text, theme),
    weight: 700,
  }));
  const inputs = plan.bench.first ? plan.bench.table.map((_, n) => inputRect(plan, n)) : [];
  const letters = plan.bench.unit < 13 ? [] : inputs.map((rect, n) => ({
    ...wordIn(rect, letterOf(n), theme.roles.input.ink, theme),
    weight: 700,
  }));
  const bed = { ...gridRect(map) };
  const brickwork = brickBase(plan, theme);
  return {
    backs: [],
    shapes: [
      ...tints,
      lines(map.w >= 5 ? innerLines(bed, map.w, map.h) : [], theme.surface, thin(map, theme)),
      outlines([bed], theme.roles.output.line, theme.width.outline, "below"),
      ...rowTints,
      lines(innerLines(rowRect(plan), plan.bench.unit, plan.bench.unit), theme.surface, 1),
      ...brickwork.shapes,
      boxes(inputs, theme.roles.input.fill),
      outlines(inputs, theme.roles.input.line, theme.width.outline, "below"),
    ],
    images: [
      image({ x: 0, y: 0, w: plan.width, h: plan.height }, wordsSvg([...plan.words, ...said, ...rowWords, ...letters, ...brickwork.words], theme)),
    ],
  };
}

/** @param {LabPlan} plan @param {number} at @returns {Rect} */
function countRect({ origin, bench: { x, unit, floor } }, at) {
  return { x: origin.x + x + at * unit, y: origin.y + floor + 4, w: unit, h: Math.min(unit, 34) };
}

/** @param {LabPlan} plan @returns {Rect} */
function rowRect(plan) {
  const first = countRect(plan, 0);
  return { ...first, w: plan.bench.counts.length * plan.bench.unit };
}

/** An input cell stands over the middle of its stamp. */
/** @param {LabPlan} plan @param {number} n @returns {Rect} */
function inputRect({ origin, stage, bench: { x, unit, top } }, n) {
  const { from, to } = stampOf(stage, n);
  const side = unit * 0.9;
  return { x: origin.x + x + ((from + to + 1) * unit - side) / 2, y: origin.y + top, w: side, h: Math.min(side, 34) };
}

/** The first and last output column of a stamp, cropped or not. */
/** @param {Stage} stage @param {number} n */
function stampOf(stage, n) {
  const axis = stage.axes.length - 1;
  const [stride, before, dilation] = [stage.stride?.[axis] ?? 1, stage.padding?.[axis][0] ?? 0, stage.dilation?.[axis] ?? 1];
  const taps = stage.axes[axis].targets?.[0].length ?? 1;
  const from = n * stride - before;
  return { from, to: from + (taps - 1) * dilation };
}

/** @param {number} n */
function letterOf(n) {
  return n < 26 ? String.fromCharCode(97 + n) : String(n + 1);
}

/** @param {Plan} made @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(made, trace, view) {
  const plan = /** @type {LabPlan} */ (made);
  const { step: number, focus, theme } = view;
  const { stage, bench } = plan;
  const step = liveStep(trace, stage, number);
  const past = progress(trace, stage, number) === "past";
  const whole = past || stage.by === "output";
  const dropped = whole ? bench.table.length - 1 : step ? step.position[2] : -1;
  const now = stage.by === "input" && step ? step.position[2] : -1;
  const piles = bench.first ? bricks(plan, dropped, now, theme) : bars(plan, number < 1 ? 0 : bench.counts.length, theme);
  const column = stage.by === "output" && step ? step.position[2] : -1;
  const met = focus ? focusMarks(plan, trace, focus, theme) : [];
  const here = column < 0 ? [] : [outlines([pileRect(plan, column)], theme.highlight.outline, theme.width.window - 1)];
  return {
    under: beams(plan, dropped, now, column, theme),
    shapes: [...piles, ...here, ...mapMarks(plan, trace, view), ...met],
    images: [],
  };
}

/** From an input cell to the output cells that its stamp reaches. */
/** @param {LabPlan} plan @param {number} dropped @param {number} now @param {number} column @param {Theme} theme @returns {Shape[]} */
function beams(plan, dropped, now, column, theme) {
  const { bench, stage, origin } = plan;
  if (!bench.first) return [];
  const bottom = origin.y + bench.floor - Math.max(...bench.counts) * bench.brick - 2;
  const beam = (/** @type {number} */ n) => {
    const { from, to } = stampOf(stage, n);
    const cell = inputRect(plan, n);
    const at = (/** @type {number} */ col) => origin.x + bench.x + col * bench.unit;
    return polygonPath([
      [cell.x, cell.y + cell.h],
      [cell.x + cell.w, cell.y + cell.h],
      [at(to + 1), bottom],
      [at(from), bottom],
    ]);
  };
  const lit = range(0, dropped + 1).filter((n) => n === now || (column >= 0 && bench.table[n].includes(column)));
  const rest = range(0, dropped + 1).filter((n) => !lit.includes(n));
  return [
    { ...filled(rest.map(beam).join(""), `${theme.edge}2E`), fillrule: "nonzero" },
    { ...filled(lit.map(beam).join(""), `${theme.roles.kernel.line}4D`), fillrule: "nonzero" },
  ];
}

/** Every brick of the first layer, in the order in which they are dropped. */
/** @param {LabPlan} plan @returns {{n: number, at: number, rect: Rect}[]} */
function bricksOf(plan) {
  const { bench } = plan;
  const heights = bench.counts.map(() => 0);
  return bench.table.flatMap((targets, n) =>
    targets.filter((at) => at >= 0).map((at) => {
      const rect = inset(brickRect(plan, at, heights[at]), Math.min(1.5, bench.unit / 12));
      heights[at] += 1;
      return { n, at, rect };
    })
  );
}

/** The bricks at rest, and their letters; those that are still to come are covered as the figure plays. */
/** @param {LabPlan} plan @param {Theme} theme */
function brickBase(plan, theme) {
  if (!plan.bench.first) return { shapes: [], words: [] };
  const laid = bricksOf(plan);
  const rects = laid.map(({ rect }) => rect);
  const words = plan.bench.unit < 13 || plan.bench.brick < 13 ? [] : laid.map(({ n, rect }) => ({
    ...wordIn(rect, letterOf(n), theme.roles.output.ink, theme),
    weight: 700,
  }));
  const { fill, line } = theme.roles.output;
  return { shapes: [boxes(rects, fill), outlines(rects, line, 1.4, "below")], words };
}

/** Covers the bricks that have not been dropped, and marks those of the last stamp. */
/** @param {LabPlan} plan @param {number} dropped @param {number} now @param {Theme} theme */
function bricks(plan, dropped, now, theme) {
  const laid = bricksOf(plan);
  const ahead = laid.filter(({ n }) => n > dropped).map(({ rect }) => inset(rect, -1));
  const fresh = laid.filter(({ n }) => n === now).map(({ rect }) => rect);
  const { line } = theme.roles.kernel;
  return [
    ...(ahead.length > 0 ? [boxes(ahead, theme.surface, "above")] : []),
    ...(fresh.length > 0 ? [boxes(fresh, `${line}40`, "above"), outlines(fresh, line, 2.4)] : []),
    base1(plan, theme),
  ];
}

/** Piles of several layers, as bars. */
/** @param {LabPlan} plan @param {number} shown @param {Theme} theme */
function bars(plan, shown, theme) {
  const found = range(0, shown).map((at) => pileRect(plan, at));
  const { fill, line } = theme.roles.output;
  return [boxes(found, fill, "below"), outlines(found, line, 1.4, "below"), base1(plan, theme)];
}

/** The line on which bricks stand. */
/** @param {LabPlan} plan @param {Theme} theme */
function base1(plan, theme) {
  const { x, w } = rowRect(plan);
  const y = plan.origin.y + plan.bench.floor + 1;
  return lines([[x, y, x + w, y]], theme.text, 2);
}

/** @param {LabPlan} plan @param {number} at @param {number} height @returns {Rect} */
function brickRect({ origin, bench: { x, unit, floor, brick } }, at, height) {
  return { x: origin.x + x + at * unit, y: origin.y + floor - (height + 1) * brick, w: unit, h: brick };
}

/** @param {LabPlan} plan @param {number} at @returns {Rect} */
function pileRect({ origin, bench: { x, unit, floor, brick, counts } }, at) {
  return { x: origin.x + x + at * unit, y: origin.y + floor - counts[at] * brick, w: unit, h: counts[at] * brick };
}

/** What of the map no stamp has reached yet, and where the step stands. */
/** @param {LabPlan} plan @param {Trace} trace @param {View} view @returns {Shape[]} */
function mapMarks(plan, trace, { step: number, theme }) {
  const { stage, grids: [map] } = plan;
  if (progress(trace, stage, number) === "past") return [];
  const step = liveStep(trace, stage, number);
  const rim = outlines([gridRect(map)], theme.roles.output.line, theme.width.outline);
  if (stage.by === "output") {
    const done = step ? step.position[1] * map.cols + step.position[2] + 1 : 0;
    const found = step && place([map], stage.output, step.position);
    return [
      ...coverRects([map], (_, row, col) => row * map.cols + col < done, theme),
      rim,
      ...(found ? [outlines([found.rect], theme.highlight.outline, theme.width.window - 1)] : []),
    ];
  }
  const reached = runningSums(trace, stage, number);
  const cover = coverRects([map], (_, row, col) => reached.has(`0,${row},${col}`), theme);
  if (!step) return [...cover, rim];
  const [rows, cols] = stage.axes.map(({ targets }, a) => (targets ?? [])[step.position[a + 1]].filter((at) => at >= 0));
  const stamp = rows.flatMap((row) => cols.map((col) => cellRect(map, row, col)));
  return [...cover, rim, outlines(stamp, theme.roles.kernel.line, Math.min(2.4, map.w / 4 + 0.6))];
}
