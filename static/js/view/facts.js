/** The facts of a figure: formulas with the reader's numbers, counts, comparison, overlap. */

/** @import {Facts, Formula, Overlap, Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */

import { turnsOf } from "../model/clock.js";
import { count, plain, times } from "../model/strings.js";
import { stageName } from "../scenes/layout.js";
import { el, escaped, icon } from "./dom.js";

/** A map of counts larger than this says no more than its verdict. */
const MOST_MAP = 33;

/**
 * The first formula and the numbers go to `host`, the other formulas to where they are explained.
 * @param {HTMLElement} host
 * @param {HTMLElement} more
 * @param {Trace} trace
 * @param {Translate} t
 */
export function showFacts(host, more, trace, t) {
  const { facts } = trace;
  const overlap = trace.stages.find((stage) => stage.operation === "transpose")?.overlap;
  host.replaceChildren(
    ...formulas(facts.formulas.filter(leads), facts.relation ?? null, t),
    counts(facts, t),
    ...(several(trace) ? [costs(trace, t)] : []),
    ...(facts.baseline ? [bars(facts, t)] : []),
    ...(overlap ? [overlapMap(overlap, t)] : []),
    ...(facts.notes ?? []).map((note) =>
      el("p", { class: "fact-note" }, icon("info"), el("span", {}, noteText(note, t)))
    ),
  );
  more.replaceChildren(...formulas(facts.formulas.filter((formula, n) => !leads(formula, n)), facts.relation ?? null, t));
}

/** Whether stages follow each other; a document of facts alone has no steps that could run side by side. */
/** @param {Trace} trace */
function several(trace) {
  const { stages, facts } = trace;
  if (stages.every(({ steps }) => steps)) return turnsOf(trace).length > 1;
  return stages.filter(({ id }) => !facts.compared?.includes(id)).length > 1;
}

/** The first formula, and the named relation that the figure is about. */
/** @param {Formula} formula @param {number} n */
function leads({ key }, n) {
  return n === 0 || key === "relation";
}

/** @param {{code: string, message: string}} note @param {Translate} t */
function noteText(note, t) {
  const key = `note.${note.code}`;
  try {
    const values = Object.entries(/** @type {any} */ (note).values ?? {});
    const said = values.map(([name, value]) => [
      name,
      Array.isArray(value) ? times(value) : typeof value === "number" ? plain(value) : value,
    ]);
    return t(key, Object.fromEntries(said));
  } catch {
    return note.message;
  }
}

/** @param {Formula[]} formulas @param {NonNullable<Facts["relation"]> | null} relation @param {Translate} t */
function formulas(formulas, relation, t) {
  return formulas.map((formula) => {
    const rows = formula.axes ?? [];
    const lines = [formula.mathml, ...rows.map((row) => row.mathml)].filter((line) => line !== undefined);
    const head = el("p", { class: "fact-name" }, named(formula, rows.length, relation, t));
    const body = el("div", { class: "formula" });
    body.innerHTML = lines.length > 0
      ? lines.map((line) => `<div>${line}</div>`).join("")
      : `<div>${escaped(formula.substituted ?? formula.latex)}</div>`;
    return el("div", { class: "fact", "data-formula": formula.key }, head, body);
  });
}

/**
 * @param {Formula} formula
 * @param {number} rows
 * @param {NonNullable<Facts["relation"]> | null} relation
 * @param {Translate} t
 */
function named(formula, rows, relation, t) {
  if (formula.key === "relation") {
    return relation?.number ? t("formula.relation", { ...relation }) : t("formula.relation.none");
  }
  if (formula.key !== "output_size") return t(`formula.${formula.key}`);
  return t(rows > 1 ? "formula.output_size.each" : "formula.output_size");
}

/** @param {Facts} facts @param {Translate} t */
function counts(facts, t) {
  const field = facts.receptive_field;
  /** @type {[string, string][]} */
  const found = [
    ["parameters", count(facts.parameters)],
    ["receptive_field", field ? times(field) : "–"],
    ["multiplications", count(facts.multiplications)],
    ["additions", count(facts.additions)],
    ...(facts.comparisons === undefined ? [] : [/** @type {[string, string]} */ (["comparisons", count(facts.comparisons)])]),
  ];
  return el(
    "dl",
    { class: "counts" },
    ...found.map(([key, value]) =>
      el("div", {}, el("dt", {}, t(`fact.${key}`)), el("dd", { "data-fact": key }, value))
    ),
  );
}

