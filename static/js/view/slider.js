/** A slider with its number field; refused values are greyed on the track, and may be chosen all the same. */

import { likely } from "../model/ahead.js";
import { el } from "./dom.js";

/** @typedef {{value: number, message: string, hint: string}} Refusal */

export class Slider {
  /** Whether a number is being typed: an answer that comes meanwhile must not take it away. */
  #typing = false;
  #text = "";
  #before = 0;
  /** @type {number[]} */
  #refused = [];

  /**
   * `near` is told the values that are likely to come next, while the slider is held or moves.
   * @param {{id: string, label: string, min: number, max: number, hint: string,
   *   changed: (text: string, moving: boolean) => void, near: (texts: string[]) => void}} options
   */
  constructor({ id, label, min, max, hint, changed, near }) {
    this.min = min;
    this.max = max;
    this.reason = el("span", { id: `${id}-why`, class: "visually-hidden" });
    this.range = el("input", {
      type: "range",
      min,
      max,
      step: 1,
      id: `${id}-range`,
      "aria-label": label,
      "aria-describedby": `${id}-why`,
      on: {
        pointerdown: () => near(this.#likely()),
        input: () => {
          this.#slid(changed, true);
          near(this.#likely());
        },
        change: () => this.#slid(changed, false),
      },
    });
    this.track = el("span", { class: "track" }, this.range);
    this.field = el("input", {
      type: "text",
      id: `${id}-field`,
      class: "number",
      inputmode: "numeric",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": label,
      "aria-describedby": `${id}-why`,
      title: hint,
      on: {
        input: () => (this.#typing = true),
        change: () => {
          this.#typing = false;
          changed(this.field.value.trim(), false);
        },
        blur: () => {
          if (this.#typing) this.field.value = this.#text;
          this.#typing = false;
        },
        keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, changed),
      },
    });
  }

  /** @param {(text: string, moving: boolean) => void} changed @param {boolean} moving */
  #slid(changed, moving) {
    this.field.value = this.range.value;
    this.#fill();
    changed(this.range.value, moving);
  }

  #likely() {
    const { min, max } = this;
    const value = Number(this.range.value);
    const found = likely({ value, before: this.#before, min, max, refused: this.#refused });
    this.#before = value;
    return found.map(String);
  }

  /** @param {KeyboardEvent} event @param {(text: string, moving: boolean) => void} changed */
  #key(event, changed) {
    const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (by === 0 || !/^-?\d+$/.test(this.field.value)) return;
    event.preventDefault();
    this.field.value = String(Math.max(this.min, Number(this.field.value) + by));
    changed(this.field.value, false);
  }

  /** @param {string} text */
  set text(text) {
    this.#text = text;
    if (!this.#typing) this.field.value = text;
    const first = Number.parseInt(text, 10);
    if (Number.isFinite(first)) this.range.value = String(first);
    this.#before = Number(this.range.value);
    this.range.setAttribute("aria-valuetext", text);
    this.#fill();
  }

  /** @param {boolean} wrong */
  set invalid(wrong) {
    this.field.setAttribute("aria-invalid", String(wrong));
    this.field.classList.toggle("wrong", wrong);
  }

  /** @param {Refusal[]} refused */
  set refused(refused) {
    this.#refused = refused.map(({ value }) => value);
    const share = (/** @type {number} */ value) => (value - this.min) / (this.max - this.min || 1);
    const half = 0.5 / (this.max - this.min || 1);
    const stops = refused.filter(({ value }) => value >= this.min && value <= this.max).map(({ value }) => {
      const from = `${(100 * Math.max(0, share(value) - half)).toFixed(1)}%`;
      const to = `${(100 * Math.min(1, share(value) + half)).toFixed(1)}%`;
      return `transparent ${from}, var(--surface) ${from}, var(--surface) ${to}, transparent ${to}`;
    });
    this.track.style.setProperty(
      "--refused",
      stops.length > 0 ? `linear-gradient(to right, ${stops.join(", ")})` : "none",
    );
    this.track.classList.toggle("limited", stops.length > 0);
    const why = [...new Set(refused.map(({ value, message }) => `${value}: ${message}`))];
    this.reason.textContent = why.join(" ");
    this.track.title = why.slice(0, 3).join("\n");
  }

  #fill() {
    const share = (Number(this.range.value) - this.min) / (this.max - this.min || 1);
    this.track.style.setProperty("--at", share.toFixed(3));
  }
}
