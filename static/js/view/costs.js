/** What two figures cost, as bars and in words. */

/** @import {Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */

import { lengthOf } from "../model/clock.js";
import { ratioText, verdict } from "../model/pair.js";
import { count, times } from "../model/strings.js";
import { el } from "./dom.js";

/**
 * Hidden while a side is missing: there is nothing to compare then.
 * @param {HTMLElement} host
 * @param {(Trace | null)[]} traces  left and right
 * @param {Translate} t
 */
export function showCosts(host, traces, t) {
  const both = traces.flatMap((trace) => (trace ? [trace] : []));
  const section = /** @type {HTMLElement} */ (host.closest("section"));
  section.hidden = both.length < 2;
  if (section.hidden) return;
  const names = ["left", "right"].map((side) => t(`compare.side.${side}`));
  const of = (/** @type {(trace: Trace) => any} */ read) => both.map(read);
  host.replaceChildren(
    bars("multiplications", of(({ facts }) => facts.multiplications), names, t),
    bars("parameters", of(({ facts }) => facts.parameters), names, t),
    bars("steps", of(lengthOf), names, t),
    sizes("output_shape", of(({ facts }) => facts.output_shape), names, shapeWords, t),
    sizes("receptive_field", of(({ facts }) => facts.receptive_field), names, fieldWords, t),
  );
}

/**
 * @param {"multiplications" | "parameters" | "steps"} what
 * @param {number[]} values
 * @param {string[]} names
 * @param {Translate} t
 */
function bars(what, values, names, t) {
  const most = Math.max(...values, 1);
  const bar = (/** @type {number} */ n) => {
    const fill = el("i", { class: n === 0 ? "solid" : "hatched" });
    fill.style.width = values[n] === 0 ? "0" : `${Math.max(1.5, (100 * values[n]) / most)}%`;
    return el(
      "div",
      { class: "bar" },
      badge(n, t),
      el("span", { class: "bar-track" }, fill),
      el("b", {}, count(values[n])),
    );
  };
  return el(
    "div",
    { class: "cost", "data-cost": what },
    el("h3", {}, t(`compare.${what}`)),
    bar(0),
    bar(1),
    el("p", { class: "cost-words" }, countWords(what, values, names, t)),
  );
}

/** What stands for a side where there is room for a digit. */
/** @param {number} n @param {Translate} t */
function badge(n, t) {
  return el("span", { class: "side-number" }, t(`compare.number.${n === 0 ? "left" : "right"}`));
}

/** @param {string} what @param {number[]} values @param {string[]} names @param {Translate} t */
function countWords(what, values, names, t) {
  const { key, less, ratio } = verdict(values[0], values[1]);
  return t(`compare.${key}.${what}`, { less: names[less], more: names[1 - less], ratio: ratioText(ratio) });
}

/**
 * @param {string} what
 * @param {(number[] | null)[]} values
 * @param {string[]} names
 * @param {(values: (number[] | null)[], names: string[], t: Translate) => string} words
 * @param {Translate} t
 */
function sizes(what, values, names, words, t) {
  const size = (/** @type {number} */ n) =>
    el(
      "p",
      { class: "cost-size" },
      badge(n, t),
      el("b", {}, values[n] ? times(/** @type {number[]} */ (values[n])) : "–"),
    );
  return el(
    "div",
    { class: "cost", "data-cost": what },
    el("h3", {}, t(`compare.${what}`)),
    size(0),
    size(1),
    el("p", { class: "cost-words" }, words(values, names, t)),
  );
}

/** @param {(number[] | null)[]} values @param {string[]} _ @param {Translate} t */
function shapeWords([first, second], _, t) {
  return t(`compare.shape.${String(first) === String(second) ? "same" : "other"}`);
}

/** One field is less only where it is so along every axis. */
/** @param {(number[] | null)[]} values @param {string[]} names @param {Translate} t */
function fieldWords([first, second], names, t) {
  if (String(first) === String(second)) return t("compare.field.same");
  if (!first || !second || first.length !== second.length) return t("compare.field.unlike");
  const within = (/** @type {number[]} */ inner, /** @type {number[]} */ outer) =>
    inner.every((side, axis) => side <= outer[axis]);
  const less = within(first, second) ? 0 : within(second, first) ? 1 : null;
  return less === null
    ? t("compare.field.unlike")
    : t("compare.field.other", { less: names[less], more: names[1 - less] });
}
