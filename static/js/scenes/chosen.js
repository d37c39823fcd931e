/** Some tensors of a figure alone: the grids of the others left out, and what lay between them drawn together. */

/** @import {Grid, Rect} from "../marks/geometry.js" */
/** @import {Word} from "../marks/image.js" */
/** @import {Plan} from "./layout.js" */

import { hull, ringRect } from "../marks/geometry.js";
import { wordWidth } from "./layout.js";

/** Scenes that are made of grids alone; the others are one picture of all tensors. */
const FLAT = ["correlate", "transpose", "pool", "activate", "shuffle", "resize"];

/** The widest room that is left between two grids, as a share of a cell, and at least so many pixels. */
const BETWEEN = 1.2;
const LEAST = 24;

/** A word farther from its grid than so many times its height is none of it. */
const NEAR = 1.8;

/**
 * The plans with the grids of these tensors alone, as close together as they can stand; none where no such grid is drawn.
 * @param {Plan[]} plans
 * @param {string[]} tensors
 * @returns {{plans: Plan[], width: number, height: number}}
 */
export function chosen(plans, tensors) {
  const kept = plans.filter(isFlat).map((plan) => only(plan, tensors)).filter(({ grids }) => grids.length > 0);
  if (kept.length === 0) return { plans: [], width: 0, height: 0 };
  const blocks = kept.flatMap((plan) => plan.grids.map((grid) => blockOf(grid, plan.words)));
  const gap = Math.max(LEAST, BETWEEN * Math.max(...kept.map(({ cell }) => cell)));
  const shift = {
    x: closing(blocks.map(({ x, w }) => ({ from: x, to: x + w })), gap),
    y: closing(blocks.map(({ y, h }) => ({ from: y, to: y + h })), gap),
  };
  const moved = kept.map((plan) => closed(plan, shift));
  const all = hull(moved.flatMap((plan) => plan.grids.map((grid) => blockOf(grid, plan.words))));
  const [width, height] = [Math.ceil(all.x + all.w + EDGE), Math.ceil(all.y + all.h + EDGE)];
  return { plans: moved.map((plan) => ({ ...plan, width, height })), width, height };
}

const EDGE = 4;

/** @param {Plan} plan */
function isFlat({ scene, stage }) {
  return FLAT.includes(scene) && !stage.matrix;
}

/** @param {Plan} plan @param {string[]} tensors @returns {Plan} */
function only(plan, tensors) {
  const grids = plan.grids.filter(({ tensor }) => tensors.includes(tensor));
  const words = plan.words.filter((word) => {
    const owner = word.weight ? nearest(plan.grids, word) : null;
    return owner !== null && grids.includes(owner);
  });
  return { ...plan, grids, words, stubs: [], backs: [], badges: [] };
}

/** The grid that a word belongs to: the nearest, if it is near. */
/** @param {Grid[]} grids @param {Word} word @returns {Grid | null} */
function nearest(grids, word) {
  const box = wordRect(word);
  const far = grids.map((grid) => distance(ringRect(grid), box));
  const least = Math.min(...far);
  return least <= NEAR * word.size ? grids[far.indexOf(least)] : null;
}

/** @param {Rect} a @param {Rect} b */
function distance(a, b) {
  const dx = Math.max(0, a.x - b.x - b.w, b.x - a.x - a.w);
  const dy = Math.max(0, a.y - b.y - b.h, b.y - a.y - a.h);
  return Math.hypot(dx, dy);
}

/** @param {Word} word @returns {Rect} */
function wordRect(word) {
  const w = wordWidth(word);
  const left = { start: 0, middle: w / 2, end: w }[word.anchor ?? "middle"];
  return { x: word.x - left, y: word.y - word.size / 2, w, h: word.size };
}

/** The box of a grid with its words. */
/** @param {Grid} grid @param {Word[]} words */
function blockOf(grid, words) {
  return hull([ringRect(grid), ...words.filter((word) => nearest([grid], word)).map(wordRect)]);
}

/**
 * How far what begins at a place is to be moved, so that no two stretches stand farther apart than `gap`.
 * @param {{from: number, to: number}[]} stretches
 * @param {number} gap
 * @returns {(at: number) => number}
 */
export function closing(stretches, gap) {
  const sorted = [...stretches].sort((a, b) => a.from - b.from);
  let end = EDGE;
  let taken = 0;
  const cuts = sorted.flatMap(({ from, to }, n) => {
    const spare = n === 0 ? from - EDGE : from - end - gap;
    end = Math.max(end, to);
    if (spare <= 0 && n > 0) return [];
    taken += spare;
    return [{ from, taken }];
  });
  return (at) => -Math.round(cuts.filter(({ from }) => from <= at + 0.5).pop()?.taken ?? 0);
}

/** @param {Plan} plan @param {{x: (at: number) => number, y: (at: number) => number}} shift @returns {Plan} */
function closed(plan, shift) {
  const by = (/** @type {Grid} */ grid) => {
    const { x, y } = blockOf(grid, plan.words);
    return { x: shift.x(x), y: shift.y(y) };
  };
  const grids = plan.grids.map((grid) => ({ ...grid, x: grid.x + by(grid).x, y: grid.y + by(grid).y }));
  const words = plan.words.map((word) => {
    const owner = nearest(plan.grids, word);
    const move = owner ? by(owner) : { x: 0, y: 0 };
    return { ...word, x: word.x + move.x, y: word.y + move.y };
  });
  return { ...plan, grids, words };
}
