/** The layer over the figure that takes pointer and keyboard: one tab stop a grid, arrows move between its cells. */

/** @import {Change} from "../model/edit.js" */
/** @import {Trace, Cell} from "../model/types.js" */
/** @import {Plan} from "../scenes/layout.js" */
/** @import {Target} from "../scenes/targets.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Exit, Rect} from "./cellfield.js" */

import { numberOf } from "../model/edit.js";
import { plain, times } from "../model/strings.js";
import { targets } from "../scenes/targets.js";
import { CellField } from "./cellfield.js";
import { el } from "./dom.js";

/** With more grids than this, kernels are left to the pointer: so many tab stops would lock the keyboard in. */
const MOST_STOPS = 24;

/** Two clicks on a cell within so many milliseconds open it; touch screens tell no double click. */
const DOUBLE = 400;

/** What opens a cell with the key as its first character. */
const BEGINS_NUMBER = /^[-−0-9]$/;

/**
 * What may be done with numbers: `can` says whether a tensor's are the reader's to give, `value` what a cell holds,
 * `seen` what of it is on show: null where no step has computed it yet; `begin` that one is about to be typed, and `say` something to the reader.
 * @typedef {{can: (tensor: string) => boolean, value: (cell: Cell) => number | null,
 *   seen: (cell: Cell) => number | null, begin: () => void,
 *   take: (tensor: string, changes: Change[]) => void, say: (text: string, seen?: boolean) => void}} Editor
 * @typedef {{cell: Cell | null, pinned: boolean}} Focus
 * @typedef {{grid: Target, node: HTMLElement, spot: HTMLElement, row: number, col: number}} Panel
 */

export class Panels {
  /** @type {Focus} */
  #focus = { cell: null, pinned: false };
  /** @type {Panel[]} */
  #panels = [];
  /** The cell whose number is being typed. */
  /** @type {{n: number, cell: Cell} | null} */
  #editing = null;
  #clicked = { at: 0, cell: "" };
  /** @type {Trace | null} */
  #trace = null;

