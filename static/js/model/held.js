/**
 * Figures that were computed beforehand, for pages without a server: how one is named, which is nearest to one that is
 * not there, and which values of each slider are.
 */

/** @import {Params, Schema} from "./query.js" */
/** @import {Trace} from "./types.js" */

import { changed } from "./params.js";
import { joinAxes, splitAxes, wire } from "./query.js";

/**
 * The figures of a kind: by pack, in order, the keys of those in it, and which of them the engine refuses; `says` is
 * what a reader is told of any other.
 * @typedef {{schema: Schema, packs: Record<string, {keys: string[], refused: number[]}>, says: string}} Index
 * @typedef {{pack: string, at: number, refused: boolean}} Place
 * @typedef {{code: string, field: string, message: string, hint: string, values: Record<string, any>}} Refusal
 */

/**
 * The name of a figure: what differs from the defaults, in the order of the alphabet.
 * @param {Params} params
 * @param {Schema} schema
 */
export function keyOf(params, schema) {
  return Object.entries(own(params, schema)).map(([name, value]) => `${name}=${value}`).join("&");
}

/** @param {Params} params @param {Schema} schema @returns {Params} */
function own(params, schema) {
  return Object.fromEntries(
    Object.entries(params)
      .map(([name, value]) => [name, normal(value)])
      .filter(([name, value]) => value !== wire(schema.properties[name]?.default))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const SIZE = /^\d+(:\d+)?(x\d+(:\d+)?)*$/;

/** A size in its shortest form: `3x3` is `3`, and `1:1` is `1`. */
/** @param {string} text */
function normal(text) {
  if (!SIZE.test(text)) return text;
  return joinAxes(text.split("x").map((side) => {
    const [before, after] = side.split(":");
    return before === after ? before : side;
  }));
}

/**
 * Where each figure of an index is.
 * @param {Index} index
 * @returns {Map<string, Place>}
 */
export function placesOf(index) {
  const found = new Map();
  for (const [pack, { keys, refused }] of Object.entries(index.packs)) {
    const none = new Set(refused);
    keys.forEach((key, at) => found.has(key) || found.set(key, { pack, at, refused: none.has(at) }));
  }
  return found;
}

/**
 * What is said of a figure that is not there: at a parameter that would have to be another, with its value in the
 * nearest figure that is.
 * @param {Index} index
 * @param {Map<string, Place>} places
 * @param {Params} params
 * @param {Params | null} last  the figure on show: what was changed since is what has to change
 * @returns {Refusal}
 */
export function missing(index, places, params, last) {
  const { schema } = index;
  const nearest = nearestOf(index, places, params, last);
  const found = nearest && differing(own(params, schema), nearest, last && own(last, schema), schema)[0];
  return {
    code: "not_held",
    field: found?.name ?? "",
    message: index.says,
    hint: "",
    values: found ? { nearest: found.value } : {},
  };
}

/** Farther than any values of one parameter are apart: another parameter that differs. */
const ANOTHER = 1e6;

/**
 * The figure that is there and differs least, or null; one that the engine refuses is none.
 * @param {Index} index
 * @param {Map<string, Place>} places
 * @param {Params} params
 * @param {Params | null} last
 * @returns {Params | null}
 */
export function nearestOf({ schema }, places, params, last) {
  const wanted = own(params, schema);
  const before = last && own(last, schema);
  let found = { params: /** @type {Params | null} */ (null), far: Infinity };
  for (const [key, { refused }] of places) {
    if (refused) continue;
    const there = pairsOf(key);
    const apart = differing(wanted, there, before, schema);
    const far = apart.reduce((sum, one) => sum + one.far, ANOTHER * apart.length);
    if (far < found.far) found = { params: there, far };
  }
  return found.params;
}

/** @param {string} key @returns {Params} */
function pairsOf(key) {
  return Object.fromEntries(key.split("&").filter(Boolean).map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

/**
 * In which parameters a figure that is there differs, and its values: first what was changed last.
 * @param {Params} wanted
 * @param {Params} there
 * @param {Params | null} before
 * @param {Schema} schema
 */
function differing(wanted, there, before, schema) {
  return [...new Set([...Object.keys(wanted), ...Object.keys(there)])].filter((name) => wanted[name] !== there[name])
    .map((name) => ({ name, value: there[name] ?? wire(schema.properties[name]?.default) }))
    .map((one) => ({ ...one, far: distance(wanted, before, one, schema) }))
    .sort((one, other) => one.far - other.far);
}

/** @param {Params} wanted @param {Params | null} before @param {{name: string, value: string}} one @param {Schema} schema */
function distance(wanted, before, { name, value }, schema) {
  const now = wanted[name] ?? wire(schema.properties[name]?.default);
  const apart = Math.abs(Number.parseInt(now, 10) - Number.parseInt(value, 10));
  const untouched = before !== null && before[name] === wanted[name];
  return (Number.isFinite(apart) ? apart : 1000) + (untouched ? 10_000 : 0);
}

/**
 * Which values of each slider are not there or cannot be, in the form of the server's limits.
 * @param {Index} index
 * @param {Params} params
 * @param {Trace} trace  of these parameters
 * @param {(params: Params) => Refusal | null} refusal  what is wrong with a figure
 */
export function limitsOf(index, params, trace, refusal) {
  const { schema } = index;
  /** @type {Record<string, any>} */
  const limits = {};
  for (const [name, { "x-control": control }] of Object.entries(schema.properties)) {
    if (!control || !["size", "number"].includes(control.widget) || control.max === undefined) continue;
    const now = wire(trace.params[name]);
    const refused = (/** @type {(value: string) => string} */ text) =>
      values(control).flatMap((value) => {
        const asked = text(String(value));
        const error = asked === now ? null : refusal(changed({ typed: params, trace, schema, name, text: asked }).params);
        return error ? [{ ...error, value }] : [];
      });
    limits[name] = { linked: refused((value) => value) };
    const rank = control.widget === "size" && /^\d/.test(now) ? axesOf(control, trace) : 0;
    if (rank > 0) {
      limits[name].axes = Array.from({ length: rank }, (_, axis) =>
        refused((value) => joinAxes(splitAxes(now, rank).map((side, at) => (at === axis ? value : side)))));
    }
  }
  return limits;
}

/** @param {{min: number, max: number}} control */
function values({ min, max }) {
  return Array.from({ length: max - min + 1 }, (_, n) => min + n);
}

/** @param {{axes?: number}} control @param {Trace} trace */
function axesOf({ axes = 1 }, { params }) {
  return Math.min(axes, params.dims ?? axes);
}
