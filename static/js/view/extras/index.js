/** Further pictures of a figure, beside its facts or under it: each says whether it concerns the trace. One line each. */

/** @import {Facts, Trace} from "../../model/types.js" */
/** @import {Params} from "../../model/query.js" */
/** @import {Preset} from "../../model/params.js" */
/** @import {Translate} from "../../model/strings.js" */

import { el } from "../dom.js";
import * as code from "./code.js";
import * as connections from "./connections.js";
import * as curves from "./curves.js";
import * as figures from "./figures.js";
import * as inverse from "./inverse.js";
import * as lab from "./lab.js";
import * as separability from "./separability.js";
import * as tables from "./tables.js";

/**
 * What an extra may ask of the page: strings, the figure and step on show, the parameters as typed, facts, curves and
 * code of figures, and to choose one. An extra with a `step` follows the steps, too.
 * @typedef {{t: Translate, presets: Preset[], trace: () => Trace, step: () => number, typed: () => Params,
 *   choose: (params: Params) => void,
 *   facts: (params: Params) => Promise<Trace>, curves: (params: Params) => Promise<any>,
 *   code: (params: Params) => Promise<{snippets: Record<string, string>}>}} Context
 * @typedef {{concerns: (trace: Trace) => boolean,
 *   show: (host: HTMLElement, trace: Trace, context: Context) => void | Promise<void>,
 *   step?: (host: HTMLElement, trace: Trace, context: Context) => void}} Extra
 */

/** @type {Extra[]} */
const BESIDE = [connections, curves];
/** @type {Extra[]} */
const UNDER = [tables, lab, inverse, separability, figures, code];

export class Extras {
  /** @type {{extra: Extra, host: HTMLElement}[]} */
  #all;

  /**
   * @param {HTMLElement} beside
   * @param {HTMLElement} under
   * @param {Context} context
   */
  constructor(beside, under, context) {
    this.context = context;
    const made = (/** @type {HTMLElement} */ parent, /** @type {Extra[]} */ extras, /** @type {string} */ kind) =>
      extras.map((extra) => {
        const host = el("section", { class: kind, hidden: true });
        parent.append(host);
        return { extra, host };
      });
    this.#all = [...made(beside, BESIDE, "fact extra"), ...made(under, UNDER, "extra extra-wide")];
  }

  /** @param {Trace} trace */
  update(trace) {
    for (const { extra, host } of this.#all) {
      host.hidden = !extra.concerns(trace);
      if (!host.hidden) void Promise.resolve(extra.show(host, trace, this.context)).catch(() => (host.hidden = true));
    }
  }

  /** Another step of the same figure. */
  /** @param {Trace} trace */
  step(trace) {
    for (const { extra, host } of this.#all) if (!host.hidden) extra.step?.(host, trace, this.context);
  }
}
