/**
 * The figures that a page has with it instead of a server: in itself (an offline file), or in files beside it (a folder
 * of figures, a static site). Files are fetched as scripts, because nothing else can be read from a disk.
 */

/** @import {Index, Place, Refusal} from "../model/held.js" */
/** @import {Params} from "../model/query.js" */

import { keyOf, limitsOf, missing, nearestOf, placesOf } from "../model/held.js";
import { el } from "./dom.js";

/**
 * `indexes` and `packs` are in the page; where there is a `root`, they lie under it. `says` is what is said of anything
 * that was never computed beforehand, `beyond` of figures that were not, where the index is for pages of all languages.
 * A `site` is told where its pages begin, which script the page would have started with, and where it is in each language.
 * @typedef {{begin: string, entry: string, pages: Record<string, string>}} Site
 * @typedef {{indexes?: Record<string, Index>, packs?: Record<string, string>, root?: string, says: string,
 *   beyond?: string, site?: Site}} Told
 * @typedef {{ok: boolean, body: any}} Answer
 * @typedef {{index: Index, places: Map<string, Place>}} Shelf
 */

/** The element that says that a page has its figures with it. */
const PLACE = "held";

export class Held {
  /** @type {Map<string, Promise<Shelf | null>>} */
  #shelves = new Map();
  /** @type {Map<string, Promise<any[]>>} */
  #packs = new Map();
  /** @type {Map<string, Params>} */
  #last = new Map();

  /** @param {Told} told */
  constructor(told) {
    this.told = told;
  }

  /**
   * @param {string} what
   * @param {string} slug
   * @param {Params} params
   * @returns {Promise<Answer>}
   */
  async answer(what, slug, params) {
    const shelf = await this.#shelf(slug);
    if (!shelf) return refused(this.#nothing());
    const found = await this.#found(slug, shelf, params);
    if ("error" in found) return refused(found.error);
    if (what === "limits") return { ok: true, body: { kind: slug, limits: await this.#limits(slug, shelf, params, found.trace) } };
    // A trace has all that facts have.
    const body = what === "traces" || what === "facts" ? found.trace : found[what];
    if (what === "traces") this.#last.set(slug, params);
    return body ? { ok: true, body } : refused(this.#nothing());
  }

  /**
   * The nearest figure that is there, or null.
   * @param {string} slug
   * @param {Params} params
   */
  async nearest(slug, params) {
    const shelf = await this.#shelf(slug);
    return shelf && nearestOf(shelf.index, shelf.places, params, null);
  }

  /** What was never computed beforehand: code that is read, for instance. */
  /** @returns {Answer} */
  none() {
    return refused(this.#nothing());
  }

  /** @param {string} slug @param {Shelf} shelf @param {Params} params */
  async #found(slug, { index, places }, params) {
    const place = places.get(keyOf(params, index.schema));
    if (!place) return { error: missing(index, places, params, this.#last.get(slug) ?? null) };
    return (await this.#pack(slug, place.pack))[place.at];
  }

  /** @param {string} slug @param {Shelf} shelf @param {Params} params @param {any} trace */
  async #limits(slug, { index, places }, params, trace) {
    const names = [...new Set([...places.values()].filter(({ refused }) => refused).map(({ pack }) => pack))];
    const packs = new Map(await Promise.all(names.map(async (name) => /** @type {const} */ ([name, await this.#pack(slug, name)]))));
    return limitsOf(index, params, trace, (other) => {
      const place = places.get(keyOf(other, index.schema));
      if (!place) return missing(index, new Map(), other, null);
      return place.refused ? packs.get(place.pack)?.[place.at].error : null;
    });
  }

  /** @param {string} slug @returns {Promise<Shelf | null>} */
  #shelf(slug) {
    return once(this.#shelves, slug, async () => {
      const index = this.told.indexes?.[slug] ?? (this.told.root ? await this.#file(`${slug}/index`) : null);
      const { beyond } = this.told;
      return index && { index: beyond ? { ...index, says: beyond } : index, places: placesOf(index) };
    });
  }

  /** @param {string} slug @param {string} name @returns {Promise<any[]>} */
  #pack(slug, name) {
    const path = `${slug}/${name}`;
    return once(this.#packs, path, async () => unpacked(this.told.packs?.[path] ?? await this.#file(path)));
  }

  /** @param {string} path @returns {Promise<any>} */
  #file(path) {
    const room = /** @type {{convoscopeHeld?: Map<string, any>}} */ (globalThis);
    const shelf = room.convoscopeHeld ??= new Map();
    return new Promise((resolve, reject) => {
      const script = el("script", { src: `${this.told.root}${path}.js` });
      const fail = () => reject(new Error(`${path} did not load`));
      // Something else may have been served in its place: a login page, an empty file.
      script.addEventListener("load", () => shelf.has(path) ? resolve(shelf.get(path)) : fail());
      script.addEventListener("error", fail);
      document.head.append(script);
    });
  }

  /** @returns {Refusal} */
  #nothing() {
    return { code: "not_held", field: "", message: this.told.says, hint: "", values: {} };
  }
}

/** @param {Refusal} error @returns {Answer} */
function refused(error) {
  return { ok: false, body: { error } };
}

/**
 * What was made once, and is being made; what failed is tried again.
 * @template T
 * @param {Map<string, Promise<T>>} kept
 * @param {string} name
 * @param {() => Promise<T>} make
 */
function once(kept, name, make) {
  const made = kept.get(name) ?? make();
  kept.set(name, made);
  made.catch(() => kept.delete(name));
  return made;
}

/** Answers out of their text: gzip, written in base64. */
/** @param {string} text @returns {Promise<any[]>} */
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

/** @type {Held | null | undefined} */
let found;

/** What this page has with it, or null where it has a server. */
export function held() {
  if (found === undefined) {
    const place = document.getElementById(PLACE);
    found = place ? new Held(JSON.parse(place.textContent ?? "{}")) : null;
  }
  return found;
}
