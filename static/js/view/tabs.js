/** Tabs under the stage and the drawer of types, for narrow windows. */

import { byId } from "./dom.js";

export function listenToTabs() {
  const tabs = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-tab]")]);
  const choose = (/** @type {HTMLElement} */ chosen) => {
    document.body.dataset.shown = chosen.dataset.tab;
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab === chosen));
  };
  for (const tab of tabs) tab.addEventListener("click", () => choose(tab));
  choose(tabs[0]);

  const menu = byId("menu");
  const drawer = byId("types");
  const open = (/** @type {boolean} */ shown) => {
    drawer.classList.toggle("open", shown);
    menu.setAttribute("aria-expanded", String(shown));
    if (shown) drawer.querySelector("a")?.focus();
  };
  menu.addEventListener("click", () => open(!drawer.classList.contains("open")));
  drawer.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") {
      open(false);
      menu.focus();
    }
  });
  document.addEventListener("pointerdown", (event) => {
    const target = /** @type {Node} */ (event.target);
    if (!drawer.contains(target) && !menu.contains(target)) open(false);
  });
}
