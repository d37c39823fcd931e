/** The layer over the figure that takes pointer and keyboard: one tab stop a grid, arrows move between its cells. */

/** @import {Trace, Cell} from "../model/types.js" */
/** @import {Plan} from "../scenes/layout.js" */
/** @import {Target} from "../scenes/targets.js" */
/** @import {Translate} from "../model/strings.js" */

import { plain, times } from "../model/strings.js";
import { valueAt } from "../model/trace.js";
import { targets } from "../scenes/targets.js";
import { el } from "./dom.js";

/** With more grids than this, kernels are left to the pointer: so many tab stops would lock the keyboard in. */
const MOST_STOPS = 24;

/**
 * @typedef {{cell: Cell | null, pinned: boolean}} Focus
 */

export class Panels {
  /** @type {Focus} */
  #focus = { cell: null, pinned: false };
  /** @type {{grid: Target, node: HTMLElement, spot: HTMLElement, row: number, col: number}[]} */
  #panels = [];
  /** @type {Trace | null} */
  #trace = null;

  /**
   * @param {HTMLElement} host
   * @param {Translate} t
   * @param {(cell: Cell | null, how: "pointer" | "keyboard") => void} changed
   */
  constructor(host, t, changed) {
    this.host = host;
    this.t = t;
    this.changed = changed;
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
      const stop = grids.length <= MOST_STOPS || trace.tensors[grid.tensor].role !== "kernel";
      panel.node.tabIndex = stop ? 0 : -1;
      panel.node.setAttribute("aria-rowcount", String(grid.rows));
      panel.node.setAttribute("aria-colcount", String(grid.cols));
      this.#describe(panel);
    });
    if (this.#focus.cell) this.release();
  }

  /** Lets go of a pinned or focused cell. */
  release() {
    if (!this.#focus.cell) return false;
    this.#focus = { cell: null, pinned: false };
    this.#tell("keyboard");
    return true;
  }

  /** @param {number} n */
  #make(n) {
    const spot = el("span", { role: "gridcell", id: `cell-${n}`, class: "panel-spot" });
    const node = el("div", {
      class: "panel-grid",
      role: "grid",
      tabindex: "0",
      "aria-activedescendant": `cell-${n}`,
      "data-panel": String(n),
      on: {
        pointermove: (/** @type {PointerEvent} */ event) => this.#point(n, event),
        pointerleave: () => this.#leave(),
        click: (/** @type {PointerEvent} */ event) => this.#click(n, event),
        keydown: (/** @type {KeyboardEvent} */ event) => this.#key(n, event),
        focus: (/** @type {FocusEvent} */ event) => {
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
    Object.assign(this.#panels[n], this.#under(n, event));
    const same = held && this.#isOn(n);
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
    } else return;
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

  /** @param {{grid: Target, spot: HTMLElement, row: number, col: number}} panel */
  #describe({ grid, spot, row, col }) {
    const tensor = this.#trace?.tensors[grid.tensor];
    const value = tensor ? valueAt(tensor, grid.index(row, col)) : null;
    spot.textContent = this.t("say.cell", { row: row + 1, column: col + 1, value: plain(value) });
    spot.setAttribute("aria-rowindex", String(row + 1));
    spot.setAttribute("aria-colindex", String(col + 1));
  }
}
