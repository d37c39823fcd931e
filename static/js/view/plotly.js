/** Fetches Plotly, once a figure is on show: it is nine tenths of all bytes, and no first figure shall wait for it. */

import { byId } from "./dom.js";

/**
 * Plotly, or null where it does not come: refused, offline, or something else served in its place.
 * The page names it in a script element that browsers leave alone.
 * @returns {Promise<any>}
 */
export function plotlyArrives() {
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
