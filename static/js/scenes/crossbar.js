/** The crossbar of several channels: one line of kernels a filter, one a channel, and maps at the filters' ends. */

/** @import {Grid} from "../marks/geometry.js" */
/** @import {Word} from "../marks/image.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Block, Plan, Scene} from "./layout.js" */

import { hull } from "../marks/geometry.js";
import { readers } from "../model/trace.js";
import { blockAt, gapOf, label, plan, range, threeBlocks, wordWidth } from "./layout.js";

/**
 * `along` runs through the channels, `across` through the filters; upright, they change places.
 * @typedef {{x: number, y: number}} Point
 * @typedef {{scene: Scene, cell: number, upright: boolean, ins: number, outs: number, groups: number, gap: number,
 *   pitch: number, lane: number, blocks: {input: Block, kernel: Block, output: Block},
 *   sizes: {w: number, h: number}[], input: (n: number) => Point, kernel: (n: number, filter: number) => Point,
 *   partial: (n: number, filter: number) => Point, partly: boolean,
 *   map: (filter: number) => Point}} Crossbar
 */

/** Grids that show what one channel alone adds to a map; they are no tensor of the trace. */
export const PARTIAL = "partial";

/** Partial sums of more channels or filters than this would be small. */
const [MOST_CHANNELS, MOST_FILTERS] = [4, 2];

/** Whether each kernel has its partial map beside it: for windows over a few whole channels. */
/** @param {Scene} scene */
function partly({ trace, stage }) {
  const [outs, depth, ...taps] = stage.operation === "correlate" && stage.kernel
    ? trace.tensors[stage.kernel].shape
    : [];
  return trace.kind === "multi-channel" && depth > 1 && depth <= MOST_CHANNELS && outs <= MOST_FILTERS &&
    taps.length === 2 && Math.max(...taps) > 1 && stage.steps.count === stage.steps.total;
}

/** More channels than this stand closer together. */
const CROWD = 8;

/** Columns are input channels, rows are filters, maps stand at the row's end. */
/** @param {Scene} scene @param {number} cell @returns {Plan} */
export function inCrossbar(scene, cell) {
  return drawn(measured(scene, cell, false));
}

/** Rows are input channels, columns are filters, maps stand under the column: for narrow figures. */
/** @param {Scene} scene @param {number} cell @returns {Plan} */
export function inUprightCrossbar(scene, cell) {
  return drawn(measured(scene, cell, true));
}

/** @param {Scene} scene @param {number} cell @param {boolean} upright @returns {Crossbar} */
function measured(scene, cell, upright) {
  const { trace, stage, theme } = scene;
  const blocks = threeBlocks(scene);
  const sizes = [blocks.input, blocks.kernel, blocks.output].map((block) =>
    blockAt({ ...block, stack: "down" }, cell, 0, 0)
  );
  const [a, b, c] = sizes;
  const groups = stage.groups ?? 1;
  const [ins, outs] = [trace.tensors[stage.input].shape[0], trace.tensors[stage.output].shape[0]];
  const gap = upright
    ? gapOf(cell, 0.9, theme.small * 1.9, 36)
    : gapOf(cell, 0.9, Math.max(ins, outs) > CROWD ? 4 : 14, 36);
  const partial = partly(scene) ? { w: c.w, h: c.h, room: gapOf(cell, 0.4, 12, 22) } : { w: 0, h: 0, room: 0 };
  const pair = upright
    ? { w: Math.max(b.w, partial.w), h: b.h + partial.h + partial.room }
    : { w: b.w + partial.w + partial.room, h: Math.max(b.h, partial.h) };
  const pitch = (upright ? Math.max(a.h, pair.h) : Math.max(a.w, pair.w)) + gap;
  const lane = (upright ? Math.max(pair.w, c.w) : Math.max(pair.h, c.h)) + gap;
  const head = Math.round(theme.label * (groups > 1 && !upright ? 3.2 : 1.9));
  const left = theme.edgeRoom + (groups > 1 ? 8 : 0);
  const filters = (upright ? left + a.w : head + a.h) + gapOf(cell, 1.6, 30, 64);
  const along = (/** @type {number} */ n) => (upright ? head : left) + n * pitch + (pitch - gap) / 2;
  const across = (/** @type {number} */ filter) => filters + filter * lane + (lane - gap) / 2;
  const end = (upright ? head : left) + ins * pitch - gap + gapOf(cell, 0.8, 22, 48);
  const at = (
    /** @type {number} */ u,
    /** @type {number} */ v,
  ) => (upright ? { x: v, y: u } : { x: u, y: v });
  return {
    scene,
    cell,
    upright,
    ins,
    outs,
    groups,
    gap,
    pitch,
    lane,
    blocks,
    sizes,
    input: (n) => at(along(n), upright ? left + a.w / 2 : head + a.h / 2),
    kernel: (n, filter) => {
      const aside = (upright ? partial.h : partial.w) + partial.room;
      return at(along(n) - aside / 2, across(filter));
    },
    partial: (n, filter) => {
      const aside = (upright ? b.h : b.w) + partial.room;
      return at(along(n) + aside / 2, across(filter));
    },
    partly: partial.w > 0,
    map: (filter) => at(end + (upright ? c.h : c.w) / 2, across(filter)),
  };
}

