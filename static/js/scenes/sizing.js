/** How large the cells of an arrangement may be in a box, and which arrangement suits it. Pure. */

/** @import {Box, Plan, Scene} from "./layout.js" */

import { range } from "./layout.js";

/** Cells shrink by whole pixels down to three, then further: a figure is never wider than its box. */
const TINY = [2, 1.5, 1, 0.75, 0.5, 0.25];

/** How much larger its cells must be before another arrangement than the first is taken. */
const WORTH = 1.25;

/** @typedef {(scene: Scene, cell: number) => Plan} Arrange */

/**
 * The arrangement that suits a box: the first, unless another has much larger cells.
 * @param {Scene} scene
 * @param {Arrange[]} arrangements  which do not depend on the box
 * @returns {Plan}
 */
export function fitted(scene, arrangements) {
  const { cell: best, legible: { number } } = scene.theme;
  const [first, ...others] = arrangements;
  const plan = largest(scene, first);
  if (plan.cell === best) return plan;
  for (const other of others) {
    const its = largest(scene, other);
    if (its.cell >= WORTH * plan.cell || (plan.cell < number && its.cell >= number)) return its;
  }
  return plan;
}

/** @param {Scene} scene @param {Arrange} arrange */
function largest(scene, arrange) {
  const { box, theme } = scene;
  const cells = [...range(3, theme.cell + 1).reverse(), ...TINY];
  return largestFitting(plansOf(scene, arrange), cells, box, theme.legible.room);
}

/**
 * The plan with the largest cells that fits a box. Down to cells of a size that is enough the height yields to them.
 * @template {Plan} P
 * @param {(cell: number) => P} plans
 * @param {number[]} cells  descending
 * @param {Box} box
 * @param {number} enough
 */
export function largestFitting(plans, cells, box, enough) {
  return plans(firstFitting(cells, (cell) => {
    const { width, height } = plans(cell);
    return width <= box.width && (height <= box.height || cell <= enough);
  }));
}

/**
 * The first of descending sizes of cells that fits, or the last. Larger cells never make a smaller figure, so half of
 * the sizes left are ruled out at a time.
 * @param {number[]} cells
 * @param {(cell: number) => boolean} fits
 */
export function firstFitting(cells, fits) {
  if (fits(cells[0])) return cells[0];
  let [least, most] = [1, cells.length - 1];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (fits(cells[middle])) most = middle;
    else least = middle + 1;
  }
  return cells[least];
}

/**
 * Plans of a figure by the size of its cells. A figure is laid out for many boxes until one suits, with thousands of
 * grids in the largest: what has been laid out with cells of a size is not laid out again.
 * @template {Plan} P
 * @param {Scene} scene
 * @param {(scene: Scene, cell: number) => P} arrange
 * @param {string} [key]  what of the box the arrangement depends on
 * @returns {(cell: number) => P}
 */
export function plansOf(scene, arrange, key = "") {
  const { trace, stage, theme, t } = scene;
  const found = [trace, stage, theme, t].reduce(within, known);
  const plans = found.get(arrange) ?? new Map();
  found.set(arrange, plans);
  return (cell) => {
    const name = `${cell} ${key}`;
    if (!plans.has(name)) plans.set(name, arrange(scene, cell));
    return plans.get(name);
  };
}

/** @type {WeakMap<object, any>} */
const known = new WeakMap();

/** @param {WeakMap<object, any>} tables @param {object} key @returns {WeakMap<object, any>} */
function within(tables, key) {
  if (!tables.has(key)) tables.set(key, new WeakMap());
  return tables.get(key);
}
