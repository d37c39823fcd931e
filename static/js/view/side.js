/** One side of a comparison: what it shows can be chosen, its figure, and the sum of its step. */

/** @import {Cell, Trace} from "../model/types.js" */
/** @import {Preset} from "../model/params.js" */
/** @import {Schema} from "../model/query.js" */
/** @import {Side} from "../model/pair.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */

import { finishedText, standing } from "../model/pair.js";
import { matching } from "../model/params.js";
import { trimmed, writeQuery } from "../model/query.js";
import { valuesAt } from "../model/tables.js";
import { cellOf } from "../scenes/alike.js";
import { describe, narrate } from "../scenes/index.js";
import { stageName } from "../scenes/layout.js";
import { byId, el, icon } from "./dom.js";
import { Figure } from "./figure.js";
import { PAINTER } from "./painter.js";
import { Panels } from "./panels.js";
import { Stages } from "./stages.js";
import { clearSum, putSum } from "./sum.js";
import { readTheme } from "./theme.js";

/**
 * What a side shows: `trace` as far as the side goes, null where there is none; then `problem` says why, unless the page
 * has said it.
 * @typedef {Side & {text: string, trace: Trace | null, problem: string | null}} Shown
 * @typedef {{slug: string, title: string, name: string, group: string, presets: Preset[], schema: Schema}} Kind
 * @typedef {{theme: string | null, lang: string}} Kept
 */

/** Numbers are looked at here, not given: that is what the lesson is for. */
const READ_ONLY = { can: () => false, value: () => null, begin() {}, take() {}, say() {} };

export class SideView {
  /** @type {Cell | null} */
  focus = null;
  #open = false;
  #step = 0;
  /** @type {Shown | null} */
  #shown = null;

