/** Two figures on one clock: how a link writes them, where each stands, and how what they cost compares. */

/** @import {Stage, Trace} from "./types.js" */
/** @import {PageState, Params, Schema} from "./query.js" */
/** @import {Translate} from "./strings.js" */

import { lengthOf } from "./clock.js";
import { trimmed } from "./query.js";

/**
 * A side of a comparison: a kind's figure, the stage that is seen alone, and the one at which the side ends.
 * @typedef {{slug: string, params: Params, stage: string, until: string}} Side
 * @typedef {{own: Params | null, slug: string, params: Params, until: string}} Partner
 * @typedef {{multiplications: number, parameters: number, steps: number}} Costs
 * @typedef {{key: "fewer" | "none" | "equal", less: 0 | 1, ratio: number}} Verdict
 */

const OF_THE_SIDE = ["stage", "until"];

/**
 * @param {string} text
 * @returns {Side}
 */
export function readSide(text) {
  const [slug] = text.split("?", 1);
  const pairs = [...new URLSearchParams(text.slice(slug.length + 1))];
  const own = Object.fromEntries(pairs.filter(([name]) => OF_THE_SIDE.includes(name)));
  return {
    slug,
    params: Object.fromEntries(pairs.filter(([name]) => !OF_THE_SIDE.includes(name))),
    stage: own.stage ?? "",
    until: own.until ?? "",
  };
}

/**
 * A side as it stands in a link before the link encodes it; a figure of defaults alone is written `seed=0`, because no
 * parameters at all mean the first preset.
 * @param {Side} side
 */
export function sideText({ slug, params, stage, until }) {
  const named = Object.keys(params).length > 0 ? params : { seed: "0" };
  const pairs = Object.entries({ ...named, ...(stage && { stage }), ...(until && { until }) });
  return `${slug}?${pairs.map(([name, value]) => `${name}=${inner(value)}`).join("&")}`;
}

/** Inside a side only what would end a value is encoded, since the link encodes the side as a whole. */
/** @param {string} value */
function inner(value) {
  return value.replace(/%/g, "%25").replace(/&/g, "%26").replace(/\+/g, "%2B");
}

/**
 * The query of a comparison, as legible as a query can be: `?left=dilated?dilation=1&right=…`.
 * @param {string[]} texts  of the left and the right side
 * @param {Partial<PageState>} page
 */
export function writePair([left, right], page) {
  const pairs = [["left", left], ["right", right]];
  if (page.step) pairs.push(["step", String(page.step)]);
  if (page.theme) pairs.push(["theme", page.theme]);
  if (page.speed && page.speed !== "1") pairs.push(["speed", page.speed]);
  if (page.loop) pairs.push(["loop", "true"]);
  if (page.lang) pairs.push(["lang", page.lang]);
  return `?${pairs.map(([name, value]) => `${name}=${legible(value)}`).join("&")}`;
}

/** @param {string} text */
function legible(text) {
  return encodeURIComponent(text).replace(
    /%(3F|3D|2C|3B|3A|2F)/g,
    (code) => decodeURIComponent(code),
  );
}

/**
 * What suits a figure: its partner in a suggested pair, else the first that is another figure.
 * @param {Partner[]} partners
 * @param {{slug: string, params: Params, schema: Schema}} shown
 * @returns {Side}
 */
export function partnerOf(partners, { slug, params, schema }) {
  const written = (/** @type {Params} */ given) => JSON.stringify(Object.entries(trimmed(given, schema)).sort());
  const own = written(params);
  const meant = partners.filter((partner) => partner.own && written(partner.own) === own);
  const other = [...meant, ...partners].find((found) => found.slug !== slug || written(found.params) !== own);
  const found = other ?? partners[0];
  return { slug: found.slug, params: found.params, stage: "", until: found.until };
}

/**
 * The stages that lead to one stage, with the facts of these alone; the trace itself where no stage is named.
 * @param {Trace} trace
 * @param {string} until
 * @returns {Trace}
 */
export function branch(trace, until) {
  const end = trace.stages.find(({ id }) => id === until);
  if (!end) return trace;
  const stages = leadingTo(end, trace.stages);
  const sum = (/** @type {"multiplications" | "additions" | "parameters"} */ what) =>
    stages.reduce((all, { cost }) => all + (cost?.[what] ?? 0), 0);
  const facts = {
    ...trace.facts,
    multiplications: sum("multiplications"),
    additions: sum("additions"),
    parameters: sum("parameters"),
    steps: stages.reduce((all, { steps }) => all + steps.total, 0),
    output_shape: trace.tensors[end.output].shape,
    receptive_field: end.receptive_field ?? null,
    compared: [],
  };
  return { ...trace, stages, facts };
}

/** @param {Stage} end @param {Stage[]} stages */
function leadingTo(end, stages) {
  const wanted = new Set([end.output]);
  return [...stages].reverse().filter((stage) => {
    if (!wanted.has(stage.output)) return false;
    for (const name of stage.inputs ?? [stage.input]) wanted.add(name);
    return true;
  }).reverse();
}

/**
 * The common clock is as long as the longer side; a side that is missing takes no steps.
 * @param {(Trace | null)[]} traces
 */
export function longest(traces) {
  return Math.max(0, ...traces.map((trace) => (trace ? lengthOf(trace) : 0)));
}

/**
 * Where a side stands when the clock does: at its own end, once it is finished.
 * @param {Trace} trace
 * @param {number} step
 * @returns {{step: number, finished: boolean}}
 */
export function standing(trace, step) {
  const own = lengthOf(trace);
  return { step: Math.min(step, own), finished: step > own };
}

/**
 * What a side says that has come to its end.
 * @param {number} steps  that it took
 * @param {Translate} t
 */
export function finishedText(steps, t) {
  return t(steps === 1 ? "compare.finished.one" : "compare.finished", { n: steps });
}

/**
 * How two counts compare: which of them is less (0 the first, 1 the second), and how many times it goes into the other.
 * @param {number} first
 * @param {number} second
 * @returns {Verdict}
 */
export function verdict(first, second) {
  if (first === second) return { key: "equal", less: 0, ratio: 1 };
  const less = first < second ? 0 : 1;
  const [few, many] = less === 0 ? [first, second] : [second, first];
  return few === 0 ? { key: "none", less, ratio: 0 } : { key: "fewer", less, ratio: many / few };
}

/**
 * A ratio as words have it: one decimal, two where one would say «1», none where it is large.
 * @param {number} ratio
 */
export function ratioText(ratio) {
  return ratio < 1.1 ? ratio.toFixed(2) : ratio < 100 ? String(Number(ratio.toFixed(1))) : String(Math.round(ratio));
}
