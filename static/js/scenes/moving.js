/** What moves in a scene drawn in depth: the window, links, the yellow cell, the cover, and the marks of a focused cell. */

/** @import {Block, Cells} from "../marks/block.js" */
/** @import {Link} from "../marks/link.js" */
/** @import {Shape} from "../marks/shapes.js" */
/** @import {Cell, Lattice, Stage, Step, Trace} from "../model/types.js" */
/** @import {Theme, Triple} from "../model/theme.js" */
/** @import {Overlay, View} from "./paint.js" */
/** @import {Solid} from "./solids.js" */

import {
  cellLines,
  edgesPath,
  facesAhead,
  facesPath,
  facesWhere,
  front,
  frontRect,
  hiddenEdges,
  part,
  side,
  top,
  tunnelEdges,
} from "../marks/block.js";
import { polygonPath, rectPath, runs, segmentsPath } from "../marks/geometry.js";
import { filled, lines, stroked } from "../marks/shapes.js";
import { liveStep, progress } from "../model/clock.js";
import { grouped } from "../model/groups.js";
import { runningSums, touched } from "../model/trace.js";
import { cellIn, inks, LINED, spotIn } from "./solids.js";

/**
 * The blocks of a moment, and which way links run. A stand of `glass` shows windows inside its blocks; else they go
 * through the whole depth, and are framed on the front.
 * @typedef {{solids: Solid[], way: "right" | "down", glass: boolean}} Stand
 */

/**
 * What a step changes: window, links, the yellow cell, and the cover over cells that no step has computed.
 * @param {Stand} stand
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {View} view
 * @returns {Overlay}
 */
export function stepMarks(stand, trace, stage, { step: number, focus, theme }) {
  const live = liveStep(trace, stage, number);
  const before = trace.stages.find(({ output }) => output === stage.input);
  const cover = [
    ...(before ? coverMarks(stand, trace, before, number, theme) : []),
    ...coverMarks(stand, trace, stage, number, theme),
  ];
  const cell = live ? nowMarks(stand.solids, walked(stage), live.position, theme) : [];
  if (focus) {
    return { under: [], shapes: [...cover, ...focusMarks(stand, trace, focus, theme), ...cell], images: [] };
  }
  const moving = live ? windowMarks(stand, stage, live, theme) : { under: [], shapes: [], last: [] };
  return { under: moving.under, shapes: [...moving.shapes, ...cover, ...moving.last, ...cell], images: [] };
}

/** The tensor whose cells the steps walk through. */
/** @param {Stage} stage */
export function walked(stage) {
  return stage.by === "input" ? stage.input : stage.output;
}

/**
 * The cells under the window (or under the stamp), as one list of coordinates an axis; padding keeps its own.
 * @param {Stage} stage
 * @param {number[]} position
 */
export function windowAxes({ operation, by, axes }, [, ...where]) {
  return axes.map((axis, a) => {
    if (operation !== "transpose") return axis.at[where[a]];
    const met = by === "input" ? axis.targets : axis.source;
    return (met ?? [])[where[a]].filter((at) => at >= 0);
  });
}

/**
 * @param {Stand} stand
 * @param {Stage} stage
 * @param {Step} step
 * @param {Theme} theme
 * @returns {{under: Shape[], shapes: Shape[], last: Shape[]}}
 */
function windowMarks({ solids, way, glass }, stage, { position }, theme) {
  const stamp = stage.by === "input";
  const channel = stage.channels[position[0]][0];
  const whole = solids.find((solid) =>
    solid.tensor === (stamp ? stage.output : stage.input) && holds(solid, channel)
  );
  const filter = solids.find((solid) => solid.tensor === stage.kernel && solid.owner === position[0]);
  const cell = cellIn(solids, walked(stage), position);
  const cells = whole ? cellsOf(whole, windowAxes(stage, position)) : [];
  if (!whole || !filter || !cell || cells.length === 0) return { under: [], shapes: [], last: [] };
  const window = part(whole.block, hullOf(cells));
  const ends = (stamp ? [cell.cell, filter.block, window] : [window, filter.block, cell.cell]).map(frontRect);
  const { kernel, output } = theme.roles;
  return {
    under: [
      band({ from: ends[0], to: ends[1], way }, kernel),
      band({ from: ends[1], to: ends[2], way }, stamp ? kernel : output),
    ],
    shapes: glass ? glassMarks(whole.block, cells, filter.block, theme) : tunnelMarks(whole.block, cells, filter.block, theme),
    last: slabMarks(cell.solid, position, theme),
  };
}

/** @param {Solid} solid @param {number} channel */
function holds({ deep, first, block }, channel) {
  return deep !== 0 || (channel >= first && channel < first + block.depth);
}

/**
 * Coordinates an axis as cells of a block, neighbours joined; channels are taken whole.
 * @param {Solid} solid
 * @param {number[][]} axes  spatial
 * @returns {Cells[]}
 */
