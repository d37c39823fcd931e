/** The map of the keys, and the switch in it for those that are single letters or signs. */

import { byId } from "./dom.js";
import { keep, recalled } from "./memory.js";

const KEPT = "convoscope.letters";

export class Help {
  constructor() {
    this.dialog = byId("help-dialog");
    this.letters = byId("letters");
    this.letters.checked = recalled(KEPT) !== "off";
    this.letters.addEventListener("change", () => keep(KEPT, this.letters.checked ? null : "off"));
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
