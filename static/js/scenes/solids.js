/** What the scenes drawn in depth share: blocks that show cells of a tensor, and how they look at rest. */

/** @import {Block} from "../marks/block.js" */
/** @import {Image} from "../marks/image.js" */
/** @import {Stage, Step, Trace} from "../model/types.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Plan} from "./layout.js" */

import { blockSvg, faces, facesPath, part } from "../marks/block.js";
import { image } from "../marks/image.js";
import * as correlate from "./correlate.js";
import * as transpose from "./transpose.js";

/**
 * A block that shows cells of a tensor. `deep` is the axis of the tensor that runs into the depth, `first` its index at
 * the front face; `fixed` holds the indices that all its cells share, as pairs of axis and index;
 * `owner` is the channel of the steps that a filter belongs to, −1 where the block is no filter.
 * @typedef {{tensor: string, role: string, group: number, block: Block, deep: number, first: number,
 *   fixed: number[][], flat: boolean, owner: number}} Solid
 */

/** Finer lines than this between cells would be grey. */
export const LINED = 5;

/**
 * Which cell of a block shows an index of its tensor; null where none does.
 * @param {Solid} solid
 * @param {number[]} index
 */
export function spotIn({ block, deep, first, fixed, flat }, index) {
  const at = index[deep] - first;
  if (at < 0 || at >= block.depth || fixed.some(([axis, value]) => index[axis] !== value)) return null;
  return { row: flat ? 0 : index[index.length - 2], col: index[index.length - 1], deep: at };
}

/** The block that shows a cell, and the cell as a block. */
/** @param {Solid[]} solids @param {string} tensor @param {number[]} index */
export function cellIn(solids, tensor, index) {
  for (const solid of solids.filter((found) => found.tensor === tensor)) {
    const spot = spotIn(solid, index);
    if (spot) return { solid, cell: part(solid.block, { ...spot, rows: 1, cols: 1, depth: 1 }) };
  }
  return null;
}

/** A solid's colours: its group's, or its role's; the edges always show the role. */
/** @param {Solid} solid @param {Theme} theme */
export function inks({ role, group }, theme) {
  const own = theme.roles[role] ?? theme.roles.hidden;
  const { fill, line } = group < 0 ? own : theme.groups[group % theme.groups.length];
  return { fill, shade: line, line, edge: own.line };
}

/**
 * The blocks at rest, as one image: shapes are drawn anew with every step, an image is not.
 * @param {Plan} plan
 * @param {(Solid & {hull: Block | null})[]} solids
 * @param {number[][]} arrows
 * @param {Theme} theme
 * @param {(solid: Solid) => string} [within]  what is drawn on the faces of volumes; blocks of channels are sheets
 * @returns {Image}
 */
export function stillImage(plan, solids, arrows, theme, within) {
  const { padding } = theme.roles;
  const hatch = `<pattern id="h" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
    `<rect width="7" height="7" fill="${padding.fill}"/>` +
    `<path d="M0 0V7" stroke="${padding.line}" stroke-opacity=".6"/></pattern>`;
  const drawn = solids.map((solid) => {
    const { width: { outline, grid } } = theme;
    const pen = { width: outline, thin: Math.min(grid, solid.block.w / 12), least: LINED, sheets: !within };
    const block = blockSvg(solid.block, inks(solid, theme), pen, within?.(solid));
    if (!solid.hull) return block;
    const around = facesPath(faces(solid.hull));
    return `<path d="${around}" fill="url(#h)" fill-opacity=".7"/>${block}` +
      `<path d="${around}" fill="none" stroke="${padding.line}" stroke-width="1.4" stroke-dasharray="4 3"/>`;
  });
  // Plotly tells images apart by their box alone, so this one must differ from that of the words.
  const box = { x: 0, y: 0, w: plan.width + 1, h: plan.height };
  return image(box, `<defs>${hatch}</defs>${arrowsSvg(arrows, theme)}${drawn.join("")}`);
}

/** @param {number[][]} arrows @param {Theme} theme */
function arrowsSvg(arrows, theme) {
  const paths = arrows.map(([x0, y0, x1, y1]) => {
    const [u, v] = [Math.sign(x1 - x0), Math.sign(y1 - y0)];
    const head = [-1, 1].map((way) => `M${x1 - 6 * u + 4 * v * way} ${y1 - 6 * v + 4 * u * way}L${x1} ${y1}`);
    return `M${x0} ${y0}L${x1} ${y1}${head.join("")}`;
  });
  return `<path d="${paths.join("")}" fill="none" stroke="${theme.muted}" stroke-width="1.6" stroke-linecap="round"/>`;
}

/**
 * The sentence of a step: that of the flat view.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {Step} step
 * @param {Translate} t
 */
export function narrate(trace, stage, step, t) {
  return (stage.operation === "transpose" ? transpose : correlate).narrate(trace, stage, step, t);
}

