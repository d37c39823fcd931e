/** Beside the overlap: the verdict in words, kernels compared at this stride, three ways out, and what a picture becomes. */

/** @import {Trace} from "../../model/types.js" */
/** @import {Params} from "../../model/query.js" */
/** @import {Context} from "./index.js" */
/** @import {Translate} from "../../model/strings.js" */

import { wire } from "../../model/query.js";
import { plain } from "../../model/strings.js";
import { nameOf } from "../../scenes/layout.js";
import { el, icon } from "../dom.js";
import { part, svg } from "./svg.js";

/** Concerns the kind whose subject the overlap is. */
/** @param {Trace} trace */
export function concerns(trace) {
  return trace.kind === "checkerboard";
}

const KERNELS = [2, 3, 4, 5];

/** Answers that have been given: the same few figures are asked for again and again. */
/** @type {Map<string, Promise<Trace | null>>} */
const known = new Map();

/** The trace that a host shows last: what was asked for before it comes too late. */
/** @type {WeakMap<HTMLElement, Trace>} */
const shown = new WeakMap();

/**
 * The facts of another figure, or null where it cannot be.
 * @param {Context} context
 * @param {Params} params
 */
function factsOf(context, params) {
  const key = JSON.stringify(params);
  const asked = known.get(key) ?? context.facts(params).catch(() => null);
  known.set(key, asked);
  return asked;
}

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {Context} context
 */
export async function show(host, trace, context) {
  const { t } = context;
  const { params } = trace;
  shown.set(host, trace);
  const plainly = {
    input: "ones",
    kernel: "ones",
    ...Object.fromEntries(["input_size", "kernel_size", "stride", "depth"].map((name) => [name, wire(params[name])])),
  };
  const stride = Math.max(...params.stride);
  const kernels = await Promise.all(KERNELS.map(async (k) => ({
    k,
    params: { ...plainly, kernel_size: String(k), remedy: "none" },
    found: await factsOf(context, { ...plainly, kernel_size: String(k), remedy: "none" }),
  })));
  const fitting = Math.ceil(Math.max(...params.kernel_size) / stride) * stride;
  const ways = await Promise.all([
    { key: "divide", values: { k: fitting, s: stride }, params: { ...plainly, kernel_size: String(fitting), remedy: "none" } },
    { key: "stride", values: {}, params: { ...plainly, stride: "1", remedy: "none" } },
    { key: "resize", values: { s: stride }, params: { ...plainly, remedy: "nearest" } },
  ].map(async (way) => ({ ...way, found: await factsOf(context, way.params) })));
  if (shown.get(host) !== trace) return;
  host.replaceChildren(
    band(trace, t),
    el("h2", {}, t("lab.kernels", { s: stride })),
    el(
      "div",
      { class: "lab-cards" },
      ...kernels.map(({ k, params: wanted, found }) => kernelCard(k, wire(params.kernel_size) === String(k), wanted, found, context)),
    ),
    el("h2", {}, t("lab.ways")),
    el("div", { class: "lab-cards ways" }, ...ways.map((way) => wayCard(way, context))),
    ...pictures(trace, t),
  );
}

/** @param {Trace} trace @param {Translate} t */
function band({ params, facts }, t) {
  const even = (facts.strength ?? 0) === 0;
  const [kernel, stride] = [wire(params.kernel_size), wire(params.stride)];
  const strength = t("lab.strength", { share: percent(facts.strength ?? 0) });
  return el(
    "p",
    { class: even ? "lab-band verdict good" : "lab-band verdict bad" },
    icon(even ? "check" : "alert"),
    el(
      "span",
      {},
      el("b", {}, t(even ? "overlap.even" : "overlap.uneven")),
      " ",
      t(even ? "lab.divides" : "lab.dividesNot", { k: kernel, s: stride }),
      " ",
      strength,
    ),
  );
}

