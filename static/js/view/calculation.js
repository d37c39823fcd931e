/** A drawer under the figure: the whole calculation of one cell, in letters and in numbers. */

/** @import {Calculation} from "../model/calculation.js" */
/** @import {Equation, Line, Term} from "../model/equation.js" */
/** @import {Stage, Trace, Cell} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */

import { calculationOf, subscript } from "../model/calculation.js";
import { plain } from "../model/strings.js";
import { spot } from "../scenes/correlate.js";
import { nameOf } from "../scenes/layout.js";
import { byId, escaped } from "./dom.js";

/** Operations whose terms are added up. */
const ADDED = ["sum", "mean"];

export class CalculationDrawer {
  #shown = "";

  /**
   * @param {Translate} t
   * @param {() => void} opened
   */
  constructor(t, opened) {
    this.t = t;
    this.drawer = /** @type {HTMLDetailsElement} */ (byId("calculation"));
    this.body = byId("calculation-body");
    this.drawer.addEventListener("toggle", () => {
      if (this.drawer.open) opened();
    });
  }

  /**
   * Shows how a cell came about; costs nothing while the drawer is closed.
   * @param {Trace} trace
   * @param {Cell | null} cell  of an output
   * @param {boolean} hidden  its value is still to be guessed
   */
  update(trace, cell, hidden) {
    if (!this.drawer.open) return;
    const found = cell && !hidden ? calculationOf(trace, cell) : null;
    const html = found ? this.#html(trace, found) : `<p>${this.t(hidden ? "calculation.hidden" : "calculation.none")}</p>`;
    if (html !== this.#shown) this.body.innerHTML = html;
    this.#shown = html;
  }

  /** @param {Trace} trace @param {Calculation} calculation */
  #html(trace, { cell, equation }) {
    const { t } = this;
    const stage = /** @type {Stage} */ (trace.stages.find(({ output }) => output === cell.tensor));
    const tensor = trace.tensors[cell.tensor];
    const many = tensor.shape[0] > 1;
    const where = spot(cell.index.slice(1), t);
    const title = t("calculation.of", {
      tensor: nameOf(cell.tensor, t),
      where: many ? t("predict.ofMap", { where, n: cell.index[0] + 1 }) : where,
    });
    const y = `<b class="ink-output"><i>y</i><sub>${subscript(tensor.shape, cell.index, 1)}</sub></b>`;
    const letters = (/** @type {Term} */ term) => symbols(trace, stage, term);
    const bias = equation.bias === null ? "" : ` + <i>b</i>`;
    const added = equation.bias === null ? "" : ` + ${factor(equation.bias)}`;
    const rows = [
      [y, written(equation, letters, t) + bias],
      ["", written(equation, numbers, t) + added],
      ...(multiplied(equation) ? [["", written(equation, ({ product }) => factor(product), t) + added]] : []),
      ...(equation.lines.length > 1 ? [["", equation.lines.map(({ sum }) => factor(sum)).join(" + ") + added]] : []),
      ["", `<output class="sum-value">${plain(equation.value)}</output>`],
    ];
    const lines = rows.map(([left, right]) => `<dt>${left}</dt><dd><span class="sum-sign">=</span> ${right}</dd>`);
    return `<p class="calculation-of">${escaped(title)}</p><dl>${lines.join("")}</dl><p class="control-note">${
      t("calculation.counted")
    }</p>`;
  }
}

/** @param {Equation} equation */
function multiplied({ lines }) {
  return lines.some(({ boxes }) => boxes.flat().some(({ right }) => right !== null));
}

/**
 * All terms of an equation, each as `write` has it.
 * @param {Equation} equation
 * @param {(term: Term) => string} write
 * @param {Translate} t
 */
function written({ kind, lines, divisor }, write, t) {
  const terms = lines.flatMap((/** @type {Line} */ { boxes }) => boxes.flat()).map((term) =>
    `<span class="pair">${write(term)}</span>`
  );
  if (terms.length === 0) return "0";
  if (ADDED.includes(kind)) {
    const sum = terms.join(" + ");
    return kind === "mean" ? `(${sum}) ÷ ${divisor}` : sum;
  }
  if (kind === "relu") return `max(0, ${terms.join(", ")})`;
  return kind === "max" ? `max(${terms.join(", ")})` : `${t("sum.copy")} ${terms.join("")}`;
}

/** @param {Trace} trace @param {Stage} stage @param {Term} term */
function symbols(trace, stage, { from, weight, right, left }) {
  const x = from
    ? `<span class="ink-input"><i>x</i><sub>${subscript(trace.tensors[stage.input].shape, from, 1)}</sub></span>`
    : `<span class="ink-padding">${left === null ? "−∞" : "0"}</span>`;
  if (weight) {
    const shape = trace.tensors[stage.kernel ?? ""].shape;
    return `${x}·<span class="ink-kernel"><i>w</i><sub>${subscript(shape, weight, 2)}</sub></span>`;
  }
  return right === null ? x : `${x}·<span class="ink-kernel">${factor(right)}</span>`;
}

/** @param {Term} term */
function numbers({ left, right, padding }) {
  const read = `<span class="${padding ? "ink-padding" : "ink-input"}">${left === null ? "−∞" : factor(left)}</span>`;
  return right === null ? read : `${read}·<span class="ink-kernel">${factor(right)}</span>`;
}

/** @param {number | null} value */
function factor(value) {
  return value !== null && value < 0 ? `(${plain(value)})` : plain(value);
}
