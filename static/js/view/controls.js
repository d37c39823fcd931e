/** The controls of a kind, made from the schema of its parameters. */

/** @import {Params, Schema} from "../model/query.js" */
/** @import {Translate} from "../model/strings.js" */

import { joinAxes, splitAxes, wire } from "../model/query.js";
import { el, icon } from "./dom.js";
import { inWords } from "./errors.js";
import { Slider } from "./slider.js";

/**
 * `typed` is what the reader asked for, `full` what the figure on show was made of.
 * @typedef {{typed: Params, full: Record<string, any>, limits: Record<string, any>, error: ApiError | null}} Values
 * @typedef {{code: string, field: string, message: string, hint: string, values: Record<string, any>}} ApiError
 * @typedef {(name: string, text: string, moving: boolean) => void} Changed
 * @typedef {(name: string, texts: string[]) => void} Near
 * @typedef {{name: string, node: HTMLElement, sliders: Slider[], update: (values: Values) => void}} Row
 */

/** Controls with a place of their own. */
const ELSEWHERE = ["input", "kernel", "pointwise_kernel", "seed", "by", "view"];

const ARROWS = /** @type {Record<number, string[]>} */ ({ 1: [""], 2: ["↓", "→"], 3: ["↗", "↓", "→"] });

export class Controls {
  /** @type {Row[]} */
  #rows = [];
  /** @type {Map<string, boolean>} */
  #linked = new Map();
  #made = "";

  /**
   * @param {HTMLElement} host
   * @param {Schema} schema
   * @param {Translate} t
   * @param {Changed} changed
   * @param {Near} [near]  is told which values of a slider are likely to come next
   */
  constructor(host, schema, t, changed, near = () => {}) {
    this.host = host;
    this.schema = schema;
    this.t = t;
    this.changed = changed;
    this.near = near;
  }

  /** @param {Values} values */
  update(values) {
    const shown = this.#shown(values);
    const made = shown.map(({ name, axes }) => `${name}${axes}${this.#isLinked(name, values)}`).join();
    if (made !== this.#made) this.#make(shown, values);
    this.#made = made;
    for (const row of this.#rows) {
      row.update(values);
      showError(row, values.error, this.t, this.changed);
    }
  }

  /** Whether a parameter has a control here, so that its error can stand beside it. */
  /** @param {string} name */
  has(name) {
    return this.#rows.some((row) => row.name === name);
  }

  /** @param {Values} values */
  #shown({ full }) {
    return Object.entries(this.schema.properties)
      .filter(([name, property]) => {
        const control = property["x-control"];
        if (!control || control.widget === "none" || ELSEWHERE.includes(name)) return false;
        return Object.entries(control.when ?? {}).every(([other, value]) => full[other] === value);
      })
      .map(([name, property]) => ({
        name,
        property,
        axes: property["x-control"].widget === "size"
          ? Math.min(property["x-control"].axes ?? 1, full.dims ?? property["x-control"].axes ?? 1)
          : 1,
      }));
  }

