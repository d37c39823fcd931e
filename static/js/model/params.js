/** The parameters as typed, and what follows when one of them changes. */

/** @import {Params, Schema} from "./query.js" */
/** @import {Trace} from "./types.js" */

import { trimmed, wire } from "./query.js";

/** @typedef {{id: string, title: string, params: Params}} Preset */

/** Parameters that say how many values there are. */
const SIZES = [
  "dims",
  "layers",
  "transposed",
  "round_trip",
  "in_channels",
  "out_channels",
  "groups",
  "input_size",
  "kernel_size",
];
const VALUES = ["input", "kernel", "pointwise_kernel"];

/** Values given as a name, `gaussian`, and not as numbers. */
const NAME = /^[a-z]+(-[a-z]+)*$/;

/**
 * One parameter set anew. A size cannot change while numbers are given: then they are dropped, the other sizes stay
 * as they were, and `switched` says so. Values given by name take any size, but for kernels that have only one.
 * @param {{typed: Params, trace: Trace, schema: Schema, name: string, text: string, drop?: boolean}} change
 * @returns {{params: Params, switched: boolean}}
 */
export function changed({ typed, trace, schema, name, text, drop = false }) {
  const stale = VALUES.filter((value) =>
    value in typed && (drop || (SIZES.includes(name) && !resizable(typed[value], value, name, schema)))
  );
  const switched = stale.length > 0;
  const kept = switched ? { ...without(typed, stale), ...allSizes(trace, schema) } : typed;
  return { params: trimmed({ ...consistent(kept, name, text, trace), [name]: text }, schema), switched };
}

/** Whether a value goes on when a size changes. */
/** @param {string} text @param {string} value @param {string} size @param {Schema} schema */
function resizable(text, value, size, schema) {
  if (!NAME.test(text)) return false;
  const fixed = schema.properties[value]?.["x-control"]?.fixed ?? [];
  return !(fixed.includes(text) && ["kernel_size", "dims", "layers"].includes(size));
}

/** A zero-stuffed figure is stepped by output: choosing the one takes the other along. */
/** @param {Params} typed @param {string} name @param {string} text @param {Trace} trace @returns {Params} */
function consistent(typed, name, text, trace) {
  if (name === "round_trip") {
    // There and back begins with what comes out of the transposed convolution alone, or ends with it.
    const { stages, tensors } = trace;
    const turned = tensors[text === "true" ? stages[stages.length - 1].output : stages[0].output].shape.slice(1);
    return { ...without(typed, ["output_padding", "view"]), input_size: wire(turned) };
  }
  if (name === "view" && text === "zero-stuffed") return without(typed, ["by"]);
  if (name === "by" && text === "input" && typed.view === "zero-stuffed") return without(typed, ["view"]);
  if (name === "dims") {
    return without(typed, ["input_size", "kernel_size", "stride", "padding", "dilation", "output_padding"]);
  }
  return typed;
}

/**
 * The sizes of a figure that differ from the defaults, whoever decided them.
 * @param {Trace} trace
 * @param {Schema} schema
 */
export function sizesOf(trace, schema) {
  return trimmed(allSizes(trace, schema), schema);
}

/** @param {Trace} trace @param {Schema} schema @returns {Params} */
function allSizes(trace, schema) {
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

/**
 * The parameters of the preset that is on show, or of the first that has values of its own; null where none has.
 * @param {Params} typed
 * @param {Preset[]} presets
 */
export function exampleOf(typed, presets) {
  const withOwn = (/** @type {Preset | null} */ preset) => VALUES.some((value) => preset?.params[value]);
  return [matching(typed, presets), ...presets].find(withOwn)?.params ?? null;
}

/**
 * The parameters with a reader's own values, which decide the sizes they have; an empty field gives none.
 * @param {Params} typed
 * @param {Params} own
 * @returns {Params}
 */
export function withValues(typed, own) {
  const given = Object.entries(own).filter(([, text]) => text.trim());
  const decided = given.filter(([, text]) => !NAME.test(text.trim())).flatMap(([name]) => DECIDES[name] ?? []);
  return { ...without(typed, [...VALUES, ...decided]), ...Object.fromEntries(given) };
}

/** The sizes that numbers of one's own decide. */
const DECIDES = /** @type {Record<string, string[]>} */ ({
  input: ["input_size", "in_channels"],
  kernel: ["kernel_size", "in_channels", "out_channels"],
  pointwise_kernel: ["out_channels"],
});
