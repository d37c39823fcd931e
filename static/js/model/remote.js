/**
 * What the page around a frame may say to the figure in it, and the answers: the protocol of player.js, the two words
 * of reveal.js, and messages of our own. Pure; everything that arrives is taken for hostile.
 */

/**
 * What a message asks for; `null` where it is none of ours.
 * @typedef {{do: "play"} | {do: "pause"} | {do: "loop", on: boolean} | {do: "time", seconds: number} | {do: "nothing"}
 *   | {do: "tell", method: string, listener: string | null} | {do: "listen", event: string, listener: string | null}
 *   | {do: "unlisten", event: string, listener: string | null} | {do: "slide", on: boolean}
 *   | {do: "own", id: Id, wanted: Wanted} | {do: "refuse", answer: Answer}
 *   | {do: "fault", id: Id, fault: Fault}} Act
 * @typedef {string | number | null} Id
 * @typedef {{play?: boolean, step?: number, loop?: boolean, speed?: string, theme?: string, transparent?: boolean, stage?: string,
 *   panels?: string[], params?: Record<string, string | null>, listen?: boolean, state?: boolean}} Wanted
 * @typedef {{code: string, field: string, values: Record<string, any>}} Fault
 * @typedef {string | {convoscope: Record<string, any>}} Answer
 */

import { HOLD } from "./player.js";

const CONTEXT = "player.js";
const VERSION = "0.0.11";

/** What player.js may ask for, and what it is told of. Sound is none of it: a figure is silent. */
export const METHODS = [
  "play", "pause", "getPaused", "getDuration", "getCurrentTime", "setCurrentTime", "getLoop", "setLoop",
  "addEventListener", "removeEventListener",
];
export const EVENTS = ["ready", "play", "pause", "timeupdate", "seeked", "ended", "error"];

/** Asked of every player; those that set anything do nothing. */
const OF_SOUND = ["mute", "unmute", "getMuted", "setVolume", "getVolume"];

/** The longest text of a message, and of one value in it. */
const LONGEST = 40_000;
const LONGEST_WORD = 200;
const MOST_PARAMS = 40;

/** Seconds of a number of steps: what they take at 1×. */
/** @param {number} steps */
export function secondsOf(steps) {
  return Math.round(steps * HOLD) / 1000;
}

/** The number of steps that lies nearest to a time. */
/** @param {number} seconds */
export function stepsOf(seconds) {
  return Math.round((seconds * 1000) / HOLD);
}

/** @param {any} data  of a message event @returns {Act | null} */
export function readMessage(data) {
  if (data === "slide:start" || data === "slide:stop") return { do: "slide", on: data === "slide:start" };
  const message = typeof data === "string" ? parsed(data) : data;
  if (!isObject(message)) return null;
  if (message.context === CONTEXT) return ofPlayer(message);
  return Object.hasOwn(message, "convoscope") ? ofOurs(message.convoscope) : null;
}

