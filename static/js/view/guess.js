/** Predict, then reveal: while it is on, the value of a step is guessed before it is shown. */

/** @import {Cell, Trace} from "../model/types.js" */
/** @import {Player} from "../model/player.js" */
/** @import {Translate} from "../model/strings.js" */

import { guessable, stepsAt } from "../model/clock.js";
import { numberOf } from "../model/edit.js";
import { HOLD } from "../model/player.js";
import { plain } from "../model/strings.js";
import { spot } from "../scenes/correlate.js";
import { byId } from "./dom.js";

export class Guess {
  /** Whether the value of the step on show has been told. */
  #told = false;

  /**
   * @param {boolean} on
   * @param {Translate} t
   * @param {{now: () => {trace: Trace, step: number}, show: (byHand: boolean) => void, say: (text: string) => void,
   *   changed: () => void}} acts  `show`: the step is to be shown anew, `changed`: it was switched on or off
   */
  constructor(on, t, acts) {
    this.on = on;
    this.t = t;
    this.acts = acts;
    // A figure in a frame has none: its address says whether values are guessed.
    this.button = document.getElementById("predict");
    this.button?.addEventListener("click", () => this.toggle());
    byId("sum").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.reveal();
    });
    this.#press();
  }

  get #steps() {
    const { trace, step } = this.acts.now();
    return stepsAt(trace, step);
  }

  /** Whether the value of the step on show is still to be guessed. */
  get asking() {
    if (!this.on || this.#told) return false;
    return guessable(this.#steps);
  }

  /** Whether a cell holds what is being guessed. */
  /** @param {Cell} cell */
  hides({ tensor, index }) {
    const here = index.join();
    return this.asking && this.#steps.some(({ stage, position }) => stage.output === tensor && position.join() === here);
  }

  /** What a reader is asked. */
  get question() {
    const { t } = this;
    const [{ position, stage }] = this.#steps;
    const many = this.acts.now().trace.tensors[stage.output].shape[0] > 1;
    const where = spot(position.slice(1), t);
    return t("predict.ask", { where: many ? t("predict.ofMap", { where, n: position[0] + 1 }) : where });
  }

  /** Shows the value of the step, and what the guess was worth. */
  reveal() {
    const sum = byId("sum");
    const text = /** @type {HTMLInputElement | null} */ (sum.querySelector("input"))?.value.trim() ?? "";
    const inForm = sum.contains(document.activeElement);
    const value = plain(this.#steps[0].value);
    this.#told = true;
    this.acts.show(true);
    if (inForm) document.getElementById("forward")?.focus();
    if (!text) return;
    const right = plain(numberOf(text)) === value;
    this.acts.say(this.t(right ? "predict.right" : "predict.wrong", { guess: text, value }));
  }

  /** Another step: its value is not told yet. */
  anew() {
    this.#told = false;
    if (this.on) this.acts.say("");
  }

  /** While playing, half of the time that a step is held is for guessing; says whether that, or all playing, is over. */
  /** @param {Player} player */
  due({ playing, speed, waited }) {
    const over = this.asking && (!playing || speed === "max" || waited >= HOLD / Number(speed) / 2);
    this.#told ||= over;
    return over;
  }

  toggle() {
    this.on = !this.on;
    this.#told = false;
    this.#press();
    this.acts.say(this.t(this.on ? "predict.on" : "predict.off"));
    this.acts.show(false);
    this.acts.changed();
  }

  #press() {
    this.button?.setAttribute("aria-pressed", String(this.on));
  }
}
