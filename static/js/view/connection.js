/** Whether the server answers: a note in the top bar where it does not, and asking again by itself. */

/** @import {Translate} from "../model/strings.js" */

import { pauseBefore } from "../model/retry.js";
import { byId, el, icon } from "./dom.js";

/** The figure is dimmed when an answer takes longer, in milliseconds; the page says so when it takes much longer. */
const DIM = 300;
const SAY = 5000;

export class Connection {
  /** @type {(() => void) | null} */
  #retry = null;
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  /** @type {ReturnType<typeof setTimeout>[]} */
  #waiting = [];

  /**
   * @param {HTMLElement} stage  dimmed while its figure is not the one that was asked for
   * @param {Translate} t
   */
  constructor(stage, t) {
    this.stage = stage;
    this.t = t;
    this.host = byId("connection");
    addEventListener("online", () => this.#again());
  }

  /** An answer is being waited for; a later request for the same figure goes on waiting. */
  asked() {
    clearTimeout(this.#next);
    if (this.#waiting.length > 0) return;
    this.#waiting = [
      setTimeout(() => this.stage.classList.add("waiting"), DIM),
      setTimeout(() => this.#retry ?? this.#say("page.slow"), SAY),
    ];
  }

  /** What was waited for is there, be it from a cache. */
  came() {
    this.#settle();
  }

  /** The server itself has answered. */
  answered() {
    this.#settle();
    this.#retry = null;
    this.#attempt = 0;
    this.host.hidden = true;
  }

  /** It did not answer: after a while it is asked again. */
  /** @param {() => void} retry */
  lost(retry) {
    this.#settle();
    this.#retry = retry;
    if (this.host.hidden || this.host.dataset.says !== "page.offline") {
      this.#say("page.offline", el("button", { type: "button", class: "link", on: { click: () => this.#again() } }, this.t("page.again")));
    }
    this.#next = setTimeout(() => {
      this.#attempt += 1;
      this.#again();
    }, pauseBefore(this.#attempt));
  }

  #again() {
    clearTimeout(this.#next);
    this.#retry?.();
  }

  #settle() {
    clearTimeout(this.#next);
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting = [];
    this.stage.classList.remove("waiting");
  }

  /** @param {string} key @param {...Node} more */
  #say(key, ...more) {
    this.host.dataset.says = key;
    this.host.hidden = false;
    this.host.replaceChildren(icon("alert"), el("span", {}, this.t(key)), ...more);
  }
}