/** @param {Crossbar} bar @returns {Plan} */
function drawn(bar) {
  const { scene, cell, sizes: [a, b, c], blocks, ins, outs, groups } = bar;
  const { stage, t } = scene;
  const wires = new Map(readers(stage).map((wire) => [wire.filter * ins + wire.channel, wire]));
  const wired = (/** @type {number} */ channel, /** @type {number} */ filter) =>
    channel < ins ? wires.get(filter * ins + channel) : undefined;
  const groupOf = (/** @type {number} */ n, /** @type {number} */ total) =>
    groups > 1 ? Math.floor((n * groups) / total) : -1;
  const pairs = range(0, outs).flatMap((filter) => range(0, ins).map((channel) => ({ channel, filter })));
  const grids = [
    ...range(0, ins).flatMap((n) =>
      centred(
        {
          ...blocks.input,
          lead: [n],
          group: groupOf(n, ins),
          name: `${blocks.input.name}, ${t("role.channel", { n: n + 1 })}`,
        },
        a,
        bar.input(n),
        cell,
      )
    ),
    ...pairs.flatMap(({ channel, filter }) => {
      const wire = wired(channel, filter);
      if (!wire) return [];
      const lead = stage.operation === "transpose" ? [channel, wire.local] : [filter, wire.local];
      const name = t("role.kernelOf", { filter: filter + 1, channel: channel + 1 });
      return centred({ ...blocks.kernel, lead, name }, b, bar.kernel(channel, filter), cell);
    }),
    ...(bar.partly
      ? pairs.flatMap(({ channel, filter }) =>
        centred(
          { ...blocks.output, tensor: PARTIAL, lead: [filter, channel], role: "hidden", name: "" },
          c,
          bar.partial(channel, filter),
          cell,
        )
      )
      : []),
    ...range(0, outs).flatMap((n) =>
      centred(
        {
          ...blocks.output,
          lead: [n],
          group: groupOf(n, outs),
          name: `${blocks.output.name}, ${t("role.map", { n: n + 1 })}`,
        },
        c,
        bar.map(n),
        cell,
      )
    ),
  ];
  const side = Math.min(28, b.w, b.h);
  const stubs = pairs.filter(({ channel, filter }) => !wired(channel, filter)).map(({ channel, filter }) => {
    const { x, y } = bar.kernel(channel, filter);
    return { x: x - side / 2, y: y - side / 2, w: side, h: side };
  });
  const joined = bar.gap < scene.theme.small
    ? []
    : pairs.filter(({ channel, filter }) => wired(channel, filter) && wired(channel + 1, filter));
  const pluses = joined
    .map(({ channel, filter }) => plus(bar, channel, filter));
  const words = [...pluses, ...names(bar), ...legend(bar)];
  const far = hull([
    ...grids.map((grid) => ({
      x: grid.x,
      y: grid.y,
      w: grid.w * (grid.cols + grid.pad.right),
      h: grid.h * (grid.rows + grid.pad.bottom),
    })),
    ...words.map((word) => ({
      x: word.x,
      y: word.y,
      w: word.anchor === "start" ? wordWidth(word) : 0,
      h: word.size * 0.7,
    })),
  ]);
  const ways = bar.upright
    ? { into: /** @type {const} */ ("right"), out: /** @type {const} */ ("down") }
    : { into: /** @type {const} */ ("down"), out: /** @type {const} */ ("right") };
  const base = plan(scene, cell, grids, words, far.x + far.w + scene.theme.edgeRoom, far.y + far.h + 8, ways);
  return { ...base, crossed: true, stubs, ...(groups > 1 ? groupMarks(bar) : {}) };
}

