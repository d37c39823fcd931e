/** The keyboard of a figure in a frame. What it does not use goes to the page around it, by message. */

/** @import {PlayerEvent} from "../model/player.js" */

import { PLAYER, typing } from "./keys.js";

/** Keys by which decks and pages are steered. No other key is ever told. */
const PASSED = [
  "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Escape",
  "b", "f", "n", "o", "p", "s", ".",
];

/** Keys with which a presenter goes on and back: at the end of the figure they turn the slide. */
const TURNS = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown"];

/**
 * @param {{send: (event: PlayerEvent, byHand: boolean) => void, row: (direction: 1 | -1) => void,
 *   ends: () => {first: boolean, last: boolean}, escape: () => boolean, pass: (key: string, code: string) => void}} acts
 *   `escape` says whether there was something to let go of
 */
export function listenToFrameKeys({ send, row, ends, escape, pass }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const { key, code } = event;
    if (key === "Escape" && escape()) return event.preventDefault();
    const turn = TURNS.includes(key) && !event.shiftKey;
    const atEnd = turn && (/Right|Down/.test(key) ? ends().last : ends().first);
    const scrubbing = target.id === "scrub";
    if (typing(target, key) && !(scrubbing && atEnd)) return;
    if (event.shiftKey && (key === "ArrowLeft" || key === "ArrowRight")) row(key === "ArrowLeft" ? -1 : 1);
    else if (!atEnd && Object.hasOwn(PLAYER, key)) send(PLAYER[key], true);
    else if (key === "L") send({ type: "loop" }, true);
    else return PASSED.includes(key) ? pass(key, code) : undefined;
    event.preventDefault();
  });
}
