/** Files to take away: a format, its settings, what they come to, and the making of it, which can be broken off. */

/** @import {Figure} from "./link.js" */
/** @import {Kept} from "../../model/sharing.js" */
/** @import {Translate} from "../../model/strings.js" */

import { bytesText, offlineOf } from "../../model/sharing.js";
import { Refused, Unreachable } from "../api.js";
import { atRest, byId, el } from "../dom.js";
import { inWords } from "../errors.js";
import { held } from "../held.js";
import { hand } from "../keeping.js";
import { Ranges } from "./live.js";
import { askedOffline, fetchOffline } from "./offline.js";
import { Settings } from "./settings.js";

/**
 * What `exporting.js` offers.
 * @typedef {{frames: number, seconds: number, bytes: [number, number], width: number, height: number,
 *   problem: string | null, nearest?: Record<string, number> | null}} Estimate
 * @typedef {{phase: "draw" | "send" | "encode", done: number, total: number}} Progress
 * @typedef {{format: string, available: boolean, extra: string | null}} Offered
 * @typedef {{formatsOf: (api: string) => Promise<{formats: Offered[]}>, contextOf: (data: any, t: Translate) => any,
 *   estimate: (settings: any, context: any, how?: {signal?: AbortSignal}) => Promise<Estimate>,
 *   exportFigure: (settings: any, context: any, how: {signal: AbortSignal, progress: (told: Progress) => void}) =>
 *     Promise<{blob: Blob, name: string}>,
 *   fileName?: (settings: any, context: any) => string}} Exporting
 */

/** Formats that the browser makes alone. */
const ALONE = ["png", "svg", "json"];

/** What the server calls a format; it makes both archives in one way, and two formats without any library. */
/** @type {Record<string, string | null>} */
const SERVED = { "zip-png": "zip", "zip-svg": "zip", html: null, csv: null };

export class Download {
  /** @type {Figure | null} */
  #figure = null;
  /** @type {{kept: Kept, link: string}} */
  #shared = { kept: { step: true, numbers: true, theme: "", lang: "" }, link: "" };
  /** @type {Exporting | null} */
  #exporting = null;
  #asked = new AbortController();
  #making = /** @type {AbortController | null} */ (null);
  #estimating = atRest(() => void this.#tell(), 150);

