/** The written-out sum of a step, as a page has it. Pure. */

/** @import {Equation, Line, Term} from "../model/equation.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Trace} from "../model/types.js" */

import { stepsAt } from "../model/clock.js";
import { equationOf } from "../model/equation.js";
import { plain } from "../model/strings.js";
import { lettering } from "./index.js";
import { nameOf } from "./layout.js";
import { escaped } from "./pieces.js";

/** Terms shown before the sum is folded; fewer where several sums stand under each other. */
const MOST_TERMS = 27;
const MOST_OF_SEVERAL = 9;
const MOST_LINES = 3;

/**
 * The sums of what is done at a step, and whether there are several, under each other where stages are compared.
 * @param {Trace} trace
 * @param {number} number  the step, counted from 1; 0 for none
 * @param {{open: boolean, asking?: boolean}} how  whether long sums are unfolded, and values still to be guessed
 * @param {Translate} t
 */
export function sumHtml(trace, number, { open, asking = false }, t) {
  const sums = stepsAt(trace, number).map((step) => ({
    name: nameOf(step.stage.output, t),
    equation: equationOf(trace, step, lettering(trace, step.stage)),
  }));
  const several = sums.length > 1;
  const html = several
    ? sums.map(({ name, equation }) =>
      `<div class="sum-part"><span class="sum-of">${name}</span>${equationHtml(equation, open, t, true, asking)}</div>`
    ).join("")
    : equationHtml(sums[0]?.equation ?? null, open, t, false, asking);
  return { html, several };
}

/**
 * @param {Equation | null} equation
 * @param {boolean} open
 * @param {Translate} t
 * @param {boolean} [several]
 * @param {boolean} [asking]  the value is still to be guessed
 * @returns {string}
 */
export function equationHtml(equation, open, t, several = false, asking = false) {
  const most = several ? MOST_OF_SEVERAL : MOST_TERMS;
  if (!equation) return `<p class="sum-empty">${t("sum.empty")}</p>`;
  if (equation.terms === 0 && equation.bias === null) {
    return `<div class="sum-lines"><p class="sum-note">${t("sum.none")}</p></div>${valueHtml(equation)}`;
  }
  const single = equation.lines.length === 1;
  const shown = open ? equation.lines : folded(equation.lines, most);
  const count = shown.reduce((sum, line) => sum + line.boxes.reduce((all, box) => all + box.length, 0), 0);
  const body = single
    ? boxesHtml(shown[0], equation.kind)
    : shown.map((line) => lineHtml(line, equation.kind, t)).join("");
  const bias = equation.bias === null
    ? ""
    : `<span class="sum-bias">${equation.terms ? "+ " : ""}<b>${plain(equation.bias)}</b> <small>${
      t("sum.bias")
    }</small></span>`;
  const rest = equation.terms - count;
  const fold = rest > 0 || (open && equation.terms > most)
    ? `<button type="button" class="link" data-fold>${
      rest > 0 ? t("sum.more", { n: rest }) : t("sum.fewer")
    }</button>`
    : "";
  const result = asking ? guessHtml(t, single, several) : valueHtml(equation, single);
  const value = equation.kind === "stamp" ? "" : dividedHtml(equation) + result;
  const lead = equation.kind === "stamp" ? `${valueHtml(equation)}<span class="sum-sign">×</span>` : leadHtml(equation, t);
  const extra = bias || fold ? `<div class="sum-extra">${bias}${fold}</div>` : "";
  const lone = ["max", "mean"].includes(equation.kind) ? " lone" : "";
  const tight = single && lettersIn(shown[0]) > ROOMY ? " tight" : "";
  return `${lead}<div class="${single ? `sum-boxes${tight}${lone}` : "sum-lines"}">${body}${extra}</div>${value}`;
}

/** The word that stands before the numbers of a step that does not add products. */
/** @param {Equation} equation @param {Translate} t */
function leadHtml({ kind }, t) {
  if (kind === "sum" || kind === "stamp") return "";
  if (kind === "relu") return '<span class="sum-word">max</span><span class="sum-word">0,</span>';
  return `<span class="sum-word">${t(`sum.${kind}`)}</span>`;
}

/** @param {Equation} equation */
function dividedHtml({ kind, divisor }) {
  return kind === "mean" ? `<span class="sum-word">÷ ${divisor}</span>` : "";
}

/** Kinds whose numbers are added up. */
const ADDED = ["sum", "mean"];