  /**
   * @param {HTMLElement} host
   * @param {Translate} t
   * @param {(cell: Cell | null, how: "pointer" | "keyboard") => void} changed
   * @param {Editor} editor
   * @param {string} [prefix]  of the ids, where a page has several figures
   */
  constructor(host, t, changed, editor, prefix = "") {
    this.host = host;
    this.t = t;
    this.changed = changed;
    this.editor = editor;
    this.prefix = prefix;
    this.field = new CellField(host, (exit) => this.#leaveField(exit), prefix);
    this.hint = el("span", { id: `${prefix}edit-hint`, class: "visually-hidden" }, t("edit.hint"));
    host.append(this.hint);
  }

  /** Whether a cell is pinned that the reader may change. */
  get inviting() {
    const { cell, pinned } = this.#focus;
    return pinned && cell !== null && this.#editing === null && this.editor.can(cell.tensor);
  }

  /** The cell that has the keyboard, or is pinned. */
  /** @returns {{cell: Cell, flat: boolean} | null} */
  get current() {
    const panel = this.#panels.find(({ node }) => node === document.activeElement);
    if (this.#editing) return { cell: this.#editing.cell, flat: this.#panels[this.#editing.n].grid.flat };
    if (panel) return { cell: cellOf(panel), flat: panel.grid.flat };
    const { cell, pinned } = this.#focus;
    const grid = pinned && cell ? this.#find(cell)?.grid : null;
    return cell && grid ? { cell, flat: grid.flat } : null;
  }

  /** Closes the field as if nothing had been typed; says whether one was open. */
  dropField() {
    const open = this.#editing !== null;
    this.#leaveField("escape");
    return open;
  }

  /**
   * @param {Plan[]} plans
   * @param {Trace} trace
   */
  place(plans, trace) {
    this.#trace = trace;
    const grids = targets(plans, trace);
    while (this.#panels.length > grids.length) this.#panels.pop()?.node.remove();
    grids.forEach((grid, n) => {
      const panel = this.#panels[n] ?? this.#make(n);
      Object.assign(panel, {
        grid,
        row: Math.min(panel.row, grid.rows - 1),
        col: Math.min(panel.col, grid.cols - 1),
      });
      Object.assign(panel.node.style, {
        left: `${grid.x}px`,
        top: `${grid.y}px`,
        width: `${grid.w}px`,
        height: `${grid.h}px`,
      });
      const size = times(grid.flat ? [grid.cols] : [grid.rows, grid.cols]);
      const slice = grid.slice === null ? "" : `, ${this.t("say.slice", { n: grid.slice + 1 })}`;
      panel.node.setAttribute("aria-label", `${grid.name}${slice} ${size}`);
      const own = this.editor.can(grid.tensor);
      panel.node.setAttribute("aria-readonly", String(!own));
      if (own) panel.node.setAttribute("aria-describedby", this.hint.id);
      else panel.node.removeAttribute("aria-describedby");
      const stop = grids.length <= MOST_STOPS || trace.tensors[grid.tensor].role !== "kernel";
      panel.node.tabIndex = stop ? 0 : -1;
      panel.node.setAttribute("aria-rowcount", String(grid.rows));
      panel.node.setAttribute("aria-colcount", String(grid.cols));
      this.#describe(panel);
    });
    if (this.#editing) this.#keepField();
    // Unsaid, because it is none of the reader's acts, and would talk over what came of one.
    else this.#drop("pointer");
  }

  /** The step is another: the cell that has the keyboard may have been computed. */
  retell() {
    const panel = this.#panels.find(({ node }) => node === document.activeElement);
    if (panel) this.#describe(panel);
  }

  /** Lets go of a pinned or focused cell. */
  release() {
    return this.#drop("keyboard");
  }

  /** @param {"pointer" | "keyboard"} how */
  #drop(how) {
    if (!this.#focus.cell) return false;
    this.#focus = { cell: null, pinned: false };
    this.#tell(how);
    return true;
  }

  /** @param {number} n */
  #make(n) {
    const spot = el("span", { role: "gridcell", id: `${this.prefix}cell-${n}`, class: "panel-spot" });
    const node = el("div", {
      class: "panel-grid",
      role: "grid",
      tabindex: "0",
      "aria-activedescendant": `${this.prefix}cell-${n}`,
      "data-panel": String(n),
      on: {
        pointermove: (/** @type {PointerEvent} */ event) => this.#point(n, event),
        pointerleave: () => this.#leave(),
        click: (/** @type {PointerEvent} */ event) => this.#click(n, event),
        keydown: (/** @type {KeyboardEvent} */ event) => this.#key(n, event),
        focus: (/** @type {FocusEvent} */ event) => {
          // What is pinned stays while Tab goes by; arrows let go of it.
          if (this.#focus.pinned) return;
          if (/** @type {HTMLElement} */ (event.target).matches(":focus-visible")) this.#set(n, "keyboard");
        },
        blur: () => this.#leave(),
      },
    }, el("span", { role: "row" }, spot));
    this.host.append(node);
    const panel = { grid: /** @type {any} */ (null), node, spot, row: 0, col: 0 };
    this.#panels[n] = panel;
    return panel;
  }

  /** @param {number} n @param {PointerEvent} event */
  #point(n, event) {
    if (this.#focus.pinned) return;
    const panel = this.#panels[n];
    const { row, col } = this.#under(n, event);
    if (this.#focus.cell && panel.row === row && panel.col === col && this.#isOn(n)) return;
    Object.assign(panel, { row, col });
    this.#set(n, "pointer");
  }

  /** @param {number} n @param {PointerEvent} event */
  #under(n, event) {
    const { grid } = this.#panels[n];
    const clamp = (/** @type {number} */ value, /** @type {number} */ most) =>
      Math.max(0, Math.min(most, Math.floor(value)));
    return {
      row: clamp(event.offsetY / grid.cell.h, grid.rows - 1),
      col: clamp(event.offsetX / grid.cell.w, grid.cols - 1),
    };
  }

  /** @param {number} n */
  #isOn(n) {
    const { grid, row, col } = this.#panels[n];
    return this.#focus.cell?.tensor === grid.tensor &&
      this.#focus.cell.index.join() === grid.index(row, col).join();
  }

  #leave() {
    if (this.#focus.pinned || !this.#focus.cell) return;
    this.#focus = { cell: null, pinned: false };
    this.#tell("pointer");
  }

  /** @param {number} n @param {PointerEvent} event */
  #click(n, event) {
    const held = this.#focus.pinned && this.#isOn(n);
    this.#focus.pinned = false;
    const panel = Object.assign(this.#panels[n], this.#under(n, event));
    const same = held && this.#isOn(n);
    const cell = `${n} ${panel.row} ${panel.col}`;
    const twice = this.#clicked.cell === cell && event.timeStamp - this.#clicked.at < DOUBLE;
    this.#clicked = { at: event.timeStamp, cell: twice ? "" : cell };
    if (twice && this.#open(n, null)) return;
    this.#set(n, "pointer");
    this.#focus.pinned = !same;
    this.#tell("pointer");
  }

  /** @param {number} n @param {KeyboardEvent} event */
  #key(n, event) {
    const moves = /** @type {Record<string, [number, number]>} */ ({
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    });
    const panel = this.#panels[n];
    if (event.key in moves && !event.shiftKey) {
      const [down, right] = moves[event.key];
      panel.row = Math.max(0, Math.min(panel.grid.rows - 1, panel.row + down));
      panel.col = Math.max(0, Math.min(panel.grid.cols - 1, panel.col + right));
      this.#focus.pinned = false;
      this.#set(n, "keyboard");
    } else if (event.key === "Enter") {
      this.#focus = { cell: this.#focus.cell, pinned: !this.#focus.pinned && this.#focus.cell !== null };
      this.#tell("keyboard");
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "F2") this.#open(n, null);
    else if (BEGINS_NUMBER.test(event.key)) this.#open(n, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} n @param {"pointer" | "keyboard"} how */
  #set(n, how) {
    const { grid, row, col } = this.#panels[n];
    this.#focus = { cell: { tensor: grid.tensor, index: grid.index(row, col) }, pinned: false };
    this.#describe(this.#panels[n]);
    this.#tell(how);
  }

  /** @param {"pointer" | "keyboard"} how */
  #tell(how) {
    this.host.classList.toggle("pinned", this.#focus.pinned);
    this.changed(this.#focus.cell, how);
  }

  /**
   * Opens the field over the cell where a grid stands; says so where its numbers are not the reader's to give.
   * @param {number} n
   * @param {string | null} typed
   */
  #open(n, typed) {
    const panel = this.#panels[n];
    const { tensor } = panel.grid;
    if (!this.editor.can(tensor)) {
      this.editor.say(this.t("edit.fixed", { tensor: panel.grid.name }));
      return false;
    }
    // Text that is no number yet is not thrown away for another cell.
    if (this.#editing && this.field.isOpen && !this.field.untouched) {
      this.field.input.focus();
      return true;
    }
    this.editor.begin();
    const cell = cellOf(panel);
    this.#editing = { n, cell };
    this.#describe(panel);
    this.field.open({
      rect: rectOf(panel),
      role: this.#trace?.tensors[tensor].role ?? "input",
      label: this.#label(panel),
      text: written(this.editor.value(cell)),
      typed,
    });
    this.#focus = { cell, pinned: true };
    this.#tell("pointer");
    return true;
  }

  /** @param {Exit} exit */
  #leaveField(exit) {
    if (!this.#editing) return;
    const { n, cell } = this.#editing;
    const panel = this.#panels[n];
    if (exit !== "escape") {
      const before = this.editor.value(cell);
      const value = this.field.untouched ? before : numberOf(this.field.text);
      if (value === null) return this.field.explain(this.#fault(this.field.text));
      this.#editing = null;
      if (value !== before) this.editor.take(cell.tensor, [{ index: cell.index, value }]);
    }
    if (exit !== "leave" && exit !== "escape" && move(panel, exit)) {
      this.#editing = null;
      this.#open(n, null);
      // The keyboard has not moved, so that readers' software does not say by itself what the field lies over now.
      const value = plain(this.editor.value(cellOf(panel)));
      return this.editor.say(this.t("edit.at", { cell: this.#label(panel), value }), false);
    }
    this.#editing = null;
    this.#focus = { cell: null, pinned: false };
    if (exit !== "leave") panel.node.focus();
    this.field.close();
    if (exit === "leave") this.#tell("pointer");
    else this.#set(n, "keyboard");
  }

  /** @param {string} text */
  #fault(text) {
    return text.trim() ? this.t("edit.notNumber", { text: quoted(text) }) : this.t("edit.empty");
  }

  /** The figure has been drawn anew: the field goes along with its cell, or closes where that is gone. */
  #keepField() {
    const editing = /** @type {{n: number, cell: Cell}} */ (this.#editing);
    const panel = this.#find(editing.cell);
    if (!panel || !this.editor.can(editing.cell.tensor)) {
      this.#editing = null;
      this.field.close();
      this.#drop("pointer");
      return;
    }
    editing.n = this.#panels.indexOf(panel);
    this.field.refresh(written(this.editor.value(editing.cell)));
    this.field.place(rectOf(panel));
    this.#focus = { cell: editing.cell, pinned: true };
    this.#tell("pointer");
  }

  /** The panel that shows a cell, standing on it; null where none does. */
  /** @param {Cell} cell @returns {Panel | null} */
  #find({ tensor, index }) {
    const col = index[index.length - 1];
    for (const panel of this.#panels) {
      const { grid } = panel;
      const row = grid.flat ? 0 : index[index.length - 2];
      if (grid.tensor !== tensor || row >= grid.rows || col >= grid.cols) continue;
      if (grid.index(row, col).join() === index.join()) return Object.assign(panel, { row, col });
    }
    return null;
  }

  /** @param {Panel} panel */
  #label({ grid, row, col }) {
    const slice = grid.slice === null ? "" : `, ${this.t("say.slice", { n: grid.slice + 1 })}`;
    return this.t("edit.label", { tensor: `${grid.name}${slice}`, row: row + 1, column: col + 1 });
  }

  /** @param {{grid: Target, spot: HTMLElement, row: number, col: number}} panel */
  #describe({ grid, spot, row, col }) {
    // What is covered is not told either: whoever listens may guess first, too.
    const value = this.editor.seen({ tensor: grid.tensor, index: grid.index(row, col) });
    const said = value === null ? this.t("tables.open") : plain(value);
    spot.textContent = this.t("say.cell", { row: row + 1, column: col + 1, value: said });
    spot.setAttribute("aria-rowindex", String(row + 1));
    spot.setAttribute("aria-colindex", String(col + 1));
  }
}

/** @param {Panel} panel @returns {Cell} */
function cellOf({ grid, row, col }) {
  return { tensor: grid.tensor, index: grid.index(row, col) };
}

/** @param {Panel} panel @returns {Rect} */
function rectOf({ grid, row, col }) {
  return { x: grid.x + col * grid.cell.w, y: grid.y + row * grid.cell.h, w: grid.cell.w, h: grid.cell.h };
}

/** Moves a panel to another cell; says whether there was one. */
/** @param {Panel} panel @param {import("./cellfield.js").Way} way */
function move(panel, { down, right, round }) {
  const { rows, cols } = panel.grid;
  let [row, col] = [panel.row + down, panel.col + right];
  if (round && (col < 0 || col >= cols)) [row, col] = [row + right, col < 0 ? cols - 1 : 0];
  if (row < 0 || row >= rows || col < 0 || col >= cols) return false;
  Object.assign(panel, { row, col });
  return true;
}

/** A number as a reader types it, with all its digits. */
/** @param {number | null} value */
function written(value) {
  return value === null ? "" : String(value);
}

/** What was typed, in quotation marks and short enough for a sentence. */
/** @param {string} text */
function quoted(text) {
  return `«${text.length > 24 ? `${text.slice(0, 24)}…` : text}»`;
}
