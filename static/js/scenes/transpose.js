/** The scene of a transposed convolution: each input cell stamps the kernel, or each output cell gathers stamps. */

/** @import {Stage, Step, Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Plan, Scene} from "./layout.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Base, Overlay, View} from "./paint.js" */
/** @import {Wording} from "../marks/cells.js" */
/** @import {Grid, Rect} from "../marks/geometry.js" */

import { numbered, wordIn } from "../marks/cells.js";
import { cellRect, gridRect, hull, indexOf, inset, place } from "../marks/geometry.js";
import { image, wordsSvg } from "../marks/image.js";
import { linkLines, linkTints } from "../marks/link.js";
import { boxes, outlines, tag } from "../marks/shapes.js";
import { coverRects } from "../marks/cover.js";
import { liveStep } from "../model/clock.js";
import { plain } from "../model/strings.js";
import { runningSums, stampOf, tapsOf, valueAt } from "../model/trace.js";
import * as correlate from "./correlate.js";
import * as matrix from "./matrix.js";
import { dashes, letterAt, lettersOf, small } from "./letters.js";
import {
  cornerLabels,
  coverUnlessPast,
  focusMarks,
  metIn,
  nowMarks,
  paint,
  rims,
  valuesOf,
  windowMarks,
  windowOf,
} from "./paint.js";
import { fitted } from "./sizing.js";

/** @param {Scene} scene @returns {Plan} */
export function layout(scene) {
  if (scene.stage.matrix) return matrix.layout(scene);
  const stage = stuffed(scene.stage);
  const plan = fitted({ ...scene, stage }, correlate.arrangements({ ...scene, stage }));
  return stage === scene.stage && plan.ways.into === "right" ? withSigns(plan, scene.theme) : plan;
}

/**
 * The same stage seen as an ordinary window over its zero-stuffed input.
 * @param {Stage} stage
 * @returns {Stage}
 */
function stuffed(stage) {
  return stage.zero_stuffed && stage.by === "output"
    ? { ...stage, ...stage.zero_stuffed, operation: "correlate" }
    : stage;
}

/** Signs between the grids: input × kernel → output. */
/** @param {Plan} plan @param {Theme} theme @returns {Plan} */
function withSigns(plan, theme) {
  const [a, b, c] = plan.grids;
  if (plan.grids.length !== 3 || plan.ways.out !== "right") return plan;
  const sign = (
    /** @type {string} */ text,
    /** @type {Plan["grids"][0]} */ left,
    /** @type {Plan["grids"][0]} */ right,
  ) => ({
    x: (left.x + left.cols * left.w + right.x) / 2,
    y: b.y + (b.rows * b.h) / 2,
    text,
    size: Math.round(theme.label * 1.5),
    color: theme.muted,
  });
  return { ...plan, words: [...plan.words, sign("×", a, b), sign("→", b, c)] };
}

/** @param {Plan} plan @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(plan, trace, theme) {
  if (plan.stage.matrix) return matrix.base(plan, trace, theme);
  const values = valuesOf(trace, plan.stage, theme);
  const growing = plan.stage.by === "input";
  /** @type {Wording} */
  const wording = (
    grid,
    index,
  ) => (growing && grid.tensor === plan.stage.output ? null : values(grid, index));
  const letters = lettersOf(plan, trace, theme);
  const value = (/** @type {Grid} */ grid, /** @type {number[]} */ index) =>
    valueAt(trace.tensors[grid.tensor], index);
  const drawn = paint(plan, theme, wording, value, letters.map((letter) => letter.word));
  return {
    backs: drawn.backs,
    shapes: [
      ...drawn.shapes,
      ...(letters.length > 0 ? [] : stuffedCells(plan, trace, theme)),
      ...addedCells(plan, theme),
      ...letters.map(({ rect, group }) => boxes([rect], group.fill)),
      ...letters.map(({ rect, group }) => outlines([inset(rect, 1)], group.line, 1.6)),
    ],
    images: drawn.images,
  };
}

/** The rows and columns that output padding adds at the end, dashed. */
/** @param {Plan} plan @param {Theme} theme */
function addedCells({ stage, grids }, theme) {
  const added = stage.output_padding ?? [];
  if (stage.operation !== "transpose" || !added.some((n) => n > 0)) return [];
  const strips = grids.filter(({ tensor }) => tensor === stage.output).flatMap((grid) => {
    const [down, across] = grid.dims === 1 ? [0, added[0]] : added.slice(-2);
    const box = gridRect(grid);
    return [
      ...(down > 0 ? [{ ...box, y: box.y + box.h - down * grid.h, h: down * grid.h }] : []),
      ...(across > 0 ? [{ ...box, x: box.x + box.w - across * grid.w, w: across * grid.w }] : []),
    ];
  });
  return [outlines(strips, theme.text, 1.8, "above", "6px,4px")];
}

