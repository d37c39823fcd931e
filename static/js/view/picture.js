/** The reader's own picture as the input: chosen with a button, dropped on the figure, or pasted. */

/** @import {Params} from "../model/query.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {ApiError} from "./controls.js" */

import { numberOf } from "../model/edit.js";
import { LEAST, MOST, MOST_MEGABYTES, MOST_MEGAPIXELS, reduced } from "../model/picture.js";
import { grammar } from "../model/query.js";
import { pixelsOf, Unreadable } from "./bitmap.js";
import { showError } from "./controls.js";
import { el } from "./dom.js";

export class Picture {
  /** @type {ImageData | null} */
  #pixels = null;
  /** The values that the picture has become; the input is it as long as it has these. */
  #made = "";
  /** The side asked for, as typed; empty: that of the input on show. */
  #size = "";
  /** @type {ApiError | null} */
  #fault = null;
  /** Counts pictures, so that a slow one does not come after a later one. */
  #turn = 0;
  /** The figure of which the fault was said: it is none of the next. */
  #figure = "";
  /** Channel, rows, columns of the input on show. */
  #shape = /** @type {number[]} */ ([]);

  /**
   * @param {HTMLElement} host
   * @param {Translate} t
   * @param {{take: (values: string) => void, say: (text: string) => void}} actions
   */
  constructor(host, t, actions) {
    this.t = t;
    this.actions = actions;
    this.file = el("input", {
      type: "file",
      id: "picture-file",
      accept: "image/*",
      hidden: true,
      "aria-label": t("picture.choose"),
      on: {
        change: () => {
          const [file] = this.file.files;
          // So that the same file can be chosen again.
          if (file) void this.read(file).finally(() => (this.file.value = ""));
        },
      },
    });
    this.button = el("button", {
      type: "button",
      class: "button",
      id: "picture-choose",
      "aria-describedby": "picture-note",
      on: { click: () => this.file.click() },
    }, t("picture.choose"));
    this.field = el("input", {
      type: "text",
      inputmode: "numeric",
      class: "number",
      id: "picture-size",
      autocomplete: "off",
      "aria-label": t("picture.size"),
      on: { change: () => this.resize(this.field.value) },
    });
    this.times = el("span", { class: "picture-times" });
    this.line = el(
      "div",
      { class: "control-line plain picture-line" },
      el("span", { class: "label" }, t("picture.title")),
      el("div", { class: "picture-tools" }, this.button, this.file, this.field, this.times),
    );
    this.note = el("p", { class: "control-note", id: "picture-note" });
    this.node = el("div", { class: "control", "data-control": "picture" }, this.line, this.note);
    host.replaceChildren(this.node);
  }

  /** Whether the figure of these parameters has the picture as its input. */
  /** @param {Params} params */
  gave(params) {
    return this.#made !== "" && params.input === this.#made;
  }

  get possible() {
    return this.#shape.length === 3;
  }

  /**
   * @param {{shape: number[], figure: string, mine: boolean, error: ApiError | null}} values  the shape of the input on
   *   show, what tells its figure from others, whether its numbers are the reader's, and what is wrong with the picture
   */
  update({ shape, figure, mine, error }) {
    this.#shape = shape;
    if (figure !== this.#figure) {
      if (this.#fault?.code === "size") this.#size = "";
      this.#fault = null;
    }
    this.#figure = figure;
    this.line.hidden = !this.possible;
    // Long, and of use to whoever gives numbers; a screen reader says it with the button at any time.
    this.note.hidden = !mine;
    this.note.textContent = this.t(this.possible ? "picture.note" : "picture.none", {
      axes: shape.length - 1,
      megabytes: MOST_MEGABYTES,
      megapixels: MOST_MEGAPIXELS,
    });
    if (document.activeElement !== this.field) this.field.value = this.#size || String(this.#usual());
    this.times.textContent = `× ${this.field.value}`;
    this.#show(this.#fault ?? error);
  }

  /** Takes a file that a reader gave, or says why not. */
  /** @param {File} file */
  async read(file) {
    const turn = ++this.#turn;
    if (!this.possible) return this.#refuse("kind", { axes: this.#shape.length - 1 });
    this.actions.say(this.t("picture.reading"));
    try {
      const pixels = await pixelsOf(file);
      if (turn !== this.#turn) return;
      this.#pixels = pixels;
      this.#give();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (turn === this.#turn) this.#refuse(error.code, error.values);
    }
  }

  /** Says why there is no picture. */
  /** @param {string} code @param {Record<string, string | number>} [values] */
  refuse(code, values = {}) {
    this.#turn += 1;
    this.#refuse(code, values);
  }

  /** Another size for the picture on show, and for those to come. */
  /** @param {string} text */
  resize(text) {
    const side = numberOf(text);
    if (side === null || side !== Math.round(side) || side < LEAST || side > MOST) {
      const nearest = Math.min(MOST, Math.max(LEAST, Math.round(side ?? this.#usual())));
      this.#size = text;
      return this.#refuse("size", { least: LEAST, most: MOST, nearest });
    }
    this.#size = String(side);
    this.#fault = null;
    if (this.#pixels && this.#made) this.#give();
    else this.update({ shape: this.#shape, figure: this.#figure, mine: true, error: null });
  }

  /**
   * The largest smaller size whose values are fit for something, or 0.
   * @param {(values: string) => boolean} fits
   */
  smaller(fits) {
    for (let side = this.#side() - 1; side >= LEAST; side -= 1) {
      // Every value is one digit: any grid of that size is as long.
      const zeros = Array.from({ length: this.#shape[0] }, () => Array.from({ length: side }, () => Array(side).fill(0)));
      if (fits(grammar(zeros, 2))) return side;
    }
    return 0;
  }

  #usual() {
    return Math.min(MOST, Math.max(LEAST, ...this.#shape.slice(1)));
  }

  #side() {
    return Number(this.#size) || this.#usual();
  }

  #give() {
    if (!this.#pixels) return;
    const side = this.#side();
    this.#fault = null;
    this.#size = String(side);
    this.#made = grammar(reduced(this.#pixels, side, this.#shape[0]), 2);
    this.actions.take(this.#made);
    const channels = this.#shape[0] === 3 ? "picture.taken.colours" : "picture.taken";
    this.actions.say(this.t(channels, { size: `${side} × ${side}` }));
  }

  /** @param {string} code @param {Record<string, string | number>} values */
  #refuse(code, values) {
    const message = this.t(`picture.fault.${code}`, values);
    this.#fault = { code, field: "picture", message, hint: "", values };
    this.#show(this.#fault);
    this.actions.say(message);
  }

  /** @param {ApiError | null} error */
  #show(error) {
    this.field.classList.toggle("wrong", error !== null && "nearest" in error.values);
    const row = { name: "picture", node: this.node, sliders: [] };
    showError(row, error && { ...error, field: "picture" }, this.t, (_, nearest) => {
      this.resize(nearest);
      this.field.focus();
    });
  }
}
