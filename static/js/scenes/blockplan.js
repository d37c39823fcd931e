/** Where blocks stand: input, filters and maps in a row, or one under the other where the figure is narrow. */

/** @import {Block} from "../marks/block.js" */
/** @import {Word} from "../marks/image.js" */
/** @import {Plan, Scene} from "./layout.js" */

import { bounds, frontRect, part } from "../marks/block.js";
import { span } from "../model/strings.js";
import { label, nameOf as tensorName, plan, range, wordWidth } from "./layout.js";
import { largestFitting, plansOf } from "./sizing.js";

/**
 * A block in its lane. `first` is its first channel, map or filter within the lane; a slot stands for all those that are
 * not drawn one by one, and shows the live one. `said` is what is written at `name`, with {n} for a number that changes.
 * @typedef {"left" | "filter" | "right"} Place
 * @typedef {{place: Place, lane: number, first: number, slot: boolean, block: Block, hull: Block | null, said: string,
 *   name: {x: number, y: number}}} Item
 * @typedef {{group: number, slot: boolean, badge: {x: number, y: number}}} Lane
 * `per` counts the channels, filters and maps of one group.
 * @typedef {Plan & {items: Item[], lanes: Lane[], per: Record<Place, number>, roles: Record<Place, string>,
 *   arrows: number[][]}} BlockPlan
 *
 * @typedef {{place: Place, items: Item[], gaps: {x: number, y: number}[], w: number, h: number}} Section
 * @typedef {{scene: Scene, cell: number, stamp: boolean, groups: number,
 *   per: Record<Place, number>, roles: Record<Place, string>}} Count
 */

/** More filters, or maps, than this are not drawn one by one; on a phone. */
const MOST = 6;
const MOST_NARROW = 4;
const NARROW = 520;

/** So few stand far enough apart for their full names. */
const ROOMY = 4;

/** With more groups than this, the first ones have a lane, and all others share one. */
const [LANES, FIRST_LANES] = [6, 3];

/** How much larger its cells must be before blocks stand one under the other. */
const WORTH = 1.3;

/** Down to cells of this size the height yields to them. */
const LEAST = 14;

/** Depth grows ever more slowly, in cells: 200 channels are deeper than 128, and neither runs off the page. */
const [PER_CHANNEL, DEEPEST] = [1.5, 8];
const [RIGHT, UP] = [0.866, 0.5];

/** @param {Scene} scene @returns {BlockPlan} */
export function layout(scene) {
  const [row, tower] = [inLanes, inTower].map((arrange) => largest(scene, arrange));
  return tower.cell >= WORTH * row.cell ? tower : row;
}

/** With the largest cells that fit. */
/** @param {Scene} scene @param {(scene: Scene, cell: number) => BlockPlan} arrange */
function largest(scene, arrange) {
  const { box, theme, trace } = scene;
  const alone = trace.params.view === "blocks";
  const most = Math.round(theme.cell * (alone ? 0.5 : 0.34));
  const cells = [...range(3, most + 1).reverse(), 2, 1.5, 1, 0.75, 0.5, 0.25, 0.1];
  const plans = plansOf(scene, arrange, `${box.width < NARROW} ${headsOf(counted(scene, 1)).key}`);
  return largestFitting(plans, cells, box, LEAST);
}

/** @param {Scene} scene @param {number} cell @returns {Count} */
function counted(scene, cell) {
  const { stage, trace } = scene;
  const groups = stage.groups ?? 1;
  const stamp = stage.by === "input";
  const [left, right] = [stage.input, stage.output].map((name) => trace.tensors[name].shape[0] / groups);
  const roles = {
    left: trace.tensors[stage.input].role,
    filter: "kernel",
    right: trace.tensors[stage.output].role,
  };
  return { scene, cell, stamp, groups, roles, per: { left, right, filter: stamp ? left : right } };
}

