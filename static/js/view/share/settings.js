/** The settings of a file: which there are for a format, what stands in them, and which formats can be had. */

/** @import {Figure} from "./link.js" */

import { byId } from "../dom.js";
import { spanIn, wholeIn } from "./fields.js";

const STILL = ["size", "theme", "still", "transparent", "title", "equation"];
const PAGES = ["size", "theme", "steps", "transparent", "title", "equation"];

/** What can be set of each format; a film has no holes. */
/** @type {Record<string, string[]>} */
const SET = {
  png: STILL,
  svg: STILL,
  pdf: PAGES,
  "zip-png": PAGES,
  "zip-svg": PAGES,
  gif: [...PAGES, "speed", "loop"],
  webp: [...PAGES, "speed", "loop"],
  mp4: ["size", "theme", "steps", "speed", "title", "equation"],
  pptx: ["size", "theme", "steps", "speed", "title", "equation"],
  html: ["theme"],
  json: [],
  csv: [],
};

export class Settings {
  #step = 0;
  #total = 0;

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.host = byId("export-settings");
    this.radios = /** @type {HTMLInputElement[]} */ ([...document.getElementsByName("share-format")]);
    for (const radio of this.radios) radio.addEventListener("change", () => this.#arranged());
    this.host.addEventListener("input", () => this.#arranged());
    this.#arrange();
  }

  /** @param {Figure} figure */
  show({ page: { step }, total }) {
    this.#step = step;
    this.#total = total;
    Object.assign(byId("export-step"), { value: String(step), max: String(total) });
    for (const [id, value] of /** @type {[string, number][]} */ ([["export-from", 1], ["export-to", total]])) {
      Object.assign(byId(id), { value: String(value), max: String(total) });
    }
    this.#arrange();
  }

  get format() {
    return this.radios.find(({ checked }) => checked)?.value ?? "png";
  }

  set format(name) {
    const radio = this.radios.find(({ value, disabled }) => value === name && !disabled);
    if (radio) radio.checked = true;
    this.#arrange();
  }

  /** @returns {string} */
  get theme() {
    return byId("export-theme").value;
  }

  /**
   * Greys the formats that cannot be had.
   * @param {(format: string) => string} why  empty where one can
   */
  offer(why) {
    for (const radio of this.radios) {
      const reason = why(radio.value);
      radio.disabled = reason !== "";
      const use = byId(`format-${radio.value}-use`);
      use.textContent = reason || (use.dataset.use ?? "");
    }
    if (this.radios.some(({ checked, disabled }) => checked && disabled)) {
      const able = this.radios.find(({ value, disabled }) => value === "png" && !disabled);
      if (able) able.checked = true;
    }
    this.#arrange();
  }

  /** What is chosen, as an export takes it; null where a number cannot be. */
  get chosen() {
    const { format } = this;
    const set = new Set(SET[format]);
    const parts = [
      set.has("size") ? this.#size() : {},
      set.has("still") ? whole("export-step", "step") : {},
      set.has("steps") ? this.#steps() : {},
      set.has("loop") ? this.#loop() : {},
    ];
    if (parts.includes(null)) return null;
    const boxes = ["transparent", "title", "equation"].filter((name) => set.has(name));
    return {
      format,
      ...(set.has("theme") ? { theme: this.theme || null } : {}),
      ...Object.fromEntries(boxes.map((name) => [name, byId(`export-${name}`).checked])),
      ...(set.has("speed") ? { speed: speedOf(byId("export-speed").value) } : {}),
      ...Object.assign({}, ...parts),
    };
  }

  /** Takes what an estimate proposes in the place of what cannot be. */
  /** @param {Record<string, number>} nearest */
  adopt({ width, height, start, end }) {
    if (width !== undefined && height !== undefined) {
      byId("export-size").value = "own";
      byId("export-width").value = String(width);
      byId("export-height").value = String(height);
    }
    if (start !== undefined && end !== undefined) {
      byId("export-steps").value = "chosen";
      byId("export-from").value = String(start);
      byId("export-to").value = String(end);
    }
    this.#arrange();
  }

  #arranged() {
    this.#arrange();
    this.changed();
  }

  #arrange() {
    const set = SET[this.format];
    for (const part of this.host.querySelectorAll("[data-for]")) part.hidden = !set.includes(part.dataset.for);
    byId("export-own").hidden = !(set.includes("size") && byId("export-size").value === "own");
    byId("export-chosen").hidden = !(set.includes("steps") && byId("export-steps").value === "chosen");
    byId("export-times").hidden = !(set.includes("loop") && byId("export-loop").value === "times");
  }

  #size() {
    const { value } = byId("export-size");
    if (value !== "own") {
      const [width, height] = value.split("x").map(Number);
      return { width, height };
    }
    const sides = [whole("export-width", "width"), whole("export-height", "height")];
    return sides.includes(null) ? null : Object.assign({}, ...sides);
  }

  /** @returns {{start?: number, end?: number} | null} */
  #steps() {
    const { value } = byId("export-steps");
    if (value === "all") return {};
    if (value === "this") return { start: this.#step, end: this.#step };
    const span = spanIn(byId("export-from"), byId("export-to"), this.#total);
    return span && { start: span.start ?? 1, end: span.end ?? this.#total };
  }

  #loop() {
    return byId("export-loop").value === "times" ? whole("export-loops", "loop") : { loop: 0 };
  }
}

/** @param {string} id @param {string} name @returns {Record<string, number> | null} */
function whole(id, name) {
  const field = byId(id);
  return wholeIn(field) ? { [name]: Number(field.value) } : null;
}

/** @param {string} text */
function speedOf(text) {
  return text === "max" ? text : Number(text);
}
