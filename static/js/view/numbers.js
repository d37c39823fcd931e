/** Where the values come from: the example, a seed, or the reader. */

/** @import {Params, Schema} from "../model/query.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {ApiError} from "./controls.js" */

import { showError } from "./controls.js";
import { atRest, el } from "./dom.js";

/** @typedef {"example" | "random" | "mine"} Mode */
/** @typedef {{name: string, node: HTMLElement, field: HTMLTextAreaElement, named: HTMLSelectElement | null, sliders: []}} Area */

/** Tensors whose values a reader may give, and the role whose colour they have. */
const ROLES = /** @type {Record<string, string>} */ ({ input: "input", kernel: "kernel", pointwise_kernel: "kernel" });

const MODES = /** @type {Mode[]} */ (["example", "random", "mine"]);

export class Numbers {
  /** What the reader typed, kept while another source is chosen. */
  /** @type {Params} */
  mine = {};

  /**
   * @param {HTMLElement} host
   * @param {Schema} schema
   * @param {Translate} t
   * @param {{choose: (mode: Mode) => void, edit: () => void, draw: () => void}} actions
   */
  constructor(host, schema, t, actions) {
    this.t = t;
    this.actions = actions;
    this.buttons = MODES.map((mode) =>
      el(
        "button",
        { type: "button", "data-mode": mode, on: { click: () => actions.choose(mode) } },
        t(`numbers.${mode}`),
      )
    );
    this.again = el(
      "button",
      { type: "button", class: "small", on: { click: actions.draw } },
      t("numbers.new"),
    );
    this.note = el("p", { class: "control-note", role: "status" });
    // One pause for both fields, and none once the reader goes on to another control: what is done there comes after.
    this.edited = atRest(() => actions.edit(), 350);
    this.areas = Object.keys(ROLES).filter((name) => name in schema.properties).map((name) =>
      this.#area(name, schema.properties[name]["x-control"].names ?? [])
    );
    this.own = el(
      "div",
      { class: "own" },
      ...this.areas.map((area) => area.node),
      el("p", { class: "control-note" }, t("numbers.grammar")),
    );
    host.replaceChildren(
      el(
        "div",
        { class: "control-line plain" },
        el("span", { class: "label", id: "numbers-label" }, t("numbers.title")),
        el("div", { class: "segments", role: "group", "aria-labelledby": "numbers-label" }, ...this.buttons),
      ),
      this.again,
      this.note,
      this.own,
    );
  }

  /** @param {string} name @param {string[]} names @returns {Area} */
  #area(name, names) {
    const take = (/** @type {string} */ text) => {
      this.mine = { ...this.mine, [name]: text };
      this.edited();
    };
    const field = el("textarea", {
      id: `${name}-field`,
      rows: 3,
      spellcheck: "false",
      autocomplete: "off",
      on: {
        input: () => take(field.value),
        blur: (/** @type {FocusEvent} */ event) => {
          if (!this.own.contains(/** @type {Node | null} */ (event.relatedTarget))) this.edited.flush();
        },
      },
    });
    const title = this.t(`control.${name}`);
    const named = names.length === 0 ? null : el(
      "select",
      {
        class: "named-values",
        "aria-label": this.t("numbers.named", { title }),
        on: {
          change: () => {
            field.value = named?.value ?? "";
            take(field.value);
            this.edited.flush();
          },
        },
      },
      el("option", { value: "" }, this.t("numbers.byName")),
      ...names.map((known) => el("option", { value: known }, this.t(`sample.${known}`))),
    );
    const node = el(
      "div",
      { class: "control", "data-control": name },
      el("div", { class: "values-head" }, el("label", { for: `${name}-field`, class: `ink-${ROLES[name]}` }, title), named),
      field,
    );
    return { name, field, named, node, sliders: [] };
  }

  /**
   * @param {{mode: Mode, hasExample: boolean, note: string, error: ApiError | null}} values
   */
  update({ mode, hasExample, note, error }) {
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
      if (button.dataset.mode === "example") button.hidden = !hasExample;
    }
    this.again.hidden = mode !== "random";
    this.own.hidden = mode !== "mine";
    this.note.textContent = note;
    this.note.hidden = !note;
    for (const area of this.areas) {
      const text = this.mine[area.name] ?? "";
      if (document.activeElement !== area.field) area.field.value = text;
      if (area.named) area.named.value = [...area.named.options].some(({ value }) => value === text) ? text : "";
      showError(
        area,
        mode === "mine" ? error : null,
        this.t,
        (name, value) => {
          this.mine = { ...this.mine, [name]: value };
          this.actions.edit();
        },
      );
    }
  }
}
