/** The stages of a pipeline above the figure: how far each has come, and a button to see it alone. */

/** @import {Trace} from "../model/types.js" */
/** @import {Translate} from "../model/strings.js" */

import { spanOf } from "../model/clock.js";
import { stagesOf } from "../scenes/index.js";
import { el } from "./dom.js";

export class Stages {
  #made = "";
  /** @type {{button: HTMLElement, done: HTMLElement}[]} */
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
    const found = stagesOf(trace, this.t);
    this.host.hidden = found.length === 0;
    if (this.host.hidden) return;
    const made = found.map(({ id, sizes }) => `${id} ${sizes}`).join();
    if (made !== this.#made) this.#make(found);
    this.#made = made;
    for (const button of this.#ways) {
      button.setAttribute("aria-pressed", String(button.dataset.stage === stage));
    }
    for (const [n, { button, done }] of this.#stages.entries()) {
      const own = found[n].stage;
      const { before, total } = spanOf(trace, own);
      const share = Math.max(0, Math.min(1, (step - before) / total));
      button.setAttribute("aria-pressed", String(own.id === stage));
      button.classList.toggle("shown", own.id === alone);
      button.classList.toggle("live", share > 0 && share < 1);
      done.style.width = `${100 * share}%`;
    }
  }

  /** @param {ReturnType<typeof stagesOf>} stages */
  #make(stages) {
    const way = (/** @type {string} */ stage, /** @type {string} */ name) =>
      el("button", { type: "button", "data-stage": stage, class: "stage-way", on: { click: () => this.choose(stage) } }, name);
    this.#ways = [way("", this.t("stage.follow")), way("all", this.t("stage.all"))];
    this.#stages = stages.map(({ id, name, sizes }) => {
      const done = el("i", { class: "stage-done" });
      const button = el(
        "button",
        { type: "button", "data-stage": id, class: "stage-step", on: { click: () => this.choose(id) } },
        el("b", {}, name),
        el("small", {}, sizes),
        done,
      );
      return { button, done };
    });
    const steps = this.#stages.flatMap(({ button }, n) => (n === 0 ? [button] : [arrow(), button]));
    this.host.replaceChildren(
      el("div", { class: "segments", role: "group", "aria-label": this.t("stage.title") }, ...this.#ways),
      el("div", { class: "stage-steps", role: "group", "aria-label": this.t("stage.one") }, ...steps),
    );
  }
}

function arrow() {
  return el("span", { class: "stage-arrow", "aria-hidden": "true" }, "›");
}
