/** Scenes by name, and the figure that they make together, one part under the other. */

/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Plan, Scene, Box} from "./layout.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Base, Overlay, View} from "./paint.js" */
/** @import {Part} from "./parts.js" */

import { unsaid } from "../marks/shapes.js";
import { stageAt, stepAt, turnsOf } from "../model/clock.js";
import { plain, times } from "../model/strings.js";
import { touched, valueAt } from "../model/trace.js";
import * as blocks from "./blocks.js";
import { chained, linked } from "./chain.js";
import { chosen } from "./chosen.js";
import * as cone from "./cone.js";
import * as correlate from "./correlate.js";
import * as lab from "./lab.js";
import { stageName, wordWidth } from "./layout.js";
import { letterAt, small } from "./letters.js";
import { partsOf } from "./parts.js";
import * as plainly from "./plain.js";
import { reach, spills } from "./room.js";
import * as signals from "./signals.js";
import * as transpose from "./transpose.js";
import * as volume from "./volume.js";

export { marksSvg } from "../marks/svg.js";

/** @typedef {import("../marks/svg.js").Marks} Marks */

/**
 * @typedef {{layout: (scene: Scene) => Plan, base: (plan: Plan, trace: Trace, theme: Theme) => Base,
 *   overlay: (plan: Plan, trace: Trace, view: View) => Overlay,
 *   narrate: (trace: Trace, stage: Stage, step: import("../model/types.js").Step, t: Translate) => string}} SceneKind
 */

/** @type {Map<string, SceneKind>} */
const SCENES = new Map([
  ["correlate", correlate],
  ["transpose", transpose],
  ["blocks", blocks],
  ["volume", volume],
  ["cone", cone],
  ["lab", lab],
  ["signals", signals],
  ["pool", plainly],
  ["activate", plainly],
  ["shuffle", plainly],
  ["resize", plainly],
]);

/** @param {string} name @returns {SceneKind} */
function sceneOf(name) {
  const scene = SCENES.get(name);
  if (!scene) throw new Error(`unknown scene: ${name}`);
  return scene;
}

/** Between two parts. */
const GAP = 24;

/** How much higher than its box a figure of several stages may be before only the one at work is shown. */
const TOO_HIGH = 1.12;

/**
 * What the reader wants to see of the stages: one by its id, `all`, or nothing said: then all if they fit, else the
 * one at work; and of the tensors: those named, or all. `beside`: the flat picture of a stage and the one in depth stand
 * side by side instead of one under the other.
 * @typedef {{stage: string, step: number, panels?: string[], beside?: boolean}} Wanted
 * @typedef {{plans: Plan[], width: number, height: number}} Drawing
 */

/**
 * The plans of all parts that are shown, and the stage alone that they show, or null; `following` says that it
 * changes with the step.
 * @param {Trace} trace
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @param {Wanted} [wanted]
 * @returns {Drawing & {alone: string | null, following: boolean}}
 */
export function layout(trace, box, theme, t, wanted = { stage: "", step: 0 }) {
  const { panels = [] } = wanted;
  return panels.length > 0 ? someOf(trace, box, theme, t, { ...wanted, panels }) : allOf(trace, box, theme, t, wanted);
}

/**
 * The stages of a pipeline, each with its name and what becomes of its input; none where one picture shows them all.
 * @param {Trace} trace
 * @param {Translate} t
 */
export function stagesOf(trace, t) {
  const turns = turnsOf(trace);
  if (turns.length < 2 || partsOf(trace).some((part) => part.whole)) return [];
  return turns.map(({ stages: [stage] }, n) => ({
    stage,
    id: stage.id,
    name: `${n + 1} ${stageName(stage.id, t)}`,
    sizes: [stage.input, stage.output].map((name) => {
      const [channels, ...sides] = trace.tensors[name].shape;
      return times(channels > 1 ? [...sides, channels] : sides);
    }).join(" → "),
  }));
}

/** How many times wider than its room a figure may be laid out, so that nothing is cut; the reader scrolls it sideways. */
const WIDER = [1.25, 1.5, 2, 2.5, 3];

/** A room so many times as wide as a label is high is wide enough for every figure. */
const AMPLE = 40;

/**
 * The narrowest layout in which nothing is cut; where there is none, the first, as wide as it reaches.
 * @param {Trace} trace
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @param {Wanted} wanted
 */
