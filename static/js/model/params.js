/** The parameters as typed, and what follows when one of them changes. */

/** @import {Params, Schema} from "./query.js" */
/** @import {Trace} from "./types.js" */

import { trimmed, wire } from "./query.js";

/** @typedef {{id: string, title: string, params: Params}} Preset */

/** Parameters that say how many values there are. */
const SIZES = ["dims", "transposed", "in_channels", "out_channels", "groups", "input_size", "kernel_size"];
const VALUES = ["input", "kernel"];

/**
 * One parameter set anew. A size cannot change while values are given: then they are dropped, the other sizes stay
 * as they were, and `switched` says so.
 * @param {{typed: Params, trace: Trace, schema: Schema, name: string, text: string, drop?: boolean}} change
 * @returns {{params: Params, switched: boolean}}
 */
export function changed({ typed, trace, schema, name, text, drop = false }) {
  const given = VALUES.some((value) => value in typed);
  const switched = given && (drop || SIZES.includes(name));
  const kept = switched ? { ...without(typed, VALUES), ...sizesOf(trace, schema) } : typed;
  return { params: trimmed({ ...consistent(kept, name, text), [name]: text }, schema), switched };
}

/** A zero-stuffed figure is stepped by output: choosing the one takes the other along. */
/** @param {Params} typed @param {string} name @param {string} text @returns {Params} */
function consistent(typed, name, text) {
  if (name === "view" && text === "zero-stuffed") return without(typed, ["by"]);
  if (name === "by" && text === "input" && typed.view === "zero-stuffed") return without(typed, ["view"]);
  if (name === "dims") {
    return without(typed, ["input_size", "kernel_size", "stride", "padding", "dilation", "output_padding"]);
  }
  return typed;
}

/** @param {Trace} trace @param {Schema} schema @returns {Params} */
function sizesOf(trace, schema) {
  return Object.fromEntries(
    SIZES.filter((size) => size in schema.properties).map((size) => [size, wire(trace.params[size])]),
  );
}

/** @param {Params} params @param {string[]} names @returns {Params} */
function without(params, names) {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
}

/**
 * The preset that these parameters are, or null.
 * @param {Params} typed
 * @param {Preset[]} presets
 */
export function matching(typed, presets) {
  const written = JSON.stringify(Object.entries(typed).sort());
  return presets.find((preset) => JSON.stringify(Object.entries(preset.params).sort()) === written) ?? null;
}

/**
 * Where the values come from: a preset's example, the reader, or a seed.
 * @param {Params} typed
 * @param {Preset[]} presets
 * @returns {"example" | "mine" | "random"}
 */
export function chosen(typed, presets) {
  if (!VALUES.some((value) => value in typed)) return "random";
  const example = presets.some(({ params }) => VALUES.every((value) => params[value] === typed[value]));
  return example ? "example" : "mine";
}