/** @param {Block} block @param {{w: number, h: number}} size @param {Point} middle @param {number} cell @returns {Grid[]} */
function centred(block, { w, h }, { x, y }, cell) {
  return blockAt({ ...block, stack: "down" }, cell, Math.round(x - w / 2), Math.round(y - h / 2)).grids;
}

/** @param {Crossbar} bar @param {number} channel @param {number} filter @returns {Word} */
function plus({ scene: { theme }, kernel, partial, partly: both, sizes: [, b, c], upright }, channel, filter) {
  const last = both ? partial : kernel;
  const [one, next] = [last(channel, filter), kernel(channel + 1, filter)];
  // In the middle of the free space between the two.
  const half = both ? (upright ? c.h - b.h : c.w - b.w) / 4 : 0;
  return {
    x: (one.x + next.x) / 2 + (upright ? 0 : half),
    y: (one.y + next.y) / 2 + (upright ? half : 0),
    text: "+",
    size: Math.round(theme.small * 1.2),
    color: theme.muted,
  };
}

/** @param {Theme} theme @param {string} role @param {string} text @param {Point} at @param {Word["anchor"]} [anchor] @returns {Word} */
function heading(theme, role, text, { x, y }, anchor = "middle") {
  return { x, y, text, size: theme.small, color: theme.roles[role].ink, weight: 700, anchor };
}

/** The names of channels, groups and maps. */
/** @param {Crossbar} bar @returns {Word[]} */
function names(bar) {
  const { scene: { theme, t }, blocks, sizes: [a, , c], ins, outs, groups, pitch, lane, gap, upright, input, map } = bar;
  const short = !upright && pitch < theme.small * 5.6;
  const channels = range(0, ins).map((n) => {
    const { x, y } = input(n);
    const text = short ? String(n + 1) : t("role.channel", { n: n + 1 });
    const above = y - a.h / 2 - theme.small;
    return upright && groups > 1
      ? heading(theme, blocks.input.role, text, { x: x - a.w / 2 + theme.small * 1.5, y: above }, "start")
      : heading(theme, blocks.input.role, text, { x, y: above });
  });
  const maps = range(0, outs).map((n) => {
    const { x, y } = map(n);
    const text = (upright && groups > 1) || crowded(lane, groups, theme) ? String(n + 1) : t("role.map", { n: n + 1 });
    return upright
      ? heading(theme, blocks.output.role, text, {
        x: x - (groups > 1 ? theme.small * 0.7 : 0),
        y: y + c.h / 2 + theme.small,
      })
      : heading(
        theme,
        blocks.output.role,
        text,
        crowded(lane, groups, theme)
          ? { x: x + c.w / 2 + 8 + theme.small * 1.5, y }
          : { x: x + c.w / 2 + 8, y: y - (groups > 1 ? theme.small : 0) },
        "start",
      );
  });
  const parts = groups > 1 && !upright
    ? range(0, groups).map((group) => ({
      ...heading(
        theme,
        blocks.input.role,
        pitch * (ins / groups) < theme.small * 8 ? "" : t("role.group", { letter: letterOf(group) }),
        {
          x: input((group * ins) / groups).x - (pitch - gap) / 2 + theme.small * 1.9,
          y: input(0).y - a.h / 2 - theme.label * 2.2,
        },
        "start",
      ),
      color: theme.groups[group % theme.groups.length].ink,
    }))
    : [];
  return [...channels, ...maps, ...parts];
}

