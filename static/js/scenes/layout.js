/** Layout: where the grids of a stage stand with cells of a size. */

/** @import {Grid, Rect} from "../marks/geometry.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Word} from "../marks/image.js" */
/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */

import { hull, ringRect } from "../marks/geometry.js";
import { times } from "../model/strings.js";

/**
 * `ways` says how links run; `stubs` are the missing connections; `backs` the boxes behind groups. A scene that draws
 * more than grids and words draws it from `origin`, which is where the plan has been moved to.
 * @typedef {{scene: string, stage: Stage, origin: {x: number, y: number}, width: number, height: number, cell: number, grids: Grid[], words: Word[],
 *   stubs: Rect[], backs: {rect: Rect, group: number}[], badges: {x: number, y: number, group: number}[],
 *   ways: {into: "right" | "down", out: "right" | "down"}, crossed: boolean}} Plan
 * @typedef {{width: number, height: number}} Box
 * @typedef {{trace: Trace, stage: Stage, box: Box, theme: Theme, t: Translate}} Scene
 * @typedef {{tensor: string, lead: number[], size: number[], pad?: number[][], role: string, group?: number,
 *   look?: Grid["look"], name: string, stack?: "right" | "down", shared?: boolean}} Block
 */

/**
 * The grids of one block: a row of cells, a grid, or the slices of a volume side by side.
 * @param {Block} block
 * @param {number} cell
 * @param {number} x
 * @param {number} y
 * @returns {{grids: Grid[], w: number, h: number}}
 */
export function blockAt(block, cell, x, y) {
  const { size, pad = size.map(() => [0, 0]), lead, stack = "right" } = block;
  const dims = size.length;
  const [rows, cols] = dims === 1 ? [1, size[0]] : size.slice(-2);
  const [vertical, horizontal] = dims === 1 ? [[0, 0], pad[0]] : pad.slice(-2);
  const ring = { top: vertical[0], bottom: vertical[1], left: horizontal[0], right: horizontal[1] };
  const slices = dims === 3 ? range(-pad[0][0], size[0] + pad[0][1]) : [null];
  const gap = Math.max(8, Math.round(cell / 2));
  const grids = slices.map((slice, n) => {
    const w = (cols + ring.left + ring.right) * cell + gap;
    const h = (rows + ring.top + ring.bottom) * cell + gap;
    const outside = slice !== null && (slice < 0 || slice >= size[0]);
    return {
      tensor: block.tensor,
      lead: slice === null ? lead : [...lead, slice],
      dims,
      rows,
      cols,
      x: x + ring.left * cell + (stack === "right" ? n * w : 0),
      y: y + ring.top * cell + (stack === "down" ? n * h : 0),
      w: cell,
      h: cell,
      pad: ring,
      role: block.role,
      group: block.group ?? -1,
      look: outside ? /** @type {const} */ ("hatched") : block.look ?? "solid",
      name: block.name,
      shared: block.shared ?? false,
    };
  });
  const all = hull(grids.map(ringRect));
  return { grids, w: all.w, h: all.h };
}

