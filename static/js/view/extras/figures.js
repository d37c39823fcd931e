/** The named figures of a kind as a table that one can play: sizes, the relation that holds, the cells that are dropped. */

/** @import {Trace} from "../../model/types.js" */
/** @import {Context} from "./index.js" */

import { matching } from "../../model/params.js";
import { times } from "../../model/strings.js";
import { el } from "../dom.js";

/** Concerns the kind whose subject the sizes are. */
/** @param {Trace} trace */
export function concerns(trace) {
  return trace.kind === "arithmetic";
}

const COLUMNS = ["input_size", "kernel_size", "stride", "padding", "dilation", "output_padding"];

/** @type {WeakMap<HTMLElement, Map<string, HTMLElement>>} */
const tables = new WeakMap();

/**
 * @param {HTMLElement} host
 * @param {Trace} _trace
 * @param {Context} context
 */
export async function show(host, _trace, context) {
  const rows = tables.get(host) ?? await made(host, context);
  const now = matching(context.typed(), context.presets)?.id;
  for (const [id, row] of rows) row.setAttribute("aria-current", String(id === now));
}

/** @param {HTMLElement} host @param {Context} context */
async function made(host, { t, presets, facts, choose }) {
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  tables.set(host, rows);
  const found = await Promise.all(presets.map(({ params }) => facts(params)));
  presets.forEach((preset, n) => {
    const { params, facts: { output_shape: [, ...output], relation } } = found[n];
    const play = el("button", { type: "button", class: "link", on: { click: () => choose(preset.params) } }, preset.title);
    rows.set(
      preset.id,
      el(
        "tr",
        {},
        el("th", { scope: "row" }, play),
        ...COLUMNS.map((name) => el("td", {}, sizeOf(params, name))),
        el("td", { class: "ink-output" }, times(alike(output))),
        el("td", {}, relation ? String(relation.number) : "–"),
      ),
    );
  });
  const heads = [t("figures.name"), ...COLUMNS.map((name) => t(`figures.${name}`)), t("figures.output"), t("figures.relation")];
  host.replaceChildren(
    el("h2", {}, t("figures.title")),
    el("p", { class: "extra-lead" }, t("figures.lead")),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": t("figures.title") },
      el(
        "table",
        { class: "figures" },
        el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)))),
        el("tbody", {}, ...rows.values()),
      ),
    ),
  );
  return rows;
}

/** @param {Record<string, any>} params @param {string} name */
function sizeOf(params, name) {
  const value = params[name];
  if (name === "output_padding" && !params.transposed) return "–";
  return Array.isArray(value) ? times(alike(value.flat())) : String(value);
}

/** One number where all are the same. */
/** @param {number[]} sizes */
function alike(sizes) {
  return sizes.every((size) => size === sizes[0]) ? sizes.slice(0, 1) : sizes;
}