/** Each lane from left to right: input, filters, maps. */
/** @param {Scene} scene @param {number} size @returns {BlockPlan} */
function inLanes(scene, size) {
  const count = counted(scene, size);
  const { scene: { theme }, cell, groups } = count;
  const gap = Math.round(Math.max(theme.small * 2.4, Math.min(3 * cell, 64)));
  const room = margins(count);
  const sections = sectionsOf(count);
  const heads = sections.map((section) => headOf(count, section.place));
  const high = Math.max(...sections.map(({ h }) => h));
  const tops = room.top + Math.round(theme.label * 1.7);
  let x = room.left + overhang(count, sections[0], wordWidth(heads[0]), room.left);
  const arrows = /** @type {number[][]} */ ([]);
  const placed = sections.map((section, n) => {
    const wide = Math.max(section.w, wordWidth(heads[n]));
    const found = movedTo(section, x + (wide - section.w) / 2, (high - section.h) / 2);
    heads[n].x = x + wide / 2;
    heads[n].y = theme.label * 0.9;
    x += wide + gap;
    if (n < 2) {
      const y = Math.round(high / 2);
      const from = x - gap - (wide - section.w) / 2;
      const inset = gap * 0.18;
      const until = x + Math.max(0, (wordWidth(heads[n + 1]) - sections[n + 1].w) / 2);
      arrows.push([from + inset, y, until - inset, y]);
    }
    return found;
  });
  const lane = { w: x - gap + room.right, h: high + room.top + room.bottom };
  return assembled(count, placed, arrows, heads, lane, groups > 1 ? tops : tops - room.top, "right");
}

/** How far the name under the first block, which may be wider than its front, would run over the left edge. */
/** @param {Count} count @param {Section} section @param {number} head @param {number} left */
function overhang(count, { items: [item], w }, head, left) {
  const middle = left + Math.max(0, head - w) / 2 + item.name.x;
  return Math.max(0, Math.ceil(wordWidth(nameOf(count, item, 0)) / 2 - middle));
}

/** Each lane from top to bottom, under the names and sizes of all three. */
/** @param {Scene} scene @param {number} size @returns {BlockPlan} */
function inTower(scene, size) {
  const count = counted(scene, size);
  const { scene: { theme }, cell } = count;
  const gap = Math.round(Math.max(theme.small * 1.4, cell * 1.5));
  const room = margins(count);
  const sections = sectionsOf(count);
  const { heads, top, line } = headsOf(count);
  const wide = Math.max(line - room.left - room.right, ...sections.map(({ w }) => w));
  let y = 0;
  const arrows = /** @type {number[][]} */ ([]);
  const placed = sections.map((section, n) => {
    const found = movedTo(section, room.left + (wide - section.w) / 2, y);
    y += section.h + gap;
    const x = room.left + wide / 2;
    if (n < 2) arrows.push([x, y - gap + 2, x, y - 4]);
    return found;
  });
  const lane = { w: wide + room.left + room.right, h: y - gap + room.top + room.bottom };
  for (const head of heads) head.x += (lane.w - line) / 2;
  return assembled(count, placed, arrows, heads, lane, top, "down");
}

/** Room around the blocks of a lane: with groups it is a box with a letter. */
/** @param {Count} count */
function margins({ scene: { theme }, groups }) {
  if (groups === 1) return { left: theme.edgeRoom, right: theme.edgeRoom, top: 4, bottom: 2 };
  return { left: 14 + theme.small * 2, right: 14, top: 10, bottom: 6 };
}

/** The names of a tower, the height and the width that they take, and what tells those of one room from another's. */
/** @param {Count} count */
function headsOf(count) {
  const { theme, box } = count.scene;
  const heads = PLACES.map((place) => headOf(count, place));
  const top = flowed(heads, box.width, theme.label);
  const line = Math.max(...heads.map((word) => word.x + wordWidth(word) / 2));
  return { heads, top, line, key: `${top} ${line}` };
}

