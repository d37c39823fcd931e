/** Scenes, chosen by what a stage does; a figure is the scenes of its stages, one under the other. */

/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Plan, Scene, Box} from "./layout.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Base, Overlay, View} from "./paint.js" */

import { plain } from "../model/strings.js";
import { stepAt, touched, valueAt } from "../model/trace.js";
import * as correlate from "./correlate.js";
import { letterAt, small } from "./letters.js";
import * as transpose from "./transpose.js";

/**
 * @typedef {{layout: (scene: Scene) => Plan, base: (plan: Plan, trace: Trace, theme: Theme) => Base,
 *   overlay: (plan: Plan, trace: Trace, view: View) => Overlay,
 *   narrate: (trace: Trace, stage: Stage, step: import("../model/types.js").Step, t: Translate) => string}} SceneKind
 */

/** @type {Map<string, SceneKind>} */
const SCENES = new Map([["correlate", correlate], ["transpose", transpose]]);

/** @param {Stage} stage @returns {SceneKind} */
export function sceneOf(stage) {
  const scene = SCENES.get(stage.operation);
  if (!scene) throw new Error(`unknown stage operation: ${stage.operation}`);
  return scene;
}

/** Between the scenes of two stages. */
const GAP = 24;

/**
 * The plans of all stages, each moved under the one before and centred.
 * @param {Trace} trace
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @returns {{plans: Plan[], width: number, height: number}}
 */
export function layout(trace, box, theme, t) {
  let y = 0;
  const plans = trace.stages.map((stage) => {
    const plan = sceneOf(stage).layout({ trace, stage, box, theme, t });
    const placed = shifted(plan, Math.max(0, Math.round((box.width - plan.width) / 2)), y);
    y += plan.height + GAP;
    return placed;
  });
  return { plans, width: box.width, height: y - GAP };
}

/** @param {Plan} plan @param {number} dx @param {number} dy @returns {Plan} */
function shifted(plan, dx, dy) {
  const move = (/** @type {any} */ item) => ({ ...item, x: item.x + dx, y: item.y + dy });
  return {
    ...plan,
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
  const parts = plans.map((plan, n) => sceneOf(trace.stages[n]).base(plan, trace, theme));
  return {
    backs: parts.flatMap((part) => part.backs),
    shapes: parts.flatMap((part) => part.shapes),
    images: parts.flatMap((part) => part.images),
  };
}

/** @param {Plan[]} plans @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plans, trace, view) {
  const parts = plans.map((plan, n) => sceneOf(trace.stages[n]).overlay(plan, trace, view));
  return {
    under: parts.flatMap((part) => part.under),
    shapes: parts.flatMap((part) => part.shapes),
    images: parts.flatMap((part) => part.images),
  };
}

/** @param {Trace} trace @param {number} number @param {Translate} t */
export function narrate(trace, number, t) {
  const step = stepAt(trace, number);
  return step ? sceneOf(step.stage).narrate(trace, step.stage, step, t) : t("say.empty");
}

/**
 * What a focused cell meets, in words.
 * @param {Trace} trace
 * @param {import("../model/types.js").Cell} cell
 * @param {Translate} t
 */
export function describe(trace, { tensor, index }, t) {
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
