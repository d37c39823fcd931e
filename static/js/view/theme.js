/** The theme: chosen by the reader or the system, read from the style sheet for the figure. */

/** @import {Theme, Triple} from "../model/theme.js" */

import { fit } from "../model/theme.js";
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
  const triple = (/** @type {string} */ role) => /** @type {Triple} */ ({
    ink: color(`${role}-ink`),
    line: color(`${role}-line`),
    fill: color(`${role}-fill`),
  });
  const name = wanted ?? themeName();
  const large = name === "projector";
  const theme = {
    name,
    roles: Object.fromEntries(
      ["input", "kernel", "output", "hidden", "padding"].map((role) => [role, triple(role)]),
    ),
    groups: [1, 2, 3, 4].map((n) => triple(`group-${n}`)),
    text: color("text"),
    muted: color("muted"),
    surface: color("surface"),
    divider: color("divider"),
    edge: color("edge"),
    ramp: [1, 2, 3].map((n) => color(`ramp-${n}`)),
    rampText: color("ramp-3-text"),
    highlight: {
      fill: color("highlight-fill"),
      outline: color("highlight-outline"),
      text: color("highlight-text"),
    },
    font: getComputedStyle(document.body).fontFamily,
    width: { grid: 1.2, outline: 2, window: large ? 5.6 : 4 },
    // From the last row numbers want larger cells: there a figure sooner grows beyond the fold.
    legible: { number: 23, dense: 14, weight: large ? 70 : 38, room: large ? 34 : 26 },
    cell: "present" in document.documentElement.dataset ? 140 : large ? 90 : 56,
    label: large ? 24 : 15,
    small: large ? 20 : 13,
    edgeRoom: 3,
    fit,
  };
  probe.remove();
  return theme;
}

/** Plotly and alpha suffixes want hexadecimal colours. */
/** @param {string} rgb */
function hex(rgb) {
  const parts = rgb.match(/\d+/g)?.slice(0, 3) ?? ["0", "0", "0"];
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}