  /**
   * @param {"left" | "right"} name
   * @param {Kind[]} kinds
   * @param {Translate} t
   * @param {{choose: (side: Side) => void, hold: (stage: string) => void,
   *   say: (text: string) => void}} acts  `hold`: one stage is to be seen alone
   */
  constructor(name, kinds, t, acts) {
    this.name = name;
    this.said = t(`compare.side.${name}`);
    this.kinds = kinds;
    this.t = t;
    this.canvas = this.#part("canvas");
    this.figure = new Figure(this.canvas, PAINTER, readTheme(), t);
    this.#part("tables").hidden = true;
    this.sum = this.#part("sum");
    this.caption = this.#part("caption");
    this.kind = this.#part("kind");
    this.preset = this.#part("preset");
    this.stages = new Stages(this.#part("stages"), t, acts.hold);
    this.panels = new Panels(this.#part("panels"), t, (cell, how) => {
      this.focus = cell;
      this.#move();
      const said = this.#tell();
      if (how === "keyboard") acts.say(said);
    }, { ...READ_ONLY, seen: (cell) => this.#seen(cell) }, `${name}-`);
    this.kind.replaceChildren(...grouped(kinds, t));
    this.kind.addEventListener("change", () => acts.choose(firstOf(this.#kindOf(this.kind.value))));
    this.preset.addEventListener("change", () => {
      const { slug, presets } = this.#kindOf(this.kind.value);
      const preset = presets.find(({ id }) => id === this.preset.value);
      if (preset) acts.choose({ slug, params: { ...preset.params }, stage: "", until: "" });
    });
    this.sum.addEventListener("click", (/** @type {Event} */ event) => {
      if (!(/** @type {HTMLElement} */ (event.target).closest("[data-fold]"))) return;
      this.#open = !this.#open;
      this.#tell();
    });
  }

  /** @param {any} Plotly */
  takeOver(Plotly) {
    const trace = this.#shown?.trace;
    if (trace) this.figure.takeOver(Plotly, this.#moment(trace));
    else this.figure.Plotly = Plotly;
  }

  /**
   * What stands above the figure: titles, choices, links, and why there is none.
   * @param {Shown} shown
   * @param {number} step  of the common clock
   * @param {Kept} kept  what links to the lesson take along
   */
  update(shown, step, kept) {
    this.#shown = shown;
    this.#step = step;
    const kind = this.kinds.find(({ slug }) => slug === shown.slug);
    if (kind) this.#name(kind, shown, kept);
    else this.kind.value = "";
    this.preset.disabled = this.#part("edit").hidden = !kind;
    const problem = this.#part("problem");
    if (shown.problem !== null) problem.replaceChildren(el("p", {}, shown.problem));
    problem.hidden = shown.trace !== null && !shown.problem;
    this.canvas.hidden = this.#part("panels").hidden = shown.trace === null;
    if (!shown.trace) this.focus = null;
    // The room of the figures is what this leaves.
    this.#place();
  }

  /** What a cell holds, as far as it is computed. */
  /** @param {Cell} cell */
  #seen({ tensor, index }) {
    const trace = this.#shown?.trace;
    return trace ? valuesAt(trace, tensor, this.#step)(index) : null;
  }

  /** @param {Kind} kind @param {Shown} shown @param {Kept} kept */
  #name(kind, shown, kept) {
    const { slug, params, stage, until, trace } = shown;
    const lesson = this.#part("lesson");
    const page = { step: 0, speed: null, loop: false, kept: "", ...kept };
    if (trace) {
      lesson.textContent = kind.title;
      lesson.href = `/learn/${slug}${pageQuery(kept)}`;
      this.#part("edit").href = `/learn/${slug}${writeQuery(params, { ...page, stage: stage || until })}`;
    }
    this.kind.value = slug;
    const own = el("option", { value: "" }, this.t("preset.own"));
    const preset = trace && !until ? presetOf(params, kind) : null;
    own.hidden = preset !== null;
    this.preset.replaceChildren(own, ...kind.presets.map(({ id, title }) => el("option", { value: id }, title)));
    this.preset.value = preset?.id ?? "";
    const note = this.#part("until");
    note.hidden = !until || !trace;
    if (!note.hidden) note.textContent = this.t("compare.until", { stage: stageName(until, this.t) });
  }

  /** The height of sum and caption at the first step: it is taken at every one, so that a link is one picture. */
  measure() {
    const trace = this.#shown?.trace;
    if (trace) putSum(this.sum, trace, 1, { open: this.#open }, this.t);
    else clearSum(this.sum);
    this.caption.textContent = "\u00a0";
    return this.sum.offsetHeight + this.caption.offsetHeight;
  }

  /**
   * Draws the figure anew; gives back the size of its cells.
   * @param {number} step  of the common clock
   * @param {{height: number}} room
   * @param {Theme} theme
   */
  draw(step, room, theme) {
    this.#step = step;
    const trace = this.#shown?.trace;
    const width = this.canvas.clientWidth;
    if (trace && width > 0) {
      this.figure.theme = theme;
      this.figure.draw(trace, { width, height: room.height }, this.#moment(trace));
      this.panels.place(this.figure.plans, trace);
    }
    this.#place();
    return trace ? cellOf(this.figure.plans) : null;
  }

  /**
   * Shows another step of the common clock; returns what it is in words.
   * @param {number} step
   * @param {boolean} byHand
   */
  show(step, byHand) {
    if (byHand && this.#step !== step && this.focus) this.panels.release();
    this.#step = step;
    this.#move();
    return this.#tell();
  }

  #move() {
    const trace = this.#shown?.trace;
    if (trace && this.figure.show(this.#moment(trace))) this.panels.place(this.figure.plans, trace);
    this.#place();
  }

  #place() {
    const shown = this.#shown;
    if (!shown?.trace) return this.#part("stages").setAttribute("hidden", "");
    const { step } = standing(shown.trace, this.#step);
    this.stages.update(shown.trace, { step, stage: shown.stage, alone: this.figure.alone });
  }

  /** The sum and the sentence of the step, which is also returned. */
  #tell() {
    const trace = this.#shown?.trace;
    if (!trace) {
      clearSum(this.sum);
      return this.#say(this.t("compare.missing"));
    }
    const { step, finished } = standing(trace, this.#step);
    putSum(this.sum, trace, step, { open: this.#open }, this.t);
    if (this.focus) return this.#say(describe(trace, this.focus, this.t));
    if (!finished) return this.#say(narrate(trace, step, this.t));
    return this.#say(finishedText(step, this.t), true);
  }

  /** @param {string} text @param {boolean} [finished] */
  #say(text, finished = false) {
    this.caption.replaceChildren(...(finished ? [icon("check")] : []), text);
    this.caption.classList.toggle("finished", finished);
    return this.t("compare.spoken", { side: this.said, said: text });
  }

  /** @param {Trace} trace */
  #moment(trace) {
    const stage = this.#shown?.stage ?? "";
    return { step: standing(trace, this.#step).step, focus: this.focus, stage, turn: 1 };
  }

  /** @param {string} slug @returns {Kind} */
  #kindOf(slug) {
    return this.kinds.find((kind) => kind.slug === slug) ?? this.kinds[0];
  }

  /** @param {string} what */
  #part(what) {
    return byId(`${this.name}-${what}`);
  }
}

/** @param {Kind} kind @returns {Side} */
function firstOf({ slug, presets }) {
  return { slug, params: { ...presets[0].params }, stage: "", until: "" };
}

/** The preset that a figure is, also where a default was typed. */
/** @param {import("../model/query.js").Params} params @param {Kind} kind */
function presetOf(params, { presets, schema }) {
  const short = presets.map((preset) => ({ ...preset, params: trimmed(preset.params, schema) }));
  return matching(trimmed(params, schema), short);
}

/** The kinds under the groups of the navigation. */
/** @param {Kind[]} kinds @param {Translate} t */
function grouped(kinds, t) {
  return [...new Set(kinds.map(({ group }) => group))].map((group) =>
    el(
      "optgroup",
      { label: t(`group.${group}`) },
      ...kinds.filter((kind) => kind.group === group).map(({ slug, name }) => el("option", { value: slug }, name)),
    )
  );
}

/** @param {Kept} kept */
function pageQuery({ theme, lang }) {
  const pairs = Object.entries({ theme, lang }).filter(([, value]) => value);
  return pairs.length > 0 ? `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}` : "";
}