/** Whether a map's name and the letter of its group have to stand on one line. */
/** @param {number} lane @param {number} groups @param {Theme} theme */
function crowded(lane, groups, theme) {
  return groups > 1 && lane < 2.8 * theme.small;
}

/** @param {number} group */
function letterOf(group) {
  return String.fromCharCode(65 + (group % 26));
}

/** Sizes in words, where the crossbar leaves a corner free. */
/** @param {Crossbar} bar @returns {Word[]} */
function legend(
  { scene: { trace, stage, theme, t }, blocks, sizes: [a, , c], ins, outs, groups, upright, input, map },
) {
  if (upright || a.h < theme.small * 5) return [];
  const x = map(0).x - c.w / 2;
  const y = input(0).y - a.h / 2;
  const depth = stage.operation === "transpose"
    ? ins / groups
    : trace.tensors[/** @type {string} */ (stage.kernel)].shape[1];
  return [
    label(blocks.input.name, [ins, ...blocks.input.size], blocks.input.role, { x, y: y + theme.small }, theme),
    {
      ...label(t("role.filters"), [], "kernel", { x, y: y + theme.small * 2.6 }, theme),
      tail: { text: t("role.depth", { n: outs, depth }), color: theme.muted },
    },
    label(blocks.output.name, [outs, ...blocks.output.size], blocks.output.role, { x, y: y + theme.small * 4.2 }, theme),
  ].map((word) => ({ ...word, size: theme.small, anchor: /** @type {const} */ ("start") }));
}

/**
 * Boxes behind the channels and the filters of each group, and its letter at either end.
 * @param {Crossbar} bar
 * @returns {Pick<Plan, "backs" | "badges">}
 */
function groupMarks(
  { scene: { theme }, sizes: [a, , c], ins, outs, groups, pitch, lane, gap, upright, input, kernel, map },
) {
  const [perIn, perOut] = [ins / groups, outs / groups];
  const margin = Math.min(6, gap / 2 - 1);
  const half = upright ? { x: lane - gap, y: pitch - gap } : { x: pitch - gap, y: lane - gap };
  const around = (/** @type {Point} */ one, /** @type {Point} */ other, /** @type {Point} */ size) => ({
    x: one.x - size.x / 2 - margin,
    y: one.y - size.y / 2 - margin,
    w: other.x - one.x + size.x + 2 * margin,
    h: other.y - one.y + size.y + 2 * margin,
  });
  return {
    backs: range(0, groups).flatMap((group) => {
      const [first, last] = [group * perIn, (group + 1) * perIn - 1];
      const [top, bottom] = [group * perOut, (group + 1) * perOut - 1];
      const channels = around(input(first), input(last), { x: upright ? a.w : half.x, y: a.h });
      const room = upright ? theme.small * 1.6 : theme.label * 3 - margin;
      return [
        { group, rect: { ...channels, y: channels.y - room, h: channels.h + room } },
        { group, rect: around(kernel(first, top), kernel(last, bottom), half) },
      ];
    }),
    badges: [
      ...range(0, groups).map((group) => {
        const { x, y } = input(group * perIn);
        return upright
          ? { group, x: x - a.w / 2 + 8, y: y - a.h / 2 - theme.small }
          : { group, x: x - half.x / 2 + 10, y: y - a.h / 2 - theme.label * 2.2 };
      }),
      ...range(0, outs).map((n) => {
        const { x, y } = map(n);
        const group = Math.floor(n / perOut);
        return upright
          ? { group, x: x + theme.small * 0.6, y: y + c.h / 2 + theme.small }
          : crowded(lane, groups, theme)
          ? { group, x: x + c.w / 2 + 8 + theme.small * 0.65, y }
          : { group, x: x + c.w / 2 + 18, y: y + theme.small * 0.8 };
      }),
    ],
  };
}
