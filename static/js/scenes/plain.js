/** The scene of a stage without weights: a window, or a single cell, and what becomes of it. */

/** @import {Stage, Step, Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Block, Plan, Scene} from "./layout.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Base, Overlay, View} from "./paint.js" */
/** @import {Word} from "../marks/image.js" */

import { place } from "../marks/geometry.js";
import { linkLines, linkTints } from "../marks/link.js";
import { outlines } from "../marks/shapes.js";
import { liveStep } from "../model/clock.js";
import { plain } from "../model/strings.js";
import { tapsOf, valueAt } from "../model/trace.js";
import { spans, spot } from "./correlate.js";
import { blockAt, gapOf, label, nameOf, plan, wordWidth } from "./layout.js";
import { fitted } from "./sizing.js";
import {
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
  const channels = scene.trace.tensors[scene.stage.output].shape[0];
  return fitted(scene, channels === 1 ? [beside, inRows] : [inRows, inColumns]);
}

/** @param {Scene} scene @param {number} channel @returns {{input: Block, output: Block}} */
function blocks({ trace, stage, t }, channel) {
  const block = (/** @type {string} */ tensor, /** @type {number[][] | undefined} */ pad) => {
    const { role, shape } = trace.tensors[tensor];
    const many = shape[0] > 1 ? `, ${t("role.channel", { n: channel + 1 })}` : "";
    return /** @type {Block} */ ({
      tensor,
      lead: [channel],
      size: shape.slice(1),
      pad,
      role,
      name: `${nameOf(tensor, t)}${many}`,
    });
  };
  return { input: block(stage.input, stage.padding), output: block(stage.output, undefined) };
}

/** Input, what is done, output, side by side: for one channel. */
/** @param {Scene} scene @param {number} cell @returns {Plan} */
function beside(scene, cell) {
  const { theme, t } = scene;
  const { input, output } = blocks(scene, 0);
  const [a, b] = [blockAt(input, cell, 0, 0), blockAt(output, cell, 0, 0)];
  const top = Math.round(theme.label * 1.8);
  const height = Math.max(a.h, b.h);
  const said = deed(scene.stage, t);
  const gap = Math.max(gapOf(cell, 2, 44, 130), said.length * theme.label * 0.6 + 40);
  const heads = [input, output].map((block) => label(block.name, block.size, block.role, { x: 0, y: 0 }, theme));
  const x = theme.edgeRoom + Math.max(0, (wordWidth(heads[0]) - a.w) / 2);
  const right = x + a.w + gap;
  const [ya, yb] = [top + (height - a.h) / 2, top + (height - b.h) / 2].map(Math.round);
  Object.assign(heads[0], { x: x + a.w / 2, y: ya - theme.label * 0.95 });
  Object.assign(heads[1], { x: right + b.w / 2, y: yb - theme.label * 0.95 });
  const grids = [
    ...blockAt(input, cell, x, ya).grids,
    ...blockAt(output, cell, right, yb).grids,
  ];
  const sign = sentence(said, x + a.w + gap / 2, top + height / 2 - theme.label * 1.2, theme);
  const width = right + Math.max(b.w, wordWidth(heads[1])) + theme.edgeRoom;
  return plan(scene, cell, grids, [...heads, sign], width, top + height + 6, { into: "right", out: "right" });
}

/** A row of inputs over a row of outputs. */
/** @param {Scene} scene @param {number} cell */
function inRows(scene, cell) {
  return lanes(scene, cell, false);
}

/** A column of inputs beside a column of outputs: for narrow figures. */
/** @param {Scene} scene @param {number} cell */
function inColumns(scene, cell) {
  return lanes(scene, cell, true);
}

/** @param {Scene} scene @param {number} cell @param {boolean} upright @returns {Plan} */
function lanes(scene, cell, upright) {
  const { trace, stage, theme, t } = scene;
  const channels = trace.tensors[stage.output].shape[0];
  const { input, output } = blocks(scene, 0);
  const [a, b] = [blockAt(input, cell, 0, 0), blockAt(output, cell, 0, 0)];
  const head = Math.round(theme.label * 2);
  const gap = Math.max(theme.small * (upright ? 1.6 : 0.7), gapOf(cell, 0.5, 6, 24));
  const pitch = (upright ? Math.max(a.h, b.h) : Math.max(a.w, b.w)) + gap;
  const across = upright ? a.w + gapOf(cell, 2.4, 60, 140) : a.h + gapOf(cell, 1.8, 46, 90);
  const first = theme.edgeRoom;
  const groups = stage.groups ?? 1;
  const groupOf = (/** @type {number} */ n) => groups > 1 ? Math.floor((n * groups) / channels) : -1;
  const from = stage.operation === "shuffle" ? stage.channels.map(([channel]) => channel) : null;
  const at = (/** @type {number} */ n, /** @type {number} */ far) =>
    upright ? { x: first + far, y: head + n * pitch } : { x: first + n * pitch, y: head + far };
  const names = /** @type {Word[]} */ ([]);
  const grids = Array.from({ length: channels }, (_, n) => {
    const pair = blocks(scene, n);
    const [one, two] = [at(n, 0), at(n, across)];
    const origin = from ? from[n] : n;
    names.push(
      name(theme, pair.input.role, n, { x: one.x + a.w / 2, y: one.y - theme.small * 0.8 }, t),
      name(theme, pair.output.role, origin, { x: two.x + b.w / 2, y: two.y + b.h + theme.small * 0.9 }, t),
    );
    return [
      ...blockAt({ ...pair.input, group: groupOf(n) }, cell, one.x, one.y).grids,
      ...blockAt({ ...pair.output, group: groupOf(origin) }, cell, two.x, two.y).grids,
    ];
  }).flat();
  const said = deed(stage, t);
  const middle = upright
    ? { x: first + a.w + (across - a.w) / 2, y: head - theme.small }
    : { x: first + (channels * pitch - gap) / 2, y: head + a.h + (across - a.h) / 2 };
  const size = channels * pitch - gap;
  const width = upright ? first + across + b.w + theme.edgeRoom : first + Math.max(size, 120) + theme.edgeRoom;
  const height = upright ? head + size + theme.small * 2 : head + across + b.h + theme.small * 2;
  const way = upright ? /** @type {const} */ ("right") : /** @type {const} */ ("down");
  const words = from ? names : [...names, sentence(said, middle.x, middle.y, theme)];
  return { ...plan(scene, cell, grids, words, width, height, { into: way, out: way }), crossed: true };
}