function cellsOf({ deep, flat, block }, axes) {
  const depths = deep === 0 ? [[0, block.depth - 1]] : runs(axes[0]);
  const rows = flat ? [[0, 0]] : runs(axes[axes.length - 2]);
  return depths.flatMap((depth) =>
    rows.flatMap((row) => runs(axes[axes.length - 1]).map((col) => between(depth, row, col)))
  );
}

/** @param {number[]} depth @param {number[]} row @param {number[]} col  first and last of each @returns {Cells} */
function between([near, far], [upper, lower], [left, right]) {
  return {
    deep: near,
    row: upper,
    col: left,
    depth: far - near + 1,
    rows: lower - upper + 1,
    cols: right - left + 1,
  };
}

/** The cells around others. */
/** @param {Cells[]} cells */
function hullOf(cells) {
  const last = cells[cells.length - 1];
  return between(
    [cells[0].deep, last.deep + last.depth - 1],
    [cells[0].row, last.row + last.rows - 1],
    [cells[0].col, last.col + last.cols - 1],
  );
}

/** A tint that lies under the blocks, so that it shows only between them, with its edges. */
/** @param {Link} link @param {Triple} ink @returns {Shape} */
function band({ from, to, way }, { line }) {
  const corners = way === "right"
    ? [[from.x + from.w, from.y], [to.x, to.y], [to.x, to.y + to.h], [from.x + from.w, from.y + from.h]]
    : [[from.x, from.y + from.h], [to.x, to.y], [to.x + to.w, to.y], [from.x + from.w, from.y + from.h]];
  return { ...filled(polygonPath(corners), `${line}24`), line: { color: line, width: 1.4 } };
}

/**
 * A window that goes through the whole depth: framed on the front, dashed behind it.
 * @param {Block} whole
 * @param {Cells[]} cells
 * @param {Block} filter
 * @param {Theme} theme
 * @returns {Shape[]}
 */
function tunnelMarks(whole, cells, filter, theme) {
  const { line } = theme.roles.kernel;
  const window = part(whole, hullOf(cells));
  const width = penOf(window, theme);
  return [
    filled(facesPath(cells.map((found) => front(part(whole, found)))), `${line}4D`, "above"),
    lines(tunnelEdges(window), line, Math.min(1.6, width), "above", "4px,3px"),
    stroked(rectPath(frontRect(window)) + edgesPath(filter), line, width, "above"),
  ];
}

/**
 * A window inside a volume: a block of its own, and its place cast on the volume's top and side, without which its
 * depth could not be told.
 * @param {Block} whole
 * @param {Cells[]} cells
 * @param {Block} filter
 * @param {Theme} theme
 * @returns {Shape[]}
 */
function glassMarks(whole, cells, filter, theme) {
  const { line, fill } = theme.roles.kernel;
  const hull = hullOf(cells);
  const window = part(whole, hull);
  const width = penOf(window, theme);
  const cast = [
    top(part(whole, { ...hull, row: 0 })),
    side(part(whole, { ...hull, col: whole.cols - hull.cols })),
  ];
  return [
    { ...filled(facesPath(cast), `${fill}D9`, "above"), line: { color: line, width: 1 } },
    joined(cells.map((found) => part(whole, found)), `${fill}B3`),
    lines(hiddenEdges(window), line, Math.min(1.6, width), "above", "4px,3px"),
    stroked(edgesPath(window) + edgesPath(filter), line, width, "above"),
  ];
}

/** Blocks as one tint; where they overlap, both count: the even-odd rule would leave a hole. */
/** @param {Block[]} blocks @param {string} fill @returns {Shape} */
function joined(blocks, fill) {
  return { ...filled(blocks.map(edgesPath).join(""), fill, "above"), fillrule: "nonzero" };
}

/** @param {Block} block @param {Theme} theme */
function penOf({ w }, theme) {
  return Math.min(theme.width.window, Math.max(1.5, w / 4));
}

/** The layer of a deep block on which the highlighted cell lies. */
/** @param {Solid} solid @param {number[]} position @param {Theme} theme @returns {Shape[]} */
function slabMarks(solid, position, theme) {
  const spot = spotIn(solid, position);
  if (!spot || solid.block.depth === 1) return [];
  const slab = part(solid.block, { ...solid.block, row: 0, col: 0, deep: spot.deep, depth: 1 });
  return [stroked(facesPath([front(slab)]), inks(solid, theme).edge, 1.6, "above")];
}

/**
 * The highlighted cell, as a small block where its neighbours in depth are drawn too.
 * @param {Solid[]} solids
 * @param {string} tensor
 * @param {number[]} index
 * @param {Theme} theme
 * @returns {Shape[]}
 */
function nowMarks(solids, tensor, index, theme) {
  const found = cellIn(solids, tensor, index);
  if (!found) return [];
  const { fill, outline } = theme.highlight;
  const path = found.solid.block.depth === 1 ? rectPath(frontRect(found.cell)) : edgesPath(found.cell);
  const width = Math.min(theme.width.window - 1, found.cell.w / 5 + 0.8);
  return [{ ...filled(path, fill, "above"), line: { color: outline, width } }];
}

