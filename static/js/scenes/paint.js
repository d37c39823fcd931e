/** What scenes share: the still half of a figure, the cover, the marks of a step and of a focused cell. */

/** @import {Grid, Rect} from "../marks/geometry.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Shape} from "../marks/shapes.js" */
/** @import {Image} from "../marks/image.js" */
/** @import {Wording} from "../marks/cells.js" */
/** @import {Cell, Stage, Step, Tensor, Trace} from "../model/types.js" */
/** @import {Plan} from "./layout.js" */

import { gridMarks, numbered, numberWords, outlineMarks, shadesSvg, thin } from "../marks/cells.js";
import { coverMarks } from "../marks/cover.js";
import { hull, innerLines, latticeRects, place, roundedPath } from "../marks/geometry.js";
import { image, wordsSvg } from "../marks/image.js";
import { boxes, filled, lines, now, outlines } from "../marks/shapes.js";
import { liveStep, progress } from "../model/clock.js";
import { plain } from "../model/strings.js";
import { borders, product, touched, valueAt } from "../model/trace.js";

/**
 * The still half of a figure. `backs` lie under everything, then the links of a step, then the grids.
 * @typedef {{backs: Shape[], shapes: Shape[], images: Image[]}} Base
 * `turn`, 0 to 1, says how far what is turned before it slides has been turned.
 * @typedef {{under: Shape[], shapes: Shape[], images: Image[]}} Overlay
 * @typedef {{step: number, focus: Cell | null, theme: Theme, turn?: number, asking?: boolean}} View
 */

/**
 * @param {Plan} plan
 * @param {Theme} theme
 * @param {Wording} wording
 * @param {(grid: Grid, index: number[]) => number | null} value
 * @param {import("../marks/image.js").Word[]} [more]
 * @returns {Base}
 */
export function paint(plan, theme, wording, value, more = []) {
  const box = { x: 0, y: 0, w: plan.width, h: plan.height };
  const own = plan.grids.filter((grid) => !grid.shared);
  const small = own.filter((grid) => grid.look === "solid" && !numbered(grid, theme));
  const large = own.filter((grid) => numbered(grid, theme));
  const words = [
    ...plan.words,
    ...large.flatMap((grid) => numberWords(grid, wording, theme)),
    ...badgeWords(plan, theme),
    ...more,
  ];
  return {
    backs: [...backMarks(plan, theme), ...stubMarks(plan, theme)],
    shapes: [...gridMarks(own, theme), ...badgeMarks(plan, theme)],
    images: [
      image(box, small.map((grid) => shadesSvg(grid, value, theme)).join(""), "below"),
      image(box, wordsSvg(words, theme)),
    ],
  };
}

/** @param {Plan} plan @param {Theme} theme */
function backMarks(plan, theme) {
  return theme.groups.flatMap((group, n) => {
    const found = plan.backs.filter((back) => back.group % theme.groups.length === n);
    return found.length === 0
      ? []
      : [filled(found.map((back) => roundedPath(back.rect, 8)).join(""), `${group.fill}66`)];
  });
}

/** @param {Plan} plan @param {Theme} theme */
function stubMarks({ stubs }, theme) {
  return stubs.length === 0 ? [] : [outlines(stubs, theme.edge, 1.2, "below", "3px,3px")];
}

/** @param {Plan} plan @param {Theme} theme */
function badgeMarks(plan, theme) {
  return theme.groups.flatMap((group, n) => {
    const found = plan.badges.filter((badge) => badge.group % theme.groups.length === n);
    if (found.length === 0) return [];
    const half = theme.small * 0.65;
    return [
      filled(
        found.map(({ x, y }) => roundedPath({ x: x - half, y: y - half, w: 2 * half, h: 2 * half }, 3)).join(
          "",
        ),
        group.ink,
      ),
    ];
  });
}

/** @param {Plan} plan @param {Theme} theme */
function badgeWords(plan, theme) {
  return plan.badges.map(({ x, y, group }) => ({
    x,
    y,
    text: letter(group),
    size: Math.round(theme.small * 0.9),
    color: theme.surface,
    weight: 700,
  }));
}

/** @param {number} n */
export function letter(n) {
  return String.fromCharCode(65 + (n % 26));
}

/**
 * What each cell of the still figure says: its value, or what padding holds.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {Theme} theme
 * @returns {Wording}
 */
export function valuesOf(trace, stage, theme) {
  const outside = paddingOf(trace, stage);
  return (grid, index) => {
    const tensor = trace.tensors[grid.tensor];
    const inside = index.every((i, axis) => i >= 0 && i < tensor.shape[axis]);
    const value = inside ? valueAt(tensor, index) : grid.tensor === stage.input ? outside(index) : null;
    if (value === null) return null;
    const blank = !inside || stuffing(tensor, index);
    return { text: plain(value), color: blank ? theme.muted : theme.text };
  };
}

