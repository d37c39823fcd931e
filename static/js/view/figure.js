/** The figure: the only place that calls Plotly. Drawn whole when the trace changes, one relayout a step. */

/** @import {Trace, Cell} from "../model/types.js" */
/** @import {Plan} from "../scenes/layout.js" */
/** @import {Base} from "../scenes/paint.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Translate} from "../model/strings.js" */

import { stageAt } from "../model/clock.js";
import { base, layout, overlay } from "../scenes/index.js";

const CONFIG = { staticPlot: true, displayModeBar: false, responsive: false };

/** Text longer than this waits until a slider rests: it is what makes a redraw dear. */
const LIGHT = 40_000;

/** @typedef {{step: number, focus: Cell | null, stage: string, turn?: number, asking?: boolean}} Moment */

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

  /**
   * @param {HTMLElement} canvas
   * @param {any} Plotly
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
    const { plans, width, height, alone, following } = layout(trace, box, this.#theme, this.t, moment);
    this.plans = plans;
    this.alone = alone;
    this.#following = following;
    this.#box = box;
    this.#trace = trace;
    this.#base = base(plans, trace, this.#theme);
    this.#light = moving && this.#base.images.some((image) => image.source.length > LIGHT);
    this.canvas.style.height = `${height}px`;
    const { Plotly } = this;
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
    return {
      shapes: [...this.#base.backs, ...moving.under, ...this.#base.shapes, ...moving.shapes],
      images: [...still, ...moving.images],
    };
  }
}
