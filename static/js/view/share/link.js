/** The link to the figure at its step, and what it keeps of it. */

/** @import {Kept, Shown} from "../../model/sharing.js" */
/** @import {Translate} from "../../model/strings.js" */

import { numbersIn } from "../../model/kept.js";
import { linkOf, tooLong } from "../../model/sharing.js";
import { byId } from "../dom.js";
import { held } from "../held.js";
import { siteHere } from "../place.js";
import { copyField } from "./copying.js";

/** A figure with the length of its clock and its name in the language of the page. */
/** @typedef {Shown & {trace: import("../../model/types.js").Trace, total: number, name: string}} Figure */

export class LinkSection {
  /** @type {Figure | null} */
  #figure = null;
  #arrived = false;

  /**
   * @param {Translate} t
   * @param {() => void} changed
   */
  constructor(t, changed) {
    this.t = t;
    this.field = byId("link-field");
    this.step = byId("share-step");
    this.numbers = byId("share-numbers");
    this.autoplay = byId("share-autoplay");
    this.theme = byId("share-theme");
    this.lang = byId("share-lang");
    for (const control of [this.step, this.numbers, this.autoplay, this.theme, this.lang]) {
      control.addEventListener("change", () => {
        this.#write();
        changed();
      });
    }
    // There a page is in one language, and its address says which.
    if (held()?.told.site) this.lang.parentElement.hidden = true;
    const whole = () => this.#figure !== null && !this.#long() && !this.#figure.page.kept;
    copyField(byId("copy-link"), this.field, t, {
      usual: t("link.copy"),
      said: () => t(whole() || !this.numbers.checked ? "link.copied" : "kept.copied"),
    });
  }

  /** @param {Figure} figure */
  show(figure) {
    this.#figure = figure;
    const { page, params } = figure;
    if (!this.#arrived) {
      this.theme.value = page.theme ?? "";
      this.lang.value = page.lang;
      this.#arrived = true;
    }
    this.step.disabled = page.step === 0;
    named(this.step, this.t("share.check.step", { n: page.step }));
    this.numbers.disabled = numbersIn(params).length === 0;
    this.#write();
  }

  /** @returns {Kept} */
  get kept() {
    return {
      step: this.step.checked,
      numbers: this.numbers.checked,
      theme: this.theme.value,
      lang: this.lang.value,
    };
  }

  /** @returns {string} */
  get address() {
    return this.field.value;
  }

  #long() {
    return this.#figure !== null && tooLong(this.#figure, "link");
  }

  #write() {
    if (!this.#figure) return;
    const { link } = linkOf(siteHere(), this.#figure, this.kept, this.autoplay.checked);
    this.field.value = link;
    byId("share-long").hidden = !(this.numbers.checked && this.#long());
  }
}

/** @param {HTMLElement} box @param {string} words */
function named(box, words) {
  const label = box.parentElement?.querySelector("span");
  if (label) label.textContent = words;
}