/** A cell of a zero-stuffed tensor that holds no input. */
/** @param {Tensor} tensor @param {number[]} index */
export function stuffing(tensor, index) {
  return tensor.from !== undefined && tensor.from.some((axis, a) => axis[index[a + 1]] < 0);
}

/**
 * The value that padding holds, null where no window reads it.
 * @param {Trace} trace
 * @param {Stage} stage
 * @returns {(index: number[]) => number | null}
 */
function paddingOf(trace, stage) {
  const tensor = trace.tensors[stage.input];
  const rings = stage.axes.map((axis, a) => borders(axis, tensor.shape[a + 1]));
  return ([channel, ...where]) => {
    const read = where.map((i, a) => (i >= 0 && i < tensor.shape[a + 1] ? i : rings[a].get(i)));
    if (read.some((i) => i === undefined)) return null;
    const index = /** @type {number[]} */ (read);
    return index.some((i) => i < 0) ? 0 : valueAt(tensor, [channel, ...index]);
  };
}

/**
 * Covers what no step has computed: all of the output in the empty state, the rest of the current grid,
 * and every grid after it.
 * @param {Plan} plan
 * @param {Step | null} step  of this stage; null before it
 * @param {Theme} theme
 */
function coverOf(plan, step, theme) {
  return coverMarks(partsDone(plan, plan.stage.output, step), theme);
}

/** @param {Plan} plan @param {string} tensor @param {Step | null} step */
function partsDone(plan, tensor, step) {
  return plan.grids
    .filter((grid) => grid.tensor === tensor)
    .map((grid) => ({ grid, done: step ? cellsDone(grid, step.position) : 0 }));
}

/**
 * The cover of what a stage reads, as long as the stage that writes it has not come to its end.
 * @param {Plan} plan
 * @param {Trace} trace
 * @param {number} number
 * @param {Theme} theme
 */
export function coverAhead(plan, trace, number, theme) {
  const before = trace.stages.find(({ output }) => output === plan.stage.input);
  if (!before || progress(trace, before, number) === "past") return [];
  const grids = plan.grids.filter((grid) => grid.tensor === before.output && !grid.shared);
  if (grids.length === 0) return [];
  // A stage that stamps does not fill its output in reading order.
  const step = before.by === "input" ? null : liveStep(trace, before, number);
  return [...coverMarks(partsDone(plan, before.output, step), theme), ...outlineMarks(grids, theme)];
}

/**
 * The cover of a stage that fills its output in reading order, and the outlines on top of it; nothing once it is done.
 * @param {Plan} plan
 * @param {Trace} trace
 * @param {number} number
 * @param {Theme} theme
 */
export function coverUnlessPast(plan, trace, number, theme) {
  if (progress(trace, plan.stage, number) === "past") return [];
  return [...coverOf(plan, liveStep(trace, plan.stage, number), theme), ...rims(plan, theme)];
}

/** How many cells of a grid come before a position or stand on it, in reading order. */
/** @param {Grid} grid @param {number[]} position */
export function cellsDone(grid, position) {
  const all = grid.rows * grid.cols;
  const differs = grid.lead.findIndex((value, i) => value !== position[i]);
  if (differs >= 0) return grid.lead[differs] < position[differs] ? all : 0;
  const row = grid.dims === 1 ? 0 : position[position.length - 2];
  return row * grid.cols + position[position.length - 1] + 1;
}

/** The outlines of the output, drawn again where the cover runs over them. */
/** @param {Plan} plan @param {Theme} theme */
export function rims(plan, theme) {
  return outlineMarks(plan.grids.filter((grid) => grid.tensor === plan.stage.output), theme);
}

/**
 * The highlighted cell with its value.
 * @param {Plan} plan
 * @param {string} tensor
 * @param {number[]} index
 * @param {number | null} value
 * @param {Theme} theme
 * @returns {Shape[]}
 */
export function nowMarks(plan, tensor, index, value, theme) {
  const found = place(plan.grids, tensor, index);
  return found ? now(found.rect, plain(value), theme) : [];
}

/**
 * A window: where taps stand and which of the taps each one is, the box around them a grid, and whether it has gaps.
 * @typedef {{cells: Rect[], at: number[], frames: Rect[], grids: Grid[], spread: boolean}} Window
 * @param {Plan} plan
 * @param {string} tensor
 * @param {number[][]} indices
 * @returns {Window}
 */
