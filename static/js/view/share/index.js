/** The buttons and the key that open the sharing of a figure; the dialog itself is fetched when there is time for it. */

/** @import {Now, Section} from "./dialog.js" */
/** @import {Translate} from "../../model/strings.js" */

import { byId } from "../dom.js";

/**
 * @param {{t: Translate, data: any, now: () => Now}} page  `data` as the page arrived; `now` what it shows
 * @returns {() => void}  opens the dialog
 */
export function listenToSharing({ t, data, now }) {
  /** @type {Promise<import("./dialog.js").ShareDialog> | null} */
  let made = null;

  const dialog = () => {
    made ??= import("./dialog.js").then(({ ShareDialog }) => new ShareDialog({ t, data, now }));
    // What could not be fetched is tried again by the next click.
    made.catch(() => made = null);
    return made;
  };
  const open = async (/** @type {Section} */ section) => {
    try {
      (await dialog()).open(section);
    } catch (error) {
      byId("status").textContent = t("share.unloaded");
      throw error;
    }
  };
  for (const name of /** @type {const} */ (["share", "embed", "export"])) {
    byId(name).addEventListener("click", () => open(name));
  }
  // A reader who loses the network later shall still find it.
  const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ work) => setTimeout(work, 2000));
  const rest = () => idle(() => void dialog().catch(() => {}));
  if (document.readyState === "complete") rest();
  else addEventListener("load", rest);
  return () => void open("share");
}
