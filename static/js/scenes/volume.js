/**
 * The scene of one channel with three axes: a window that moves through a volume, the kernel, and a volume filling up.
 *
 * The numbers stay in the flat slices, where each cell can be pointed at; here cells are shaded by value.
 */

/** @import {Block} from "../marks/block.js" */
/** @import {Word} from "../marks/image.js" */
/** @import {Tensor, Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Plan, Scene} from "./layout.js" */
/** @import {Base, Overlay, View} from "./paint.js" */
/** @import {Solid} from "./solids.js" */

import { bounds, facesPath, front, part, side, top } from "../marks/block.js";
import { grouped } from "../model/groups.js";
import { valueAt } from "../model/trace.js";
import { label, plan, range, wordWidth } from "./layout.js";
import { largestFitting, plansOf } from "./sizing.js";
import { paint } from "./paint.js";
import { stepMarks } from "./moving.js";
import { inks, stillImage } from "./solids.js";

export { narrate } from "./solids.js";

/**
 * @typedef {Solid & {hull: Block | null}} Hulled
 * @typedef {Plan & {solids: Hulled[], arrows: number[][]}} VolumePlan
 */

/** One cell of depth, in cells: half as long as on the front, and seen under 30°. */
const [RIGHT, UP] = [0.48, 0.28];

/** How much larger its cells must be before the kernel and the output stand under the input. */
const WORTH = 1.3;

/** Down to cells of this size the height yields to them. */
const LEAST = 16;

/** With more cells on show than this, shades would say little and cost much. */
const SHADED = 600;
const SHADES = 5;

/** @param {Scene} scene @returns {Plan} */
export function layout(scene) {
  const [row, corner] = [inRow, inCorner].map((arrange) => largest(scene, arrange));
  return corner.cell >= WORTH * row.cell ? corner : row;
}

/** @param {Scene} scene @param {(scene: Scene, cell: number) => VolumePlan} arrange */
function largest(scene, arrange) {
  const { box, theme } = scene;
  const cells = [...range(3, Math.round(0.7 * theme.cell)).reverse(), 2, 1.5, 1, 0.5, 0.25];
  return largestFitting(plansOf(scene, arrange), cells, box, LEAST);
}

/** Input, kernel and output side by side. */
/** @param {Scene} scene @param {number} cell @returns {VolumePlan} */
function inRow(scene, cell) {
  const { theme } = scene;
  const [solids, words] = [solidsOf(scene, cell), headsOf(scene)];
  const top = Math.round(theme.label * 2);
  const gap = Math.round(Math.max(26, Math.min(2.2 * cell, 80)));
  const sizes = solids.map(outer);
  const high = Math.max(...sizes.map(({ h }) => h));
  const arrows = /** @type {number[][]} */ ([]);
  let x = theme.edgeRoom;
  const placed = solids.map((solid, n) => {
    const wide = Math.max(sizes[n].w, wordWidth(words[n]));
    const found = movedTo(solid, x + (wide - sizes[n].w) / 2, top + (high - sizes[n].h) / 2);
    const { block } = found;
    Object.assign(words[n], { x: x + wide / 2, y: outer(found).y - theme.label * 0.9 });
    x += wide + gap;
    if (n < 2) arrows.push([x - gap * 0.8, top + high / 2, x - gap * 0.2, top + high / 2]);
    return { ...found, block };
  });
  const size = { width: x - gap + theme.edgeRoom, height: top + high + 6 };
  return { ...planOf(scene, cell, words, size, "right"), solids: placed, arrows };
}

/** Kernel and output side by side under the input. */
/** @param {Scene} scene @param {number} cell @returns {VolumePlan} */
function inCorner(scene, cell) {
  const { theme } = scene;
  const [solids, words] = [solidsOf(scene, cell), headsOf(scene)];
  const head = Math.round(theme.label * 2);
  const gap = Math.round(Math.max(24, cell));
  const [a, b, c] = solids.map((solid, n) => ({
    ...outer(solid),
    wide: Math.max(outer(solid).w, wordWidth(words[n])),
  }));
  const under = head + a.h + head + gap / 2;
  const width = Math.max(a.wide, b.wide + c.wide + gap);
  const low = Math.max(b.h, c.h);
  const left = theme.edgeRoom + (width - b.wide - c.wide - gap) / 2;
  const middles = [theme.edgeRoom + width / 2, left + b.wide / 2, left + b.wide + gap + c.wide / 2];
  const placed = solids.map((solid, n) => {
    const size = [a, b, c][n];
    const found = movedTo(solid, middles[n] - size.w / 2, n === 0 ? head : under + (low - size.h) / 2);
    Object.assign(words[n], { x: middles[n], y: outer(found).y - theme.label * 0.9 });
    return found;
  });
  const size = { width: width + 2 * theme.edgeRoom, height: under + low + 6 };
  return { ...planOf(scene, cell, words, size, "down"), solids: placed, arrows: [] };
}

/** @param {Scene} scene @param {number} cell @param {Word[]} words @param {{width: number, height: number}} size @param {"right" | "down"} way */
function planOf(scene, cell, words, { width, height }, way) {
  return plan(scene, cell, [], words, width, height, { into: way, out: way });
}

