/** The state of the player, and how events change it; time arrives as an event. */

/**
 * `first` and `total` are the steps between which it plays.
 * @typedef {{step: number, first: number, total: number, playing: boolean, speed: string, loop: boolean, waited: number}} Player
 * @typedef {{type: "tick", elapsed: number} | {type: "toggle"} | {type: "pause"} | {type: "seek", step: number}
 *   | {type: "move", by: number} | {type: "first"} | {type: "last"} | {type: "speed", speed: string}
 *   | {type: "faster"} | {type: "slower"} | {type: "loop"} | {type: "load", total: number, first?: number, step?: number}} PlayerEvent
 */

/** Milliseconds a step is held at 1×. */
export const HOLD = 900;

/** `max` is a step a frame. */
export const SPEEDS = ["0.5", "1", "2", "4", "8", "max"];

/** @type {Player} */
export const START = { step: 0, first: 0, total: 0, playing: false, speed: "1", loop: false, waited: 0 };

/**
 * @param {Player} state
 * @param {PlayerEvent} event
 * @returns {Player}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "tick":
      return tick(state, event.elapsed);
    case "toggle":
      return state.playing ? { ...state, playing: false } : play(state);
    case "pause":
      return { ...state, playing: false };
    case "seek":
      return stand(state, event.step);
    case "move":
      return stand(state, state.step + event.by);
    case "first":
      return stand(state, state.first);
    case "last":
      return stand(state, state.total);
    case "speed":
      return SPEEDS.includes(event.speed) ? { ...state, speed: event.speed, waited: 0 } : state;
    case "faster":
      return shift(state, 1);
    case "slower":
      return shift(state, -1);
    case "loop":
      return { ...state, loop: !state.loop };
    case "load":
      return load(state, event);
    default:
      throw new Error(`unknown event: ${/** @type {{type: string}} */ (event).type}`);
  }
}

/** @param {Player} state @returns {Player} */
function play(state) {
  if (state.total <= state.first) return state;
  return { ...state, step: state.step >= state.total ? state.first : state.step, playing: true, waited: Infinity };
}

/** @param {Player} state @param {number} step @returns {Player} */
function stand(state, step) {
  return { ...state, step: clamp(step, state.first, state.total), playing: false, waited: 0 };
}

/** A step is due as soon as it has been held long enough; time left over counts for the next. */
/** @param {Player} state @param {number} elapsed @returns {Player} */
function tick(state, elapsed) {
  if (!state.playing) return state;
  const hold = state.speed === "max" ? 0 : HOLD / Number(state.speed);
  const waited = state.waited + elapsed;
  if (waited < hold) return { ...state, waited };
  const rest = Number.isFinite(waited) && hold > 0 ? Math.min(waited - hold, hold) : 0;
  if (state.step < state.total) return { ...state, step: state.step + 1, waited: rest };
  return state.loop ? { ...state, step: state.first + 1, waited: rest } : { ...state, playing: false, waited: 0 };
}

/** @param {Player} state @param {number} by @returns {Player} */
function shift(state, by) {
  const at = clamp(SPEEDS.indexOf(state.speed) + by, 0, SPEEDS.length - 1);
  return { ...state, speed: SPEEDS[at], waited: 0 };
}

/** @param {Player} state @param {{total: number, first?: number, step?: number}} loaded @returns {Player} */
function load(state, { total, first = state.first, step = state.step }) {
  const least = Math.min(first, total);
  return { ...state, first: least, total, step: clamp(step, least, total), waited: 0 };
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.max(least, Math.min(most, Math.trunc(value) || 0));
}