/** @param {string} text */
function parsed(text) {
  if (text.length > LONGEST || !text.startsWith("{")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {any} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {any} value */
function isWord(value) {
  return typeof value === "string" && value.length <= LONGEST_WORD;
}

// --- player.js ---

/** @param {Record<string, any>} message @returns {Act | null} */
function ofPlayer({ method, value, listener: named }) {
  // Without a method it is an answer, or an event of another frame.
  if (method === undefined) return null;
  const listener = isWord(named) ? named : null;
  const refuse = (/** @type {number} */ code, /** @type {string} */ msg) =>
    /** @type {Act} */ ({ do: "refuse", answer: playerEvent("error", { code, msg }, listener) });
  if (!isWord(method)) return refuse(2, "Invalid method");
  switch (method) {
    case "play":
    case "pause":
      return { do: method };
    case "getPaused":
    case "getDuration":
    case "getCurrentTime":
    case "getLoop":
    case "getMuted":
    case "getVolume":
      return { do: "tell", method, listener };
    case "setLoop":
      return typeof value === "boolean" ? { do: "loop", on: value } : refuse(4, "setLoop takes true or false");
    case "setCurrentTime":
      return Number.isFinite(value) ? { do: "time", seconds: value } : refuse(4, "setCurrentTime takes seconds");
    case "addEventListener":
    case "removeEventListener":
      if (!EVENTS.includes(value)) return refuse(4, `There is no such event; there are ${EVENTS.join(", ")}`);
      return { do: method === "addEventListener" ? "listen" : "unlisten", event: value, listener };
    default:
      return OF_SOUND.includes(method) ? { do: "nothing" } : refuse(2, `There is no method of this name; there are ${METHODS.join(", ")}`);
  }
}

/**
 * An event, or the answer to a question, as player.js reads it.
 * @param {string} event
 * @param {any} value
 * @param {string | null} listener
 */
export function playerEvent(event, value, listener) {
  return JSON.stringify({
    context: CONTEXT,
    version: VERSION,
    event,
    ...(value === undefined ? {} : { value }),
    ...(listener === null ? {} : { listener }),
  });
}

/** More listeners than this are no page's. */
const MOST_LISTENERS = 200;

/** Who wants to hear of what. */
export class Listeners {
  /** @type {{event: string, listener: string | null}[]} */
  #all = [];

  /** @param {string} event @param {string | null} listener */
  add(event, listener) {
    const known = this.#all.some((one) => one.event === event && one.listener === listener);
    if (!known && this.#all.length < MOST_LISTENERS) this.#all.push({ event, listener });
  }

  /** Without a name, all of an event go. */
  /** @param {string} event @param {string | null} listener */
  remove(event, listener) {
    this.#all = this.#all.filter((one) => one.event !== event || (listener !== null && one.listener !== listener));
  }

  /** The messages that tell an event to all who listen. */
  /** @param {string} event @param {any} [value] */
  messages(event, value) {
    return this.#all.filter((one) => one.event === event).map(({ listener }) => playerEvent(event, value, listener));
  }
}

// --- our own ---

/** What each part of a message of ours takes; `null` where the value is none. */
/** @type {Record<string, (value: any) => any>} */
const PARTS = {
  play: flag,
  step: (value) => (Number.isSafeInteger(value) && value >= 0 ? value : null),
  loop: flag,
  speed: (value) => (isWord(value) ? value : Number.isFinite(value) ? String(value) : null),
  theme: (value) => (isWord(value) ? value : null),
  transparent: flag,
  stage: (value) => (isWord(value) ? value : null),
  panels: (value) => {
    const names = typeof value === "string" ? value.split(",").filter(Boolean) : value;
    return Array.isArray(names) && names.length <= MOST_PARAMS && names.every(isWord) ? names : null;
  },
  params: textsOf,
  listen: flag,
  state: (value) => (value === true ? true : null),
};

/** @param {any} value */
function flag(value) {
  return typeof value === "boolean" ? value : null;
}

/** Parameters as a link has them; `null` stands for the default. */
/** @param {any} value @returns {Record<string, string | null> | null} */
function textsOf(value) {
  if (!isObject(value)) return null;
  const pairs = Object.entries(value);
  const fit = (/** @type {any} */ one) =>
    one === null || typeof one === "boolean" || Number.isFinite(one) || (typeof one === "string" && one.length <= LONGEST);
  if (pairs.length === 0 || pairs.length > MOST_PARAMS) return null;
  if (!pairs.every(([name, one]) => isWord(name) && fit(one))) return null;
  return Object.fromEntries(pairs.map(([name, one]) => [name, one === null ? null : String(one)]));
}

/** @param {any} asked @returns {Act} */
function ofOurs(asked) {
  if (!isObject(asked)) return refused(null, { code: "not_an_object", field: "", values: {} });
  const { id: given, ...parts } = asked;
  const id = isWord(given) || Number.isFinite(given) ? given : null;
  const names = Object.keys(parts);
  const known = Object.keys(PARTS);
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined || names.length === 0) {
    return refused(id, { code: "unknown_field", field: (strange ?? "").slice(0, 40), values: { known } });
  }
  const wanted = Object.fromEntries(names.map((name) => [name, PARTS[name](parts[name])]));
  const wrong = names.find((name) => wanted[name] === null);
  return wrong === undefined
    ? { do: "own", id, wanted }
    : refused(id, { code: "wrong_value", field: wrong, values: {} });
}

/** @param {Id} id @param {Fault} fault @returns {Act} */
function refused(id, fault) {
  return { do: "fault", id, fault };
}

/**
 * @param {Id} id  of the message that is answered
 * @param {Fault & {message: string, hint: string}} error
 */
export function ownError(id, error) {
  return ownEvent("error", { ...(id === null ? {} : { id }), error });
}

/** @param {string} event @param {Record<string, any>} more */
export function ownEvent(event, more) {
  return { convoscope: { event, ...more } };
}