/** @param {Scene} scene */
function headsOf({ trace, stage, theme, t }) {
  const tensors = [stage.input, stage.kernel ?? "", stage.output];
  return ["input", "kernel", "output"].map((role, n) => {
    const size = trace.tensors[tensors[n]].shape.slice(-3);
    return { ...label(t(`role.${role}`), size, role, { x: 0, y: 0 }, theme), halo: theme.surface };
  });
}

/** The three volumes, each at its own corner. */
/** @param {Scene} scene @param {number} cell @returns {Hulled[]} */
function solidsOf({ trace, stage }, cell) {
  const solid = (/** @type {string} */ tensor, /** @type {string} */ role) => {
    const shape = trace.tensors[tensor].shape;
    const deep = shape.length - 3;
    const [depth, rows, cols] = shape.slice(-3);
    const block = { x: 0, y: 0, rows, cols, depth, w: cell, h: cell, dx: RIGHT * cell, dy: UP * cell };
    const fixed = range(0, deep).map((axis) => [axis, 0]);
    const owner = role === "kernel" ? 0 : -1;
    return { tensor, role, group: -1, block, deep, first: 0, fixed, flat: false, owner, hull: null };
  };
  const input = solid(stage.input, "input");
  const pads = stage.operation === "correlate" ? stage.padding ?? [] : [];
  return [
    { ...input, hull: pads.flat().some((side) => side > 0) ? hullOf(input.block, pads) : null },
    solid(stage.kernel ?? "", "kernel"),
    solid(stage.output, "output"),
  ];
}

/** A volume with the padding around it. */
/** @param {Block} block @param {number[][]} pads */
function hullOf(block, [depth, rows, cols]) {
  return part(block, {
    deep: -depth[0],
    row: -rows[0],
    col: -cols[0],
    depth: block.depth + depth[0] + depth[1],
    rows: block.rows + rows[0] + rows[1],
    cols: block.cols + cols[0] + cols[1],
  });
}

/** @param {Hulled} solid */
function outer({ block, hull }) {
  return bounds(hull ?? block);
}

/** With its upper left corner, padding included, somewhere. */
/** @param {Hulled} solid @param {number} x @param {number} y @returns {Hulled} */
function movedTo(solid, x, y) {
  const from = outer(solid);
  return shifted(solid, Math.round(x - from.x), Math.round(y - from.y));
}

/** @param {Hulled} solid @param {number} dx @param {number} dy @returns {Hulled} */
function shifted(solid, dx, dy) {
  const move = (/** @type {Block} */ block) => ({ ...block, x: block.x + dx, y: block.y + dy });
  return { ...solid, block: move(solid.block), hull: solid.hull && move(solid.hull) };
}

/** The volumes where the plan has been moved to. */
/** @param {Plan} plan */
function standing(plan) {
  const { solids, origin: { x, y } } = /** @type {VolumePlan} */ (plan);
  return solids.map((solid) => shifted(solid, x, y));
}

/** @param {Plan} plan @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(plan, trace, theme) {
  const { arrows, origin: { x, y } } = /** @type {VolumePlan} */ (plan);
  const drawn = paint(plan, theme, () => null, () => null);
  const moved = arrows.map(([x0, y0, x1, y1]) => [x0 + x, y0 + y, x1 + x, y1 + y]);
  const shades = (/** @type {Solid} */ solid) => shadesOn(solid, trace.tensors[solid.tensor], theme);
  return { ...drawn, images: [stillImage(plan, standing(plan), moved, theme, shades), ...drawn.images] };
}

/** @param {Plan} plan @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plan, trace, view) {
  return stepMarks({ solids: standing(plan), way: plan.ways.into, glass: true }, trace, plan.stage, view);
}

/** The cells that can be seen, shaded by value. */
/** @param {Solid} solid @param {Tensor} tensor @param {Theme} theme */
function shadesOn(solid, tensor, theme) {
  const { block, deep } = solid;
  const { rows, cols, depth } = block;
  if (rows * cols + depth * (rows + cols) > SHADED) return "";
  const cell = (
    /** @type {(one: Block) => import("../marks/block.js").Face} */ face,
    /** @type {number[]} */ [at, row, col],
  ) => ({
    face: face(part(block, { row, col, deep: at, rows: 1, cols: 1, depth: 1 })),
    value: valueAt(tensor, [...Array(deep).fill(0), at, row, col]) ?? 0,
  });
  const found = [
    ...range(0, rows).flatMap((row) => range(0, cols).map((col) => cell(front, [0, row, col]))),
    ...range(0, depth).flatMap((at) => range(0, cols).map((col) => cell(top, [at, 0, col]))),
    ...range(0, depth).flatMap((at) => range(0, rows).map((row) => cell(side, [at, row, cols - 1]))),
  ];
  const values = found.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return grouped(found, ({ value }) => Math.round(((value - low) / (high - low || 1)) * (SHADES - 1)))
    .filter(([shade]) => shade > 0)
    .map(([shade, cells]) =>
      `<path d="${facesPath(cells.map(({ face }) => face))}" fill="${inks(solid, theme).shade}" ` +
      `fill-opacity="${((0.3 * shade) / (SHADES - 1)).toFixed(2)}"/>`
    )
    .join("");
}