/** The input's own cells among the zeros. */
/** @param {Plan} plan @param {Trace} trace @param {Theme} theme */
function stuffedCells(plan, trace, theme) {
  const tensor = trace.tensors[plan.stage.input];
  if (!tensor.from) return [];
  const [rows, cols] = [[0], ...tensor.from].slice(-2).map((axis) =>
    axis.flatMap((from, i) => (from >= 0 ? [i] : []))
  );
  const cells = plan.grids.filter((grid) => grid.tensor === plan.stage.input).flatMap((grid) =>
    (grid.dims === 1 ? [0] : rows).flatMap((row) => cols.map((col) => cellRect(grid, row, col)))
  );
  return [boxes(cells, theme.roles.input.fill), outlines(cells, theme.roles.input.line, 1.4, "below")];
}

/** @param {Plan} plan @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plan, trace, view) {
  if (plan.stage.matrix) return matrix.overlay(plan, trace, view);
  if (plan.stage.operation === "correlate") return correlate.overlay(plan, trace, view);
  const live = liveStep(trace, plan.stage, view.step);
  return plan.stage.by === "input" ? stamping(plan, trace, live, view) : gathering(plan, trace, live, view);
}

/**
 * A step by output: the input cells whose stamps reach the cell, and the tap that each one brings.
 * @param {Plan} plan
 * @param {Trace} trace
 * @param {Step | null} step
 * @param {View} view
 * @returns {Overlay}
 */
function gathering(plan, trace, step, { step: number, focus, theme }) {
  const { stage } = plan;
  const cover = [...coverUnlessPast(plan, trace, number, theme), ...stampFrames(plan, trace, theme)];
  const value = step ? nowMarks(plan, stage.output, step.position, step.value, theme) : [];
  if (focus || !step) {
    const met = focus ? focusMarks(plan, trace, focus, theme) : [];
    return { under: [], shapes: [...cover, ...value, ...met], images: [] };
  }
  const taps = tapsOf(stage, step.position).filter((tap) => tap.input !== null);
  const kernel = windowOf(plan, stage.kernel ?? "", taps.map((tap) => tap.kernel));
  const inputs = windowOf(plan, stage.input, taps.map((tap) => /** @type {number[]} */ (tap.input)));
  const cell = place(plan.grids, stage.output, step.position);
  const ink = theme.roles.kernel;
  const letters = small(trace, stage) ? taps.map((tap) => letterAt(trace, stage, tap.input ?? [])) : [];
  const out = cell && kernel.frames.length > 0
    ? [{
      from: plan.crossed ? kernel.frames[kernel.frames.length - 1] : hull(kernel.frames),
      to: cell.rect,
      way: plan.ways.out,
    }]
    : [];
  const weights = taps.map((tap) => `×${plain(valueAt(trace.tensors[stage.kernel ?? ""], tap.kernel))}`);
  return {
    under: linkTints(out, theme.roles.output.line),
    shapes: [
      ...(letters.length > 0 ? [] : [boxes(inputs.cells, ink.fill)]),
      outlines(inputs.cells, ink.line, theme.width.window - 1),
      outlines(kernel.cells, ink.line, theme.width.window - 1),
      ...cover,
      ...linkLines(out, theme.roles.output.line, "above"),
      ...value,
    ],
    images: [
      ...cornerLabels(inputs, weights, ink.ink, theme),
      ...(letters.length > 0 ? cornerLabels(kernel, letters, ink.ink, theme) : []),
    ],
  };
}

/**
 * A step by input: the cell, the kernel it scales, and the output cells that its stamp reaches; sums so far.
 * @param {Plan} plan
 * @param {Trace} trace
 * @param {Step | null} step
 * @param {View} view
 * @returns {Overlay}
 */
