/** What a reader is likely to ask for next, and a small memory of what was answered. Pure. */

/** @import {Trace} from "./types.js" */

/** A memory may hold so many figures, and so many numbers in all of them: a few megabytes. */
const FIGURES = 24;
const NUMBERS = 300_000;

/**
 * The values that a slider is likely to come to next: those beside it, first on the way that it goes.
 * @param {{value: number, before: number, min: number, max: number, refused: number[]}} slider
 */
export function likely({ value, before, min, max, refused }) {
  const way = value < before ? -1 : 1;
  return [way, 2 * way, -way].map((by) => value + by)
    .filter((next) => next >= min && next <= max && !refused.includes(next));
}

/** The figures asked for last, by their parameters. A trace is a function of them, so that none grows old. */
export class Shelf {
  /** @type {Map<string, {trace: Trace, numbers: number}>} */
  #held = new Map();
  #numbers = 0;

  get size() {
    return this.#held.size;
  }

  /** @param {string} key */
  has(key) {
    return this.#held.has(key);
  }

  /** @param {string} key @returns {Trace | null} */
  find(key) {
    const found = this.#held.get(key);
    if (!found) return null;
    // What was asked for last is given up last.
    this.#held.delete(key);
    this.#held.set(key, found);
    return found.trace;
  }

  /** @param {string} key @param {Trace} trace */
  keep(key, trace) {
    this.#drop(key);
    const numbers = numbersOf(trace);
    if (numbers > NUMBERS) return;
    this.#held.set(key, { trace, numbers });
    this.#numbers += numbers;
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= FIGURES && this.#numbers <= NUMBERS) return;
      this.#drop(oldest);
    }
  }

  /** @param {string} key */
  #drop(key) {
    this.#numbers -= this.#held.get(key)?.numbers ?? 0;
    this.#held.delete(key);
  }
}

/** @param {Trace} trace */
function numbersOf({ tensors }) {
  return Object.values(tensors).reduce((sum, { shape }) => sum + shape.reduce((all, side) => all * side, 1), 0);
}
