/** What a browser keeps for the next visit; where it keeps nothing, a choice holds until the page is left. */

/**
 * @param {string} key
 * @returns {string | null}
 */
export function recalled(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} value  null forgets
 */
export function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // In a sandboxed frame, for instance, nothing can be kept.
  }
}
