/** Undo and redo: two buttons and the keys that every program has for them. */

import { byId } from "./dom.js";

/** Where the browser undoes what was typed. */
const TEXT = "textarea, input[type=text], input:not([type]), [contenteditable]";

export class Undo {
  /**
   * @param {{undo: () => void, redo: () => void}} actions
   */
  constructor(actions) {
    this.undo = byId("undo");
    this.redo = byId("redo");
    this.undo.addEventListener("click", actions.undo);
    this.redo.addEventListener("click", actions.redo);
    document.addEventListener("keydown", (event) => {
      const way = wayOf(event);
      if (!way || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const target = /** @type {HTMLElement} */ (event.target);
      // A field that has just been opened over a cell holds nothing to undo: the change before it is meant.
      if (target.matches(TEXT) && !("untouched" in target.dataset)) return;
      event.preventDefault();
      actions[way]();
    });
  }

  /** @param {{back: boolean, forward: boolean}} possible */
  update({ back, forward }) {
    const had = document.activeElement;
    this.undo.disabled = !back;
    this.redo.disabled = !forward;
    // A button that switches itself off would drop the keyboard at the top of the page.
    if (had === this.undo && !back) this.redo.focus();
    if (had === this.redo && !forward) this.undo.focus();
  }
}

/** @param {KeyboardEvent} event @returns {"undo" | "redo" | null} */
function wayOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (altKey || !(ctrlKey || metaKey)) return null;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && ctrlKey && !shiftKey ? "redo" : null;
}
