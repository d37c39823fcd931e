/** The matrix view of a transposed convolution: y = Cᵀx, with the row or column of the current step. */

/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Plan, Scene} from "./layout.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Grid} from "../marks/geometry.js" */
/** @import {Base, Overlay, View} from "./paint.js" */
/** @import {Wording} from "../marks/cells.js" */

import { boxes, outlines } from "../marks/shapes.js";
import { coverMarks } from "../marks/cover.js";
import { cellRect, gridRect, hull, NO_RING, place } from "../marks/geometry.js";
import { liveStep, spanOf } from "../model/clock.js";
import { plain } from "../model/strings.js";
import { product, stampOf, tapsOf } from "../model/trace.js";
import { label, plan } from "./layout.js";
import { small } from "./letters.js";
import { nowMarks, paint } from "./paint.js";

const [X, Y, C, CT] = ["x", "y", "C", "Cᵀ"];

/** @param {Scene} scene @returns {Plan} */
export function layout(scene) {
  const { stage, box, theme } = scene;
  const [inputs, outputs] = /** @type {{shape: number[]}} */ (stage.matrix).shape;
  const gap = theme.label * 2.2;
  const head = theme.label * 4.6;
  const left = theme.edgeRoom + theme.small * 3;
  const alone = scene.trace.params.view === "matrix";
  const h = Math.max(1.5, Math.min(0.5 * theme.cell, (Math.max(box.height, alone ? 470 : 0) - head) / outputs));
  // Where few rows make large cells, x needs more room above the matrix.
  const top = Math.max(head, h + gap * 0.9 + theme.label * 1.5);
  const share = alone ? 0.36 : 0.72;
  const w = Math.max(1.5, Math.min(0.72 * theme.cell, h * 1.7, (share * box.width) / (inputs + 1)));
  const yX = left + inputs * w + gap;
  const cX = yX + w + gap * 1.6;
  const cw = Math.max(0.5, Math.min(0.5 * theme.cell, (box.width - cX - theme.edgeRoom) / outputs));
  const grid = (
    /** @type {string} */ tensor,
    /** @type {string} */ role,
    /** @type {number[]} */ size,
    /** @type {number[]} */ at,
  ) => /** @type {Grid} */ ({
    shared: false,
    tensor,
    lead: [],
    dims: 2,
    rows: size[0],
    cols: size[1],
    x: Math.round(at[0]),
    y: Math.round(at[1]),
    w: at[2],
    h: at[3],
    pad: NO_RING,
    role,
    group: -1,
    look: "solid",
    name: tensor,
  });
  const grids = [
    grid(X, "input", [1, inputs], [left, top - h - gap * 0.9, w, h]),
    {
      ...grid(CT, "kernel", [outputs, inputs], [left, top, w, h]),
      look: small(scene.trace, stage) ? /** @type {const} */ ("bare") : /** @type {const} */ ("solid"),
    },
    grid(Y, "output", [outputs, 1], [yX, top, w, h]),
    ...(alone ? [grid(C, "kernel", [inputs, outputs], [cX, top, cw, Math.max(h, Math.min(cw, h * 1.4))])] : []),
  ];
  const above = (/** @type {Grid} */ of) => ({ x: of.x + (of.cols * of.w) / 2, y: of.y - theme.label * 0.9 });
  const words = [
    { ...label(X, [inputs], "input", above(grids[0]), theme) },
    { ...label(CT, [outputs, inputs], "kernel", above(grids[1]), theme) },
    label(Y, [outputs], "output", above(grids[2]), theme),
    ...(alone ? [label(C, [inputs, outputs], "kernel", above(grids[3]), theme)] : []),
    ...(alone && cX + 300 < box.width
      ? notes(scene, box.width - cX).map((text, n) => ({
        x: cX,
        y: grids[3].y + gridRect(grids[3]).h + theme.label * (1.8 + 1.6 * n),
        text,
        size: theme.label,
        color: theme.muted,
        anchor: /** @type {const} */ ("start"),
      }))
      : []),
  ];
  const far = hull(grids.map(gridRect));
  const width = Math.min(box.width, far.x + far.w + theme.edgeRoom);
  return plan(scene, h, grids, words, width, far.y + far.h + 8, { into: "right", out: "right" });
}

/** @param {Scene} scene @param {number} width */
function notes({ t, theme }, width) {
  const most = Math.floor(width / (0.5 * theme.label));
  return ["matrix.stamp", "matrix.window", "matrix.direct"].flatMap((key) => wrapped(t(key), most));
}

/** @param {string} text @param {number} most */
function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line.length + word.length < most) lines[lines.length - 1] = line ? `${line} ${word}` : word;
    else lines.push(word);
  }
  return lines;
}

/** @param {number[]} index @param {number[]} shape */
function flat(index, shape) {
  return index.reduce((sum, i, a) => sum * shape[a] + i, 0);
}

/**
 * Which (input, output) pairs of the matrix hold a weight; all others are zeros of the structure.
 * @param {Trace} trace
 * @param {Stage} stage
 * @returns {Set<string>}
 */
function wired(trace, stage) {
  const [input, output] = [trace.tensors[stage.input].shape, trace.tensors[stage.output].shape];
  const cells = product(
    (stage.by === "input" ? input : output).map((side) => Array.from({ length: side }, (_, i) => i)),
  );
  return new Set(
    cells.flatMap((cell) =>
      stage.by === "input"
        ? stampOf(stage, cell).flatMap((
          tap,
        ) => (tap.output ? [`${flat(cell, input)} ${flat(tap.output, output)}`] : []))
        : tapsOf(stage, cell).flatMap((
          tap,
        ) => (tap.input ? [`${flat(tap.input, input)} ${flat(cell, output)}`] : []))
    ),
  );
}

