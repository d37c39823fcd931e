/** Figures fetched before they are asked for: one at a time, at low priority, and given up for whatever the reader does. */

/** @import {Params} from "../model/query.js" */
/** @import {Trace} from "../model/types.js" */

import { Shelf } from "../model/ahead.js";
import { held } from "./held.js";

/** The pause after which a slider counts as looked at, not passed by, in milliseconds. */
const PAUSE = 40;

export class Ahead {
  #shelf = new Shelf();
  /** @type {Params[]} */
  #wanted = [];
  /** The figure under way. */
  /** @type {{key: string, trace: Promise<Trace | null>, abort: AbortController} | null} */
  #coming = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #waiting = false;

  /** @param {(params: Params, signal: AbortSignal) => Promise<Trace>} get */
  constructor(get) {
    this.get = get;
  }

  /** Fetches these figures as soon as nothing else is asked for; those that were wanted before are given up. */
  /** @param {Params[]} wanted */
  want(wanted) {
    // Who saves data fetches what is needed; who has all figures already needs to fetch none.
    const { connection } = /** @type {{connection?: {saveData?: boolean}}} */ (/** @type {unknown} */ (navigator));
    if (connection?.saveData || held()) return;
    this.#wanted = wanted;
    this.#begin();
  }

  /** The reader does something else. */
  stop() {
    clearTimeout(this.#timer);
    this.#wanted = [];
    this.#coming?.abort.abort();
    this.#coming = null;
  }

  /**
   * A figure that is here or under way; null where it has to be asked for, and then nothing else is until `came`.
   * @param {Params} params
   * @param {boolean} moving  a slider moves: what is wanted beside it still is
   * @returns {Trace | Promise<Trace | null> | null}
   */
  claim(params, moving) {
    const key = keyOf(params);
    const found = this.#shelf.find(key);
    this.#waiting = true;
    clearTimeout(this.#timer);
    // Nothing is asked for now that what is under way could be in the way of.
    if (found && moving) return found;
    const coming = this.#coming?.key === key ? this.#coming : null;
    if (coming) this.#coming = null;
    const wanted = this.#wanted;
    this.stop();
    if (moving) this.#wanted = wanted;
    return found ?? coming?.trace ?? null;
  }

  /** The answer to what was claimed; without one, nothing is fetched beforehand either. */
  /** @param {Params} params @param {Trace | null} trace */
  came(params, trace) {
    this.#waiting = false;
    if (!trace) return this.stop();
    this.#shelf.keep(keyOf(params), trace);
    this.#begin();
  }

  #begin() {
    clearTimeout(this.#timer);
    if (this.#waiting || this.#wanted.length === 0) return;
    this.#timer = setTimeout(() => void this.#fetch(), PAUSE);
  }

  async #fetch() {
    if (this.#coming) return;
    // Asked now, not when it was wanted: what was under way then may have come since.
    const [next, ...others] = this.#wanted.filter((params) => !this.#shelf.has(keyOf(params)));
    this.#wanted = others;
    if (!next) return;
    const abort = new AbortController();
    // A server that refuses, or has too much to do, is left in peace.
    const trace = this.get(next, abort.signal).catch(() => null);
    const mine = this.#coming = { key: keyOf(next), trace, abort };
    const found = await trace;
    if (found) this.#shelf.keep(mine.key, found);
    if (this.#coming !== mine) return;
    this.#coming = null;
    if (!found) this.#wanted = [];
    await this.#fetch();
  }
}

/** @param {Params} params */
function keyOf(params) {
  return JSON.stringify(Object.entries(params).sort());
}
