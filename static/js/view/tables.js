/** The tensors as tables, as the server writes them, where nothing can draw a figure. */

/** @import {Trace} from "../model/types.js" */

import { plain, times } from "../model/strings.js";
import { el } from "./dom.js";

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {(name: string) => string} nameOf
 */
export function showTables(host, trace, nameOf) {
  const shown = Object.entries(trace.tensors).filter(([, { values }]) => Array.isArray(values));
  host.replaceChildren(...shown.map(([name, { role, shape, values }]) =>
    el(
      "figure",
      { class: `role-${role}` },
      el("figcaption", { class: `ink-${role}` }, nameOf(name), el("span", {}, times(shape))),
      ...grids(values, shape.length),
    )
  ));
}

/** @param {any} values @param {number} depth @returns {HTMLElement[]} */
function grids(values, depth) {
  if (depth > 2) return values.flatMap((/** @type {any} */ part) => grids(part, depth - 1));
  const rows = depth === 1 ? [values] : values;
  return [el("table", {}, ...rows.map((/** @type {any[]} */ row) =>
    el("tr", {}, ...row.map((value) => el("td", {}, plain(value))))
  ))];
}