/** @param {Plan} plan @param {Trace} trace @param {Theme} theme @returns {Base} */
export function base(plan, trace, theme) {
  const { stage } = plan;
  const cells = wired(trace, stage);
  const value = valueIn(trace, stage);
  /** @type {Wording} */
  const wording = (grid, index) => {
    const pair = pairOf(grid, index);
    if (pair && !cells.has(pair.join(" "))) return { text: "·", color: theme.muted };
    return { text: plain(value(grid, index)), color: theme.text };
  };
  const drawn = paint(plan, theme, wording, value, letters(plan, trace, theme));
  return { ...drawn, shapes: [...drawn.shapes, ...letterFills(plan, trace, cells, theme)] };
}

/** The letter of each input cell, in the row x. */
/** @param {Plan} plan @param {Trace} trace @param {Theme} theme */
function letters(plan, trace, theme) {
  const x = plan.grids[0];
  if (!small(trace, plan.stage) || x.w < theme.legible.number) return [];
  const size = Math.min(12, x.h * 0.6);
  return Array.from({ length: x.cols }, (_, n) => ({
    x: x.x + n * x.w + size * 0.5,
    y: x.y + x.h / 2,
    text: String.fromCharCode(97 + n),
    size,
    color: theme.groups[n % theme.groups.length].ink,
    weight: 700,
  }));
}

/** Fills by letter: the cell of x, and the weights of its stamp in the column of Cᵀ. */
/** @param {Plan} plan @param {Trace} trace @param {Set<string>} cells @param {Theme} theme */
function letterFills(plan, trace, cells, theme) {
  if (!small(trace, plan.stage)) return [];
  const [x, ct] = plan.grids;
  return theme.groups.flatMap((group, hue) => {
    const columns = Array.from({ length: x.cols }, (_, n) => n).filter((n) =>
      n % theme.groups.length === hue
    );
    const found = columns.flatMap((n) => [
      cellRect(x, 0, n),
      ...Array.from({ length: ct.rows }, (_, row) => row).filter((row) => cells.has(`${n} ${row}`)).map((
        row,
      ) => cellRect(ct, row, n)),
    ]);
    return found.length === 0 ? [] : [boxes(found, group.fill), outlines(found, group.line, 1, "below")];
  });
}

/** The input and output that a cell of C or Cᵀ joins. */
/** @param {Grid} grid @param {number[]} index */
function pairOf(grid, [row, col]) {
  if (grid.tensor === CT) return [col, row];
  return grid.tensor === C ? [row, col] : null;
}

/** @param {Trace} trace @param {Stage} stage */
function valueIn(trace, stage) {
  const values = /** @type {{values: number[][]}} */ (stage.matrix).values;
  const line = (/** @type {string} */ name) => trace.tensors[name].values?.flat(Infinity) ?? [];
  const [x, y] = [line(stage.input), line(stage.output)];
  return (/** @type {Grid} */ grid, /** @type {number[]} */ [row, col]) => {
    if (grid.tensor === X) return x[col];
    if (grid.tensor === Y) return y[row];
    return grid.tensor === C ? values[row][col] : values[col][row];
  };
}

/** @param {Plan} plan @param {Trace} trace @param {View} view @returns {Overlay} */
export function overlay(plan, trace, { step: number, theme }) {
  const { stage } = plan;
  const step = liveStep(trace, stage, number);
  const grid = (
    /** @type {string} */ name,
  ) => /** @type {Grid} */ (plan.grids.find((found) => found.tensor === name));
  const [x, y, c, ct] = [grid(X), grid(Y), grid(C), grid(CT)];
  const by = stage.by === "input" ? stage.input : stage.output;
  const at = step ? flat(step.position, trace.tensors[by].shape) : -1;
  const { before, total } = spanOf(trace, stage);
  const done = number >= before + total ? y.rows : stage.by === "input" ? 0 : at + 1;
  const cover = coverMarks([{ grid: y, done }], theme);
  if (!step) {
    return {
      under: [],
      shapes: [...cover, outlines([gridRect(y)], theme.roles.output.line, theme.width.outline)],
      images: [],
    };
  }
  const line = theme.roles.kernel.line;
  const frames = stage.by === "input"
    ? [strip(ct, null, at), ...(c ? [strip(c, at, null)] : [])]
    : [strip(ct, at, null), ...(c ? [strip(c, null, at)] : [])];
  return {
    under: [],
    shapes: [
      ...cover,
      outlines([gridRect(y)], theme.roles.output.line, theme.width.outline),
      outlines(frames, line, theme.width.window - 0.5),
      ...(stage.by === "input" ? nowMarks(plan, X, [0, at], step.value, theme) : [
        outlines([gridRect(x)], theme.roles.input.line, theme.width.window - 1),
        ...nowMarks(plan, Y, [at, 0], step.value, theme),
      ]),
    ],
    images: [],
  };
}

/** One row or one column of a grid. */
/** @param {Grid} grid @param {number | null} row @param {number | null} col */
function strip(grid, row, col) {
  const first = /** @type {{rect: import("../marks/geometry.js").Rect}} */ (place([grid], grid.tensor, [
    row ?? 0,
    col ?? 0,
  ]));
  return row === null ? { ...first.rect, h: grid.rows * grid.h } : { ...first.rect, w: grid.cols * grid.w };
}
