/** Waits for Plotly, which arrives by a script element of the page. */

import { byId } from "./dom.js";

/** @returns {Promise<any>} */
export function plotlyReady() {
  const loaded = () => /** @type {any} */ (globalThis).Plotly;
  if (loaded()) return Promise.resolve(loaded());
  return new Promise((resolve, reject) => {
    const script = byId("plotly");
    const fail = () => reject(new Error("Plotly did not load"));
    // Something else may have been served in its place: a login page, an empty file.
    const settle = () => loaded() ? resolve(loaded()) : fail();
    script.addEventListener("load", settle);
    script.addEventListener("error", fail);
    // It may have failed before anybody listened; a page that is complete waits for no script.
    if (document.readyState === "complete") settle();
    else addEventListener("load", settle);
  });
}
