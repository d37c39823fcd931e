/** The switches above the figure: how it is stepped through, and which view shows it. */

/** @import {Schema} from "../model/query.js" */
/** @import {Translate} from "../model/strings.js" */

import { el } from "./dom.js";

const NAMES = ["view", "by"];

export class Switches {
  /**
   * @param {HTMLElement} host
   * @param {Schema} schema
   * @param {Translate} t
   * @param {(name: string, value: string) => void} choose
   */
  constructor(host, schema, t, choose) {
    this.host = host;
    this.rows = NAMES.filter((name) => name in schema.properties).map((name) => {
      const control = schema.properties[name]["x-control"];
      const buttons = control.options.map((/** @type {string} */ option) =>
        el(
          "button",
          { type: "button", "data-option": option, on: { click: () => choose(name, option) } },
          t(`choice.${name}.${option}`),
        )
      );
      const node = el(
        "div",
        { class: "switch-row", "data-switch": name },
        el("span", { class: "label" }, t(`control.${name}`)),
        el("div", { class: "segments", role: "group", "aria-label": t(`control.${name}`) }, ...buttons),
      );
      return { name, node, buttons, when: control.when ?? {} };
    });
    host.replaceChildren(...this.rows.map((row) => row.node));
  }

  /** @param {Record<string, any>} full */
  update(full) {
    for (const { name, node, buttons, when } of this.rows) {
      node.hidden = !Object.entries(when).every(([other, value]) => full[other] === value);
      for (const button of buttons) {
        button.setAttribute("aria-pressed", String(button.dataset.option === full[name]));
      }
    }
    this.host.hidden = this.rows.every((row) => row.node.hidden);
  }
}