export function laidOut(trace, box, theme, t, wanted) {
  const at = (/** @type {number} */ times) =>
    layout(trace, { ...box, width: Math.round(box.width * times) }, theme, t, wanted);
  const first = at(1);
  const tries = box.width < AMPLE * theme.label && spills(first) ? WIDER : [];
  for (const times of tries) {
    const wider = at(times);
    if (!spills(wider)) return wider;
  }
  return { ...first, width: reach(first) };
}

/** Whether a figure has grids of some tensors alone; pictures that show all in depth have not. */
/** @param {Trace} trace @param {string[]} panels @param {Theme} theme @param {Translate} t */
export function draws(trace, panels, theme, t) {
  return layout(trace, ANY, theme, t, { stage: "all", step: 0, panels }).plans.length > 0;
}

/** A room in which the same grids are drawn as in any other. */
const ANY = { width: 960, height: 540 };

/** How many times larger than its box a figure may be laid out of which only some tensors are drawn. */
const LARGER = [3, 2.5, 2, 1.75, 1.5, 1.25, 1];

/**
 * The largest figure of which some tensors alone fit the box, in the middle of it.
 * @param {Trace} trace
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @param {Wanted & {panels: string[]}} wanted
 * @returns {ReturnType<typeof allOf>}
 */
function someOf(trace, box, theme, t, wanted) {
  const tries = LARGER.map((times) => {
    const drawing = allOf(trace, { width: box.width * times, height: box.height * times }, theme, t, wanted);
    return { ...drawing, ...chosen(drawing.plans, wanted.panels) };
  });
  const found = tries.find(({ plans, width, height }) => plans.length > 0 && width <= box.width && height <= box.height) ??
    tries[tries.length - 1];
  const dx = Math.max(0, Math.round((box.width - found.width) / 2));
  return { ...found, plans: found.plans.map((plan) => shifted(plan, dx, 0)), width: Math.max(box.width, found.width) };
}

/**
 * @param {Trace} trace
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @param {Wanted} wanted
 * @returns {Drawing & {alone: string | null, following: boolean}}
 */
function allOf(trace, box, theme, t, { stage, step, beside = false }) {
  const whole = partsOf(trace).some((part) => part.whole);
  const turns = turnsOf(trace);
  if (whole) return { ...drawingOf(trace, turns, box, theme, t, beside), alone: null, following: false };
  const only = (/** @type {Stage} */ wanted) =>
    turns.find((turn) => turn.stages.some(({ id }) => id === wanted.id)) ?? turns[0];
  const held = trace.stages.find(({ id }) => id === stage);
  const together = held || turns.length === 1 ? null : drawingOf(trace, turns, box, theme, t, beside);
  if (together && (stage === "all" || fits(together, box, theme))) return { ...together, alone: null, following: false };
  const turn = only(held ?? stageAt(trace, step));
  const alone = turns.length > 1 ? turn.stages[0].id : null;
  return { ...drawingOf(trace, [turn], box, theme, t, beside), alone, following: alone !== null && !held };
}

/** @param {Drawing} drawing @param {Box} box @param {Theme} theme */
function fits({ plans, height }, box, theme) {
  return height <= TOO_HIGH * box.height && plans.every(({ cell }) => cell >= theme.legible.number);
}

/**
 * The parts of some turns of the clock, one under the other and centred; parts that run together share the height,
 * and stages of one channel stand in a row.
 * @param {Trace} trace
 * @param {ReturnType<typeof turnsOf>} turns
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @param {boolean} beside
 * @returns {Drawing}
 */
function drawingOf(trace, turns, box, theme, t, beside) {
  const stages = turns.flatMap((turn) => turn.stages);
  const parts = partsOf(trace).filter(({ stage }) => stages.some(({ id }) => id === stage.id));
  if (parts.some(({ slot }) => slot)) return readingsOf(trace, parts, box, theme, t);
  if (beside && parts.length === 2 && parts[0].stage === parts[1].stage) return besideOf(trace, parts, box, theme, t);
  const rows = rowsOf(trace, parts);
  let y = 0;
  const plans = rows.flatMap((row) => {
    const laid = rowPlans(trace, row, { ...box, height: box.height / rows.length }, theme, t);
    const [width, height] = [Math.max(...laid.map((plan) => plan.width)), Math.max(...laid.map((plan) => plan.height))];
    const placed = laid.map((plan) => shifted(plan, Math.max(0, Math.round((box.width - width) / 2)), y));
    y += height + GAP;
    return placed;
  });
  return { plans, width: box.width, height: y - GAP };
}

/** The share of the width that a picture in depth has beside a flat one: it has no numbers to be read. */
const DEEP_SHARE = 0.36;

