/** Begins a page of a static site: puts the figure of the address into it, then starts the script of the page. */

import { arrived, elsewhere, put } from "./view/arriving.js";
import { held } from "./view/held.js";

const own = held();
const site = own?.told.site;
if (own && site) {
  const place = elsewhere(own, location.search);
  if (place !== null) location.replace(place);
  else {
    const data = JSON.parse(document.getElementById("page-data")?.textContent ?? "{}");
    if (data.kind && (location.search || data.embed)) put(await arrived(own, data, location.search));
    await import(site.entry);
    // The first move of a control shall not wait; the first figure did not wait for this.
    const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ work) => setTimeout(work, 2000));
    if (data.kind) idle(() => void own.answer("facts", data.kind.slug, data.kind.presets[0].params).catch(() => {}));
  }
}
