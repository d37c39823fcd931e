/** Stages of one channel in a row: what one stage writes is what the next one reads, and is drawn once. */

/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Grid} from "../marks/geometry.js" */
/** @import {Block, Box, Plan} from "./layout.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */

import { blockAt, gapOf, labelOf, plan, range, threeBlocks, wordWidth } from "./layout.js";

/**
 * Whether two stages can share a grid: both slide a window over one channel of rows and columns.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {Stage} next
 */
export function linked({ tensors }, stage, next) {
  const flat = (/** @type {Stage} */ { operation, kernel, input, output }) =>
    operation === "correlate" && kernel !== undefined && tensors[input].shape.length === 3 &&
    tensors[input].shape[0] === 1 && tensors[output].shape[0] === 1;
  return flat(stage) && flat(next) && next.input === stage.output;
}

/**
 * The plans of a row of linked stages with the largest cells that fit; null where numbers would not be legible.
 * @param {Trace} trace
 * @param {Stage[]} stages
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @returns {Plan[] | null}
 */
export function chained(trace, stages, box, theme, t) {
  for (const cell of range(theme.legible.number, theme.cell + 1).reverse()) {
    const plans = placed(trace, stages, box, theme, t, cell);
    if (plans.every(({ width, height }) => width <= box.width && height <= box.height)) return plans;
  }
  return null;
}

/**
 * @param {Trace} trace
 * @param {Stage[]} stages
 * @param {Box} box
 * @param {Theme} theme
 * @param {Translate} t
 * @param {number} cell
 * @returns {Plan[]}
 */
function placed(trace, stages, box, theme, t, cell) {
  const scenes = stages.map((stage) => ({ trace, stage, box, theme, t }));
  const threes = scenes.map(threeBlocks);
  const row = threes.flatMap(({ input, kernel }) => [input, kernel]).concat(threes[threes.length - 1].output);
  const sizes = row.map((block) => blockAt(block, cell, 0, 0));
  const words = row.map((block) => labelOf(block, theme));
  const top = Math.round(theme.label * 1.8);
  const height = Math.max(...sizes.map(({ h }) => h));
  const gap = gapOf(cell, 1.1, 22, 72);
  let x = theme.edgeRoom;
  const corners = sizes.map((size, n) => {
    const room = Math.max(size.w, wordWidth(words[n]) - gap / 2);
    const at = { x: Math.round(x + (room - size.w) / 2), y: Math.round(top + (height - size.h) / 2) };
    Object.assign(words[n], { x: at.x + size.w / 2, y: at.y - theme.label * 0.95 });
    x += room + gap;
    return at;
  });
  const width = x - gap + theme.edgeRoom;
  const gridsAt = (/** @type {Block} */ block, /** @type {number} */ n, shared = false) => {
    // The ring of padding belongs to the stage that reads; its grid stands where that stage has drawn it.
    const pad = shared ? row[n].pad : block.pad;
    const { grids } = blockAt({ ...block, pad, shared }, cell, corners[n].x, corners[n].y);
    return /** @type {Grid[]} */ (grids);
  };
  return scenes.map((scene, n) => {
    const { input, kernel, output } = threes[n];
    const last = n === scenes.length - 1;
    const grids = [
      ...gridsAt(input, 2 * n),
      ...gridsAt(kernel, 2 * n + 1),
      ...gridsAt(output, 2 * n + 2, !last),
    ];
    const own = words.slice(2 * n, 2 * n + (last ? 3 : 2));
    // Plotly tells images apart by their box alone, so no two plans may have the same.
    const wide = width - scenes.length + n + 1;
    return plan(scene, cell, grids, own, wide, top + height + 6, { into: "right", out: "right" });
  });
}
