/** There and back: what was convolved beside what the transposed convolution makes of it, cell by cell. */

/** @import {Trace} from "../../model/types.js" */
/** @import {Context} from "./index.js" */

import { plain, times } from "../../model/strings.js";
import { el, icon } from "../dom.js";

/** Larger pictures are compared in words alone. */
const MOST = 12;

/** Concerns figures that convolve before they transpose. */
/** @param {Trace} trace */
export function concerns(trace) {
  return trace.params.round_trip === true;
}

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {Context} context
 */
export function show(host, { tensors: { input, output } }, { t }) {
  const [before, after] = [input, output].map((tensor) => /** @type {number[][]} */ (tensor.values[0]));
  const same = (/** @type {number} */ row, /** @type {number} */ col) => before[row][col] === after[row][col];
  const cells = before.flatMap((values, row) => values.map((_, col) => same(row, col)));
  const kept = cells.filter((equal) => equal).length;
  const table = (/** @type {number[][]} */ rows, /** @type {string} */ name, /** @type {string} */ role) =>
    el(
      "figure",
      { class: `role-${role}` },
      el("figcaption", {}, `${name} ${times([rows.length, rows[0].length])}`),
      el(
        "table",
        {},
        el("tbody", {}, ...rows.map((values, row) =>
          el("tr", {}, ...values.map((value, col) => el("td", { class: same(row, col) ? "kept" : "lost" }, plain(value)))))),
      ),
    );
  const small = before.length <= MOST && before[0].length <= MOST;
  host.replaceChildren(
    el("h2", {}, t("inverse.title")),
    ...(small
      ? [el(
        "div",
        { class: "scroll outer" },
        table(before, t("inverse.before"), "input"),
        el("span", { class: "sign" }, kept === cells.length ? "=" : "≠"),
        table(after, t("inverse.after"), "output"),
      )]
      : []),
    el(
      "p",
      { class: kept === cells.length ? "verdict good" : "verdict bad" },
      icon(kept === cells.length ? "check" : "alert"),
      el("span", {}, t("inverse.lead", { n: kept, all: cells.length })),
    ),
  );
}