/** What each stage costs, and all together. */
/** @param {Trace} trace @param {Translate} t */
function costs({ stages }, t) {
  const rows = stages.flatMap(({ id, cost }) => (cost ? [{ id, cost }] : []));
  const head = ["multiplications", "parameters"].map((key) => el("th", { scope: "col" }, t(`fact.${key}`)));
  const body = rows.map(({ id, cost }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, stageName(id, t)),
      el("td", {}, count(cost.multiplications)),
      el("td", {}, count(cost.parameters)),
    )
  );
  return el(
    "table",
    { class: "fact stage-costs" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("stage.title")), ...head)),
    el("tbody", {}, ...body),
  );
}

/** @param {Facts} facts @param {Translate} t */
function bars(facts, t) {
  return el(
    "div",
    { class: "fact bars" },
    ...pair(facts, "multiplications", t("fact.against"), t),
    ...(facts.baseline?.parameters === facts.parameters
      ? []
      : pair(facts, "parameters", t("fact.against.parameters"), t)),
  );
}

/** @param {Facts} facts @param {"multiplications" | "parameters"} what @param {string} title @param {Translate} t */
function pair(facts, what, title, t) {
  const { [what]: own, baseline } = facts;
  const other = baseline?.[what] ?? 0;
  const most = Math.max(own, other, 1);
  const bar = (/** @type {string} */ name, /** @type {number} */ value, /** @type {string} */ kind) => {
    const fill = el("i", { class: kind });
    fill.style.width = `${Math.max(1.5, (100 * value) / most)}%`;
    return el(
      "div",
      { class: "bar" },
      el("span", {}, name),
      el("span", { class: "bar-track" }, fill),
      el("b", {}, count(value)),
    );
  };
  return [
    el("p", { class: "fact-name" }, title),
    bar(t("fact.this"), own, "solid"),
    bar(t(`baseline.${(baseline?.name ?? "").replaceAll(" ", "-")}`), other, "hatched"),
  ];
}

/** @param {Overlap} overlap @param {Translate} t */
function overlapMap(overlap, t) {
  const { per_axis, counts: table, min, max, even } = overlap;
  const rows = table && !Array.isArray(table[0]) ? [/** @type {any} */ (table)] : table;
  const small = rows && per_axis.length <= 2 && rows.length <= MOST_MAP && rows[0].length <= MOST_MAP;
  const verdict = el(
    "p",
    { class: even ? "verdict good" : "verdict bad" },
    icon(even ? "check" : "alert"),
    el(
      "span",
      {},
      el("b", {}, t(even ? "overlap.even" : "overlap.uneven")),
      " ",
      received(rows, min, max, t),
    ),
  );
  return el(
    "div",
    { class: "fact overlap" },
    el("p", { class: "fact-name" }, t("overlap.title")),
    el("div", { class: "overlap-body" }, small && rows ? countGrid(rows, min, max) : null, verdict),
  );
}

/** How many stamps cells receive: each number where there are few, else from the least to the most. */
/** @param {number[][] | undefined} rows @param {number} min @param {number} max @param {Translate} t */
function received(rows, min, max, t) {
  if (min === max) return t("overlap.one", { n: min });
  const found = [...new Set(rows?.flat() ?? [])].sort((a, b) => a - b);
  return found.length > 1 && found.length < 5
    ? t("overlap.some", { first: found.slice(0, -1).join(", "), last: found[found.length - 1] })
    : t("overlap.range", { min, max });
}

/** @param {number[][]} rows @param {number} min @param {number} max */
function countGrid(rows, min, max) {
  const shade = (/** @type {number} */ n) => (max === min ? 1 : n === max ? 3 : n === min ? 1 : 2);
  const numbers = rows[0].length <= 13;
  const cells = rows.flat().map((n) =>
    el("i", { class: `ramp-${n === 0 ? 0 : shade(n)}` }, numbers ? String(n) : "")
  );
  const grid = el("div", {
    class: "count-grid",
    role: "img",
    "aria-label": rows.map((row) => row.join(" ")).join("; "),
  }, ...cells);
  grid.style.setProperty("--columns", String(rows[0].length));
  return grid;
}
