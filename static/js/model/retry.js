/** How long to wait before a server that did not answer is asked again. */

const FIRST = 1000;
/** Nobody waits longer than that for a server that is back. */
export const LONGEST_PAUSE = 30_000;

/**
 * Milliseconds before an attempt, counted from 0: each twice the one before.
 * @param {number} attempt
 */
export function pauseBefore(attempt) {
  return Math.min(LONGEST_PAUSE, FIRST * 2 ** attempt);
}