  /**
   * @param {Translate} t
   * @param {any} data  of the page as it arrived
   * @param {() => void} loaded  what is made of frames is known from now on
   */
  constructor(t, data, loaded) {
    this.t = t;
    this.data = data;
    this.loaded = loaded;
    this.settings = new Settings(() => this.#changed());
    this.ranges = new Ranges(data.kind.schema.properties, t, () => this.#changed());
    this.startButton = byId("export-start");
    this.startButton.addEventListener("click", () => void this.#make());
    byId("export-cancel").addEventListener("click", () => this.#making?.abort());
  }

  /** @param {Figure} figure */
  show(figure) {
    this.#figure = figure;
    this.settings.show(figure);
    this.ranges.show(figure.trace);
    void this.#load();
  }

  /** @param {Kept} kept @param {string} link */
  keep(kept, link) {
    if (JSON.stringify(this.#shared) === JSON.stringify({ kept, link })) return;
    this.#shared = { kept, link };
    this.#changed();
  }

  /** Chooses a format, and goes there. */
  /** @param {string} format */
  take(format) {
    this.settings.format = format;
    byId("share-download-title").scrollIntoView({ block: "start" });
    byId(`format-${this.settings.format}`).focus({ preventScroll: true });
    this.#changed();
  }

  /** The name of the PDF file without its ending, which LaTeX wants. */
  fileName() {
    const own = this.#figure && this.#exporting?.fileName?.({ format: "pdf" }, this.#context());
    return own?.replace(/\.pdf$/, "") ?? `convoscope-${this.#figure?.slug ?? ""}`;
  }

  async #load() {
    try {
      // Only when a reader first shares something: it brings the drawing of frames along.
      this.#exporting ??= /** @type {Exporting} */ (await import("../exporting.js"));
    } catch {
      this.settings.offer(() => this.t("share.unloaded"));
      return this.#trouble(this.t("share.unloaded"), this.#again());
    }
    if (held()) {
      this.settings.offer((format) => ALONE.includes(format) ? "" : this.t("share.serverless"));
      this.loaded();
      return this.#changed();
    }
    try {
      const { formats } = await this.#exporting.formatsOf(this.data.api);
      const byName = new Map(formats.map((one) => [one.format, one]));
      this.settings.offer((format) => {
        const served = format in SERVED ? SERVED[format] : format;
        const found = served && !ALONE.includes(format) ? byName.get(served) : null;
        return found === null || found?.available ? "" : this.t("share.missing", { extra: found?.extra ?? "export" });
      });
    } catch {
      this.settings.offer((format) => ALONE.includes(format) ? "" : this.t("share.offline"));
    }
    this.loaded();
    this.#changed();
  }

  /** The figure as it is drawn into frames; the page may have moved on since it arrived. */
  #context() {
    const { trace, params, page } = /** @type {Figure} */ (this.#figure);
    const data = { ...this.data, trace, query: params, step: page.step };
    return {
      .../** @type {Exporting} */ (this.#exporting).contextOf(data, this.t),
      params,
      name: this.#figure?.name,
      stage: page.stage,
      step: page.step,
      link: this.#shared.link,
    };
  }

  /** @param {boolean} [estimate] @returns {string | null}  null: a range that cannot be */
  #offline(estimate = false) {
    const ranges = this.ranges.chosen;
    const theme = this.settings.theme || this.#shared.kept.theme;
    const kept = { ...this.#shared.kept, theme };
    // A file for keeping speaks one language.
    const lang = kept.lang || this.data.lang;
    return ranges && this.#figure && offlineOf(this.data.api, this.#figure, { ...kept, lang }, ranges, estimate);
  }

  #changed() {
    const { format } = this.settings;
    byId("export-live").hidden = format !== "html";
    this.startButton.querySelector("span").textContent = this.t("share.download", {
      format: this.t(`share.format.${format}`),
    });
    if (this.#making) return;
    byId("export-done").textContent = "";
    this.startButton.disabled = true;
    this.#asked.abort();
    this.#estimating();
  }

  /** Says what the settings come to, or why they cannot be. */
  async #tell() {
    if (!this.#figure || !this.#exporting) return;
    this.#asked.abort();
    const asked = this.#asked = new AbortController();
    byId("export-estimate").textContent = this.t("share.estimate.counting");
    try {
      const told = await this.#estimated(asked.signal);
      if (asked.signal.aborted) return;
      byId("export-estimate").textContent = told.words;
      this.startButton.disabled = told.problem !== "" || this.#making !== null;
      this.#trouble(told.problem, told.mend);
    } catch (error) {
      if (asked.signal.aborted) return;
      byId("export-estimate").textContent = "";
      const { words, mend } = this.#said(error);
      this.#trouble(words, mend);
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<{words: string, problem: string, mend?: HTMLElement | null}>} */
  async #estimated(signal) {
    const { t } = this;
    if (this.settings.format === "html") {
      const address = this.#offline(true);
      if (address === null) return { words: "", problem: t("share.within", { total: this.#figure?.total ?? 0 }) };
      const { figures, bytes } = await askedOffline(address, signal);
      const held = figures === 1 ? t("share.estimate.held.one") : t("share.estimate.held", { n: figures });
      return { words: dotted([held, bytesText(bytes)]), problem: "" };
    }
    const settings = this.settings.chosen;
    if (!settings) return { words: "", problem: t("share.within", { total: this.#figure?.total ?? 0 }) };
    const found = await /** @type {Exporting} */ (this.#exporting).estimate(settings, this.#context(), { signal });
    if (found.problem) return { words: "", problem: found.problem, mend: this.#nearest(found.nearest) };
    const [least, most] = found.bytes.map(bytesText);
    return {
      words: dotted([
        found.frames > 0 && `${found.width} × ${found.height}`,
        found.frames > 1 && t("share.estimate.frames", { n: found.frames }),
        found.seconds > 0 && t("share.estimate.seconds", { n: Number(found.seconds.toFixed(1)) }),
        least === most ? least : t("share.estimate.size", { least, most }),
      ]),
      problem: "",
    };
  }

  async #make() {
    const { format } = this.settings;
    const settings = this.settings.chosen;
    const name = this.t(`share.format.${format}`);
    if (this.#making || (format !== "html" && !settings)) return;
    const making = this.#making = new AbortController();
    this.#asked.abort();
    this.#trouble("");
    byId("export-done").textContent = "";
    this.#show(true);
    this.#progress(name, { phase: format === "html" ? "encode" : "draw", done: 0, total: 0 });
    let said = "";
    try {
      const made = format === "html"
        ? await fetchOffline(/** @type {string} */ (this.#offline()), making.signal)
        : await /** @type {Exporting} */ (this.#exporting).exportFigure(settings, this.#context(), {
          signal: making.signal,
          progress: (told) => this.#progress(name, told),
        });
      making.signal.throwIfAborted();
      hand(made.blob, made.name);
      said = this.t("share.done", { name: made.name, size: bytesText(made.blob.size) });
    } catch (error) {
      if (making.signal.aborted) said = this.t("share.cancelled");
      else {
        const { words, mend } = this.#said(error);
        this.#trouble(words, mend);
      }
    } finally {
      this.#making = null;
      this.#show(false);
      byId("export-done").textContent = said;
    }
  }

  /** Puts the progress in the button's place, and back; the focus goes along. */
  /** @param {boolean} on */
  #show(on) {
    const inside = byId("share-dialog").contains(document.activeElement);
    byId("export-progress").hidden = !on;
    this.startButton.hidden = on;
    this.startButton.disabled = on;
    if (inside) (on ? byId("export-cancel") : this.startButton).focus();
  }

  /** @param {string} format @param {Progress} told */
  #progress(format, { phase, done, total }) {
    const bar = byId("export-bar");
    byId("export-phase").textContent = this.t(`share.phase.${phase}`, { format, done, total });
    if (total > 0 && (done > 0 || phase === "draw")) Object.assign(bar, { max: total, value: done });
    else bar.removeAttribute("value");
  }

  /** What an error says to a reader, and what may mend it. */
  /** @param {unknown} error @returns {{words: string, mend: HTMLElement | null}} */
  #said(error) {
    if (error instanceof Unreachable) return { words: this.t("share.unreachable"), mend: this.#again() };
    if (!(error instanceof Refused)) return { words: this.t("share.failed"), mend: this.#again() };
    const { message, hint } = inWords(error.error, this.t);
    const nearest = error.error.field === "live" ? error.error.values?.nearest : null;
    const mend = typeof nearest === "string"
      ? this.#button(this.t("share.use", { value: nearest }), () => this.ranges.take(nearest))
      : null;
    return { words: `${message} ${hint}`.trim(), mend };
  }

  /** @param {Record<string, number> | null | undefined} nearest */
  #nearest(nearest) {
    if (!nearest) return null;
    const { width, height, start, end } = nearest;
    const words = start === undefined
      ? this.t("share.use", { value: `${width} × ${height}` })
      : this.t("share.whole", { from: start, to: end });
    return this.#button(words, () => this.settings.adopt(nearest));
  }

  #again() {
    return this.#button(this.t("share.again"), () => void this.#load());
  }

  /** @param {string} words @param {() => void} act @returns {HTMLElement} */
  #button(words, act) {
    const click = () => {
      act();
      this.#changed();
      byId("share-download-title").focus({ preventScroll: true });
    };
    return el("button", { type: "button", class: "button", on: { click } }, words);
  }

  /** @param {string} words @param {HTMLElement | null} [mend] */
  #trouble(words, mend = null) {
    const place = byId("export-problem");
    place.hidden = !words;
    place.replaceChildren(...(words ? [el("span", {}, words), ...(mend ? [mend] : [])] : []));
  }
}

/** @param {(string | false)[]} words */
function dotted(words) {
  return words.filter(Boolean).join(" · ");
}
