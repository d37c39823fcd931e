/** What the page around a frame wishes of its figure: whether the figure has it, and what is wrong where it has not. */

/** @import {Params, Schema} from "./query.js" */
/** @import {Fault, Wanted} from "./remote.js" */
/** @import {Translate} from "./strings.js" */
/** @import {Trace} from "./types.js" */

import { changed } from "./params.js";
import { SPEEDS } from "./player.js";

/** The empty one is that of the reader's system. */
const THEMES = ["", "light", "dark", "projector"];

/** Parameters of answers, and of no figure. */
const PAGING = ["start", "count", "tensors"];

/** Of a picture that shows all tensors in depth, none is drawn alone. */
/** @type {Fault} */
export const UNDRAWN = { code: "panels_undrawn", field: "panels", values: {} };

/**
 * The parameters of a figure with those that a message gives; null leaves one out. Throws a Fault.
 * @param {Record<string, string | null>} params
 * @param {{typed: Params, trace: Trace, schema: Schema}} figure
 * @returns {Params}
 */
export function withParams(params, { typed, trace, schema }) {
  const known = Object.keys(schema.properties).filter((name) => !PAGING.includes(name));
  const strange = Object.keys(params).find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw /** @type {Fault} */ ({ code: "unknown_parameter", field: strange.slice(0, 40), values: { known } });
  }
  let all = typed;
  for (const [name, text] of Object.entries(params)) {
    if (text === null) all = Object.fromEntries(Object.entries(all).filter(([other]) => other !== name));
    else all = changed({ typed: all, trace, schema, name, text }).params;
  }
  return all;
}

/**
 * What a message asks for that a figure has not.
 * @param {Wanted} wanted
 * @param {Trace} trace
 * @param {{first: number, total: number}} span  the steps between which the frame plays it
 * @returns {Fault | null}
 */
export function faultOf({ step, speed, theme, stage, panels }, trace, { first, total }) {
  if (step !== undefined && (step < first || step > total)) {
    const nearest = Math.max(first, Math.min(total, step));
    return { code: "out_of_range", field: "step", values: { minimum: first, maximum: total, given: step, nearest } };
  }
  const choices = /** @type {[string, (string | undefined)[], string[]][]} */ ([
    ["speed", [speed], SPEEDS],
    ["theme", [theme], THEMES],
    ["stage", [stage], ["", "all", ...trace.stages.map(({ id }) => id)]],
    ["panels", panels ?? [], Object.keys(trace.tensors)],
  ]);
  for (const [field, given, options] of choices) {
    const strange = given.find((one) => one !== undefined && !options.includes(one));
    if (strange !== undefined) {
      return { code: "unknown_choice", field, values: { given: strange.slice(0, 40), options: options.filter(Boolean) } };
    }
  }
  return null;
}

/**
 * A fault as an error of the API has it, with its sentence.
 * @param {Fault} fault
 * @param {Translate} t
 */
export function worded({ code, field, values }, t) {
  const listed = Object.entries(values).map(([name, one]) => [name, Array.isArray(one) ? one.join(", ") : one]);
  return { code, field, message: t(`remote.${code}`, { field, ...Object.fromEntries(listed) }), hint: "", values };
}