/** Names and sizes side by side, or under each other where the line is full; gives the height that they take. */
/** @param {Word[]} heads @param {number} width @param {number} size */
function flowed(heads, width, size) {
  let [x, y] = [0, size * 0.9];
  for (const head of heads) {
    const wide = wordWidth(head);
    if (x > 0 && x + wide > width) [x, y] = [0, y + size * 1.5];
    Object.assign(head, { x: x + wide / 2, y });
    x += wide + size * 1.5;
  }
  return y + size * 1.1;
}

/** @param {Count} count @param {Place} place @returns {Word} */
function headOf({ scene: { trace, stage, theme, t }, groups, per, roles, stamp }, place) {
  const shapeOf = (/** @type {string} */ name) => trace.tensors[name].shape;
  if (place === "filter") {
    const taps = shapeOf(stage.kernel ?? "").slice(2);
    const depth = stamp ? per.right : per.left;
    const size = [...taps, depth].join(" × ");
    const head = label(t("role.filters"), [], "kernel", { x: 0, y: 0 }, theme);
    return { ...head, tail: { text: t("block.filters", { n: groups * per.filter, size }), color: theme.muted } };
  }
  const tensor = place === "left" ? stage.input : stage.output;
  const [channels, ...sides] = shapeOf(tensor);
  return label(tensorName(tensor, t), [...sides, channels], roles[place], { x: 0, y: 0 }, theme);
}

/** @type {Place[]} */
const PLACES = ["left", "filter", "right"];

/** The three parts of a lane, each laid out from its own corner. */
/** @param {Count} count @returns {Section[]} */
function sectionsOf(count) {
  const { per, stamp } = count;
  const { left, right, filter } = per;
  return [
    lineOf(count, "left", sizeOf(count, "left"), stamp ? singly(count, left) : [whole(left)]),
    lineOf(count, "filter", sizeOf(count, "filter"), slots(count, filter, stamp ? right : left)),
    lineOf(count, "right", sizeOf(count, "right"), stamp ? [whole(right)] : singly(count, right)),
  ];
}

/** @typedef {{first: number, depth: number, slot: boolean}} Piece */

/** @param {number} depth @returns {Piece} */
function whole(depth) {
  return { first: 0, depth, slot: false };
}

/** @param {Count} count */
function most({ scene: { box } }) {
  return box.width < NARROW ? MOST_NARROW : MOST;
}

/** Channels one by one, or as one block where there are many. */
/** @param {Count} count @param {number} n @returns {Piece[]} */
function singly(count, n) {
  return n > most(count) ? [whole(n)] : range(0, n).map((first) => ({ first, depth: 1, slot: false }));
}

/** All filters, or the first ones and a slot for the live one. */
/** @param {Count} count @param {number} n @param {number} depth @returns {Piece[]} */
function slots(count, n, depth) {
  const shown = n > most(count) ? most(count) - 2 : n;
  return [
    ...range(0, shown).map((first) => ({ first, depth, slot: false })),
    ...(shown < n ? [{ first: n - 1, depth, slot: true }] : []),
  ];
}

/** Rows and columns of the front, and the padding around it. */
/** @param {Count} count @param {Place} place */
function sizeOf({ scene: { trace, stage } }, place) {
  const tensor = place === "left" ? stage.input : place === "right" ? stage.output : stage.kernel ?? "";
  const sides = trace.tensors[tensor].shape.slice(place === "filter" ? 2 : 1);
  const pads = place === "left" && stage.operation === "correlate" ? stage.padding ?? [] : [];
  const [rows, cols] = sides.length === 1 ? [1, sides[0]] : sides;
  const [above, beside] = sides.length === 1 ? [undefined, pads[0]] : pads;
  return { rows, cols, above: above ?? [0, 0], beside: beside ?? [0, 0] };
}

