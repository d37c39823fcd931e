/** Separability: the kernel as column times row, its singular values, and what is lost when only the first is kept. */

/** @import {Trace} from "../../model/types.js" */
/** @import {Translate} from "../../model/strings.js" */

import { plain } from "../../model/strings.js";
import { el, icon } from "../dom.js";

/** Concerns figures whose kernel was taken apart. */
/** @param {Trace} trace */
export function concerns(trace) {
  return Boolean(trace.facts.separability?.singular_values);
}

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {{t: Translate}} context
 */
export function show(host, trace, { t }) {
  const found = /** @type {NonNullable<Trace["facts"]["separability"]>} */ (trace.facts.separability);
  const kernel = trace.tensors.kernel.values[0][0];
  const sign = (/** @type {string} */ text) => el("span", { class: "sign" }, text);
  const parts = [
    grid(kernel, t("svd.kernel"), "kernel"),
    sign(found.separable ? "=" : "≈"),
    grid(found.column.map((value) => [value]), t("svd.column"), "kernel"),
    sign("×"),
    grid([found.row], t("svd.row"), "kernel"),
    ...(found.separable ? [] : [sign("="), grid(found.first, t("svd.first"), "hidden"), sign("+"), grid(found.rest, t("svd.rest"), "padding")]),
  ];
  host.replaceChildren(
    el("h2", {}, t("svd.title")),
    el("div", { class: "scroll outer", tabindex: "0", role: "region", "aria-label": t("svd.title") }, ...parts),
    el(
      "p",
      { class: found.separable ? "verdict good" : "verdict bad" },
      icon(found.separable ? "check" : "alert"),
      el("span", {}, verdict(found, t)),
    ),
    bars(found.singular_values, t),
  );
}

/** @param {NonNullable<Trace["facts"]["separability"]>} found @param {Translate} t */
function verdict(found, t) {
  if (found.separable) return t("svd.separable");
  return t("svd.lost", { rank: found.rank, error: plain(found.error), share: percent(found.share) });
}

/** @param {number} share */
function percent(share) {
  return `${plain(Math.round(1000 * share) / 10)} %`;
}

/** @param {number[][]} rows @param {string} name @param {string} role */
function grid(rows, name, role) {
  return el(
    "figure",
    { class: `matrix role-${role}` },
    el("figcaption", {}, name),
    el("table", {}, el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((value) => el("td", {}, plain(value))))))),
  );
}

/** @param {number[]} values @param {Translate} t */
function bars(values, t) {
  const most = Math.max(...values, 1e-12);
  return el(
    "div",
    { class: "bars" },
    el("p", { class: "fact-name" }, t("svd.values")),
    ...values.map((value, n) => {
      const fill = el("i", { class: n === 0 ? "solid" : "hatched" });
      fill.style.width = `${Math.max(0.5, (100 * value) / most)}%`;
      return el("div", { class: "bar" }, el("span", {}, `σ${n + 1}`), el("span", { class: "bar-track" }, fill), el("b", {}, plain(value)));
    }),
  );
}
