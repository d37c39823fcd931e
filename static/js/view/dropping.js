/** Files that a reader drags over the page or pastes: a picture or saved numbers, and none that leads away from the page. */

/** @import {Translate} from "../model/strings.js" */
/** @import {Picture} from "./picture.js" */

import { el } from "./dom.js";

/**
 * @param {HTMLElement} stage
 * @param {Picture} picture
 * @param {Translate} t
 * @param {(file: File) => void} open  a file with saved numbers
 */
export function listenToFiles(stage, picture, t, open) {
  const words = el("p", {});
  const target = el("div", { class: "drop-target", id: "drop-target", "aria-hidden": "true", hidden: true }, words);
  stage.append(target);

  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    // Else the browser would open a file that misses the figure, and the page were gone.
    event.preventDefault();
    const over = stage.contains(/** @type {Node} */ (event.target));
    if (event.dataTransfer) event.dataTransfer.dropEffect = over ? "copy" : "none";
    words.textContent = t(picture.possible ? "picture.drop" : "picture.dropNone");
    target.classList.toggle("over", over && picture.possible);
    target.hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    // Only what leaves the window leaves for no other element.
    if (!event.relatedTarget) target.hidden = true;
  });
  document.addEventListener("drop", (event) => {
    target.hidden = true;
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (!stage.contains(/** @type {Node} */ (event.target))) return;
    const files = [...(event.dataTransfer?.files ?? [])];
    const [file] = [...files.filter(isPicture), ...files];
    if (file?.name.endsWith(".json")) open(file);
    else if (file) void picture.read(file);
    // A folder, or a picture of another page that gives its address alone: nothing is fetched from elsewhere.
    else picture.refuse("notPicture");
  });
  document.addEventListener("paste", (event) => {
    // Spreadsheets copy a picture of their cells beside the cells: numbers come first.
    if (event.defaultPrevented || event.clipboardData?.getData("text/plain").trim()) return;
    const file = [...(event.clipboardData?.files ?? [])].find(isPicture);
    if (!file) return;
    event.preventDefault();
    void picture.read(file);
  });
}

/** @param {DataTransfer | null} carried */
function holdsFiles(carried) {
  return carried !== null && carried.types.includes("Files");
}

/** @param {File} file */
function isPicture(file) {
  return file.type.startsWith("image/");
}
