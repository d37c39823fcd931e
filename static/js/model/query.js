/** The query string as the page's whole state: the figure's parameters as typed, and what the reader sees of them. */

/**
 * @typedef {Record<string, string>} Params
 * @typedef {{step: number, theme: string | null, speed: string | null, loop: boolean,
 *   stage: string, lang: string, kept: string, predict?: boolean, autoplay?: boolean}} PageState
 * @typedef {{properties: Record<string, any>}} Schema
 */

/** Those of the page; `kept` stands for values that were too long, which only the tab knows that wrote the link. */
const PAGE = ["step", "theme", "speed", "loop", "stage", "lang", "predict", "autoplay", "kept"];

/**
 * @param {string} search
 * @returns {{params: Params, page: PageState}}
 */
export function readQuery(search) {
  const pairs = [...new URLSearchParams(search)];
  const page = Object.fromEntries(pairs.filter(([name]) => PAGE.includes(name)));
  return {
    params: Object.fromEntries(pairs.filter(([name]) => !PAGE.includes(name))),
    page: {
      step: /^\d+$/.test(page.step ?? "") ? Number(page.step) : 0,
      theme: page.theme ?? null,
      speed: page.speed ?? null,
      loop: page.loop === "true",
      stage: page.stage ?? "",
      lang: page.lang ?? "",
      predict: page.predict === "true",
      autoplay: page.autoplay === "true",
      kept: page.kept ?? "",
    },
  };
}

/**
 * The shortest query string that restores this state. A figure of defaults alone is written `seed=0`,
 * because no parameters at all mean the first preset.
 * @param {Params} params
 * @param {PageState} page
 */
export function writeQuery(params, page) {
  const named = Object.keys(params).length > 0 ? params : { seed: "0" };
  /** @type {Params} */
  const all = { ...named };
  if (page.step > 0) all.step = String(page.step);
  if (page.theme) all.theme = page.theme;
  if (page.speed && page.speed !== "1") all.speed = page.speed;
  if (page.loop) all.loop = "true";
  if (page.stage) all.stage = page.stage;
  if (page.predict) all.predict = "true";
  if (page.autoplay) all.autoplay = "true";
  if (page.lang) all.lang = page.lang;
  if (page.kept) all.kept = page.kept;
  return `?${Object.entries(all).map(([name, value]) => `${name}=${readable(value)}`).join("&")}`;
}

/** Percent-encodes what a query needs encoded, and leaves the grammar of values legible. */
/** @param {string} value */
function readable(value) {
  return encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3B/g, ";").replace(/%3A/g, ":").replace(
    /%2F/g,
    "/",
  );
}

/**
 * A parameter's value as it stands in a query string.
 * @param {any} value
 * @returns {string}
 */
export function wire(value) {
  if (value === null || value === undefined) return "";
  if (!Array.isArray(value)) return String(value);
  return joinAxes(value.map((side) => (Array.isArray(side) ? joinPair(side) : String(side))));
}

/** @param {any[]} pair */
function joinPair([before, after]) {
  return before === after ? String(before) : `${before}:${after}`;
}

/**
 * One text an axis, joined as the query grammar has it; a single one where all agree.
 * @param {string[]} sides
 */
export function joinAxes(sides) {
  return sides.every((side) => side === sides[0]) ? sides[0] : sides.join("x");
}

/**
 * The text of each axis: `"3x5"` is `["3", "5"]`, `"3"` on two axes `["3", "3"]`.
 * @param {string} text
 * @param {number} axes
 */
export function splitAxes(text, axes) {
  const sides = text.split("x");
  return sides.length === axes
    ? sides
    : Array.from({ length: axes }, (_, a) => sides[a] ?? sides[sides.length - 1]);
}

/**
 * Parameters without those that stand at their default.
 * @param {Params} params
 * @param {Schema} schema
 * @returns {Params}
 */
export function trimmed(params, schema) {
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => value !== wire(schema.properties[name]?.default)),
  );
}

/**
 * A tensor's values in the grammar of the query string: columns, rows, slices, then channels, then filters; null is an
 * empty place.
 * @param {any} values
 * @param {number} dims
 * @returns {string}
 */
export function grammar(values, dims) {
  const joins = [",", ";", "/"].slice(0, dims).concat("|", "||");
  return written(values, joins);
}

/** @param {any} values @param {string[]} joins @returns {string} */
function written(values, joins) {
  if (!Array.isArray(values)) return values === null ? "" : String(values);
  return values.map((item) => written(item, joins)).join(joins[depth(values) - 1]);
}

/** @param {any} values @returns {number} */
function depth(values) {
  return Array.isArray(values) ? 1 + depth(values[0]) : 0;
}
