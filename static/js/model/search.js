/** Whether a text has the words that a reader asks for; pure. */

/** @param {string} text */
function plainly(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("×", "x");
}

/**
 * The words of a text, each after a space. What is written with a hyphen is found with it, without it, and by its parts.
 * @param {string} text
 */
export function searchable(text) {
  const plain = plainly(text);
  return [plain, plain.replaceAll("-", "")].map((all) => ` ${all.replace(/[^\p{L}\p{N}]+/gu, " ")}`).join("");
}

/**
 * Whether every word asked for begins a word of the text; in scripts that put no spaces, whether it is in there at all.
 * @param {string} text as `searchable` made it
 * @param {string} asked
 */
export function has(text, asked) {
  const words = plainly(asked).replaceAll("-", "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return words.every((word) => text.includes(/^[a-z0-9]+$/.test(word) ? ` ${word}` : word));
}
