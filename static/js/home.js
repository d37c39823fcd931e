/** Wiring of the home page: finding types, and the theme. Without it the page is complete, only longer. */

import { has, searchable } from "./model/search.js";
import { translator } from "./model/strings.js";
import { byId } from "./view/dom.js";
import { Help } from "./view/help.js";
import { rememberTheme, setTheme, showTheme, themeName, THEMES } from "./view/theme.js";

const t = translator(JSON.parse(byId("page-data").textContent ?? "{}"));
const help = new Help();
const asked = /** @type {HTMLInputElement} */ (byId("asked"));
const cards = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".kinds li"))].map((card) => ({
  card,
  text: searchable(`${card.textContent} ${card.dataset.terms}`),
}));

function find() {
  const text = asked.value.trim();
  const wasAsked = "asked" in document.body.dataset;
  for (const { card, text: words } of cards) card.hidden = !has(words, text);
  for (const section of document.querySelectorAll(".gallery section")) {
    /** @type {HTMLElement} */ (section).hidden = !section.querySelector("li:not([hidden])");
  }
  for (const part of document.querySelectorAll("[data-unasked]")) {
    /** @type {HTMLElement} */ (part).hidden = text !== "";
  }
  const count = cards.filter(({ card }) => !card.hidden).length;
  byId("found").textContent = text ? said(count, text) : "";
  byId("all").hidden = byId("clear").hidden = text === "";
  if (text) document.body.dataset.asked = "";
  else delete document.body.dataset.asked;
  if (wasAsked !== (text !== "")) scrollTo(0, 0);
}

/** @param {number} count @param {string} text */
function said(count, text) {
  const key = count === 0 ? "none" : count === 1 ? "one" : "many";
  return t(`home.found.${key}`, { count, asked: text });
}

function clear() {
  asked.value = "";
  find();
  asked.focus();
}

/** The theme goes along on every link, because the address is all that a page remembers. */
/** @param {string} theme */
function carry(theme) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('a:not([href^="#"])'))) {
    if (link.origin === location.origin) link.href = themed(link.href, theme);
  }
}

/** @param {string} href @param {string} theme */
function themed(href, theme) {
  const { pathname, searchParams, hash } = new URL(href);
  searchParams.set("theme", theme);
  return `${pathname}?${searchParams}${hash}`;
}

/** @param {string} theme */
function choose(theme) {
  setTheme(theme);
  rememberTheme(theme);
  showTheme();
  carry(theme);
  history.replaceState(null, "", themed(location.href, theme));
}

asked.addEventListener("input", find);
byId("clear").addEventListener("click", clear);
byId("all").addEventListener("click", clear);
byId("find").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  const first = cards.find(({ card }) => !card.hidden);
  if (asked.value.trim()) first?.card.querySelector("a")?.click();
});
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-set-theme]"))) {
  button.addEventListener("click", () => choose(button.dataset.setTheme ?? THEMES[0]));
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === asked) {
    if (event.key === "Escape") clear();
  } else if (help.isOpen || help.silences(event)) return;
  else if (event.key === "?") {
    event.preventDefault();
    help.show();
  } else if (event.key === "/") {
    event.preventDefault();
    asked.select();
  } else if (event.key.toLowerCase() === "t") {
    choose(THEMES[(THEMES.indexOf(themeName()) + 1) % THEMES.length]);
  }
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);

showTheme();
// What was asked on another page.
asked.value ||= new URLSearchParams(location.search).get("find") ?? "";
if (document.documentElement.dataset.theme) carry(themeName());
find();
// Browsers fill the field again on the way back.
addEventListener("pageshow", find);
document.documentElement.dataset.ready = "";