/** @param {number} from @param {number} to */
export function range(from, to) {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/**
 * @param {number} cell
 * @param {number} share
 * @param {number} least
 * @param {number} most
 */
export function gapOf(cell, share, least, most) {
  return Math.round(Math.max(least, Math.min(most, share * cell)));
}

/**
 * The name and size of a tensor, as a word above its grid.
 * @param {string} name
 * @param {number[]} size
 * @param {string} role
 * @param {{x: number, y: number}} at
 * @param {Theme} theme
 * @returns {Word}
 */
export function label(name, size, role, at, theme) {
  const color = (theme.roles[role] ?? theme.roles.hidden).ink;
  return {
    ...at,
    text: name,
    size: theme.label,
    color,
    weight: 700,
    halo: theme.surface,
    tail: { text: times(size), color: theme.muted },
  };
}

/** @param {Block} block @param {Theme} theme */
export function labelOf(block, theme) {
  return label(
    block.name,
    block.size,
    block.role === "padding" ? "input" : block.role,
    { x: 0, y: 0 },
    theme,
  );
}

/** About how wide a label is: it must not run into its neighbour. */
/** @param {Word} word */
export function wordWidth(word) {
  const tail = word.tail ? lettersOf(word.tail.text) * 0.93 + 0.7 : 0;
  return (lettersOf(word.text) + tail) * 0.6 * word.size;
}

/** How many Latin letters are as wide as a text; a Chinese character is as wide as it is high. */
/** @param {string} text */
export function lettersOf(text) {
  let sum = 0;
  for (const letter of text) sum += letter > "\u2e7f" ? 1.66 : 1;
  return sum;
}

/**
 * What a tensor is called in a figure.
 * @param {string} tensor
 * @param {Translate} t
 */
export function nameOf(tensor, t) {
  const layer = /^(hidden|kernel)-(\d+)$/.exec(tensor);
  return layer ? t(`tensor.${layer[1]}.n`, { n: layer[2] }) : t(`tensor.${tensor}`);
}

/**
 * What a stage is called.
 * @param {string} id
 * @param {Translate} t
 */
export function stageName(id, t) {
  const numbered = /^(layer|transposed)-(\d+)$/.exec(id);
  return numbered ? t(`stage.${numbered[1]}.n`, { n: numbered[2] }) : t(`stage.${id}`);
}

/**
 * The three blocks of a stage with one channel on either side.
 * @param {Scene} scene
 */
export function threeBlocks({ trace, stage, t }) {
  const { [stage.input]: input, [stage.kernel ?? ""]: kernel, [stage.output]: output } = trace.tensors;
  const stuffed = input.role === "padded";
  return {
    input: /** @type {Block} */ ({
      tensor: stage.input,
      lead: [0],
      size: input.shape.slice(1),
      pad: stage.operation === "transpose" || stuffed ? undefined : ringOf(stage),
      role: stuffed ? "padding" : input.role,
      look: stuffed ? "hatched" : "solid",
      name: stuffed ? t("role.stuffed") : nameOf(stage.input, t),
    }),
    kernel: /** @type {Block} */ ({
      tensor: stage.kernel ?? "",
      lead: [0, 0],
      size: kernel.shape.slice(2),
      role: "kernel",
      name: stuffed ? t("role.turned") : nameOf(stage.kernel ?? "", t),
    }),
    output: /** @type {Block} */ ({
      tensor: stage.output,
      lead: [0],
      size: output.shape.slice(1),
      // What padding crops of a transposed convolution stands around its output.
      pad: stage.operation === "transpose" && stage.padding?.some((pair) => pair.some((side) => side > 0))
        ? ringOf(stage)
        : undefined,
      role: output.role,
      name: nameOf(stage.output, t),
    }),
  };
}

/** The padding drawn around the input; cells of padding that no window reaches are drawn too. */
/** @param {Stage} stage */
function ringOf(stage) {
  return stage.padding?.map((pair) => pair.map((side) => Math.max(side, 0)));
}

/**
 * Input, kernel and output side by side.
 * @param {Scene} scene
 * @param {number} cell
 * @returns {Plan}
 */
export function inRow(scene, cell) {
  const { theme } = scene;
  const blocks = Object.values(threeBlocks(scene));
  const placed = blocks.map((block) => blockAt(block, cell, 0, 0));
  const words = blocks.map((block) => labelOf(block, theme));
  const top = Math.round(theme.label * 1.8);
  const height = Math.max(...placed.map(({ h }) => h));
  const gaps = [gapOf(cell, 1.6, 30, 100), gapOf(cell, 1.35, 28, 90), 0];
  let x = theme.edgeRoom;
  const grids = placed.flatMap((part, n) => {
    const room = Math.max(part.w, wordWidth(words[n]) - (n === 1 ? gaps[0] / 2 : 0));
    const dy = Math.round(top + (height - part.h) / 2);
    const dx = Math.round(x + (room - part.w) / 2);
    words[n].x = dx + part.w / 2;
    words[n].y = dy - theme.label * 0.95;
    x += room + gaps[n];
    return part.grids.map((grid) => moved(grid, dx, dy));
  });
  return plan(scene, cell, grids, words, x + theme.edgeRoom, top + height + 4, {
    into: "right",
    out: "right",
  });
}

/**
 * Kernel level with the window at the right, the output under it: the narrow arrangement.
 * @param {Scene} scene
 * @param {number} cell
 * @returns {Plan}
 */
export function inCorner(scene, cell) {
  const { theme } = scene;
  const { input, kernel, output } = threeBlocks(scene);
  const [a, b, c] = [input, kernel, output].map((block) => blockAt(block, cell, 0, 0));
  const words = [input, kernel, output].map((block) => labelOf(block, theme));
  const top = Math.round(theme.label * 1.8);
  const gap = gapOf(cell, 1.5, 26, 80);
  const right = Math.max(b.w, c.w, wordWidth(words[1]), wordWidth(words[2]));
  const column = theme.edgeRoom + a.w + gap;
  const level = top + Math.max(0, Math.round(Math.min((a.h - b.h) / 2, a.h - b.h - c.h - gap)));
  const under = level + b.h + gap;
  const places = [
    { x: theme.edgeRoom, y: top },
    { x: column + (right - b.w) / 2, y: level },
    { x: column + (right - c.w) / 2, y: under },
  ];
  [a, b, c].forEach((part, n) => {
    words[n].x = places[n].x + part.w / 2;
    words[n].y = n === 2 ? under + c.h + theme.label : places[n].y - theme.label * 0.95;
  });
  const grids = [a, b, c].flatMap((part, n) =>
    part.grids.map((grid) => moved(grid, places[n].x, places[n].y))
  );
  const height = Math.max(top + a.h + 4, under + c.h + theme.label * 1.8);
  return plan(scene, cell, grids, words, column + right + theme.edgeRoom, height, {
    into: "right",
    out: "down",
  });
}

/**
 * Input over kernel over output: rows of one dimension, or volumes as rows of slices.
 * @param {Scene} scene
 * @param {number} cell
 * @returns {Plan}
 */
export function inStack(scene, cell) {
  const { theme } = scene;
  const blocks = Object.values(threeBlocks(scene));
  const placed = blocks.map((block) => blockAt(block, cell, 0, 0));
  const words = blocks.map((block) => labelOf(block, theme));
  const width = Math.max(...placed.map(({ w }, n) => Math.max(w, wordWidth(words[n]))));
  const top = Math.round(theme.label * 1.8);
  const gap = gapOf(cell, 0.5, 14, 36);
  let y = 0;
  const grids = placed.flatMap((part, n) => {
    const dx = Math.round(theme.edgeRoom + (width - part.w) / 2);
    const dy = y + top;
    const beside = n > 0 && dx - wordWidth(words[n]) > theme.edgeRoom + 8;
    words[n].x = beside ? dx - theme.label * 0.7 : dx + part.w / 2;
    words[n].y = beside ? dy + part.h / 2 : n === 2 ? dy + part.h + theme.label : dy - theme.label * 0.95;
    if (beside) words[n].anchor = "end";
    y = dy + part.h + (n < 2 ? gap : 0);
    return part.grids.map((grid) => moved(grid, dx, dy));
  });
  return plan(scene, cell, grids, words, width + 2 * theme.edgeRoom, y + theme.label * 1.8, {
    into: "down",
    out: "down",
  });
}

/**
 * @param {Scene} scene
 * @param {number} cell
 * @param {Grid[]} grids
 * @param {Word[]} words
 * @param {number} width
 * @param {number} height
 * @param {Plan["ways"]} ways
 * @returns {Plan}
 */
export function plan(scene, cell, grids, words, width, height, ways) {
  return {
    scene: scene.stage.operation,
    stage: scene.stage,
    origin: { x: 0, y: 0 },
    width,
    height,
    cell,
    grids,
    words,
    ways,
    stubs: [],
    backs: [],
    badges: [],
    crossed: false,
  };
}

/** @param {Grid} grid @param {number} dx @param {number} dy @returns {Grid} */
function moved(grid, dx, dy) {
  return { ...grid, x: grid.x + dx, y: grid.y + dy };
}