/**
 * Hides what no step has computed, and draws the edges of the output again on top.
 * @param {Stand} stand
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {number} number
 * @param {Theme} theme
 * @returns {Shape[]}
 */
function coverMarks({ solids, glass }, trace, stage, number, theme) {
  const outputs = solids.filter(({ tensor }) => tensor === stage.output);
  if (progress(trace, stage, number) === "past") return [];
  const hidden = stage.by === "input"
    ? unreached(outputs, trace, stage, number)
    : ahead(outputs, trace, stage, number);
  if (hidden.length === 0) return [];
  const { edge } = inks(outputs[0], theme);
  const celled = glass ? hidden : hidden.filter(({ u, v }) => u[1] === 0 && v[0] === 0);
  return [
    {
      ...filled(facesPath(hidden) + segmentsPath(cellLines(celled, LINED)), theme.surface, "above"),
      line: { color: `${edge}B3`, width: 0.8, dash: "3px,3px" },
    },
    stroked(outputs.map(({ block }) => edgesPath(block)).join(""), edge, theme.width.outline, "above"),
  ];
}

/** @param {Solid[]} outputs @param {Trace} trace @param {Stage} stage @param {number} number */
function ahead(outputs, trace, stage, number) {
  const position = liveStep(trace, stage, number)?.position;
  return outputs.flatMap((solid) => facesAhead(solid.block, position ? cellsDone(solid, position) : 0));
}

/** How many cells of a block come before a position or stand on it. */
/** @param {Solid} solid @param {number[]} position */
function cellsDone({ block: { rows, cols, depth }, deep, first, flat }, position) {
  const at = position[deep] - first;
  if (at < 0) return 0;
  if (at >= depth) return rows * cols * depth;
  const row = flat ? 0 : position[position.length - 2];
  return (at * rows + row) * cols + position[position.length - 1] + 1;
}

/** What no stamp has reached. All channels of a group are stamped at once, so one look-up answers for the whole depth. */
/** @param {Solid[]} outputs @param {Trace} trace @param {Stage} stage @param {number} number */
function unreached(outputs, trace, stage, number) {
  const sums = runningSums(trace, stage, number);
  return outputs.flatMap((solid) => {
    const { block, deep } = solid;
    const seen = deep === 0
      ? { ...block, depth: 1, dx: block.depth * block.dx, dy: block.depth * block.dy }
      : block;
    return facesWhere(seen, (row, col, at) => !sums.has(indexOf(solid, row, col, at).join()));
  });
}

/** @param {Solid} solid @param {number} row @param {number} col @param {number} at */
function indexOf({ fixed, deep, first, flat }, row, col, at) {
  const index = flat ? [0, col] : deep === 0 ? [0, row, col] : [0, 0, row, col];
  for (const [axis, value] of fixed) index[axis] = value;
  index[deep] = first + at;
  return index;
}

/**
 * A focused cell and all that it meets, wherever a block shows it.
 * @param {Stand} stand
 * @param {Trace} trace
 * @param {Cell} cell
 * @param {Theme} theme
 * @returns {Shape[]}
 */
function focusMarks({ solids }, trace, cell, theme) {
  const met = touched(trace, cell);
  const found = solids.flatMap((solid) =>
    metCells(solid, met.filter(({ tensor }) => tensor === solid.tensor))
      .map((cells) => ({ role: solid.role, box: part(solid.block, cells) }))
  );
  const self = cellIn(solids, cell.tensor, cell.index);
  return [
    ...grouped(found, ({ role }) => role).map(([role, parts]) => {
      const { line } = theme.roles[role] ?? theme.roles.hidden;
      return { ...joined(parts.map(({ box }) => box), `${line}59`), line: { color: line, width: 2.4 } };
    }),
    ...(self ? [stroked(edgesPath(self.cell), theme.text, 3, "above")] : []),
  ];
}

/** The cells of a block that lattices hold; those with the same rows and columns are joined in depth. */
/** @param {Solid} solid @param {Lattice[]} lattices @returns {Cells[]} */
function metCells({ deep, first, fixed, flat, block }, lattices) {
  const here = lattices.filter(({ axes }) => fixed.every(([axis, value]) => axes[axis].includes(value)));
  return grouped(here, ({ axes }) => axes.slice(flat ? -1 : -2).join("/")).flatMap(([, alike]) => {
    const axes = alike[0].axes;
    const depths = alike.flatMap((lattice) => lattice.axes[deep]).map((at) => at - first).filter((at) =>
      at >= 0 && at < block.depth
    );
    const rows = flat ? [[0, 0]] : runs(axes[axes.length - 2]);
    return runs(depths).flatMap((depth) =>
      rows.flatMap((row) => runs(axes[axes.length - 1]).map((col) => between(depth, row, col)))
    );
  });
}