/**
 * Blocks side by side, their fronts level, with their names under them.
 * @param {Count} count
 * @param {Place} place
 * @param {ReturnType<typeof sizeOf>} size
 * @param {Piece[]} pieces
 * @returns {Section}
 */
function lineOf(count, place, { rows, cols, above, beside }, pieces) {
  const { cell, per, stamp, scene: { theme, t, box } } = count;
  const padded = Math.max(...above, ...beside) > 0;
  const gap = Math.round(Math.max(8, cell * 0.6));
  const key = place === "filter" ? "block.filter" : place === "left" ? "role.channel" : "role.map";
  const word = (/** @type {number | string} */ n) => t(key, { n });
  const longest = wordWidth({ x: 0, y: 0, text: word(per[place]), size: theme.small, color: "" }) + 0.6 * theme.small;
  const roomy = pieces.length <= ROOMY && box.width >= NARROW;
  let x = 0;
  const gaps = /** @type {{x: number, y: number}[]} */ ([]);
  const items = pieces.map((piece) => {
    const reach = (cell * PER_CHANNEL * piece.depth * DEEPEST) / (piece.depth * PER_CHANNEL + DEEPEST) / piece.depth;
    const block = { x: 0, y: 0, rows, cols, depth: piece.depth, w: cell, h: cell, dx: RIGHT * reach, dy: UP * reach };
    const hull = part(block, {
      row: -above[0],
      col: -beside[0],
      deep: 0,
      rows: rows + above[0] + above[1],
      cols: cols + beside[0] + beside[1],
      depth: piece.depth,
    });
    const outer = bounds(hull);
    const wide = Math.max(outer.w, piece.slot || roomy ? longest - gap : 0);
    if (piece.slot) {
      gaps.push({ x: x + theme.small, y: outer.h - hull.rows * cell / 2 });
      x += theme.small * 2.6;
    }
    const at = { x: x - outer.x + (wide - outer.w) / 2, y: -outer.y };
    const face = frontRect({ ...hull, x: at.x + hull.x, y: at.y + hull.y });
    x += wide + gap;
    return {
      place,
      lane: 0,
      first: piece.first,
      slot: piece.slot,
      block: { ...block, ...at },
      hull: padded ? { ...hull, x: face.x, y: face.y } : null,
      said: "",
      name: { x: face.x + face.w / 2, y: face.y + face.h + theme.small * 0.95 },
    };
  });
  const deep = pieces.length === 1 && pieces[0].depth > 1 && place !== "filter";
  const many = place === (stamp ? "left" : "right") && deep;
  const pitch = items.length > 1 ? items[1].block.x - items[0].block.x : Infinity;
  const short = longest > pitch + 1;
  for (const item of items) {
    item.said = item.slot || many ? word("{n}") : deep ? "span" : short ? "{n}" : word("{n}");
  }
  const h = Math.max(...items.map(({ name }) => name.y)) + theme.small * 0.75;
  return { place, items, gaps, w: x - gap, h };
}

/** @param {Section} section @param {number} dx @param {number} dy @returns {Section} */
function movedTo(section, dx, dy) {
  const move = (/** @type {any} */ at) => ({ ...at, x: at.x + Math.round(dx), y: at.y + Math.round(dy) });
  return {
    ...section,
    gaps: section.gaps.map(move),
    items: section.items.map((item) => ({
      ...item,
      block: move(item.block),
      hull: item.hull && move(item.hull),
      name: move(item.name),
    })),
  };
}

/**
 * The lanes of all groups, one under the other.
 * @param {Count} count
 * @param {Section[]} sections
 * @param {number[][]} arrows
 * @param {Word[]} heads
 * @param {{w: number, h: number}} lane
 * @param {number} top
 * @param {"right" | "down"} way
 * @returns {BlockPlan}
 */
