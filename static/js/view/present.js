/** Presenting: the figure fills the screen, and a clicker's keys blank it. */

import { byId } from "./dom.js";

export class Presenter {
  /**
   * @param {(on: boolean) => void} changed  the room for the figure is another now
   */
  constructor(changed) {
    this.changed = changed;
    this.button = byId("present");
    this.button.addEventListener("click", () => this.toggle());
    // Whoever leaves the full screen by the browser's own key has left presenting, too.
    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement && this.on) this.#set(false);
    });
    byId("unpresent").addEventListener("click", () => this.toggle(false));
  }

  get on() {
    return "present" in document.documentElement.dataset;
  }

  /** @param {boolean} [on] */
  toggle(on = !this.on) {
    if (on === this.on || "embed" in document.body.dataset) return false;
    this.#set(on);
    // Without the right to a full screen, in a frame for instance, the window itself is filled.
    if (on) document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    return true;
  }

  /** Hides the figure, or shows it again. */
  blank() {
    if ("embed" in document.body.dataset) return;
    const { dataset } = document.documentElement;
    if ("blank" in dataset) delete dataset.blank;
    else dataset.blank = "";
  }

  /** @param {boolean} on */
  #set(on) {
    const { dataset } = document.documentElement;
    if (on) dataset.present = "";
    else {
      delete dataset.present;
      delete dataset.blank;
    }
    this.button.setAttribute("aria-pressed", String(on));
    this.changed(on);
  }
}
