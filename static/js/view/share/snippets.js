/** Code for pages and slides: a tool is chosen, sizes and options are set, the code follows and is copied. */

/** @import {Figure} from "./link.js" */
/** @import {Framing, Kept} from "../../model/sharing.js" */
/** @import {Parts, Tool} from "../../model/snippets.js" */
/** @import {Translate} from "../../model/strings.js" */

import { frameOf, linkOf, pictureOf, tooLong } from "../../model/sharing.js";
import { rateOf, snippet, TOOLS } from "../../model/snippets.js";
import { byId, el } from "../dom.js";
import { siteHere } from "../place.js";
import { copyBlock } from "./copying.js";
import { spanIn, wholeIn } from "./fields.js";

/** Tools that take a file: which. */
/** @type {Record<string, string[]>} */
const FILES = { powerpoint: ["pptx", "mp4"], slides: ["gif", "mp4"], beamer: ["pdf"] };

/** Tools whose code says no size, or frames nothing. */
const UNSIZED = ["markdown", "slidev", "beamer", "powerpoint", "slides"];
const UNFRAMED = ["markdown", "powerpoint", "slides"];

export class Snippets {
  /** @type {Figure | null} */
  #figure = null;
  /** @type {Kept} */
  #kept = { step: true, numbers: true, theme: "", lang: "" };
  #tool = "iframe";
  #ratio = 16 / 9;

  /**
   * @param {Translate} t
   * @param {{take: (format: string) => void, file: () => string}} exports  chooses a format; names its file
   */
  constructor(t, { take, file }) {
    this.t = t;
    this.take = take;
    this.file = file;
    this.text = byId("share-snippet").firstElementChild;
    this.buttons = [...byId("share-tools").children];
    for (const button of this.buttons) button.addEventListener("click", () => this.#choose(button.dataset.tool));
    this.#sizes();
    for (const control of byId("share-more").querySelectorAll("input, select")) {
      control.addEventListener("input", () => this.#write());
    }
    copyBlock(byId("share-copy"), this.text, t);
  }

  /** @param {Figure} figure @param {Kept} kept */
  show(figure, kept) {
    const other = this.#figure !== figure;
    this.#figure = figure;
    this.#kept = kept;
    if (other) {
      byId("share-frame-loop").checked = figure.page.loop;
      for (const name of ["from", "to"]) {
        const field = byId(`share-frame-${name}`);
        Object.assign(field, { value: "", max: String(figure.total), placeholder: name === "from" ? "1" : String(figure.total) });
        // A window of steps that the figure itself has is called the same.
        field.disabled = "start" in figure.params || "count" in figure.params;
      }
    }
    this.#choose(this.#tool);
  }

  #sizes() {
    const [width, height, ratio] = ["width", "height", "ratio"].map((name) => byId(`share-${name}`));
    width.addEventListener("input", () => {
      if (ratio.checked && wholeIn(width)) height.value = String(Math.round(Number(width.value) / this.#ratio));
      this.#write();
    });
    height.addEventListener("input", () => {
      if (ratio.checked && wholeIn(height)) width.value = String(Math.round(Number(height.value) * this.#ratio));
      this.#write();
    });
    ratio.addEventListener("change", () => {
      if (wholeIn(width) && wholeIn(height)) this.#ratio = Number(width.value) / Number(height.value);
    });
  }

  /** @param {string} tool */
  #choose(tool) {
    this.#tool = tool;
    const { t } = this;
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    const coded = /** @type {string[]} */ (TOOLS).includes(tool);
    byId("share-code").hidden = !coded;
    byId("share-size").hidden = UNSIZED.includes(tool);
    byId("share-more").hidden = UNFRAMED.includes(tool);
    // A film in LaTeX is the file's: steps and ground are chosen where the file is made.
    for (const id of ["share-frame-transparent", "share-frame-from"]) byId(id).parentElement.hidden = tool === "beamer";
    byId("share-note").textContent = t(`share.note.${tool}`);
    byId("share-snippet").setAttribute("aria-label", t("share.code", { tool: t(`share.tool.${tool}`) }));
    byId("share-takes").replaceChildren(...(FILES[tool] ?? []).map((format) =>
      el("button", { type: "button", class: "button", "data-take": format, on: { click: () => this.take(format) } },
        t("share.take", { format: t(`share.format.${format}`) }))
    ));
    this.#write();
  }

  /** How the frame plays, or null where the steps chosen are none; then the last code stays. */
  /** @returns {Framing | null} */
  #framing() {
    const span = spanIn(byId("share-frame-from"), byId("share-frame-to"), this.#figure?.total ?? 0);
    const problem = byId("share-frame-problem");
    problem.hidden = span !== null;
    problem.textContent = span ? "" : this.t("share.within", { total: this.#figure?.total ?? 0 });
    return span && {
      controls: byId("share-controls").value,
      autoplay: byId("share-frame-autoplay").checked,
      loop: byId("share-frame-loop").checked,
      transparent: byId("share-frame-transparent").checked,
      ...span,
    };
  }

  #write() {
    const framing = this.#framing();
    const [width, height] = ["width", "height"].map((name) => byId(`share-${name}`));
    const figure = this.#figure;
    if (!figure || !framing || !wholeIn(width) || !wholeIn(height)) return;
    byId("share-long-code").hidden = !(this.#kept.numbers && tooLong(figure, "code"));
    if (!(/** @type {string[]} */ (TOOLS).includes(this.#tool))) return;
    this.text.textContent = snippet(/** @type {Tool} */ (this.#tool), this.#parts(figure, framing));
  }

  /** @param {Figure} figure @param {Framing} framing @returns {Parts} */
  #parts(figure, framing) {
    const site = siteHere();
    const [kept, { name, page, total }] = [this.#kept, figure];
    const step = kept.step ? page.step : 0;
    return {
      src: frameOf(site, figure, kept, framing),
      link: linkOf(site, figure, kept).link,
      picture: pictureOf(site, figure, kept),
      width: Number(byId("share-width").value),
      height: Number(byId("share-height").value),
      title: step > 0 ? this.t("share.framed", { title: name, n: step, total }) : name,
      file: this.file(),
      rate: rateOf(page.speed ?? "1"),
      autoplay: framing.autoplay,
      loop: framing.loop,
      controls: framing.controls !== "none",
    };
  }
}
