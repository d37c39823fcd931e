/** The theme: chosen by the reader or the system, read from the style sheet for the figure. */

/** @import {Theme} from "../model/theme.js" */

import { themeOf } from "../model/theme.js";
import { keep, recalled } from "./memory.js";

export const THEMES = ["light", "dark", "projector"];

const KEPT = "convoscope.theme";

/** The theme on show; the system's where none was chosen. */
export function themeName() {
  return document.documentElement.dataset.theme ?? systemTheme();
}

function systemTheme() {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Keeps a choice for the next page; one that agrees with the system follows the system again. */
/** @param {string} name */
export function rememberTheme(name) {
  if (!("embed" in document.body.dataset)) keep(KEPT, name === systemTheme() ? null : name);
}

/** @param {string | null} name  null: the one that was chosen last, else the system's */
export function setTheme(name) {
  name ??= "embed" in document.body.dataset ? null : recalled(KEPT);
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
}

/** Presses the button of the theme on show. */
export function showTheme() {
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-set-theme]"))) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === themeName()));
  }
}

/**
 * The figure's colours and sizes, from the same tokens as the page's.
 * @param {string | null} [wanted]  another theme than the page's, which the page does not take on
 * @returns {Theme}
 */
export function readTheme(wanted = null) {
  const probe = document.createElement("span");
  probe.hidden = true;
  if (wanted) probe.dataset.theme = wanted;
  // Where the system forces a palette, all roles would be one colour; the figure keeps its own (contrast.css).
  probe.style.setProperty("forced-color-adjust", "none");
  document.body.append(probe);
  const color = (/** @type {string} */ name) => {
    probe.style.color = `var(--${name})`;
    return hex(getComputedStyle(probe).color);
  };
  const { fontFamily } = getComputedStyle(document.body);
  const theme = themeOf(wanted ?? themeName(), color, fontFamily, "present" in document.documentElement.dataset);
  probe.remove();
  return theme;
}

/** Plotly and alpha suffixes want hexadecimal colours. */
/** @param {string} rgb */
function hex(rgb) {
  const parts = rgb.match(/\d+/g)?.slice(0, 3) ?? ["0", "0", "0"];
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}
