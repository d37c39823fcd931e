/** Number fields: what stands in them, and whether it can be used; one that cannot says so where it stands. */

/**
 * Whether a field holds a whole number within its bounds.
 * @param {HTMLInputElement} field
 */
export function wholeIn(field) {
  const sound = field.value !== "" && field.validity.valid && Number.isInteger(Number(field.value));
  mark(field, sound);
  return sound;
}

/**
 * The steps between two fields, of which an empty one says nothing; null where there are none.
 * @param {HTMLInputElement} from
 * @param {HTMLInputElement} to
 * @param {number} total
 * @returns {{start: number | null, end: number | null} | null}
 */
export function spanIn(from, to, total) {
  const [start, end] = [from, to].map((field) => field.value === "" && field.validity.valid ? null : Number(field.value));
  const able = [from, to].map((field) => (field.value === "" && field.validity.valid) || wholeIn(field));
  const ordered = (start ?? 1) <= (end ?? total);
  [from, to].forEach((field, n) => mark(field, able[n] && ordered));
  return able.every(Boolean) && ordered ? { start, end } : null;
}

/** @param {HTMLInputElement} field @param {boolean} sound */
function mark(field, sound) {
  if (sound) field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
}
