/** How long to wait before a server is asked again, that did not answer or said that it has too much to do. */

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

/** So often a question is asked again that a server has put off; whoever asks waits without hearing of it. */
const ASKED_AGAIN = 3;
/** Seconds that somebody waits who does not know for what. */
const MOST_SECONDS = 10;
/** Too many requests, and too much to do: both pass. */
const PUT_OFF = [429, 503];

/**
 * Milliseconds after which a question is to be asked again that a server put off, or null where it should not be.
 *
 * Those who were put off together do not come back together: up to a half is added, as `chance` (0 to 1) says.
 * @param {number} status
 * @param {string | null} retryAfter  the header, in seconds; a date is none of ours
 * @param {number} asked  how often it was put off before
 * @param {number} chance
 */
export function putOff(status, retryAfter, asked, chance) {
  if (!PUT_OFF.includes(status) || asked >= ASKED_AGAIN || !/^\d{1,4}$/.test(retryAfter ?? "")) return null;
  const seconds = Number(retryAfter);
  return seconds > MOST_SECONDS ? null : 1000 * Math.max(seconds, 0.5) * (1 + chance / 2);
}
