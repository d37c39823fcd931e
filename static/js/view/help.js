/** The map of the keys, and the switch in it for those that are single letters or signs. */

import { byId } from "./dom.js";

const KEPT = "convoscope.letters";

/** Where a browser keeps nothing, for instance in a sandboxed frame, the choice holds until the page is left. */
function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** @param {boolean} on */
function remember(on) {
  try {
    if (on) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "off");
  } catch {
    // Nothing is kept: the choice holds on this page.
  }
}

export class Help {
  constructor() {
    this.dialog = byId("help-dialog");
    this.letters = byId("letters");
    this.letters.checked = remembered() !== "off";
    this.letters.addEventListener("change", () => remember(this.letters.checked));
    byId("help").addEventListener("click", () => this.show());
  }

  /** @returns {boolean} */
  get isOpen() {
    return this.dialog.open;
  }

  show() {
    if (!this.isOpen) this.dialog.showModal();
  }

  /**
   * Whether a key is none of ours, because the reader has switched off keys that speech input or a resting hand could
   * press by mistake (WCAG 2.1.4). Space, arrows and the like remain.
   * @param {KeyboardEvent} event
   */
  silences({ key }) {
    return !this.letters.checked && key.length === 1 && key !== " ";
  }
}
