/** The transport: play, step, scrub, speed, loop; where one of them is not on the page, it is not there. */

/** @import {Player, PlayerEvent} from "../model/player.js" */
/** @import {Translate} from "../model/strings.js" */

import { SPEEDS } from "../model/player.js";

/** Ticks stop saying anything when they are closer than a few pixels. */
const MOST_TICKS = 40;

export class Transport {
  #shown = "";

  /**
   * @param {Translate} t
   * @param {(event: PlayerEvent, byHand: boolean) => void} send
   */
  constructor(t, send) {
    this.t = t;
    this.play = found("play");
    this.scrub = found("scrub");
    this.speed = found("speed");
    this.loop = found("loop");
    this.count = found("step-count");
    this.ticks = found("ticks");
    const click = (/** @type {string} */ id, /** @type {PlayerEvent} */ event) =>
      found(id)?.addEventListener("click", () => send(event, true));
    click("play", { type: "toggle" });
    click("first", { type: "first" });
    click("back", { type: "move", by: -1 });
    click("forward", { type: "move", by: 1 });
    click("last", { type: "last" });
    click("loop", { type: "loop" });
    this.scrub?.addEventListener("input", () => send({ type: "seek", step: Number(this.scrub.value) }, true));
    this.speed?.addEventListener("change", () => send({ type: "speed", speed: this.speed.value }, true));
  }

  /** @param {Player} player */
  update({ step, first, total, playing, speed, loop }) {
    if (!this.scrub) return;
    const state = [first, total, playing, speed, loop].join();
    if (state !== this.#shown) this.#restate({ first, total, playing, speed, loop });
    this.#shown = state;
    this.scrub.value = String(step);
    this.scrub.parentElement.style.setProperty("--at", ((step - first) / Math.max(total - first, 1)).toFixed(4));
    this.scrub.setAttribute("aria-valuetext", this.t("transport.step", { n: step, total }));
    this.count.querySelector("b").textContent = String(step);
  }

  /** @param {{first: number, total: number, playing: boolean, speed: string, loop: boolean}} state */
  #restate({ first, total, playing, speed, loop }) {
    const label = this.t(playing ? "transport.pause" : "transport.play");
    this.play.setAttribute("aria-label", label);
    this.play.title = label;
    this.play.querySelector("use").setAttribute("href", playing ? "#icon-pause" : "#icon-play");
    this.scrub.min = String(first);
    this.scrub.max = String(total);
    this.count.querySelector(".total").textContent = this.t("transport.of", { total });
    if (this.speed && SPEEDS.includes(speed)) this.speed.value = speed;
    this.loop?.setAttribute("aria-pressed", String(loop));
    const gaps = total - first <= MOST_TICKS ? total - first : 0;
    this.ticks.replaceChildren(
      ...Array.from({ length: Math.max(0, gaps - 1) }, () => document.createElement("i")),
    );
  }
}

/** @param {string} id @returns {any} */
function found(id) {
  return document.getElementById(id);
}
