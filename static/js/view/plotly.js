/** Fetches Plotly, once a figure is on show: it is most of a page's bytes, and no first figure shall wait for it. */

import { byId } from "./dom.js";

/** Running it holds a page up, and drawing with it changes nothing: it waits for a moment of rest, but not for ever. */
const LOOK = 100;
const LONGEST = 4000;

let held = false;
for (const [event, on] of /** @type {const} */ ([["pointerdown", true], ["pointerup", false], ["pointercancel", false]])) {
  addEventListener(event, () => (held = on), { capture: true, passive: true });
}

/**
 * Plotly, or null where it does not come: refused, offline, or something else served in its place.
 * The page names it in a script element that browsers leave alone.
 * @param {() => boolean} playing
 * @returns {Promise<any>}
 */
export async function plotlyArrives(playing) {
  for (let waited = 0; waited < LONGEST && (held || playing()); waited += LOOK) {
    await new Promise((done) => setTimeout(done, LOOK));
  }
  return fetched();
}

/** @returns {Promise<any>} */
function fetched() {
  const script = document.createElement("script");
  const { src } = byId("plotly");
  return new Promise((resolve) => {
    const settle = () => resolve(/** @type {any} */ (globalThis).Plotly ?? null);
    script.addEventListener("load", settle);
    script.addEventListener("error", settle);
    Object.assign(script, { src, fetchPriority: "low" });
    document.head.append(script);
  });
}