function assembled(count, sections, arrows, heads, lane, top, way) {
  const { scene, cell, groups, per } = count;
  const { theme } = scene;
  const room = margins(count);
  const shown = groups > LANES ? FIRST_LANES : groups;
  const lanes = [
    ...range(0, shown).map((group) => ({ group, slot: false })),
    ...(shown < groups ? [{ group: groups - 1, slot: true }] : []),
  ].map((found, n) => ({
    ...found,
    y: top + n * (lane.h + 10) + (found.slot ? theme.label * 1.6 : 0),
  }));
  const parts = lanes.map(({ y }, n) =>
    sections.map((section) => {
      const moved = movedTo(section, 0, y + room.top);
      return { ...moved, items: moved.items.map((item) => ({ ...item, lane: n })) };
    })
  );
  const last = lanes[lanes.length - 1];
  const own = lanes.filter(({ slot }) => !slot);
  const items = parts.flat().flatMap((section) => section.items);
  const gaps = parts.flat().flatMap((section) => section.gaps);
  const words = [
    ...heads,
    ...items.filter((item) => !moves(item, lanes)).map((item) => ({
      ...nameOf(count, item, lanes[item.lane].group),
      // A link may run under a name; on the tint of a group a halo would be a stain.
      halo: groups > 1 && way === "right" ? undefined : theme.surface,
    })),
    ...gaps.flatMap((at) => dots(scene, at, per.filter)),
    ...(last.slot ? dots(scene, { x: lane.w / 2, y: last.y - theme.label * 1.1 }, groups) : []),
  ];
  const made = plan(scene, cell, [], words, lane.w, last.y + lane.h + 2, { into: way, out: way });
  return {
    ...made,
    roles: count.roles,
    items,
    per,
    arrows: lanes.flatMap(({ y }) => arrows.map(([x0, y0, x1, y1]) => [x0, y0 + y + room.top, x1, y1 + y + room.top])),
    lanes: lanes.map(({ group, slot, y }) => ({ group, slot, badge: badgeAt(count, y) })),
    ...(groups > 1
      ? {
        backs: own.map(({ group, y }) => ({ group, rect: { x: 1, y, w: lane.w - 2, h: lane.h } })),
        stubs: lanes.filter(({ slot }) => slot).map(({ y }) => ({ x: 1, y, w: lane.w - 2, h: lane.h })),
        badges: own.map(({ group, y }) => ({ group, ...badgeAt(count, y) })),
      }
      : {}),
  };
}

/** @param {Count} count @param {number} y */
function badgeAt({ scene: { theme } }, y) {
  return { x: 8 + theme.small, y: y + 8 + theme.small };
}

/** Whether what is written under a block depends on the step. */
/** @param {Item} item @param {{slot: boolean}[]} lanes */
export function moves(item, lanes) {
  return item.slot || lanes[item.lane].slot || (item.said !== "span" && item.place !== "filter" && item.block.depth > 1);
}

/** @param {Count} count @param {Item} item @param {number} group @returns {Word} */
function nameOf({ scene: { theme, t }, per, roles }, item, group) {
  const role = roles[item.place];
  const first = group * per[item.place] + item.first;
  const key = item.place === "left" ? "block.channels" : "block.maps";
  const text = item.said === "span"
    ? t(key, { span: span(range(first, first + item.block.depth)) })
    : item.said.replace("{n}", String(first + 1));
  const color = theme.roles[role].ink;
  return { ...item.name, text, size: theme.small, color, weight: 700 };
}

/** An ellipsis, and how many there are. */
/** @param {Scene} scene @param {{x: number, y: number}} at @param {number} n @returns {Word[]} */
function dots({ theme }, at, n) {
  const word = { ...at, size: theme.small, color: theme.muted };
  return [
    { ...word, y: at.y - theme.small * 0.8, text: "…", size: Math.round(theme.label * 1.4), weight: 700 },
    { ...word, y: at.y + theme.small * 0.4, text: `×${n}` },
  ];
}
