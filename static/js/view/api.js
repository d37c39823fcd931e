/** The API as the page asks it; a page that has its figures with it answers itself. */

/** @import {Params} from "../model/query.js" */
/** @import {ApiError} from "./controls.js" */

import { putOff } from "../model/retry.js";
import { held } from "./held.js";

/** Longer query strings go as a JSON body. */
const LONGEST_QUERY = 6000;

/** Statuses with which what stands before a server says that it is not there, and a server that it cannot answer now. */
const ABSENT = [502, 503, 504];

/** No answer of ours: no network, no server, or one in between that answers in its place. */
export class Unreachable extends Error {}

export class Refused extends Error {
  /** @param {ApiError} error */
  constructor(error) {
    super(error.message);
    this.error = error;
  }
}

/**
 * Throws Refused where the server says what is wrong, Unreachable where it does not answer.
 * @param {string} api
 * @param {"traces" | "limits" | "facts" | "curves" | "code"} what
 * @param {string} slug
 * @param {Params} params
 * @param {AbortSignal} [signal]
 * @param {RequestPriority} [priority]
 * @returns {Promise<any>}
 */
export async function ask(api, what, slug, params, signal, priority) {
  const own = held();
  if (own) return asked(await own.answer(what, slug, params).catch(unreached), signal);
  const [place, options] = addressed(`${api}/${what}/${slug}`, params);
  return told(await fetched(place, { ...options, signal, priority }));
}

/** A way of asking of which only the last counts: null comes where it was asked again meanwhile. */
/**
 * @template Q, A
 * @param {(question: Q, signal: AbortSignal) => Promise<A>} put
 * @returns {(question: Q) => Promise<A | null>}
 */
export function onlyTheLast(put) {
  let asking = new AbortController();
  return async (question) => {
    asking.abort();
    const mine = asking = new AbortController();
    try {
      const answer = await put(question, mine.signal);
      return mine.signal.aborted ? null : answer;
    } catch (error) {
      if (mine.signal.aborted) return null;
      throw error;
    }
  };
}

/**
 * Where and how something is asked for with parameters: in the address, or as a body where they are too long for it.
 * @param {string} address
 * @param {Params} params
 * @returns {[string, RequestInit]}
 */
export function addressed(address, params) {
  const query = new URLSearchParams(params).toString();
  if (query.length > LONGEST_QUERY) return [address, posted(params)];
  return [query ? `${address}?${query}` : address, {}];
}

/**
 * The layers in a text of code.
 * @param {string} api
 * @param {{code: string, input_size: string}} wanted
 * @param {AbortSignal} signal
 * @returns {Promise<import("../model/reading.js").Read>}
 */
export async function read(api, wanted, signal) {
  const own = held();
  if (own) return told(own.none());
  return told(await fetched(`${api}/read`, { ...posted(wanted), signal }));
}

/** @param {object} body @returns {RequestInit} */
function posted(body) {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** @param {{ok: boolean, body: any}} answer */
function told({ ok, body }) {
  if (!ok) throw new Refused(body.error);
  return body;
}

/** The answer, unless nobody waits for it any more. */
/** @param {{ok: boolean, body: any}} answer @param {AbortSignal} [signal] */
function asked(answer, signal) {
  signal?.throwIfAborted();
  return told(answer);
}

/** Figures in files beside a page come over a network like any others. */
/** @param {unknown} error @returns {never} */
function unreached(error) {
  throw new Unreachable(String(error));
}

/** The answer, after waiting as often as the server asks for it. */
/** @param {string} address @param {RequestInit} options */
async function fetched(address, options) {
  try {
    const answer = await patiently(address, options);
    if (ABSENT.includes(answer.status) && !isFinal(answer)) throw new Unreachable(String(answer.status));
    return { ok: answer.ok, body: await answer.json() };
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

/** Whether an answer is of the server itself and names no time to come again: it would say the same then. */
/** @param {Response} answer */
function isFinal({ headers }) {
  return !headers.has("retry-after") && headers.get("content-type")?.startsWith("application/json");
}

/** @param {string} address @param {RequestInit} options */
async function patiently(address, options) {
  for (let asked = 0;; asked += 1) {
    const answer = await fetch(address, options);
    const pause = putOff(answer.status, answer.headers.get("retry-after"), asked, Math.random());
    if (pause === null) return answer;
    await passed(pause, options.signal);
  }
}

/**
 * Resolves when that many milliseconds have passed; throws as soon as nobody waits any more.
 * @param {number} pause
 * @param {AbortSignal | null} [signal]
 */
function passed(pause, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, pause, undefined);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
