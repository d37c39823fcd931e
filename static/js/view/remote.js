/** Messages between a frame and the page around it: only that page is listened to, and only in what is documented. */

/** @import {Act, Answer, Fault, Id, Wanted} from "../model/remote.js" */
/** @import {Player} from "../model/player.js" */

import {
  EVENTS, Listeners, METHODS, ownError, ownEvent, playerEvent, readMessage, secondsOf, stepsOf,
} from "../model/remote.js";

/**
 * What messages may do. `obey` gives the answer, at once or later; `state` is what a page is told of the figure; `say`
 * words a fault.
 * @typedef {{player: () => Player, running: () => boolean, play: () => void, pause: () => void, loop: (on: boolean) => void,
 *   seek: (step: number) => void, slide: (on: boolean) => void, obey: (wanted: Wanted, id: Id) => Promise<Answer>,
 *   state: () => Record<string, any>, say: (fault: Fault) => import("./controls.js").ApiError}} Acts
 */

export class Remote {
  #listeners = new Listeners();
  #listening = false;
  #was = { step: 0, running: false };

  /** @param {Acts} acts */
  constructor(acts) {
    this.acts = acts;
    if (globalThis.parent === globalThis.self) return;
    addEventListener("message", (event) => {
      if (event.source !== globalThis.parent) return;
      const act = readMessage(event.data);
      if (act) void this.#do(act);
    });
  }

  /** The figure is there: told unasked, as player.js wants it, because the page cannot know when to ask. */
  ready() {
    this.#was = { step: this.acts.player().step, running: this.acts.running() };
    this.#post(this.#readiness(null));
    this.#post(ownEvent("ready", this.acts.state()));
  }

  /** Asks reveal.js to say again which slide has come: a frame that loads after its slide came has not heard it. */
  askForSlide() {
    this.#post(JSON.stringify({ method: "startEmbeddedContent" }));
  }

  /** A key that is not used here. */
  /** @param {string} key @param {string} code */
  pass(key, code) {
    this.#post(ownEvent("key", { key, code }));
  }

  /** Tells who listens what has changed since the last time. */
  /** @param {{seeking: boolean, ended?: boolean}} how */
  report({ seeking, ended = false }) {
    const now = { step: this.acts.player().step, running: this.acts.running() };
    const before = this.#was;
    this.#was = now;
    if (now.step === before.step && now.running === before.running) return;
    if (this.#listening) this.#post(ownEvent("step", { step: now.step, playing: now.running }));
    if (now.running && !before.running) this.#emit("play");
    if (now.step !== before.step) {
      this.#emit("timeupdate", this.#time());
      if (seeking) this.#emit("seeked", this.#time());
    }
    if (!now.running && before.running) this.#emit("pause");
    if (ended) this.#emit("ended");
  }

  /** Tells what else there is to know of the figure. */
  restate() {
    if (this.#listening) this.#post(ownEvent("state", this.acts.state()));
  }

  /** @param {Act} act */
  async #do(act) {
    const { acts } = this;
    switch (act.do) {
      case "play":
        return acts.play();
      case "pause":
        return acts.pause();
      case "loop":
        return acts.loop(act.on);
      case "time":
        return acts.seek(acts.player().first + stepsOf(act.seconds));
      case "slide":
        // Keys that turned the slide are the deck's from now on.
        if (!act.on && document.hasFocus()) globalThis.parent.focus();
        return acts.slide(act.on);
      case "tell":
        return this.#post(playerEvent(act.method, this.#value(act.method), act.listener));
      case "listen":
        this.#listeners.add(act.event, act.listener);
        return act.event === "ready" ? this.#post(this.#readiness(act.listener)) : undefined;
      case "unlisten":
        return this.#listeners.remove(act.event, act.listener);
      case "refuse":
        return this.#post(act.answer);
      case "fault":
        return this.#post(ownError(act.id, acts.say(act.fault)));
      case "own":
        if (act.wanted.listen !== undefined) this.#listening = act.wanted.listen;
        return this.#post(await acts.obey(act.wanted, act.id));
    }
  }

  /** @param {string} method */
  #value(method) {
    const { loop, total, first, step } = this.acts.player();
    const values = /** @type {Record<string, any>} */ ({
      getPaused: !this.acts.running(),
      getDuration: secondsOf(total - first),
      getCurrentTime: secondsOf(step - first),
      getLoop: loop,
      getMuted: true,
      getVolume: 0,
    });
    return values[method];
  }

  #time() {
    const { total, first, step } = this.acts.player();
    return { seconds: secondsOf(step - first), duration: secondsOf(total - first) };
  }

  /** @param {string | null} listener */
  #readiness(listener) {
    return playerEvent("ready", { src: location.href, events: EVENTS, methods: METHODS }, listener);
  }

  /** @param {string} event @param {any} [value] */
  #emit(event, value) {
    for (const message of this.#listeners.messages(event, value)) this.#post(message);
  }

  /** Nothing that is told is a secret: it is the figure, which anyone may fetch, or a key that steers a deck. */
  /** @param {Answer} message */
  #post(message) {
    if (globalThis.parent !== globalThis.self) globalThis.parent.postMessage(message, "*");
  }
}
