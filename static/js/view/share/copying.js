/** Buttons that copy what stands beside them, with a clipboard or without. */

/** @import {Translate} from "../../model/strings.js" */

import { copied, copiedSelection, sayFor } from "../clipboard.js";

/**
 * Copies a field. Without a clipboard its text is selected and copied the old way; where that is refused too it stays
 * selected, and the button says which keys copy it.
 * @param {HTMLElement} button
 * @param {HTMLInputElement} field
 * @param {Translate} t
 * @param {{usual: string, said: () => string}} words
 */
export function copyField(button, field, t, { usual, said }) {
  listen(button, usual, async () => {
    if (await copied(field.value)) return said();
    field.focus();
    field.select();
    return copiedByCommand() ? said() : t("share.selected");
  });
  // One click on a link means all of it.
  field.addEventListener("focus", () => field.select());
}

/**
 * Copies what an element shows.
 * @param {HTMLElement} button
 * @param {HTMLElement} block
 * @param {Translate} t
 */
export function copyBlock(button, block, t) {
  listen(button, t("share.copy"), async () => {
    const done = await copied(block.textContent ?? "") || copiedSelection(block);
    return t(done ? "share.copied" : "share.selected");
  });
}

/** @param {HTMLElement} button @param {string} usual @param {() => Promise<string>} copy */
function listen(button, usual, copy) {
  const label = /** @type {Element} */ (button.querySelector("span"));
  // What changes in a button that has the focus is read aloud.
  label.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => sayFor(label, await copy(), usual));
}

function copiedByCommand() {
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
