/**
 * The scene of channels as blocks, H × W × D: the input, its filters, and the maps that they make; a lane a group.
 *
 * Its cells cannot be pointed at: most of a block is hidden, and the flat view shows every cell with its number. A cell
 * focused there is marked here too.
 */

/** @import {Shape} from "../marks/shapes.js" */
/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {BlockPlan, Item} from "./blockplan.js" */
/** @import {Plan} from "./layout.js" */
/** @import {Base, Overlay, View} from "./paint.js" */
/** @import {Solid} from "./solids.js" */

import { written } from "../marks/shapes.js";
import { liveStep } from "../model/clock.js";
import { moves } from "./blockplan.js";
import { letter, paint } from "./paint.js";
import { stepMarks } from "./moving.js";
import { stillImage } from "./solids.js";

export { layout } from "./blockplan.js";
export { narrate } from "./solids.js";

/** @param {Plan} plan @param {Trace} _trace @param {Theme} theme @returns {Base} */
export function base(plan, _trace, theme) {
  const { arrows, origin: { x, y } } = /** @type {BlockPlan} */ (plan);
  const drawn = paint(plan, theme, () => null, () => null);
  const moved = arrows.map(([x0, y0, x1, y1]) => [x0 + x, y0 + y, x1 + x, y1 + y]);
  const solids = solidsAt(plan, null);
  return { ...drawn, images: [stillImage(plan, solids, moved, theme), ...drawn.images] };
}

/** @param {Plan} plan @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plan, trace, view) {
  const position = liveStep(trace, plan.stage, view.step)?.position ?? null;
  const solids = solidsAt(plan, position);
  const moving = stepMarks({ solids, way: plan.ways.into, glass: false }, trace, plan.stage, view);
  return { ...moving, shapes: [...moving.shapes, ...names(plan, position, view.theme)] };
}

/**
 * The group and the channel within it that a step works on; the last of each, where no step runs.
 * @param {BlockPlan} plan
 * @param {number[] | null} position
 */
function liveIn({ stage, per }, position) {
  const groups = stage.groups ?? 1;
  const at = position ? position[0] : groups * per.filter - 1;
  return { group: Math.floor(at / per.filter), local: at % per.filter };
}

/**
 * The blocks of a moment, where the plan has been moved to: slots hold what is live.
 * @param {Plan} plan
 * @param {number[] | null} position
 * @returns {(Solid & {hull: Item["hull"]})[]}
 */
function solidsAt(plan, position) {
  const { items, lanes, per, roles, stage, origin } = /** @type {BlockPlan} */ (plan);
  const live = liveIn(/** @type {BlockPlan} */ (plan), position);
  const moved = (/** @type {any} */ block) => ({ ...block, x: block.x + origin.x, y: block.y + origin.y });
  const grouped = (stage.groups ?? 1) > 1;
  return items.map((item) => {
    const lane = lanes[item.lane];
    const group = lane.slot ? live.group : lane.group;
    const first = item.slot ? (group === live.group ? live.local : per.filter - 1) : item.first;
    return {
      ...tensorOf(stage, item, group, first, per),
      role: roles[item.place],
      // The colours of a lane that changes its group are those of the roles.
      group: grouped && !lane.slot ? group : -1,
      flat: stage.axes.length === 1,
      block: moved(item.block),
      hull: item.hull && moved(item.hull),
    };
  });
}

/**
 * What a block shows of which tensor. A kernel is (filter, channel of the group, …), that of a transposed convolution
 * (channel, filter of the group, …).
 * @param {Stage} stage
 * @param {Item} item
 * @param {number} group
 * @param {number} first
 * @param {BlockPlan["per"]} per
 */
function tensorOf(stage, { place }, group, first, per) {
  if (place !== "filter") {
    const tensor = place === "left" ? stage.input : stage.output;
    return { tensor, deep: 0, first: group * per[place] + first, fixed: [], owner: -1 };
  }
  const owner = group * per.filter + first;
  const tensor = stage.kernel ?? "";
  return stage.operation === "transpose" && stage.by === "output"
    ? { tensor, deep: 0, first: group * per.left, fixed: [[1, first]], owner }
    : { tensor, deep: 1, first: 0, fixed: [[0, owner]], owner };
}

/**
 * What changes with the step: the names of slots and deep blocks, and the letter of a lane that is shared.
 * @param {Plan} plan
 * @param {number[] | null} position
 * @param {Theme} theme
 * @returns {Shape[]}
 */
function names(plan, position, theme) {
  const { items, lanes, per, roles, origin: { x, y } } = /** @type {BlockPlan} */ (plan);
  const { group, local } = liveIn(/** @type {BlockPlan} */ (plan), position);
  const said = items.filter((item) => moves(item, lanes) && item.said !== "span").map((item) => {
    const here = lanes[item.lane].slot || lanes[item.lane].group === group;
    const own = lanes[item.lane].slot ? group : lanes[item.lane].group;
    const steps = item.slot || item.block.depth > 1 && item.place !== "filter";
    const first = steps ? (here ? local : per.filter - 1) : item.first;
    const text = item.said.replace("{n}", String(own * per[item.place] + first + 1));
    const at = { x: item.name.x + x, y: item.name.y + y };
    return written(at, text, theme.small, theme.roles[roles[item.place]].ink);
  });
  const shared = lanes.filter(({ slot }) => slot).map(({ badge }) =>
    badgeAt({ x: badge.x + x, y: badge.y + y }, group, theme)
  );
  return [...said, ...shared];
}

/** @param {{x: number, y: number}} at @param {number} group @param {Theme} theme @returns {Shape} */
function badgeAt({ x, y }, group, theme) {
  const half = theme.small * 0.65;
  const box = { x0: x - half, x1: x + half, y0: y - half, y1: y + half };
  const mark = written({ x, y }, letter(group), Math.round(theme.small * 0.9), theme.surface);
  return { ...mark, ...box, fillcolor: theme.groups[group % theme.groups.length].ink };
}