/** Two pictures of one stage, side by side. */
/** @param {Trace} trace @param {Part[]} parts @param {Box} box @param {Theme} theme @param {Translate} t @returns {Drawing} */
function besideOf(trace, parts, box, theme, t) {
  let x = 0;
  const laid = parts.map(({ scene, stage }) => {
    const share = ["blocks", "volume"].includes(scene) ? DEEP_SHARE : 1 - DEEP_SHARE;
    const width = Math.round((box.width - GAP) * share);
    const plan = { ...sceneOf(scene).layout({ trace, stage, box: { ...box, width }, theme, t }), scene };
    const at = x + Math.max(0, Math.round((width - plan.width) / 2));
    x += width + GAP;
    return { plan, at };
  });
  const height = Math.max(...laid.map(({ plan }) => plan.height));
  const plans = laid.map(({ plan, at }) => shifted(plan, at, Math.round((height - plan.height) / 2)));
  return { plans, width: box.width, height };
}

/** From this width on, the matrix stands beside the two other readings. */
const BESIDE = 640;

/**
 * Readings of one stage, numbered: the matrix at the right of the others, or all under each other.
 * @param {Trace} trace
 * @param {Part[]} parts
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @returns {Drawing}
 */
function readingsOf(trace, parts, box, theme, t) {
  const head = Math.round(theme.label * 2.2);
  const beside = box.width >= BESIDE;
  const left = beside ? Math.round(box.width * 0.64) : box.width;
  const stacked = parts.filter(({ slot }) => !beside || slot !== "matrix");
  const high = Math.max(box.height, 380);
  const place = (/** @type {Part} */ { scene, stage, slot }, /** @type {Box} */ room, /** @type {number} */ x, /** @type {number} */ y) => {
    const plan = { ...sceneOf(scene).layout({ trace, stage, box: room, theme, t }), scene };
    const number = parts.findIndex((part) => part.slot === slot) + 1;
    const heading = (/** @type {string} */ key) => ({
      x: 0,
      y: 0,
      text: `${number} ${t(key)}`,
      size: theme.label,
      color: theme.text,
      weight: 700,
    });
    const whole = heading(`reading.${slot}`);
    const title = wordWidth(whole) > room.width ? heading(`reading.${slot}.brief`) : whole;
    const moved = shifted(plan, x + Math.max(0, Math.round((room.width - plan.width) / 2)), y + head);
    const word = { ...title, x, y: y + theme.label * 0.9, anchor: /** @type {const} */ ("start") };
    return { ...moved, words: [word, ...moved.words], height: moved.height };
  };
  let y = 0;
  const plans = stacked.map((part) => {
    const room = { width: left, height: high / stacked.length - head };
    const plan = place(part, part.slot === "matrix" ? { width: left, height: high } : room, 0, y);
    y = plan.height + GAP / 2;
    return plan;
  });
  const matrix = parts.find(({ slot }) => slot === "matrix");
  if (beside && matrix) {
    const plan = place(matrix, { width: box.width - left - GAP, height: Math.max(high, y) - head }, left + GAP, 0);
    plans.push({ ...plan, width: box.width });
    y = Math.max(y, plan.height + GAP / 2);
  }
  return { plans, width: box.width, height: y };
}

/** Parts that can stand in one row, in reading order. */
/** @param {Trace} trace @param {Part[]} parts @returns {Part[][]} */
function rowsOf(trace, parts) {
  const rows = /** @type {Part[][]} */ ([]);
  for (const part of parts) {
    const row = rows[rows.length - 1];
    const before = row?.[row.length - 1];
    const joins = before?.scene === "correlate" && part.scene === "correlate" &&
      linked(trace, before.stage, part.stage);
    if (joins) row.push(part);
    else rows.push([part]);
  }
  return rows;
}

/** @param {Trace} trace @param {Part[]} row @param {Box} box @param {Theme} theme @param {Translate} t @returns {Plan[]} */
function rowPlans(trace, row, box, theme, t) {
  const chain = row.length > 1 ? chained(trace, row.map(({ stage }) => stage), box, theme, t) : null;
  if (chain) return chain.map((plan, n) => ({ ...plan, scene: row[n].scene }));
  let y = 0;
  return row.map(({ scene, stage }) => {
    const room = { ...box, height: box.height / row.length };
    const plan = { ...sceneOf(scene).layout({ trace, stage, box: room, theme, t }), scene };
    const placed = shifted(plan, 0, y);
    y += plan.height + GAP;
    return placed;
  });
}

