/** The tensors as tables: read by ear or by eye, kept true to the step while they are open. */

/** @import {Trace} from "../../model/types.js" */
/** @import {Slice} from "../../model/tables.js" */
/** @import {Context} from "./index.js" */
/** @import {Translate} from "../../model/strings.js" */

import { plain, times } from "../../model/strings.js";
import { cellKey, metAt, sizeOf, slicesOf, valuesAt } from "../../model/tables.js";
import { nameOf } from "../../scenes/layout.js";
import { el } from "../dom.js";

/** Tensors of more cells are too long for tables, and a figure of more tables than this too slow. */
const MOST_CELLS = 1000;
const MOST_TABLES = 96;

/** Concerns every figure. */
/** @param {Trace} _trace */
export function concerns(_trace) {
  return true;
}

/**
 * A cell of a table: where it stands in its tensor, what it showed last, and what says so aloud.
 * @typedef {{node: HTMLElement, tensor: string, index: number[], key: string, shown: string, said: HTMLElement}} Shown
 * @typedef {{details: HTMLDetailsElement, body: HTMLElement, trace: Trace | null, cells: Shown[]}} Tables
 */

/** @type {WeakMap<HTMLElement, Tables>} */
const all = new WeakMap();

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {Context} context
 */
export function show(host, trace, context) {
  const tables = all.get(host) ?? made(host, context);
  all.set(host, tables);
  refresh(tables, trace, context);
}

/**
 * Follows the step; costs nothing while it is closed.
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {Context} context
 */
export function step(host, trace, context) {
  const tables = all.get(host);
  if (tables) refresh(tables, trace, context);
}

/** @param {HTMLElement} host @param {Context} context @returns {Tables} */
function made(host, context) {
  const { t } = context;
  const body = el("div", { class: "tensor-tables" });
  const details = el(
    "details",
    { class: "fold", on: { toggle: () => refresh(tables, context.trace(), context) } },
    el("summary", {}, el("h2", {}, t("tables.title")), el("span", { class: "fold-lead" }, t("tables.lead"))),
    body,
  );
  /** @type {Tables} */
  const tables = { details, body, trace: null, cells: [] };
  host.replaceChildren(details);
  return tables;
}

/** @param {Tables} tables @param {Trace} trace @param {Context} context */
function refresh(tables, trace, { t, step: at }) {
  if (!tables.details.open) return;
  if (tables.trace !== trace) build(tables, trace, t);
  mark(tables, trace, at(), t);
}

/** @param {Tables} tables @param {Trace} trace @param {Translate} t */
function build(tables, trace, t) {
  tables.trace = trace;
  tables.cells = [];
  const legend = el(
    "p",
    { class: "extra-lead tables-key" },
    el("span", { class: "key-window" }, t("tables.window")),
    " ",
    el("span", { class: "key-now" }, t("tables.now")),
  );
  tables.body.replaceChildren(
    legend,
    ...Object.entries(trace.tensors).filter(([, tensor]) => tensor.values).map(([name, tensor]) => {
      const slices = slicesOf(tensor);
      const title = `${nameOf(name, t)} ${times(sizesOf(tensor))}`;
      const role = `tensor-part role-${tensor.role}`;
      if (sizeOf(tensor) > MOST_CELLS || slices.length > MOST_TABLES) {
        return el("p", { class: role }, `${title}: ${t("tables.large", { n: sizeOf(tensor) })}`);
      }
      const grids = slices.map((slice) => tableOf(tables, name, slice, slices.length === 1 ? title : "", t));
      // A scroller of its own for each tensor, so that a wide one takes no other along.
      return el(
        "div",
        { class: `scroll ${role}`, tabindex: "0", role: "region", "aria-label": title },
        ...(slices.length > 1 ? [el("h3", {}, title)] : []),
        el("div", { class: "tensor-slices" }, ...grids),
      );
    }),
  );
}

/** The sizes of a tensor as the figure names them: one channel is not counted. */
/** @param {import("../../model/types.js").Tensor} tensor */
function sizesOf({ shape }) {
  return shape.filter((length, axis) => length > 1 || axis >= shape.length - 2);
}

/** @param {Tables} tables @param {string} tensor @param {Slice} slice @param {string} title @param {Translate} t */
function tableOf(tables, tensor, { lead, rows, cols, index }, title, t) {
  const place = lead.map(({ axis, at }) => t(`tables.${axis}`, { n: at + 1 })).join(", ");
  const head = (/** @type {"row" | "col"} */ scope, /** @type {string} */ axis, /** @type {number} */ at) =>
    el(
      "th",
      { scope },
      el("span", { "aria-hidden": "true" }, String(at + 1)),
      el("span", { class: "visually-hidden" }, t(`tables.${axis}`, { n: at + 1 })),
    );
  const cell = (/** @type {number} */ row, /** @type {number} */ col) => {
    const said = el("span", { class: "visually-hidden" });
    const node = el("td", {}, el("span", { class: "value" }), said);
    const at = index(row, col);
    tables.cells.push({ node, tensor, index: at, key: cellKey(tensor, at), shown: "", said });
    return node;
  };
  const count = (/** @type {number} */ size) => Array.from({ length: size }, (_, n) => n);
  return el(
    "table",
    { class: "tensor" },
    el("caption", {}, title || place),
    el("thead", {}, el("tr", {}, el("td"), ...count(cols.size).map((col) => head("col", cols.axis, col)))),
    el("tbody", {}, ...count(rows.size).map((row) =>
      el("tr", {}, head("row", rows.axis, row), ...count(cols.size).map((col) => cell(row, col))))),
  );
}

/** Changes the cells that say something else now, and no others. */
/** @param {Tables} tables @param {Trace} trace @param {number} at @param {Translate} t */
function mark(tables, trace, at, t) {
  const met = metAt(trace, at);
  const values = new Map(Object.keys(trace.tensors).map((name) => [name, valuesAt(trace, name, at)]));
  for (const cell of tables.cells) {
    const value = values.get(cell.tensor)?.(cell.index) ?? null;
    const state = met.get(cell.key) ?? "";
    const shown = `${state} ${value}`;
    if (shown === cell.shown) continue;
    cell.shown = shown;
    cell.node.className = [state, value === null ? "open" : ""].filter(Boolean).join(" ");
    /** @type {HTMLElement} */ (cell.node.firstChild).textContent = plain(value);
    const words = [value === null ? t("tables.open") : "", state && t(`tables.${state}`)].filter(Boolean);
    cell.said.textContent = words.length > 0 ? ` ${words.join(", ")}` : "";
  }
}
