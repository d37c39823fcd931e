/** The addresses under which a figure is shared: its lesson, its frame, its picture, its file without a server. */

/** @import {PageState, Params} from "./query.js" */

import { addressOf, LONGEST, withoutNumbers } from "./kept.js";
import { writeQuery } from "./query.js";

/**
 * A figure as it stands on the page. `sizes` are those that its numbers decided.
 * @typedef {{slug: string, params: Params, page: PageState, sizes: Params}} Shown
 * What every address keeps of it; `theme` and `lang` are empty where they are the reader's own.
 * @typedef {{step: boolean, numbers: boolean, theme: string, lang: string}} Kept
 * How a frame plays; `start` and `end` are steps, or null for the first and the last.
 * @typedef {{controls: "none" | "transport" | "all", autoplay: boolean, loop: boolean, transparent: boolean,
 *   start: number | null, end: number | null}} Framing
 * Values of a parameter that stay alive in a file without a server.
 * @typedef {{name: string, from: number, to: number} | {name: string, words: string[]}} Range
 */

/**
 * Where the pages of a site begin, and how their addresses end: those of files have their ending.
 * @typedef {{begin: string, ending: string}} Site
 */

/** Characters of an address inside code: longer than in mail or chat, and what servers in between let through. */
export const LONGEST_IN_CODE = 6000;

/**
 * The link to a lesson, and whether all numbers stand in it.
 * @param {Site} site
 * @param {Shown} shown
 * @param {Kept} kept
 * @param {boolean} [autoplay]
 * @returns {{link: string, whole: boolean}}
 */
export function linkOf(site, { slug, params, page, sizes }, kept, autoplay = false) {
  const told = { ...paged(page, kept), loop: page.loop, predict: page.predict, autoplay };
  const { query, kept: left } = addressOf(figured(params, sizes, kept), told, sizes);
  return { link: `${site.begin}/learn/${slug}${site.ending}${query}`, whole: left === null };
}

/**
 * The address of a frame.
 * @param {Site} site
 * @param {Shown} shown
 * @param {Kept} kept
 * @param {Framing} framing
 */
export function frameOf(site, { slug, params, page, sizes }, kept, framing) {
  const { controls, autoplay, loop, transparent, start, end } = framing;
  const told = { ...paged(page, kept), loop, autoplay };
  const own = {
    ...(controls === "transport" ? {} : { controls }),
    ...(transparent ? { transparent: "true" } : {}),
    ...(start === null ? {} : { start: String(start) }),
    ...(end === null ? {} : { end: String(end) }),
  };
  const query = shortened(figured(params, sizes, kept), told, sizes, own);
  return `${site.begin}/embed/${slug}${site.ending}${query}`;
}

/**
 * The address of a picture of the figure.
 * @param {Site} site
 * @param {Shown} shown
 * @param {Kept} kept
 */
export function pictureOf(site, { slug, params, page, sizes }, kept) {
  const told = { ...paged(page, kept), speed: null };
  return `${site.begin}/embed/${slug}/picture.png${shortened(figured(params, sizes, kept), told, sizes)}`;
}

/**
 * The address of a file that plays without a server.
 * @param {string} api
 * @param {Shown} shown
 * @param {Kept} kept
 * @param {Range[]} ranges
 * @param {boolean} [estimate]  to be told its size instead
 */
export function offlineOf(api, { slug, params, page, sizes }, kept, ranges, estimate = false) {
  const own = {
    ...(ranges.length > 0 ? { controls: "all", live: ranges.map(rangeText).join(",") } : {}),
    ...(estimate ? { estimate: "true" } : {}),
  };
  return `${api}/offline/${slug}${shortened(figured(params, sizes, kept), paged(page, kept), sizes, own)}`;
}

/**
 * A range as an address has it: `stride:1-3`, `mode:max|average`.
 * @param {Range} range
 */
export function rangeText(range) {
  if ("words" in range) return `${range.name}:${range.words.join("|")}`;
  return `${range.name}:${range.from === range.to ? range.from : `${range.from}-${range.to}`}`;
}

/** @param {Params} params @param {Params} sizes @param {Kept} kept */
function figured(params, sizes, { numbers }) {
  return numbers ? params : withoutNumbers(params, sizes);
}

/** What any address says of how the figure is shown. */
/** @param {PageState} page @param {Kept} kept @returns {PageState} */
function paged({ step, speed, stage, kept: marker }, kept) {
  return {
    step: kept.step ? step : 0,
    theme: kept.theme || null,
    speed,
    loop: false,
    stage,
    lang: kept.lang,
    kept: marker,
  };
}

/** A query with all numbers as far as code has room for them, else with drawn ones: no tab remembers for a frame. */
/** @param {Params} params @param {PageState} page @param {Params} sizes @param {Params} [own] */
function shortened(params, page, sizes, own = {}) {
  const told = { ...page, kept: "" };
  const whole = `${writeQuery(params, told)}${more(own)}`;
  return whole.length <= LONGEST_IN_CODE ? whole : `${writeQuery(withoutNumbers(params, sizes), told)}${more(own)}`;
}

/** Whether the numbers of a figure are too many for a link, or even for code. */
/** @param {Shown} shown @param {"link" | "code"} where */
export function tooLong({ params, page, sizes }, where) {
  const all = { step: true, numbers: true, theme: page.theme ?? "", lang: page.lang };
  return writeQuery(figured(params, sizes, all), paged(page, all)).length > (where === "link" ? LONGEST : LONGEST_IN_CODE);
}

/**
 * A number of bytes as readers say it: «1.2 MB».
 * @param {number} bytes
 */
export function bytesText(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 999_500 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${size < 10 ? Number(size.toFixed(1)) : Math.round(size)} ${unit}`;
}

/** @param {Params} own */
function more(own) {
  return Object.entries(own).map(([name, value]) => `&${name}=${value}`).join("");
}
