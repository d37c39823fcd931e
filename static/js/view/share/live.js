/** Which sliders stay alive in a file without a server: a box and a range each, of the values that the slider spans. */

/** @import {Range} from "../../model/sharing.js" */
/** @import {Trace} from "../../model/types.js" */
/** @import {Translate} from "../../model/strings.js" */

import { wire } from "../../model/query.js";
import { byId, el } from "../dom.js";
import { spanIn } from "./fields.js";

/** How many values a range has before a reader says otherwise. */
const FEW = 3;

export class Ranges {
  #shown = "";

  /**
   * @param {Record<string, any>} properties  of the kind's schema
   * @param {Translate} t
   * @param {() => void} changed
   */
  constructor(properties, t, changed) {
    this.properties = properties;
    this.t = t;
    this.host = byId("export-ranges");
    this.host.addEventListener("input", changed);
  }

  /** Rows for a figure; those of the same figure stay as they were set. */
  /** @param {Trace} trace */
  show(trace) {
    const key = JSON.stringify(trace.params);
    if (key === this.#shown) return;
    this.#shown = key;
    this.host.replaceChildren(...this.#able(trace).map(([name, control]) => this.#row(name, control, trace)));
  }

  /** What is chosen; null where a range cannot be. */
  /** @returns {Range[] | null} */
  get chosen() {
    const found = this.#rows().filter((row) => boxOf(row).checked).map(rangeOf);
    return found.every((range) => range !== null) ? found : null;
  }

  /** Sets what an answer proposes: `stride:1-2,mode:max`. */
  /** @param {string} text */
  take(text) {
    const wanted = new Map(text.split(",").map((part) => /** @type {[string, string]} */ (part.split(":", 2))));
    for (const row of this.#rows()) {
      const span = wanted.get(row.dataset.name ?? "");
      boxOf(row).checked = span !== undefined;
      const fields = row.querySelectorAll(/** @type {"input"} */ ("input[type=number]"));
      const [from, to = from] = (span ?? "").split("-");
      if (fields.length === 2 && span) [fields[0].value, fields[1].value] = [from, to];
      else if (span) row.dataset.words = span;
    }
  }

  /** @returns {HTMLElement[]} */
  #rows() {
    return [...this.host.children];
  }

  /** Parameters that play a part in this figure, and that a file can hold several values of. */
  /** @param {Trace} trace @returns {[string, any][]} */
  #able({ params }) {
    return Object.entries(this.properties)
      .map(([name, property]) => /** @type {[string, any]} */ ([name, property["x-control"] ?? {}]))
      .filter(([, { widget }]) => ["size", "number", "choice", "flag"].includes(widget))
      .filter(([, { when = {} }]) => Object.entries(when).every(([name, value]) => agrees(value, params[name])));
  }

  /** @param {string} name @param {any} control @param {Trace} trace */
  #row(name, control, trace) {
    const words = control.widget === "flag" ? ["true", "false"] : control.options;
    const label = this.t(`control.${name}`);
    const box = el("label", { class: "share-check" }, el("input", { type: "checkbox" }), el("span", {}, label));
    return el(
      "div",
      { class: "share-range", "data-name": name, "data-words": words ? words.join("|") : null },
      box,
      ...(words ? [] : [this.#span(name, control, wire(trace.params[name]))]),
    );
  }

  /** @param {string} name @param {{min?: number, max?: number}} control @param {string} now */
  #span(name, { min = 0, max = 99 }, now) {
    const value = /^\d+$/.test(now) ? Number(now) : min;
    const from = Math.max(min, Math.min(value - 1, max - FEW + 1));
    const to = Math.min(max, from + FEW - 1);
    const label = this.t(`control.${name}`);
    const field = (/** @type {"from" | "to"} */ end, /** @type {number} */ number) =>
      el("input", {
        type: "number",
        class: "share-number",
        min,
        max,
        step: 1,
        inputmode: "numeric",
        value: String(number),
        "aria-label": this.t(`share.live.${end}`, { name: label }),
      });
    return el("span", { class: "share-pair" }, field("from", from), el("span", { "aria-hidden": "true" }, "–"), field("to", to));
  }
}

/** @param {any} wanted @param {any} found */
function agrees(wanted, found) {
  return Array.isArray(wanted) ? wanted.includes(found) : wanted === found;
}

/** @param {HTMLElement} row @returns {HTMLInputElement} */
function boxOf(row) {
  return /** @type {HTMLInputElement} */ (row.querySelector("input[type=checkbox]"));
}

/** @param {HTMLElement} row @returns {Range | null} */
function rangeOf(row) {
  const name = row.dataset.name ?? "";
  if (row.dataset.words) return { name, words: row.dataset.words.split("|") };
  const [from, to] = row.querySelectorAll(/** @type {"input"} */ ("input[type=number]"));
  const span = spanIn(from, to, Number(to.max));
  return span && span.start !== null && span.end !== null ? { name, from: span.start, to: span.end } : null;
}
