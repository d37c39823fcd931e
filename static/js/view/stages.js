/** The stages of a pipeline above the figure: how far each has come, and a button to see it alone. */

/** @import {Stage, Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */

import { spanOf, turnsOf } from "../model/clock.js";
import { times } from "../model/strings.js";
import { stageName } from "../scenes/layout.js";
import { partsOf } from "../scenes/parts.js";
import { el } from "./dom.js";

export class Stages {
  #made = "";
  /** @type {{stage: Stage, button: HTMLElement, done: HTMLElement}[]} */
  #stages = [];
  /** @type {HTMLElement[]} */
  #ways = [];

  /**
   * @param {HTMLElement} host
   * @param {Translate} t
   * @param {(stage: string) => void} choose
   */
  constructor(host, t, choose) {
    this.host = host;
    this.t = t;
    this.choose = choose;
  }

  /**
   * @param {Trace} trace  hidden where one picture shows all stages
   * @param {{step: number, stage: string, alone: string | null}} shown  what was chosen, and what is on show
   */
  update(trace, { step, stage, alone }) {
    const turns = turnsOf(trace);
    this.host.hidden = turns.length < 2 || partsOf(trace).some((part) => part.whole);
    if (this.host.hidden) return;
    const made = turns.map(({ stages: [first] }) => `${first.id} ${this.#sizes(trace, first)}`).join();
    if (made !== this.#made) this.#make(trace, turns.map(({ stages: [first] }) => first));
    this.#made = made;
    for (const button of this.#ways) {
      button.setAttribute("aria-pressed", String(button.dataset.stage === stage));
    }
    for (const { stage: own, button, done } of this.#stages) {
      const { before, total } = spanOf(trace, own);
      const share = Math.max(0, Math.min(1, (step - before) / total));
      button.setAttribute("aria-pressed", String(own.id === stage));
      button.classList.toggle("shown", own.id === alone);
      button.classList.toggle("live", share > 0 && share < 1);
      done.style.width = `${100 * share}%`;
    }
  }

  /** @param {Trace} trace @param {Stage[]} stages */
  #make(trace, stages) {
    const way = (/** @type {string} */ stage, /** @type {string} */ name) =>
      el("button", { type: "button", "data-stage": stage, class: "stage-way", on: { click: () => this.choose(stage) } }, name);
    this.#ways = [way("", this.t("stage.follow")), way("all", this.t("stage.all"))];
    this.#stages = stages.map((stage, n) => {
      const done = el("i", { class: "stage-done" });
      const button = el(
        "button",
        { type: "button", "data-stage": stage.id, class: "stage-step", on: { click: () => this.choose(stage.id) } },
        el("b", {}, `${n + 1} ${stageName(stage.id, this.t)}`),
        el("small", {}, this.#sizes(trace, stage)),
        done,
      );
      return { stage, button, done };
    });
    const steps = this.#stages.flatMap(({ button }, n) => (n === 0 ? [button] : [arrow(), button]));
    this.host.replaceChildren(
      el("div", { class: "segments", role: "group", "aria-label": this.t("stage.title") }, ...this.#ways),
      el("div", { class: "stage-steps", role: "group", "aria-label": this.t("stage.one") }, ...steps),
    );
  }

  /** @param {Trace} trace @param {Stage} stage */
  #sizes({ tensors }, { input, output }) {
    return [input, output].map((name) => {
      const [channels, ...sides] = tensors[name].shape;
      return times(channels > 1 ? [...sides, channels] : sides);
    }).join(" → ");
  }
}

function arrow() {
  return el("span", { class: "stage-arrow", "aria-hidden": "true" }, "›");
}