/** Characters of the weights on a line; above this, terms are set closer. */
const ROOMY = 14;

/** @param {Line} line */
function lettersIn(line) {
  return line.boxes.flat().reduce((sum, term) => sum + factor(term.right).length, 0);
}

/** @param {Line[]} lines @param {number} most @returns {Line[]} */
function folded(lines, most) {
  let room = most;
  return lines.slice(0, lines.length > MOST_LINES + 1 ? MOST_LINES : lines.length).map((line) => ({
    ...line,
    boxes: line.boxes.map((box) => {
      const kept = box.slice(0, Math.max(room, 0));
      room -= kept.length;
      return kept;
    }).filter((box) => box.length > 0),
  })).filter((line) => line.boxes.length > 0);
}

/** @param {Equation} equation @param {boolean} [signed] */
function valueHtml({ value, kind }, signed = true) {
  const before = kind === "stamp" || !signed ? "" : '<span class="sum-sign">=</span>';
  return `<span class="sum-result">${before}<output class="sum-value" aria-live="off">${plain(value)}</output></span>`;
}

/** In the place of a value: room for a guess, and the way to the answer. */
/** @param {Translate} t @param {boolean} signed @param {boolean} several */
function guessHtml(t, signed, several) {
  const sign = signed ? '<span class="sum-sign">=</span>' : "";
  const field = several
    ? '<output class="sum-value">?</output>'
    : `<input type="text" name="guess" class="sum-value" inputmode="decimal" autocomplete="off" placeholder="?" aria-label="${
      t("predict.guess")
    }">`;
  return `<form class="sum-result guess">${sign}${field}<button type="submit" class="button">${t("predict.reveal")}</button></form>`;
}

/** @param {Line} line @param {Equation["kind"]} kind */
function boxesHtml(line, kind) {
  const join = ADDED.includes(kind) ? '<span class="sum-sign">+</span>' : "";
  return line.boxes.map((box) => `<span class="sum-box">${termsHtml(box, kind)}${rowSum(box, kind)}</span>`)
    .join(join);
}

/** What a row comes to; shown where rows stand under each other. */
/** @param {Term[]} terms @param {Equation["kind"]} kind */
function rowSum(terms, kind) {
  if (!ADDED.includes(kind)) return "";
  const sum = terms.reduce((all, term) => all + (term.product ?? 0), 0);
  return `<span class="row-sum"><span class="plus">=</span> <b>${plain(sum)}</b></span>`;
}

/** @param {Term[]} terms @param {Equation["kind"]} kind */
function termsHtml(terms, kind) {
  const join = ADDED.includes(kind) ? '<span class="plus">+</span>' : "";
  return terms.map((term) => {
    const letter = term.letter
      ? `<i class="letter letter-${(term.letter.charCodeAt(0) - 97) % 4}">${term.letter}</i>`
      : "";
    const product = term.right === null
      ? ""
      : `<span class="product${term.product ? "" : " nil"}"><span class="visually-hidden">= </span>${plain(term.product)}</span>`;
    return `<span class="term${term.padding ? " aside" : ""}">${letter}<span class="pair">${
      pair(term)
    }</span>${product}</span>`;
  }).join(join);
}

/** @param {Term} term */
function pair({ left, right, padding }) {
  const read = `<b class="${padding ? "ink-padding" : "ink-input"}">${left === null ? "–" : plain(left)}</b>`;
  return right === null ? read : `${read}<i class="dot">·</i><b class="ink-kernel">${factor(right)}</b>`;
}

/** @param {number | null} value */
function factor(value) {
  return value !== null && value < 0 ? `(${plain(value)})` : plain(value);
}

/** @param {Line} line @param {Equation["kind"]} kind @param {Translate} t */
function lineHtml(line, kind, t) {
  const name = escaped(t(`sum.${line.name || "channel"}`, { n: line.number }));
  const ink = line.name === "map" ? "ink-output" : "ink-input";
  const terms = line.boxes.flat();
  const pairs = terms.map((term) => `<span class="pair">${pair(term)}</span>`)
    .join(kind === "stamp" ? '<span class="plus">,</span>' : '<span class="plus">+</span>');
  const sum = kind !== "stamp" ? `<span class="partial">= <b>${plain(line.sum)}</b></span>` : "";
  return `<div class="sum-line"><span class="sum-name ${ink}">${name}</span><span class="sum-terms">${pairs}</span>${sum}</div>`;
}
