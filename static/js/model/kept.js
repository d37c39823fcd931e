/** Values too long for a link: what its address says in their place, and the memory of a tab that holds them. */

/** @import {PageState, Params} from "./query.js" */

import { writeQuery } from "./query.js";

/** Characters of a query string: what chat programs, slides and mail leave whole. The server reads more. */
export const LONGEST = 2000;

/** Parameters that may be long, and without which there still is a figure. */
const SPARE = ["input", "kernel", "pointwise_kernel", "bias"];

/** How many values a tab keeps, and how many characters of them all: a good part of what browsers grant. */
export const MOST_KEPT = 50;
export const ROOM = 2_000_000;

/**
 * What was left out of an address, by the marker that stands in it.
 * @typedef {{id: string, values: Params}} Kept
 */

/**
 * The query string of a figure; where it would be too long, without its longest values, but with the sizes that they
 * decided and a marker, so that it still is a figure of the same shape.
 * @param {Params} params
 * @param {PageState} page
 * @param {Params} sizes  of the same figure
 * @returns {{query: string, kept: Kept | null}}
 */
export function addressOf(params, page, sizes) {
  const whole = writeQuery(params, page);
  if (whole.length <= LONGEST) return { query: whole, kept: null };
  const spare = SPARE.filter((name) => name in params).sort((a, b) => params[b].length - params[a].length);
  let short = { query: whole, kept: /** @type {Kept | null} */ (null) };
  for (let n = 1; n <= spare.length && short.query.length > LONGEST; n += 1) {
    const left = spare.slice(0, n);
    const values = Object.fromEntries(left.map((name) => [name, params[name]]));
    const kept = { id: marker(JSON.stringify(values)), values };
    short = { query: writeQuery(sized(params, left, sizes), { ...page, kept: kept.id }), kept };
  }
  return short;
}

/**
 * Parameters with sizes in the place of some values.
 * @param {Params} params
 * @param {string[]} left
 * @param {Params} sizes
 * @returns {Params}
 */
function sized(params, left, sizes) {
  return { ...Object.fromEntries(Object.entries(params).filter(([name]) => !left.includes(name))), ...sizes };
}

/** Values given as a name, `gaussian`, are no numbers of the reader's. */
const NAME = /^[a-z]+(-[a-z]+)*$/;

/**
 * The reader's numbers among parameters: those without which a figure of this shape has drawn ones.
 * @param {Params} params
 */
export function numbersIn(params) {
  return SPARE.filter((name) => name !== "bias" && name in params && !NAME.test(params[name]));
}

/**
 * The parameters of a figure of the same shape whose numbers are drawn.
 * @param {Params} params
 * @param {Params} sizes  of the figure
 */
export function withoutNumbers(params, sizes) {
  const left = numbersIn(params);
  return left.length > 0 ? sized(params, left, sizes) : params;
}

/**
 * Parameters that ask the same of everything that does not depend on values, written shortly enough for a query. All
 * readers of one figure ask with the same words, whatever their seed, so that one answer is kept for all of them.
 * @param {Params} params
 * @param {Params} sizes
 */
export function withoutValues({ seed: _, ...params }, sizes) {
  const size = SPARE.reduce((sum, name) => sum + (params[name]?.length ?? 0), 0);
  return size > LONGEST ? sized(params, SPARE, sizes) : params;
}

/**
 * A memory with these values as its newest; what no longer has room is forgotten, the oldest first.
 * @param {Kept[]} memory
 * @param {Kept} kept
 * @returns {Kept[]}
 */
export function keeping(memory, kept) {
  let room = ROOM;
  const newest = [...memory.filter(({ id }) => id !== kept.id), kept].slice(-MOST_KEPT).reverse();
  return newest.filter(({ values }) => {
    room -= JSON.stringify(values).length;
    return room >= 0;
  }).reverse();
}

/**
 * What a memory holds under a marker, or null; whatever else stands there counts as nothing.
 * @param {unknown} memory
 * @param {string} id
 * @returns {Params | null}
 */
export function recalled(memory, id) {
  const found = Array.isArray(memory) ? memory.find((kept) => kept?.id === id)?.values : null;
  const sound = found !== null && typeof found === "object" && Object.values(found).every((text) => typeof text === "string");
  return sound ? found : null;
}

/** Characters of a file with saved numbers: more than the server would take of them. */
export const LONGEST_FILE = 1024 * 1024;

/**
 * The parameters in a file with saved numbers, or null where there are none.
 * @param {string} text
 * @returns {Params | null}
 */
export function saved(text) {
  try {
    const found = JSON.parse(text);
    const sound = found !== null && typeof found === "object" && !Array.isArray(found) && Object.keys(found).length > 0;
    return sound && Object.values(found).every((value) => typeof value === "string") ? found : null;
  } catch {
    return null;
  }
}

/**
 * A short text that stands for a long one: two lanes of FNV-1a with different beginnings. Only this tab's own texts are
 * told apart by it, so that nobody gains by making two alike.
 * @param {string} text
 */
export function marker(text) {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < text.length; i += 1) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
  }
  return [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}
