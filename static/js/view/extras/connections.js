/** Which map sees which channel: the connection matrix, and the same as lines through all stages. */

/** @import {Trace} from "../../model/types.js" */
/** @import {Column} from "../../model/wires.js" */
/** @import {Translate} from "../../model/strings.js" */

import { columnsOf, seenBy } from "../../model/wires.js";
import { el } from "../dom.js";
import { circle, line, svg, word } from "./svg.js";

/** With more channels on a side, cells and lines would be too fine to tell apart. */
const MOST = 16;
const HUES = 4;
const DASHES = ["", "5 3", "2 3", "8 3 2 3"];

/** Concerns figures whose channels are wired in groups. */
/** @param {Trace} trace */
export function concerns(trace) {
  return trace.stages.some((stage) => (stage.groups ?? 1) > 1 && stage.channels !== null) ||
    trace.stages.some(({ operation }) => operation === "shuffle");
}

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {{t: Translate}} context
 */
export function show(host, trace, { t }) {
  const columns = columnsOf(trace);
  const seen = seenBy(columns);
  const all = columns[0].count;
  const least = Math.min(...seen.map((row) => row.length));
  const verdict = t(least === all ? "wires.all" : "wires.some", { n: least, all });
  const small = columns.every(({ count }) => count <= MOST);
  const groups = trace.stages.find((stage) => (stage.groups ?? 1) > 1)?.groups ?? 1;
  const groupOf = (/** @type {number} */ channel) => Math.floor((channel * groups) / all);
  host.replaceChildren(
    el("p", { class: "fact-name" }, t("wires.title")),
    ...(small ? [matrix(seen, all, groupOf, t), lines(columns, seen, groupOf, t)] : []),
    el("p", { class: "wires-verdict" }, verdict),
  );
}

/** @param {number[][]} seen @param {number} all @param {(channel: number) => number} groupOf @param {Translate} t */
function matrix(seen, all, groupOf, t) {
  const channels = Array.from({ length: all }, (_, n) => n);
  const head = el("tr", {}, el("td"), ...channels.map((n) => el("th", { scope: "col" }, String(n + 1))));
  const rows = seen.map((row, filter) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, String(filter + 1)),
      ...channels.map((channel) => cell(row.includes(channel), groupOf(channel), t)),
    )
  );
  return el(
    "table",
    { class: "wires" },
    el("caption", { class: "visually-hidden" }, t("wires.caption")),
    el("thead", {}, head),
    el("tbody", {}, ...rows),
  );
}

/** @param {boolean} wired @param {number} group @param {Translate} t */
function cell(wired, group, t) {
  return wired
    ? el("td", { class: `wired group-${(group % HUES) + 1}` }, letterOf(group))
    : el("td", { class: "unwired" }, el("span", { class: "visually-hidden" }, t("wires.none")));
}

/** @param {number} group */
function letterOf(group) {
  return String.fromCharCode(65 + (group % 26));
}

/** @param {Column[]} columns @param {number[][]} seen @param {(channel: number) => number} groupOf @param {Translate} t */
function lines(columns, seen, groupOf, t) {
  const most = Math.max(...columns.map(({ count }) => count));
  const [width, pitch, top] = [280, Math.max(15, Math.min(26, 200 / most)), 12];
  const x = (/** @type {number} */ column) => 14 + (column * (width - 28)) / (columns.length - 1);
  const y = (/** @type {number} */ n, /** @type {number} */ count) => top + (n + 0.5) * (most / count) * pitch;
  const origins = seenThrough(columns);
  const drawn = columns.slice(1).flatMap((column, n) =>
    column.from.flatMap((wires, filter) =>
      wires.map((wire) => {
        const found = [...new Set(origins[n][wire].map(groupOf))];
        const group = found.length === 1 ? found[0] : -1;
        const kind = group < 0 ? "wire mixed" : `wire group-${(group % HUES) + 1}`;
        const dash = group < 0 ? "" : DASHES[group % DASHES.length];
        return line(x(n), y(wire, columns[n].count), x(n + 1), y(filter, column.count), kind, dash);
      })
    )
  );
  const dots = columns.flatMap((column, n) =>
    Array.from({ length: column.count }, (_, i) => circle(x(n), y(i, column.count), 6, n === 0 ? "input" : n === columns.length - 1 ? "output" : "hidden"))
  );
  const ends = [[0, columns[0].count], [columns.length - 1, seen.length]].flatMap(([column, count]) =>
    Array.from({ length: count }, (_, i) => word(x(column), y(i, count) + 3.5, String(i + 1), "node"))
  );
  return svg(width, top + most * pitch + 8, t("wires.lines"), [...drawn, ...dots, ...ends]);
}

/** What each channel of each column can see of the input. */
/** @param {Column[]} columns */
function seenThrough(columns) {
  return columns.map((_, n) => seenBy(columns.slice(0, n + 1)));
}
