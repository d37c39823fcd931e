/** Values that no link holds: kept with the history of this tab, and said beside the link. */

/** @import {Kept} from "../model/kept.js" */
/** @import {Params} from "../model/query.js" */
/** @import {Translate} from "../model/strings.js" */

import { keeping, LONGEST_FILE, recalled, saved } from "../model/kept.js";
import { byId, el, icon } from "./dom.js";

const STORE = "convoscope.kept";

/**
 * The values that a marker stands for, or null: in this entry of the history, else anywhere in this tab.
 * @param {string} id
 * @returns {Params | null}
 */
export function recall(id) {
  if (!id) return null;
  return recalled([history.state?.kept], id) ?? recalled(stored(), id);
}

/**
 * Shows an address, and keeps with it what stands not in it.
 * @param {"push" | "replace"} how
 * @param {string} query
 * @param {Kept | null} kept
 */
export function go(how, query, kept) {
  if (kept && recalled(stored(), kept.id) === null) store(keeping(stored(), kept));
  const write = (/** @type {{kept: Kept} | null} */ state) =>
    how === "push" ? history.pushState(state, "", query) : history.replaceState(state, "", query);
  try {
    write(kept && { kept });
  } catch {
    // More than this browser keeps with an entry: the tab's memory may still have it.
    write(null);
  }
}

/** In a frame on another site, reading the storage alone may throw. */
/** @returns {any} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {Kept[]} memory */
function store(memory) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(memory));
  } catch {
    // No storage, or a full one: the history still has the values.
  }
}

/** The note beside the link: that the numbers are not in it, and what can be done. */
export class LinkNote {
  #shown = "";

  /**
   * @param {Translate} t
   * @param {{smaller: (size: number) => void, save: () => void, open: (file: File) => void}} actions
   */
  constructor(t, actions) {
    this.t = t;
    this.actions = actions;
    this.host = byId("link-note");
    this.file = el("input", {
      type: "file",
      id: "numbers-file",
      accept: ".json,application/json",
      hidden: true,
      "aria-label": t("kept.open"),
      on: { change: () => this.file.files[0] && actions.open(this.file.files[0]) },
    });
  }

  /**
   * @param {{kept: boolean, lost: boolean, smaller: number}} state  numbers left out of the link; numbers that a link
   *   left out and this tab has not; the size at which a picture would fit into a link, or 0
   */
  update({ kept, lost, smaller }) {
    const shown = lost ? "lost" : kept ? `kept ${smaller}` : "";
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.host.hidden = !shown;
    this.host.classList.toggle("lost", lost);
    if (!shown) return;
    const { t, actions } = this;
    const button = (/** @type {string} */ words, /** @type {() => void} */ click, title = "") =>
      el("button", { type: "button", class: "button", title: title || null, on: { click } }, words);
    const size = `${smaller} × ${smaller}`;
    const offers = lost
      ? [button(t("kept.open"), () => this.file.click(), t("kept.file")), this.file]
      : [
        ...(smaller > 0 ? [button(t("kept.smaller", { size }), () => actions.smaller(smaller))] : []),
        button(t("kept.save"), actions.save, t("kept.file")),
      ];
    this.host.replaceChildren(icon(lost ? "alert" : "info"), el("span", {}, t(lost ? "kept.lost" : "kept.here")), ...offers);
  }
}

/**
 * The parameters in a file that was saved here, or null.
 * @param {File} file
 * @returns {Promise<Params | null>}
 */
export async function opened(file) {
  if (file.size > LONGEST_FILE) return null;
  try {
    return saved(await file.text());
  } catch {
    // The file was moved, or may not be read.
    return null;
  }
}

/**
 * Hands the reader a file with the figure's parameters, as the API takes them.
 * @param {Params} params
 * @param {string} slug
 */
export function save(params, slug) {
  hand(new Blob([`${JSON.stringify(params, null, 2)}\n`], { type: "application/json" }), `${slug}.json`);
}

/**
 * Hands the reader a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function hand(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  // A browser that begins the download only now would find nothing.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
