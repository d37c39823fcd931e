/** Waits for Plotly, which arrives by a script element of the page. */

import { byId } from "./dom.js";

/** @returns {Promise<any>} */
export function plotlyReady() {
  const loaded = () => /** @type {any} */ (globalThis).Plotly;
  if (loaded()) return Promise.resolve(loaded());
  return new Promise((resolve, reject) => {
    const script = byId("plotly");
    if (script.dataset.failed) reject(new Error("Plotly did not load"));
    script.addEventListener("load", () => resolve(loaded()));
    script.addEventListener("error", () => reject(new Error("Plotly did not load")));
  });
}
