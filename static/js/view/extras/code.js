/** The figure as code: a snippet a language, fetched when it is opened and whenever the figure changes while it is open. */

/** @import {Trace} from "../../model/types.js" */
/** @import {Context} from "./index.js" */

import { copied, copiedSelection, sayFor } from "../clipboard.js";
import { el } from "../dom.js";

const LANGUAGES = ["numpy", "pytorch", "keras", "jax"];

/** Concerns every figure. */
/** @param {Trace} _trace */
export function concerns(_trace) {
  return true;
}

/** @type {WeakMap<HTMLElement, () => Promise<void>>} */
const refreshers = new WeakMap();

/**
 * @param {HTMLElement} host
 * @param {Trace} _trace
 * @param {Context} context
 */
export function show(host, _trace, context) {
  const refresh = refreshers.get(host) ?? made(host, context);
  refreshers.set(host, refresh);
  return refresh();
}

/**
 * Makes the panel once, so that it stays open and in its language while figures change.
 * @param {HTMLElement} host
 * @param {Context} context
 * @returns {() => Promise<void>}  shows the snippet of the figure on show, if the panel is open
 */
function made(host, { t, typed, code }) {
  let language = LANGUAGES[0];
  /** @type {Record<string, string>} */
  let snippets = {};
  let asked = 0;
  const text = el("code", {});
  const block = el("pre", { class: "code-text", tabindex: "0", role: "region" }, text);
  const label = el("span", {}, t("code.copy"));
  const copy = el("button", { type: "button", class: "button", disabled: true, on: { click: copyCode } }, label);
  const problem = el("p", { class: "code-problem", role: "status", hidden: true });
  const buttons = LANGUAGES.map((name) =>
    el("button", { type: "button", "data-language": name, on: { click: () => choose(name) } }, t(`code.${name}`))
  );
  const details = el(
    "details",
    { class: "fold code", on: { toggle: refresh } },
    el("summary", {}, el("h2", {}, t("code.title")), el("span", { class: "fold-lead" }, t("code.lead"))),
    el(
      "div",
      { class: "code-bar" },
      el("div", { class: "segments", role: "group", "aria-label": t("code.languages") }, ...buttons),
      copy,
    ),
    problem,
    block,
  );
  host.replaceChildren(details);
  write();

  function write() {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.language === language));
    block.setAttribute("aria-label", t("code.label", { language: t(`code.${language}`) }));
    text.textContent = snippets[language] ?? "";
    copy.disabled = !snippets[language];
  }

  /** @param {string} name */
  function choose(name) {
    language = name;
    write();
    block.scrollTo(0, 0);
  }

  async function copyCode() {
    const done = await copied(snippets[language]) || copiedSelection(text);
    sayFor(label, t(done ? "code.copied" : "code.selected"), t("code.copy"));
  }

  async function refresh() {
    if (!details.open) return;
    const mine = ++asked;
    /** @type {Record<string, string>} */
    let found = {};
    let failed = false;
    try {
      ({ snippets: found } = await code(typed()));
    } catch {
      failed = true;
    }
    if (mine !== asked) return; // a later figure has been asked for
    snippets = found;
    problem.hidden = !failed;
    problem.textContent = failed ? t("code.failed") : "";
    block.hidden = failed;
    write();
  }
  return refresh;
}