function stamping(plan, trace, step, { step: number, focus, theme }) {
  const { stage } = plan;
  const sums = runningSums(trace, stage, step ? step.number : number);
  const outputs = plan.grids.filter((grid) => grid.tensor === stage.output);
  const cover = [
    ...coverRects(outputs, (grid, row, col) => sums.has(indexOf(grid, row, col).join()), theme),
    ...rims(plan, theme),
  ];
  const totals = totalsImage(plan, sums, theme);
  const value = step ? nowMarks(plan, stage.input, step.position, step.value, theme) : [];
  if (focus || !step) {
    const met = focus ? focusMarks(plan, trace, focus, theme) : [];
    return { under: [], shapes: [...cover, ...value, ...met], images: totals };
  }
  const stamps = stampOf(stage, step.position);
  const hit = (/** @type {typeof stamps[0]} */ stamp, /** @type {number} */ n) =>
    stamp.output ? [{ index: stamp.output, product: step.products[n] }] : [];
  const reached = stamps.flatMap(hit);
  const window = windowOf(plan, stage.output, reached.map(({ index }) => index));
  const kernel = windowOf(plan, stage.kernel ?? "", stamps.map((stamp) => stamp.kernel));
  const cell = place(plan.grids, stage.input, step.position);
  const ink = theme.roles.kernel;
  const kernels = plan.crossed || kernel.frames.length === 0 ? kernel.frames : [hull(kernel.frames)];
  const into = cell ? kernels.map((to) => ({ from: cell.rect, to, way: plan.ways.into })) : [];
  const out = kernel.frames.length === window.frames.length
    ? window.frames.map((to, n) => ({ from: kernel.frames[n], to, way: plan.ways.out }))
    : [];
  return {
    under: [
      ...linkTints(into, ink.line),
      ...linkTints(out, ink.line),
      ...linkLines(plan.crossed ? [...into, ...out] : [], ink.line, "below"),
    ],
    shapes: [
      ...cover,
      ...windowMarks(window, ink, theme),
      outlines(kernel.frames, ink.line, theme.width.window),
      ...linkLines(plan.crossed ? [] : [...into, ...out], ink.line, "above"),
      ...value,
      ...nowLetter(plan, trace, step, theme),
    ],
    images: [
      ...totals,
      ...cornerLabels(window, reached.map(({ product }) => signed(product)), ink.ink, theme),
    ],
  };
}

/** The letter of the highlighted input cell, again on top of the highlight. */
/** @param {Plan} plan @param {Trace} trace @param {Step} step @param {Theme} theme */
function nowLetter(plan, trace, step, theme) {
  const found = lettersOf(plan, trace, theme).find(({ index }) => index.join() === step.position.join());
  return found?.word.text ? [tag(found.rect, found.letter, found.word.size, theme.highlight.text)] : [];
}

/** @param {number | null} value */
function signed(value) {
  return value !== null && value < 0 ? plain(value) : `+${plain(value)}`;
}

/**
 * The sums so far, as numbers in the output's cells.
 * @param {Plan} plan
 * @param {Map<string, number>} sums
 * @param {Theme} theme
 */
function totalsImage(plan, sums, theme) {
  const grids = plan.grids.filter((grid) => grid.tensor === plan.stage.output && numbered(grid, theme));
  if (grids.length === 0) return [];
  const words = [...sums].flatMap(([key, sum]) => {
    const spot = place(grids, plan.stage.output, key.split(",").map(Number));
    return spot ? [wordIn(cellRect(spot.grid, spot.row, spot.col), plain(sum), theme.text, theme, true)] : [];
  });
  // Plotly tells images apart by their box alone, so this one must differ from that of the still numbers.
  return [image({ x: 0, y: 0, w: plan.width, h: plan.height + 1 }, wordsSvg(words, theme))];
}

/** The outline of each letter's stamp in the output, told apart by dash as well as by hue. */
/** @param {Plan} plan @param {Trace} trace @param {Theme} theme */
function stampFrames(plan, trace, theme) {
  return lettersOf(plan, trace, theme).flatMap(({ index, group }, n) => {
    const met = metIn(trace, { tensor: plan.stage.input, index }, plan.stage.output);
    const cells = met.flatMap((found) => place(plan.grids, plan.stage.output, found)?.rect ?? []);
    if (cells.length === 0) return [];
    /** @type {Rect} */
    const frame = inset(hull(cells), 2 + 2 * (n % 3));
    return [outlines([frame], group.line, 2.2, "above", dashes[n % dashes.length])];
  });
}

/**
 * @param {Trace} _trace
 * @param {Stage} stage
 * @param {Step} step
 * @param {Translate} t
 */
export function narrate(_trace, stage, step, t) {
  const where = correlate.spot(step.position.slice(1), t);
  if (stage.by === "input") {
    const stamps = stampOf(stage, step.position);
    const reached = stamps.filter((stamp) => stamp.output !== null).length;
    const cropped = stamps.length - reached;
    const value = plain(step.value);
    const said = t("say.stamp", { value, where, n: reached });
    return cropped > 0 ? `${said} ${t("say.cropped", { n: cropped })}` : said;
  }
  const taps = tapsOf(stage, step.position).filter((tap) => tap.input !== null).length;
  const bias = stage.bias ? ` ${t("say.bias", { value: plain(stage.bias[step.position[0]]) })}` : "";
  const key = taps === 0 ? "say.gatherNone" : taps === 1 ? "say.gatherOne" : "say.gather";
  return t(key, { where, n: taps }) + bias;
}
