/** Copying text, and a button that says that it was done. */

/** For how long a button says so, in milliseconds. */
const SAID = 1800;

/**
 * Without a secure origin there is no clipboard: the reader then copies what the caller has selected.
 * @param {string} text
 */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Selects all that an element shows, and copies it the way that works without a secure origin too.
 * @param {HTMLElement} element
 * @returns {boolean}  whether it was copied; if not, it is still selected
 */
export function copiedSelection(element) {
  getSelection()?.selectAllChildren(element);
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

/** @type {WeakMap<Element, ReturnType<typeof setTimeout>>} */
const resets = new WeakMap();

/**
 * Says something in a button for a while, counted from the last time that it is said.
 * @param {Element} label
 * @param {string} said
 * @param {string} usual
 */
export function sayFor(label, said, usual) {
  clearTimeout(resets.get(label));
  label.textContent = said;
  resets.set(label, setTimeout(() => {
    label.textContent = usual;
  }, SAID));
}