/** @param {Plan} plan @param {number} dx @param {number} dy @returns {Plan} */
function shifted(plan, dx, dy) {
  if (dx === 0 && dy === 0) return plan;
  const move = (/** @type {any} */ item) => ({ ...item, x: item.x + dx, y: item.y + dy });
  return {
    ...plan,
    origin: move(plan.origin),
    width: plan.width + dx,
    height: plan.height + dy,
    grids: plan.grids.map(move),
    words: plan.words.map(move),
    stubs: plan.stubs.map(move),
    badges: plan.badges.map(move),
    backs: plan.backs.map((back) => ({ ...back, rect: move(back.rect) })),
  };
}

/** @param {Plan[]} plans @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(plans, trace, theme) {
  const parts = plans.map((plan) => sceneOf(plan.scene).base(plan, trace, theme));
  return {
    backs: parts.flatMap((part) => part.backs),
    shapes: parts.flatMap((part) => part.shapes),
    images: parts.flatMap((part) => part.images),
  };
}

/** @param {Plan[]} plans @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plans, trace, view) {
  const parts = plans.map((plan) => sceneOf(plan.scene).overlay(plan, trace, view));
  const shapes = parts.flatMap((part) => part.shapes);
  return {
    under: parts.flatMap((part) => part.under),
    shapes: view.asking ? unsaid(shapes, view.theme) : shapes,
    images: parts.flatMap((part) => part.images),
  };
}

/** What is drawn of a step, in its order: what stays, and what moves between and over it. */
/** @param {Base} still @param {Overlay} moving @returns {Marks} */
export function marksOf(still, moving) {
  return {
    shapes: [...still.backs, ...moving.under, ...still.shapes, ...moving.shapes],
    images: [...still.images, ...moving.images],
  };
}

/** @param {Trace} trace @param {number} number @param {Translate} t */
export function narrate(trace, number, t) {
  const step = stepAt(trace, number);
  const part = partsOf(trace).find(({ stage, whole }) => whole || stage.id === step?.stage.id);
  return step && part ? sceneOf(part.scene).narrate(trace, step.stage, step, t) : t("say.empty");
}

/**
 * What a focused cell meets, in words.
 * @param {Trace} trace
 * @param {import("../model/types.js").Cell} cell
 * @param {Translate} t
 */
export function describe(trace, { tensor, index }, t) {
  const shown = trace.tensors[tensor];
  if (shown.of) return describeReading(trace, { tensor, index }, t);
  const stage = trace.stages.find((found) => [found.input, found.kernel, found.output].includes(tensor));
  if (!stage) return t("say.empty");
  const role = tensor === stage.output ? "output" : tensor === stage.input ? "input" : "kernel";
  const counted = role === "output" ? stage.input : stage.output;
  const n = touched(trace, { tensor, index })
    .filter((lattice) => lattice.tensor === counted)
    .reduce((sum, lattice) => sum + lattice.axes.reduce((cells, axis) => cells * axis.length, 1), 0);
  const place = correlate.spot(index.slice(role === "kernel" ? 2 : 1), t);
  const many = role !== "kernel" && trace.tensors[tensor].shape[0] > 1;
  const where = many
    ? `${t(role === "input" ? "role.channel" : "role.map", { n: index[0] + 1 })}, ${place}`
    : place;
  return t(`focus.${role}`, { where, n, value: plain(valueAt(trace.tensors[tensor], index)) });
}

/** A cell of a tensor that is another reading of one: the input with zeros between, the turned kernel. */
/** @param {Trace} trace @param {import("../model/types.js").Cell} cell @param {Translate} t @returns {string} */
function describeReading(trace, { tensor, index }, t) {
  const { of = "", from, role } = trace.tensors[tensor];
  const where = correlate.spot(index.slice(role === "kernel" ? 2 : 1), t);
  if (!from) return t("focus.turned", { where, value: plain(valueAt(trace.tensors[tensor], index)) });
  const origin = [index[0], ...index.slice(1).map((at, a) => from[a][at])];
  return origin.some((at) => at < 0) ? t("focus.stuffed", { where }) : describe(trace, { tensor: of, index: origin }, t);
}

/**
 * The letter that names an input cell of this step's figure, or nothing.
 * @param {Trace} trace
 * @param {Stage} stage
 * @returns {(index: number[]) => string}
 */
export function lettering(trace, stage) {
  if (stage.operation !== "transpose" || !small(trace, stage)) return () => "";
  return (index) => letterAt(trace, stage, index);
}
