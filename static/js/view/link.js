/** The button that copies the address of the figure on show. */

/** @import {Translate} from "../model/strings.js" */

import { copied, sayFor } from "./clipboard.js";
import { byId } from "./dom.js";

/**
 * @param {Translate} t
 * @param {() => {link: string, whole: boolean}} address  and whether all numbers stand in it
 */
export function copyLink(t, address) {
  const button = byId("copy-link");
  const label = button.querySelector("span");
  const field = byId("link-field");
  button.addEventListener("click", async () => {
    const { link, whole } = address();
    field.value = link;
    if (await copied(link)) return sayFor(label, t(whole ? "link.copied" : "kept.copied"), t("link.copy"));
    field.hidden = false;
    field.focus();
    field.select();
  });
  field.addEventListener("blur", () => {
    field.hidden = true;
  });
}