  /** @param {string} name @param {Values} values */
  #isLinked(name, values) {
    const sides = splitAxes(textOf(name, values), 3);
    return this.#linked.get(name) ?? sides.every((side) => side === sides[0]);
  }

  /** @param {{name: string, property: any, axes: number}[]} shown @param {Values} values */
  #make(shown, values) {
    const held = /** @type {HTMLElement | null} */ (document.activeElement)?.id;
    this.#rows = shown.map(({ name, property, axes }) => {
      const widget = property["x-control"].widget;
      if (widget === "choice") return this.#choice(name, property);
      if (widget === "flag") return this.#flag(name, property);
      if (widget === "values" || widget === "layers") return this.#text(name, property);
      return this.#size(name, property, axes, this.#isLinked(name, values));
    });
    this.host.replaceChildren(...this.#rows.map((row) => row.node));
    if (held) document.getElementById(held)?.focus();
  }

  /** @param {string} name @param {any} property @param {number} axes @param {boolean} linked @returns {Row} */
  #size(name, property, axes, linked) {
    const { min, max, words } = property["x-control"];
    const title = this.t(`control.${name}`);
    const arrows = linked ? [""] : ARROWS[axes];
    const text = { now: "" };
    const textWith = (/** @type {string} */ side, /** @type {number} */ axis) => {
      const sides = splitAxes(WORDS.test(text.now) ? "0" : text.now, arrows.length);
      sides[axis] = side;
      return joinAxes(sides);
    };
    const sliders = arrows.map((_, axis) =>
      new Slider({
        id: `${name}-${axis}`,
        label: this.#axisLabel(title, arrows.length, axis),
        min,
        max,
        hint: property.description,
        changed: (side, moving) => this.changed(name, textWith(side, axis), moving),
        near: (sides) => this.near(name, sides.map((side) => textWith(side, axis))),
      })
    );
    const chain = axes > 1 ? this.#chain(name, title, linked, () => text.now) : null;
    const lines = sliders.map((slider, axis) =>
      el(
        "div",
        { class: "control-line" },
        el("label", { for: `${name}-${axis}-field` }, arrows[axis] ? `${title} ${arrows[axis]}` : title),
        slider.track,
        slider.field,
        axis === 0 ? chain : null,
        slider.reason,
      )
    );
    const wordRow = words ? this.#words(name, title, words) : null;
    const node = el("div", { class: "control", "data-control": name }, ...lines, wordRow?.node ?? null);
    return {
      name,
      node,
      sliders,
      update: (values) => {
        text.now = textOf(name, values);
        const number = WORDS.test(text.now) ? resolved(values) : text.now;
        const sides = splitAxes(number, sliders.length);
        sliders.forEach((slider, axis) => {
          slider.text = sides[axis];
          const found = values.limits[name] ?? {};
          const refused = (linked ? found.linked : found.axes?.[axis]) ?? [];
          slider.refused = refused.map((/** @type {any} */ one) => inWords(one, this.t));
        });
        wordRow?.show(text.now);
      },
    };
  }

  /** @param {string} title @param {number} count @param {number} axis */
  #axisLabel(title, count, axis) {
    if (count === 1) return title;
    const names = ["slices", "rows", "columns"].slice(3 - count);
    return `${title}, ${this.t(`control.axis.${names[axis]}`)}`;
  }

  /** @param {string} name @param {string} title @param {boolean} linked @param {() => string} text */
  #chain(name, title, linked, text) {
    return el("button", {
      type: "button",
      class: "chain",
      id: `${name}-chain`,
      "aria-pressed": String(linked),
      "aria-label": `${title}: ${this.t("control.linked")}`,
      title: this.t("control.linked"),
      on: {
        click: () => {
          this.#linked.set(name, !linked);
          this.changed(name, linked ? text() : splitAxes(text(), 1)[0], false);
        },
      },
    }, icon(linked ? "link" : "unlink"));
  }

  /** @param {string} name @param {string} title @param {string[]} words */
  #words(name, title, words) {
    const buttons = words.map((word) =>
      el("button", {
        type: "button",
        "data-word": word,
        title: this.t(`control.word.${word}`),
        on: { click: () => this.changed(name, word, false) },
      }, word)
    );
    return {
      node: el("div", { class: "words", role: "group", "aria-label": title }, ...buttons),
      show: (/** @type {string} */ now) => {
        for (const button of buttons) {
          button.setAttribute("aria-pressed", String(button.dataset.word === now));
        }
      },
    };
  }

  /** @param {string} name @param {any} property @returns {Row} */
  #choice(name, property) {
    const options = property["x-control"].options ?? property.enum;
    const select = el(
      "select",
      { id: `${name}-field`, on: { change: () => this.changed(name, select.value, false) } },
      ...options.map((/** @type {string} */ option) =>
        el("option", { value: option }, this.t(`choice.${name}.${option}`))
      ),
    );
    return this.#line(name, select, (values) => {
      select.value = textOf(name, values);
    });
  }

  /** @param {string} name @returns {Row} */
  #flag(name, /** @type {any} */ property) {
    const box = el("input", {
      type: "checkbox",
      id: `${name}-field`,
      class: "switch",
      role: "switch",
      title: property.description,
      on: { change: () => this.changed(name, String(box.checked), false) },
    });
    const row = this.#line(name, box, (values) => {
      box.checked = textOf(name, values) === "true";
    });
    row.node.classList.add("half");
    return row;
  }

  /** @param {string} name @param {any} property @returns {Row} */
  #text(name, property) {
    const field = el("input", {
      type: "text",
      id: `${name}-field`,
      class: "wide",
      autocomplete: "off",
      spellcheck: "false",
      title: property.description,
      placeholder: this.t(`control.${name}.none`),
      on: { change: () => this.changed(name, field.value.trim() || wire(property.default), false) },
    });
    return this.#line(name, field, (values) => {
      const text = textOf(name, values);
      if (document.activeElement !== field) field.value = text === "false" ? "" : text;
    });
  }

  /** @param {string} name @param {HTMLElement} input @param {(values: Values) => void} update @returns {Row} */
  #line(name, input, update) {
    const label = el("label", { for: `${name}-field` }, this.t(`control.${name}`));
    const node = el(
      "div",
      { class: "control", "data-control": name },
      el("div", { class: "control-line plain" }, label, input),
    );
    return { name, node, sliders: [], update };
  }
}

const WORDS = /^(valid|same|full)$/;

/** @param {string} name @param {Values} values */
function textOf(name, { typed, full }) {
  return typed[name] ?? wire(full[name]);
}

/** What a padding word came to in the figure on show. */
/** @param {Values} values */
function resolved({ full }) {
  return wire(full.resolved_padding ?? 0);
}

/**
 * The sentence of an error beside its control, with a button for the nearest value that works.
 * @param {{name: string, node: HTMLElement, sliders: Slider[]}} row
 * @param {ApiError | null} error
 * @param {Translate} t
 * @param {Changed} changed
 */
export function showError(row, error, t, changed) {
  const mine = error?.field === row.name ? error : null;
  for (const slider of row.sliders) slider.invalid = mine !== null;
  row.node.classList.toggle("failed", mine !== null);
  const old = row.node.querySelector(".field-error");
  if (!mine) return old?.remove();
  const nearest = wire(mine.values?.nearest);
  const note = el(
    "p",
    { class: "field-error", role: "status" },
    icon("alert"),
    el("span", {}, mine.message, " ", nearest ? null : mine.hint),
    nearest
      ? el(
        "button",
        { type: "button", on: { click: () => changed(row.name, nearest, false) } },
        t("error.use", { value: nearest }),
      )
      : null,
  );
  if (old) old.replaceWith(note);
  else row.node.append(note);
}
