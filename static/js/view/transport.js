/** The transport: play, step, scrub, speed, loop. */

/** @import {Player, PlayerEvent} from "../model/player.js" */
/** @import {Translate} from "../model/strings.js" */

import { SPEEDS } from "../model/player.js";
import { byId } from "./dom.js";

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
    this.play = byId("play");
    this.scrub = byId("scrub");
    this.speed = byId("speed");
    this.loop = byId("loop");
    this.count = byId("step-count");
    this.ticks = byId("ticks");
    const click = (/** @type {string} */ id, /** @type {PlayerEvent} */ event) =>
      byId(id).addEventListener("click", () => send(event, true));
    click("play", { type: "toggle" });
    click("first", { type: "first" });
    click("back", { type: "move", by: -1 });
    click("forward", { type: "move", by: 1 });
    click("last", { type: "last" });
    click("loop", { type: "loop" });
    this.scrub.addEventListener("input", () => send({ type: "seek", step: Number(this.scrub.value) }, true));
    this.speed.addEventListener("change", () => send({ type: "speed", speed: this.speed.value }, true));
  }

  /** @param {Player} player */
  update({ step, total, playing, speed, loop }) {
    const state = [total, playing, speed, loop].join();
    if (state !== this.#shown) this.#restate({ total, playing, speed, loop });
    this.#shown = state;
    this.scrub.value = String(step);
    this.scrub.parentElement.style.setProperty("--at", (step / Math.max(total, 1)).toFixed(4));
    this.scrub.setAttribute("aria-valuetext", this.t("transport.step", { n: step, total }));
    this.count.querySelector("b").textContent = String(step);
  }

  /** @param {{total: number, playing: boolean, speed: string, loop: boolean}} state */
  #restate({ total, playing, speed, loop }) {
    const label = this.t(playing ? "transport.pause" : "transport.play");
    this.play.setAttribute("aria-label", label);
    this.play.title = label;
    this.play.querySelector("use").setAttribute("href", playing ? "#icon-pause" : "#icon-play");
    this.scrub.max = String(total);
    this.count.querySelector(".total").textContent = this.t("transport.of", { total });
    if (SPEEDS.includes(speed)) this.speed.value = speed;
    this.loop.setAttribute("aria-pressed", String(loop));
    const gaps = total <= MOST_TICKS ? total : 0;
    this.ticks.replaceChildren(
      ...Array.from({ length: Math.max(0, gaps - 1) }, () => document.createElement("i")),
    );
  }
}
