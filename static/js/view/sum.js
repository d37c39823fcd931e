/** The sum of a step written out; several under each other where stages are compared. */

/** @import {Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */

import { sumHtml } from "../scenes/equation.js";

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {number} number  the step, counted from 1; 0 for none
 * @param {{open: boolean, asking?: boolean}} how  whether long sums are unfolded, and values still to be guessed
 * @param {Translate} t
 */
export function putSum(host, trace, number, { open, asking = false }, t) {
  const { html, several } = sumHtml(trace, number, { open, asking }, t);
  host.classList.toggle("several", several);
  host.classList.toggle("asking", asking);
  // What is being guessed stays where it is typed, as long as it is the same step's.
  const key = `${number} ${html}`;
  if (key === written.get(host)) return;
  host.innerHTML = html;
  written.set(host, key);
}

/** What a host shows. */
/** @type {WeakMap<HTMLElement, string>} */
const written = new WeakMap();

/** @param {HTMLElement} host */
export function clearSum(host) {
  host.replaceChildren();
  written.delete(host);
}
