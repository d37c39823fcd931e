/** Costs as curves: this figure and the standard convolution while one parameter moves and all others stay. */

/** @import {Trace} from "../../model/types.js" */
/** @import {Context} from "./index.js" */
/** @import {Translate} from "../../model/strings.js" */

import { count } from "../../model/strings.js";
import { el } from "../dom.js";
import { circle, line, polyline, svg, word } from "./svg.js";

/**
 * One parameter's curve, as the API gives it: at each value what this figure and its baseline cost.
 * @typedef {{multiplications: number[], parameters: number[]}} Costs
 * @typedef {{parameter: string, now: number, values: number[], figure: Costs, baseline: Costs}} Curve
 */

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [290, 120, 6, 18];

/** Concerns figures that are economical: those with something to be compared with. */
/** @param {Trace} trace */
export function concerns(trace) {
  return trace.facts.baseline?.name === "standard convolution";
}

/**
 * @param {HTMLElement} host
 * @param {Trace} trace
 * @param {Context} context
 */
export async function show(host, trace, { t, typed, curves }) {
  const found = (await curves(typed())).curves.filter((/** @type {Curve} */ curve) => curve.values.length > 1);
  const name = trace.facts.baseline?.name ?? "";
  host.replaceChildren(
    el("p", { class: "fact-name" }, t("curves.title")),
    ...found.map((/** @type {Curve} */ curve) => drawing(curve, name, t)),
  );
}

/** @param {Curve} curve @param {string} name @param {Translate} t */
function drawing(curve, name, t) {
  const title = t(`control.${curve.parameter}`);
  const [mine, other] = [curve.figure.multiplications, curve.baseline.multiplications];
  const [least, far] = [curve.values[0], curve.values[curve.values.length - 1]];
  const most = Math.max(...mine, ...other, 1);
  const x = (/** @type {number} */ value) => LEFT + ((WIDTH - 2 * LEFT) * (value - least)) / Math.max(far - least, 1);
  const y = (/** @type {number} */ cost) => 8 + (HEIGHT - BOTTOM - 12) * (1 - cost / most);
  const points = (/** @type {number[]} */ costs) => costs.map((cost, n) => [x(curve.values[n]), y(cost)]);
  const at = curve.values.indexOf(curve.now);
  const floor = HEIGHT - BOTTOM - 3;
  const now = at < 0 ? [] : [
    line(x(curve.now), y(other[at]), x(curve.now), floor, "curve-now"),
    circle(x(curve.now), y(other[at]), 3.5, "curve-baseline"),
    circle(x(curve.now), y(mine[at]), 4.5, "curve-figure"),
  ];
  const ends = [...new Set([least, curve.now, far])].map((value) => word(x(value), HEIGHT - 4, String(value), "tick"));
  const said = at < 0 ? "" : t("curves.now", {
    parameter: title,
    value: curve.now,
    mine: count(mine[at]),
    other: count(other[at]),
  });
  return el(
    "figure",
    { class: "curve", "data-curve": curve.parameter },
    el("figcaption", {}, el("b", {}, title), " ", said),
    svg(WIDTH, HEIGHT, t("curves.label", { parameter: title, baseline: name }), [
      line(LEFT, floor, WIDTH - LEFT, floor, "curve-axis"),
      polyline(points(other), "curve-line baseline"),
      polyline(points(mine), "curve-line figure"),
      ...now,
      ...ends,
    ]),
  );
}
