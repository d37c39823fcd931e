/** Where the pages of this site are. */

import { held } from "./held.js";

/** @returns {import("../model/sharing.js").Site} */
export function siteHere() {
  const site = held()?.told.site;
  if (!site) return { begin: location.origin, ending: "" };
  return { begin: new URL(site.begin, location.href).href.replace(/\/$/, ""), ending: ".html" };
}
