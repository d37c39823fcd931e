/** The keyboard. */

/** @import {PlayerEvent} from "../model/player.js" */

import { Help } from "./help.js";

/** What a key does to the player. */
/** @type {Record<string, PlayerEvent>} */
export const PLAYER = {
  " ": { type: "toggle" },
  ArrowLeft: { type: "move", by: -1 },
  ArrowRight: { type: "move", by: 1 },
  PageUp: { type: "move", by: -1 },
  PageDown: { type: "move", by: 1 },
  Home: { type: "first" },
  End: { type: "last" },
  "<": { type: "slower" },
  ">": { type: "faster" },
  l: { type: "loop" },
};

/**
 * @param {{send: (event: PlayerEvent, byHand: boolean) => void, row: (direction: 1 | -1) => void,
 *   theme: () => void, escape: () => void, present: () => void, predict?: () => void, share?: () => void, blank: () => void}} actions
 */
export function listenToKeys(actions) {
  const help = new Help();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (event.target);
    // An open dialog has the keys to itself, and what it lies over stays as it is.
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") return actions.escape();
    if (help.silences(event) || typing(target, event.key)) return;
    if (event.shiftKey && event.key === "ArrowLeft") actions.row(-1);
    else if (event.shiftKey && event.key === "ArrowRight") actions.row(1);
    else if (event.key.toLowerCase() === "t") actions.theme();
    else if (event.key.toLowerCase() === "p") actions.present();
    else if (event.key.toLowerCase() === "g") actions.predict?.();
    else if (event.key.toLowerCase() === "s") actions.share?.();
    else if (event.key.toLowerCase() === "b" || event.key === ".") actions.blank();
    else if (event.key === "/") document.querySelector(/** @type {"input"} */ ("#asked"))?.select();
    else if (event.key === "?") help.show();
    else if (event.key in PLAYER || event.key === "L") {
      actions.send(PLAYER[event.key === "L" ? "l" : event.key], true);
    } else return;
    event.preventDefault();
  });
}

/** Keys that the focused element wants for itself. */
/** @param {HTMLElement} target @param {string} key */
export function typing(target, key) {
  if (target.matches("textarea, select, input[type=text]")) return true;
  if (target.matches("input[type=range]")) return /^(Arrow|Home|End|Page)/.test(key);
  if (target.matches("pre, .scroll, .figure")) return /^(Arrow|Home|End|Page| )/.test(key);
  if (target.matches("button, a, summary, input")) return key === " " || key === "Enter";
  return false;
}
