/** The dialog in which code becomes figures: what is typed stays, each layer is a card, what is not understood is marked. */

/** @import {Read, ReadLayer, ReadNote, ReadError, Place} from "../model/reading.js" */
/** @import {Translate} from "../model/strings.js" */

import { addressOf, EXAMPLES, marked, placeOf, summary, totalOf } from "../model/reading.js";
import { count, times } from "../model/strings.js";
import { Refused } from "./api.js";
import { byId, el, icon } from "./dom.js";
import { inWords } from "./errors.js";

/** Under this name the text goes along from page to page, as long as the tab is open. */
const KEPT = "convoscope.code";

/**
 * @param {{t: Translate, page: () => {theme: string | null, lang: string},
 *   read: (wanted: {code: string, input_size: string}, signal: AbortSignal) => Promise<Read>}} page
 */
export function listenToReading({ t, page, read }) {
  const dialog = byId("reading");
  const code = byId("reading-code");
  const size = byId("reading-size");
  const results = byId("reading-results");
  let asked = new AbortController();
  restore();

  byId("from-code").addEventListener("click", () => dialog.showModal());
  byId("reading-close").addEventListener("click", () => dialog.close());
  byId("reading-form").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    run();
  });
  code.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  });
  for (const field of [code, size]) field.addEventListener("input", keep);
  for (const button of dialog.querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => {
      const example = EXAMPLES[button.dataset.example];
      replace(example.code);
      size.value = example.size;
      keep();
      run();
    });
  }

  /** The browser's own undo brings back what an example replaced. */
  /** @param {string} text */
  function replace(text) {
    code.focus();
    code.select();
    if (!document.execCommand("insertText", false, text)) code.value = text;
  }

  async function run() {
    asked.abort();
    asked = new AbortController();
    const mine = asked;
    const text = code.value;
    try {
      const found = await read({ code: text, input_size: size.value.trim() }, mine.signal);
      if (!mine.signal.aborted) show(summary(found, t), resultsOf(found, text));
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof Refused) show("", refusal(error.error, text));
      else show(t("read.failed"), []);
    }
  }

  /** @param {string} said @param {(Node | null)[]} shown */
  function show(said, shown) {
    byId("reading-status").textContent = said;
    results.replaceChildren(...shown.filter((one) => one !== null));
    byId("reading-status").scrollIntoView({ block: "nearest" });
  }

  /** @param {Read} found @param {string} text */
  function resultsOf({ layers, notes }, text) {
    const unread = notes.filter((note) => note.unread);
    const remarks = notes.filter((note) => !note.unread);
    const total = totalOf(layers);
    return [
      ...(unread.length > 0 ? [echo(text, unread), noteList(unread, t, true)] : []),
      ...(layers.length > 0 ? [el("ol", { class: "reading-cards" }, ...layers.map((layer) => card(layer)))] : []),
      total &&
      el("p", { class: "reading-total" }, t("read.total", {
        n: total.n,
        parameters: count(total.parameters),
        multiplications: count(total.multiplications),
      })),
      ...(remarks.length > 0 ? [el("h3", {}, t("read.notes")), noteList(remarks, t, false)] : []),
    ];
  }

  /** @param {ReadError} error @param {string} text */
  function refusal(error, text) {
    const place = error.field === "code" ? placeOf(error) : null;
    const said = inWords(error, t);
    byId(error.field === "input_size" ? "reading-size" : "reading-code").focus();
    const words = el("span", {}, `${said.message} ${said.hint}`);
    return [
      el("p", { class: "field-error", role: "alert" }, icon("alert"), words),
      place && echo(text, [place], false),
    ];
  }

  /** @param {string} text @param {Place[]} places @param {boolean} [numbered] */
  function echo(text, places, numbered = true) {
    const pieces = marked(text, places).map(({ text: piece, mark }) =>
      mark === null ? piece : el("mark", { "data-mark": numbered ? String(mark + 1) : null }, piece)
    );
    return el(
      "pre",
      { class: "reading-echo", tabindex: "0", role: "region", "aria-label": t("read.echo") },
      el("code", {}, ...pieces),
    );
  }

  /** @param {ReadLayer} layer */
  function card(layer) {
    const title = layer.name ? `${layer.name} = ${layer.title}` : layer.title;
    const error = layer.error && inWords(layer.error, t);
    return el(
      "li",
      { class: "reading-card" },
      el("h3", {}, title, el("span", { class: "reading-place" }, t("read.place", { ...layer }))),
      el("pre", { class: "reading-source" }, el("code", {}, layer.source)),
      error &&
      el("p", { class: "field-error" }, icon("alert"), el("span", {}, `${error.message} ${error.hint}`)),
      facts(layer),
      figure(layer),
    );
  }

  /** @param {ReadLayer} layer */
  function facts({ facts: found, input_shape: input }) {
    if (!found || !input) return null;
    const dearest = found.multiplications === 0 && found.comparisons
      ? { key: "comparisons", value: found.comparisons }
      : { key: "multiplications", value: found.multiplications };
    const rows = [
      ["input", times(input)],
      ["output", times(found.output_shape)],
      ["parameters", count(found.parameters)],
      [dearest.key, count(dearest.value)],
    ];
    const row = (/** @type {string[]} */ [key, value]) =>
      el("div", {}, el("dt", {}, t(`read.${key}`)), el("dd", { "data-fact": key }, value));
    return el("dl", { class: "reading-facts" }, ...rows.map(row));
  }

  /** @param {ReadLayer} layer */
  function figure(layer) {
    if (!layer.figure) return layer.facts ? el("p", {}, t("read.unseen")) : null;
    const { reduced, changes } = layer.figure;
    const said = changes.map(({ parameter, from, to }) =>
      el("li", {}, t("read.change", { name: t(`read.name.${parameter}`), from: shown(from), to: shown(to) }))
    );
    return el(
      "div",
      { class: "reading-figure" },
      reduced
        ? el("div", {}, el("span", {}, t("read.reduced")), el("ul", {}, ...said))
        : el("p", {}, t("read.exact")),
      el("a", {
        class: "button",
        href: addressOf(layer.figure, page()),
        "aria-label": t("read.see.of", { title: layer.title, line: layer.line }),
      }, t("read.see")),
    );
  }

  function keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify([code.value, size.value]));
    } catch {
      // Where nothing may be kept the text lives as long as the page.
    }
  }

  function restore() {
    try {
      const [text, cells] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
      if (typeof text === "string") code.value ||= text;
      if (typeof cells === "string") size.value = cells;
    } catch {
      // What is not ours is left alone.
    }
  }
}

/** Sizes as the page writes them: «3 × 5». */
/** @param {string} text */
function shown(text) {
  return text.replaceAll("x", " × ");
}

/**
 * @param {ReadNote[]} notes
 * @param {Translate} t
 * @param {boolean} marks  whether they are numbered as the marks in the echo
 */
function noteList(notes, t, marks) {
  const items = notes.map((note) =>
    el(
      "li",
      {},
      el("span", { class: "reading-place" }, t("read.place", { ...note })),
      " ",
      el("code", {}, short(note.source)),
      el("span", { class: "reading-words" }, words(note, t)),
    )
  );
  return el(marks ? "ol" : "ul", { class: marks ? "reading-unread" : "reading-notes" }, ...items);
}

/** In the language of the page, by code and values; in English as the API says it. */
/** @param {ReadNote} note @param {Translate} t */
function words(note, t) {
  try {
    return t(`note.${note.code}`, note.values);
  } catch {
    return `${note.message} ${note.hint}`.trim();
  }
}

/** @param {string} text */
function short(text) {
  const line = text.split(/\r|\n/)[0];
  return line.length < text.length || line.length > 48 ? `${line.slice(0, 48)}…` : line;
}
