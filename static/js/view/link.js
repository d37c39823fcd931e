/** The button that copies the address of the figure on show. */

/** @import {Translate} from "../model/strings.js" */

import { byId } from "./dom.js";

/**
 * @param {Translate} t
 * @param {() => string} address
 */
export function copyLink(t, address) {
  const button = byId("copy-link");
  const label = button.querySelector("span");
  const field = byId("link-field");
  button.addEventListener("click", async () => {
    const link = address();
    field.value = link;
    if (await copied(link)) {
      label.textContent = t("link.copied");
      setTimeout(() => {
        label.textContent = t("link.copy");
      }, 1800);
      return;
    }
    field.hidden = false;
    field.focus();
    field.select();
  });
  field.addEventListener("blur", () => {
    field.hidden = true;
  });
}

/** Without a secure origin there is no clipboard: the reader then copies from the field. */
/** @param {string} text */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