/** @param {number} k @param {boolean} current @param {Params} params @param {Trace | null} found @param {Context} context */
function kernelCard(k, current, params, found, { t, choose }) {
  const overlap = found?.stages[0].overlap;
  const even = Boolean(overlap?.even);
  const counts = overlap ? overlap.per_axis[overlap.per_axis.length - 1] : [];
  const verdict = even ? (Math.max(...counts) === 1 ? "lab.never" : "lab.even") : "lab.uneven";
  return el(
    "button",
    {
      type: "button",
      class: "lab-card",
      "aria-pressed": String(current),
      on: { click: () => choose(params) },
    },
    el("b", {}, t("lab.kernel", { k })),
    el("small", {}, t("lab.modulo", { k, s: params.stride ?? "2", rest: found?.facts.remainder?.slice(-1)[0] ?? "" })),
    bars(counts, t("lab.bars", { counts: counts.join(", ") })),
    el("span", { class: even ? "verdict good" : "verdict bad" }, icon(even ? "check" : "alert"), el("span", {}, t(verdict))),
  );
}

/** @param {number[]} counts @param {string} label */
function bars(counts, label) {
  const [wide, high] = [160, 46];
  const unit = wide / Math.max(counts.length, 1);
  const most = Math.max(5, ...counts);
  const drawn = counts.map((n, at) => {
    const h = (n * (high - 4)) / most;
    return part("rect", { x: at * unit, y: high - h - 1, width: Math.max(unit - 1, 0.5), height: h, class: "lab-bar" });
  });
  return svg(wide, high, label, drawn);
}

/**
 * @param {{key: string, values: Record<string, unknown>, params: Params, found: Trace | null}} way
 * @param {Context} context
 */
function wayCard({ key, values, params, found }, { t, choose }) {
  const inner = key === "resize"
    ? found?.stages.find(({ id }) => id === "convolution")?.kernel_size ?? found?.params.kernel_size
    : null;
  const count = inner
    ? inner.reduce((/** @type {number} */ all, /** @type {number} */ side) => all * side, 1)
    : found?.stages[0].overlap?.max ?? "";
  return el(
    "button",
    { type: "button", class: "lab-card", on: { click: () => choose(params) } },
    el("b", {}, t(`lab.way.${key}`, values)),
    el("small", {}, t(`lab.why.${key}`, values)),
    el("span", { class: "verdict good" }, icon("check"), el("span", {}, t("lab.everywhere", { n: count }))),
  );
}

/** The two enlarged pictures side by side, with the strength of the pattern in each. */
/** @param {Trace} trace @param {Translate} t */
function pictures({ stages, tensors, facts }, t) {
  const compared = stages.filter(({ id }) => facts.compared?.includes(id));
  if (compared.length < 2) return [];
  return [
    el("h2", {}, t("lab.pictures")),
    el(
      "div",
      { class: "lab-pictures" },
      picture(tensors.input.values[0], nameOf("input", t), ""),
      ...compared.map(({ id, output }) => {
        const strength = facts.strengths?.[id] ?? 0;
        return picture(tensors[output].values[0], t(`lab.by.${id === "convolution" ? "resize" : "transposed"}`),
          t("lab.strength", { share: percent(strength) }));
      }),
    ),
  ];
}

/** @param {number[][]} rows @param {string} name @param {string} said */
function picture(rows, name, said) {
  const flat = rows.flat();
  const [least, most] = [Math.min(...flat), Math.max(...flat)];
  const cells = rows.flatMap((row, y) =>
    row.map((value, x) => part("rect", { x, y, width: 1, height: 1, "fill-opacity": ((value - least) / (most - least || 1)).toFixed(3) }))
  );
  const drawn = part("svg", {
    class: "lab-picture",
    viewBox: `0 0 ${rows[0].length} ${rows.length}`,
    role: "img",
    "aria-label": `${name} ${said}`,
  }, ...cells);
  return el("figure", {}, drawn, el("figcaption", {}, el("b", {}, name), " ", said));
}

/** @param {number} share */
function percent(share) {
  return `${plain(100 * share, 0)} %`;
}