export function windowOf(plan, tensor, indices) {
  /** @type {Map<Grid, {rect: Rect, at: number}[]>} */
  const found = new Map();
  for (const [at, index] of indices.entries()) {
    const spot = place(plan.grids, tensor, index);
    if (!spot) continue;
    const cells = found.get(spot.grid) ?? [];
    cells.push({ rect: spot.rect, at });
    found.set(spot.grid, cells);
  }
  const all = [...found.values()].flat();
  const cells = all.map(({ rect }) => rect);
  const frames = [...found.values()].map((part) => hull(part.map(({ rect }) => rect)));
  const area = (/** @type {Rect[]} */ rects) => rects.reduce((sum, { w, h }) => sum + w * h, 0);
  return {
    cells,
    at: all.map(({ at }) => at),
    frames,
    grids: [...found.keys()],
    spread: area(frames) > area(cells) + 1,
  };
}

/**
 * @param {Window} window
 * @param {{ink: string, line: string, fill: string}} colours
 * @param {Theme} theme
 * @returns {Shape[]}
 */
export function windowMarks(window, { line, fill }, theme) {
  if (window.cells.length === 0) return [];
  const grid = window.grids[0];
  const inner = window.spread ? [] : window.frames.flatMap((frame) => innerLines(frame, grid.w, grid.h));
  const width = Math.min(theme.width.window, Math.max(1.5, grid.w / 5));
  return [
    boxes(window.cells, numbered(grid, theme) ? fill : `${line}55`),
    window.spread
      ? outlines(window.cells, line, Math.min(2, width), "above")
      : lines(grid.w < 5 ? [] : inner, line, thin(grid, theme)),
    outlines(window.frames, line, width),
  ];
}

/**
 * What is said in the corner of each cell of a window, as one image that moves with it: `×w`, or `+p` in a stamp.
 * @param {Window} window
 * @param {string[]} texts  one a tap
 * @param {string} color
 * @param {Theme} theme
 * @returns {Image[]}
 */
export function cornerLabels({ cells, at }, texts, color, theme) {
  if (cells.length === 0 || cells[0].w < theme.legible.weight) return [];
  const box = hull(cells);
  const words = cells.map((cell, n) => ({
    x: cell.x - box.x + cell.w - 4,
    y: cell.y - box.y + cell.h - 3 - 0.13 * cell.h,
    text: texts[at[n]],
    size: cornerSize(cell.w, texts[at[n]], theme),
    color,
    weight: 700,
    anchor: /** @type {const} */ ("end"),
  }));
  return [image(box, wordsSvg(words, theme))];
}

/** @param {number} width @param {string} text @param {Theme} theme */
function cornerSize(width, text, theme) {
  const wanted = Math.max(theme.name === "projector" ? 18 : 12, 0.24 * width);
  return Math.round(Math.min(wanted, (0.9 * width) / (0.58 * text.length)) * 10) / 10;
}

/**
 * All that a focused cell meets, outlined in the colour of its role; the cell itself in ink.
 * @param {Plan} plan
 * @param {Trace} trace
 * @param {Cell} cell
 * @param {Theme} theme
 * @returns {Shape[]}
 */
export function focusMarks(plan, trace, cell, theme) {
  const met = touched(trace, cell).flatMap((lattice) =>
    plan.grids.filter((grid) => grid.tensor === lattice.tensor && !grid.shared).flatMap((grid) => {
      const rows = grid.dims === 1 ? [0] : lattice.axes[lattice.axes.length - 2];
      const lead = lattice.axes.slice(0, grid.lead.length);
      if (!grid.lead.every((value, i) => lead[i].includes(value))) return [];
      return [{ grid, rects: latticeRects(grid, rows, lattice.axes[lattice.axes.length - 1]) }];
    })
  );
  const found = place(plan.grids, cell.tensor, cell.index);
  const self = found?.grid.shared ? null : found;
  return [
    ...met.flatMap(({ grid, rects }) => {
      const { line } = theme.roles[grid.role] ?? theme.roles.hidden;
      const cells = rects.flatMap((rect) => innerLines(rect, grid.w, grid.h));
      return [
        boxes(rects, `${line}4D`, "below"),
        lines(grid.w < 8 ? [] : cells, line, 1, "below"),
        outlines(rects, line, Math.min(3.5, grid.w / 4 + 1), "above"),
      ];
    }),
    ...(self ? [outlines([self.rect], theme.text, Math.min(3.5, self.rect.w / 4 + 1), "above")] : []),
  ];
}

/**
 * The indices of a tensor that a focused cell meets.
 * @param {Trace} trace
 * @param {Cell} cell
 * @param {string} tensor
 */
export function metIn(trace, cell, tensor) {
  return touched(trace, cell).filter((lattice) => lattice.tensor === tensor).flatMap((lattice) =>
    product(lattice.axes)
  );
}
