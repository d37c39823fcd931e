/** Pasting blocks of numbers: over the cells of the figure, or into a field of our grammar. */

/** @import {Nested} from "../model/edit.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Cell} from "../model/types.js" */
/** @import {Panels} from "./panels.js" */

import { laid, shapeOf } from "../model/edit.js";
import { foreign, parsed } from "../model/paste.js";
import { byId } from "./dom.js";
import { grammar } from "../model/query.js";

/**
 * @param {{panels: Panels, t: Translate, dims: () => number, shape: (cell: Cell) => number[]}} page
 */
export function listenToPaste({ panels, t, dims, shape }) {
  const { editor } = panels;
  // On the document, because browsers differ in where they report a paste that no field takes.
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const at = document.activeElement;
    const done = at !== null && at !== panels.field.input && at.matches("textarea, input, select")
      ? intoField(at, text)
      : overCells(text);
    if (done) event.preventDefault();
  });

  /** @param {string} text */
  function overCells(text) {
    const current = panels.current;
    if (!current || !text.trim()) return false;
    const { block, fault } = parsed(text, current.flat ? 1 : dims());
    // One number is text like any other for a field that is open.
    const open = document.activeElement === panels.field.input;
    if (open && (fault ? !/[\t\n]/.test(text.trim()) : isOne(block))) return false;
    const { tensor } = current.cell;
    if (fault) editor.say(t(`edit.paste.${fault.code}`, { text: fault.text.slice(0, 24) }));
    else if (!editor.can(tensor)) editor.say(t("edit.pasteFixed"));
    else {
      const { changes, clipped } = laid(block, shape(current.cell), current.cell.index);
      panels.dropField();
      if (changes.length > 0) editor.take(tensor, changes);
      const counts = { n: changes.length, left: clipped };
      editor.say(t(clipped > 0 ? "edit.clipped" : changes.length === 1 ? "edit.pastedOne" : "edit.pasted", counts));
    }
    return true;
  }

  /** @param {Element} field @param {string} text */
  function intoField(field, text) {
    if (!byId("numbers").contains(field) || !field.matches("textarea") || !foreign(text)) return false;
    const { block, fault } = parsed(text, dims());
    // What cannot be read is pasted as it is: the field keeps it, and the answer says what is wrong.
    if (fault) return false;
    const area = /** @type {HTMLTextAreaElement} */ (field);
    area.select();
    // The only way in which the browser's own undo brings the old text back.
    if (document.execCommand("insertText", false, grammar(block, dims()))) return true;
    area.setRangeText(grammar(block, dims()), 0, area.value.length, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }
}

/** @param {Nested} block */
function isOne(block) {
  return shapeOf(block).every((length) => length === 1);
}
