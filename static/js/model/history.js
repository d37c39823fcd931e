/** What a reader changed, so that it can be undone and done again; pure, of any values that JSON can write. */

/**
 * `past` ends with what came just before `now`, `future` begins with what comes just after it.
 * @template T
 * @typedef {{past: T[], now: T, future: T[]}} History
 */

/** How many changes are kept: more than anyone goes back, and little enough to hold. */
export const DEEPEST = 500;

/**
 * @template T
 * @param {T} now
 * @returns {History<T>}
 */
export function begun(now) {
  return { past: [], now, future: [] };
}

/**
 * With a change added, after which nothing can be done again; the same history where nothing has changed.
 * @template T
 * @param {History<T>} history
 * @param {T} now
 * @returns {History<T>}
 */
export function remembered(history, now) {
  if (alike(history.now, now)) return history;
  return { past: [...history.past, history.now].slice(-DEEPEST), now, future: [] };
}

/**
 * One change back; the same history where there is none.
 * @template T
 * @param {History<T>} history
 * @returns {History<T>}
 */
export function undone(history) {
  const { past, now, future } = history;
  if (past.length === 0) return history;
  return { past: past.slice(0, -1), now: past[past.length - 1], future: [now, ...future] };
}

/**
 * One change forward; the same history where there is none.
 * @template T
 * @param {History<T>} history
 * @returns {History<T>}
 */
export function redone(history) {
  const { past, now, future } = history;
  if (future.length === 0) return history;
  return { past: [...past, now], now: future[0], future: future.slice(1) };
}

/** The order in which parameters were set is no difference. */
/** @param {unknown} a @param {unknown} b */
function alike(a, b) {
  return written(a) === written(b);
}

/** @param {unknown} value */
function written(value) {
  return JSON.stringify(value !== null && typeof value === "object" ? Object.entries(value).sort() : value);
}
