/** A text field that lies over one cell of the figure while its number is typed. */

import { el } from "./dom.js";

/**
 * Where the reader goes from a field: a number of cells down and right, round to the next row at a row's end or not.
 * @typedef {{down: number, right: number, round: boolean}} Way
 * @typedef {"leave" | "escape" | Way} Exit
 * @typedef {{x: number, y: number, w: number, h: number}} Rect
 */

/** Arrows move while the whole text is selected, as it is until the reader types or clicks into it. */
const ARROWS = /** @type {Record<string, Way>} */ ({
  ArrowUp: { down: -1, right: 0, round: false },
  ArrowDown: { down: 1, right: 0, round: false },
  ArrowLeft: { down: 0, right: -1, round: false },
  ArrowRight: { down: 0, right: 1, round: false },
});

/** Smaller than this, a field shows no number; a cell may be, then the field is larger than its cell. */
const LEAST = { w: 34, h: 30 };

export class CellField {
  isOpen = false;

  /**
   * @param {HTMLElement} host
   * @param {(exit: Exit) => void} done
   * @param {string} prefix  of the ids
   */
  constructor(host, done, prefix) {
    this.host = host;
    this.done = done;
    this.rect = { x: 0, y: 0, w: 0, h: 0 };
    this.input = el("input", {
      type: "text",
      class: "cell-field",
      id: `${prefix}cell-field`,
      // Phones with a decimal keyboard offer no minus on it.
      inputmode: "text",
      enterkeyhint: "next",
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": `${prefix}cell-why`,
      hidden: true,
      on: {
        input: () => this.#typed(),
        keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        blur: () => {
          // Another window may have taken the focus: then the field keeps it in this one.
          if (this.isOpen && document.activeElement !== this.input) this.done("leave");
        },
      },
    });
    this.why = el("p", { class: "cell-why", id: `${prefix}cell-why`, role: "status", hidden: true });
    host.append(this.input, this.why);
  }

  /** @returns {string} */
  get text() {
    return this.input.value;
  }

  /** Whether what it holds is still what it was opened with. */
  get untouched() {
    return "untouched" in this.input.dataset;
  }

  /**
   * Opens over a cell, or moves there.
   * @param {{rect: Rect, role: string, label: string, text: string, typed: string | null}} cell  `typed` is what the
   *   reader has typed already, in place of the text
   */
  open({ rect, role, label, text, typed }) {
    this.isOpen = true;
    this.input.hidden = false;
    this.input.dataset.role = role;
    this.input.setAttribute("aria-label", label);
    this.explain("");
    this.input.value = typed ?? text;
    this.place(rect);
    this.input.focus();
    if (typed === null) {
      this.input.dataset.untouched = "";
      this.input.select();
    } else this.#typed();
  }

  /** Shows another number, unless the reader has begun to type. */
  /** @param {string} text */
  refresh(text) {
    if (!this.untouched || this.input.value === text) return;
    this.input.value = text;
    if (document.activeElement === this.input) this.input.select();
  }

  /** @param {Rect} rect */
  place(rect) {
    this.rect = rect;
    const font = Math.max(16, Math.round(0.43 * rect.h));
    const h = Math.max(rect.h, LEAST.h);
    const w = Math.max(rect.w, LEAST.w, Math.ceil((this.text.length + 1) * 0.62 * font));
    const room = this.host.parentElement?.scrollWidth ?? 0;
    const left = (/** @type {number} */ wide, /** @type {number} */ at) => Math.max(0, Math.min(at, room - wide));
    const x = left(w, rect.x - (w > rect.w ? (Math.min(w, LEAST.w) - Math.min(rect.w, LEAST.w)) / 2 : 0));
    const y = rect.y - (h - rect.h) / 2;
    Object.assign(this.input.style, {
      left: `${x}px`,
      top: `${y}px`,
      width: `${w}px`,
      height: `${h}px`,
      fontSize: `${font}px`,
    });
    Object.assign(this.why.style, { left: `${left(this.why.offsetWidth, x)}px`, top: `${y + h + 6}px` });
  }

  /** Says beside the field why its text cannot be taken; nothing, when it can. */
  /** @param {string} why */
  explain(why) {
    this.why.textContent = why;
    this.why.hidden = !why;
    this.input.setAttribute("aria-invalid", String(why !== ""));
    if (why) this.place(this.rect);
  }

  close() {
    this.isOpen = false;
    this.input.hidden = true;
    this.explain("");
  }

  #typed() {
    delete this.input.dataset.untouched;
    this.explain("");
    this.place(this.rect);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    const whole = this.input.selectionStart === 0 && this.input.selectionEnd === this.text.length;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const back = event.shiftKey ? -1 : 1;
    /** @type {Exit | null} */
    let exit = null;
    if (!plain) return;
    if (event.key === "Escape") exit = "escape";
    else if (event.key === "Enter") exit = { down: back, right: 0, round: false };
    else if (event.key === "Tab") exit = { down: 0, right: back, round: true };
    else if (event.key in ARROWS && whole && !event.shiftKey) exit = ARROWS[event.key];
    if (exit === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.done(exit);
  }
}