/** @param {Theme} theme @param {string} role @param {number} n @param {{x: number, y: number}} at @param {Translate} t @returns {Word} */
function name(theme, role, n, at, t) {
  return { ...at, text: t("role.short", { n: n + 1 }), size: theme.small, color: theme.roles[role].ink, weight: 700 };
}

/** @param {string} text @param {number} x @param {number} y @param {Theme} theme @returns {Word} */
function sentence(text, x, y, theme) {
  return { x, y, text, size: theme.label, color: theme.text, weight: 700 };
}

/** What the stage does, in a word. */
/** @param {Stage} stage @param {Translate} t */
export function deed({ operation, mode, function: applied }, t) {
  return t(`deed.${operation === "activate" ? applied : operation === "shuffle" ? operation : mode}`);
}

/** @param {Plan} plan @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(plan, trace, theme) {
  const drawn = paint(
    plan,
    theme,
    valuesOf(trace, plan.stage, theme),
    (grid, index) => valueAt(trace.tensors[grid.tensor], index),
  );
  return { ...drawn, backs: [...drawn.backs, ...wires(plan, theme)] };
}

/** From each channel to the place that it moves to. */
/** @param {Plan} plan @param {Theme} theme */
function wires(plan, theme) {
  if (plan.stage.operation !== "shuffle") return [];
  return plan.stage.channels.flatMap(([from], to) => {
    const links = linkOf(plan, from, to);
    const group = plan.grids.find(({ tensor, lead }) => tensor === plan.stage.input && lead[0] === from)?.group ?? -1;
    const triple = group < 0 ? theme.roles.hidden : theme.groups[group % theme.groups.length];
    return linkTints(links, triple.line);
  });
}

/** @param {Plan} plan @param {number} from @param {number} to */
function linkOf(plan, from, to) {
  const box = (/** @type {string} */ tensor, /** @type {number} */ channel) => {
    const grid = plan.grids.find((found) => found.tensor === tensor && found.lead[0] === channel);
    return grid && { x: grid.x, y: grid.y, w: grid.cols * grid.w, h: grid.rows * grid.h };
  };
  const [a, b] = [box(plan.stage.input, from), box(plan.stage.output, to)];
  return a && b ? [{ from: a, to: b, way: plan.ways.into }] : [];
}

/** @param {Plan} plan @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plan, trace, { step: number, focus, theme }) {
  const { stage } = plan;
  const step = liveStep(trace, stage, number);
  const cover = [...coverAhead(plan, trace, number, theme), ...coverUnlessPast(plan, trace, number, theme)];
  const value = step ? nowMarks(plan, stage.output, step.position, step.value, theme) : [];
  if (focus || !step) {
    const met = focus ? focusMarks(plan, trace, focus, theme) : [];
    return { under: [], shapes: [...cover, ...value, ...met], images: [] };
  }
  const taps = tapsOf(stage, step.position);
  const window = windowOf(plan, stage.input, taps.map((tap) => [tap.channel, ...tap.at]));
  const chosen = windowOf(plan, stage.input, winners(stage, step, taps));
  const cell = place(plan.grids, stage.output, step.position);
  const links = cell ? window.frames.map((from) => ({ from, to: cell.rect, way: plan.ways.into })) : [];
  const { output } = theme.roles;
  const moved = stage.operation === "shuffle" ? linkOf(plan, taps[0].channel, step.position[0]) : [];
  return {
    under: [...linkTints(links, output.line), ...linkLines(moved, output.line, "below")],
    shapes: [
      ...windowMarks(window, output, theme),
      outlines(chosen.cells, theme.highlight.outline, theme.width.window - 1),
      ...linkLines(plan.crossed ? [] : links, output.line, "above"),
      ...cover,
      ...value,
    ],
    images: [],
  };
}

/** The cells of a maximum's window that are the maximum. */
/** @param {Stage} stage @param {Step} step @param {ReturnType<typeof tapsOf>} taps */
function winners(stage, step, taps) {
  if (stage.operation !== "pool" || stage.mode !== "max") return [];
  return taps.filter((tap, n) => tap.input && step.products[n] === step.value)
    .map((tap) => /** @type {number[]} */ (tap.input));
}

/**
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {Step} step
 * @param {Translate} t
 */
export function narrate(trace, stage, step, t) {
  const taps = tapsOf(stage, step.position);
  const where = spot(step.position.slice(1), t);
  const value = plain(step.value);
  const channel = step.position[0] + 1;
  if (stage.operation === "shuffle") {
    return t("say.shuffle", { from: taps[0].channel + 1, to: channel, where });
  }
  if (stage.operation === "activate") return t("say.relu", { read: plain(step.products[0]), value, where, channel });
  const window = spans(taps.map((tap) => tap.at), t);
  const many = trace.tensors[stage.output].shape[0] > 1 ? ` ${t("say.ofChannel", { n: channel })}` : "";
  return t(`say.${stage.mode}`, { window, n: taps.length, value, where }) + many;
}
