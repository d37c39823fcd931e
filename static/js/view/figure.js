/** The figure: the only place that calls Plotly, or the painter before it. Drawn whole when the trace changes, one relayout a step. */

/** @import {Trace, Cell} from "../model/types.js" */
/** @import {Plan} from "../scenes/layout.js" */
/** @import {Base} from "../scenes/paint.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */

import { stageAt } from "../model/clock.js";
import { base, laidOut, marksOf, overlay } from "../scenes/index.js";

const CONFIG = { staticPlot: true, displayModeBar: false, responsive: false };

/** Text longer than this waits until a slider rests: it is what makes a redraw dear. */
const LIGHT = 40_000;

/** The width that a figure may fill without scrolling. */
/** @param {HTMLElement} canvas */
export function roomFor({ parentElement }) {
  const frame = /** @type {HTMLElement} */ (parentElement);
  const { paddingLeft, paddingRight } = getComputedStyle(frame);
  return Math.floor(frame.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight));
}

/**
 * `panels` are the tensors that are drawn alone; without them, all are. `beside` as in `Wanted`.
 * @typedef {{step: number, focus: Cell | null, stage: string, turn?: number, asking?: boolean, panels?: string[],
 *   beside?: boolean}} Moment
 */

export class Figure {
  /** @type {Plan[]} */
  plans = [];
  /** @type {Trace | null} */
  #trace = null;
  /** @type {Base} */
  #base = { backs: [], shapes: [], images: [] };
  /** @type {Theme} */
  #theme;
  #drawn = false;
  #box = { width: 0, height: 0 };
  /** The only stage on show, and whether it is the one at work. */
  /** @type {string | null} */
  alone = null;
  #following = false;
  #light = false;
  /** What was painted before Plotly came, until all that Plotly draws can be seen. */
  /** @type {Element | null} */
  #veil = null;
  /** What was drawn last. */
  size = { width: 0, height: 0 };

  /**
   * @param {HTMLElement} canvas
   * @param {any} Plotly  or the painter
   * @param {Theme} theme
   * @param {Translate} t
   */
  constructor(canvas, Plotly, theme, t) {
    this.canvas = canvas;
    this.Plotly = Plotly;
    this.t = t;
    this.#theme = theme;
  }

  /** @param {Theme} theme */
  set theme(theme) {
    this.#theme = theme;
  }

  /**
   * Draws a trace anew.
   * @param {Trace} trace
   * @param {{width: number, height: number}} box
   * @param {Moment} moment
   * @param {boolean} [moving]  a slider moves: numbers that are dear may wait for `finish`
   */
  draw(trace, box, moment, moving = false) {
    const { plans, width, height, alone, following } = laidOut(trace, box, this.#theme, this.t, moment);
    this.plans = plans;
    this.size = { width, height };
    this.#scroll(width > box.width ? width : 0, width / Math.max(box.width, 1));
    this.alone = alone;
    this.#following = following;
    this.#box = box;
    this.#trace = trace;
    this.#base = base(plans, trace, this.#theme);
    this.#light = moving && this.#base.images.some((image) => image.source.length > LIGHT);
    this.canvas.style.height = `${height}px`;
    this.#unveil();
    this.#put(moment);
  }

  /**
   * Plotly draws from now on what the painter drew so far: the same marks, so that nobody sees it.
   * @param {any} Plotly
   * @param {Moment} moment
   */
  takeOver(Plotly, moment) {
    this.Plotly = Plotly;
    if (!this.#drawn) return;
    const painted = /** @type {SVGElement} */ (this.canvas.lastElementChild);
    Object.assign(painted.style, { position: "absolute", inset: "0 auto auto 0" });
    this.#put(moment);
    this.#veil = painted;
    // A browser shows the numbers, which are images, only when it has read them.
    const images = /** @type {HTMLImageElement[]} */ ([...this.canvas.querySelectorAll(".main-svg image")]);
    void Promise.allSettled(images.map((image) => image.decode?.())).then(() => this.#unveil());
  }

  #unveil() {
    this.#veil?.remove();
    this.#veil = null;
  }

  /** Draws what is laid out. */
  /** @param {Moment} moment */
  #put(moment) {
    const { Plotly, size: { width, height } } = this;
    Plotly.react(this.canvas, [], {
      width,
      height,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      xaxis: { range: [0, width], visible: false, fixedrange: true },
      yaxis: { range: [height, 0], visible: false, fixedrange: true },
      showlegend: false,
      hovermode: false,
      dragmode: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: this.#theme.font },
      ...this.#marks(moment),
    }, CONFIG);
    this.#drawn = true;
  }

  /** Makes the figure's frame one that scrolls sideways, by keyboard too, or no such thing. */
  /**
   * @param {number} width  of the figure; 0 where it fits
   * @param {number} times  its room
   */
  #scroll(width, times) {
    const frame = /** @type {HTMLElement} */ (this.canvas.parentElement);
    this.canvas.style.width = width ? `${width}px` : "";
    // Paper does not scroll: print.css makes the figure smaller.
    this.canvas.style.setProperty("--times", String(Math.max(1, times)));
    frame.classList.toggle("scrolls", width > 0);
    const marks = { tabindex: "0", role: "region", "aria-label": this.t("page.figureScrolls") };
    for (const [name, value] of Object.entries(marks)) {
      if (width) frame.setAttribute(name, value);
      else frame.removeAttribute(name);
    }
  }

  /**
   * Shows another step; says whether other grids are on show now, because it fell into another stage.
   * @param {Moment} moment
   */
  show(moment) {
    const { Plotly } = this;
    if (!this.#drawn || !this.#trace) return false;
    if (this.#following && this.alone !== stageAt(this.#trace, moment.step).id) {
      this.draw(this.#trace, this.#box, moment);
      return true;
    }
    this.#unveil();
    Plotly.relayout(this.canvas, this.#marks(moment));
    return false;
  }

  /** Adds the numbers that waited. */
  /** @param {Moment} moment */
  finish(moment) {
    if (!this.#light) return;
    this.#light = false;
    this.show(moment);
  }

  /** @param {Moment} moment */
  #marks(moment) {
    const moving = overlay(this.plans, /** @type {Trace} */ (this.#trace), { ...moment, theme: this.#theme });
    const still = this.#light
      ? this.#base.images.filter((image) => image.source.length <= LIGHT)
      : this.#base.images;
    return marksOf({ ...this.#base, images: still }, moving);
  }
}
