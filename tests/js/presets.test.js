import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { lengthOf, stepsAt } from "../../static/js/model/clock.js";
import { equationOf } from "../../static/js/model/equation.js";
import { plain } from "../../static/js/model/strings.js";
import { valueAt } from "../../static/js/model/trace.js";
import { cellRect, indexOf } from "../../static/js/marks/geometry.js";
import { numbered } from "../../static/js/marks/cells.js";
import { base, describe, lettering, layout, narrate, overlay } from "../../static/js/scenes/index.js";
import { spills } from "../../static/js/scenes/room.js";
import { targets } from "../../static/js/scenes/targets.js";
import { bestFit, worthOf } from "../../static/js/scenes/fit.js";
import { t, THEME } from "./fixtures.js";

/** The traces of all presets, as the engine makes them; written by test_js.py. */
/** @type {{slug: string, id: string, trace: any}[]} */
const FIGURES = JSON.parse(readFileSync(/** @type {string} */ (process.env.CONVOSCOPE_TRACES), "utf8"));
const BOXES = [{ width: 1100, height: 560 }, { width: 340, height: 460 }];
/** So many steps of each figure are drawn, spread over its length. */
const SOME = 24;

/** @param {any} trace @param {{width: number, height: number}} box @param {number} step @param {string} [stage] */
function drawn(trace, box, step, stage = "") {
  const { plans, width, height } = layout(trace, box, THEME, t, { stage, step });
  const still = base(plans, trace, THEME);
  const moving = overlay(plans, trace, { step, focus: null, theme: THEME });
  return { plans, width, height, still, moving };
}

/**
 * The words of a figure and where they stand.
 * @param {{still: {images: any[]}, moving: {images: any[], shapes: any[]}}} figure
 */
function wordsOf({ still, moving }) {
  const images = [...still.images, ...moving.images].flatMap(({ x, y, source }) =>
    [...decodeURIComponent(source).matchAll(/<text x="([-\d.]+)" y="([-\d.]+)">([^<]*)/g)].map((found) => ({
      x: x + Number(found[1]),
      y: y + Number(found[2]),
      text: found[3],
    }))
  );
  const labels = moving.shapes.filter((shape) => shape.label?.text).map((shape) => ({
    x: (shape.x0 + shape.x1) / 2,
    y: (shape.y0 + shape.y1) / 2,
    text: shape.label.text.replace(/<\/?b>/g, ""),
  }));
  return [...images, ...labels];
}

/** @param {{x: number, y: number}} point @param {{x: number, y: number, w: number, h: number}} rect */
function inside({ x, y }, rect) {
  return x >= rect.x && x <= rect.x + rect.w && y >= rect.y - 1 && y <= rect.y + rect.h + 1;
}

test("there is a figure for every kind", () => {
  assert.ok(new Set(FIGURES.map(({ slug }) => slug)).size >= 17);
});

for (const { slug, id, trace } of FIGURES) {
  const total = lengthOf(trace);
  const steps = [...new Set(Array.from({ length: SOME + 1 }, (_, n) => Math.round((n * total) / SOME)))];

  test(`${slug} ${id}: every step is drawn and told, and stays inside the figure`, () => {
    for (const box of BOXES) {
      for (const step of steps) {
        const { plans, width, height, still, moving } = drawn(trace, box, step);
        const shapes = [...still.backs, ...still.shapes, ...moving.under, ...moving.shapes];
        assert.doesNotMatch(JSON.stringify([shapes, still.images, moving.images]), /NaN|undefined|Infinity/);
        assert.doesNotMatch(narrate(trace, step, t), step > 0 ? /NaN|undefined|say\.empty/ : /NaN|undefined/);
        const grids = targets(plans, trace);
        // In blocks most cells are hidden, and C is no tensor: neither can be pointed at.
        const least = ["blocks", "matrix"].includes(trace.params.view) ? 0 : slug === "pooling" ? 2 : 1;
        assert.ok(grids.length >= least, `${grids.length} grids at step ${step}`);
        for (const { name, x, y, w, h } of grids) {
          assert.ok(x >= -1 && y >= -1 && x + w <= width + 1 && y + h <= height + 1, `${name} at step ${step}`);
        }
      }
    }
  });

  test(`${slug} ${id}: what a step writes out adds up to its value`, () => {
    for (const step of steps.filter((n) => n > 0)) {
      for (const taken of stepsAt(trace, step)) {
        const { kind, lines, bias, value, divisor } = equationOf(trace, taken, lettering(trace, taken.stage));
        const terms = lines.flatMap((line) => line.boxes.flat());
        const sum = terms.reduce((all, term) => all + (term.product ?? 0), bias ?? 0);
        const found = kind === "max"
          ? Math.max(...terms.flatMap((term) => term.left ?? []))
          : kind === "relu"
          ? Math.max(0, Number(terms[0].left))
          : kind === "stamp"
          ? terms[0].left
          : sum / (kind === "mean" ? divisor : 1);
        assert.ok(Math.abs(Number(found) - Number(value)) <= 1e-9 * (1 + Math.abs(Number(value))), `step ${step}`);
      }
    }
  });

  test(`${slug} ${id}: the last frame shows the output and covers nothing of it`, () => {
    const last = trace.stages[trace.stages.length - 1];
    const figure = drawn(trace, BOXES[0], total, last.id);
    const words = wordsOf(figure);
    const shown = figure.plans.filter(({ scene }) => scene !== "lab").flatMap(({ grids }) => grids).filter((grid) =>
      trace.tensors[grid.tensor]?.role === "output" && grid.look !== "bare" && numbered(grid, THEME)
    );
    for (const grid of shown) {
      for (let row = 0; row < grid.rows; row += 1) {
        for (let col = 0; col < grid.cols; col += 1) {
          const value = plain(valueAt(trace.tensors[grid.tensor], indexOf(grid, row, col)));
          const there = words.filter((word) => inside(word, cellRect(grid, row, col))).map(({ text }) => text);
          assert.ok(there.includes(value), `${grid.tensor} ${row},${col}: ${value} is not among ${there}`);
        }
      }
    }
    const white = figure.moving.shapes.filter((shape) => shape.fillcolor === THEME.surface && shape.layer === "above");
    assert.equal(white.length, 0);
  });

  test(`${slug} ${id}: a cell of the output is described, and marked in the figure`, () => {
    for (const { tensor, index } of targets(drawn(trace, BOXES[0], 1).plans, trace)) {
      const focus = { tensor, index: index(0, 0) };
      const { plans } = drawn(trace, BOXES[0], 1);
      const { shapes, under } = overlay(plans, trace, { step: 1, focus, theme: THEME });
      assert.doesNotMatch(JSON.stringify([shapes, under]), /NaN|undefined/);
      assert.doesNotMatch(describe(trace, focus, t), /NaN|undefined|say\.empty/);
    }
  });
}

test("two pictures of one stage stand side by side in a frame where that makes them larger, and nothing is cut", () => {
  const room = { width: 900, height: 320 };
  let beside = 0;
  for (const { slug, id, trace } of FIGURES) {
    const moment = { stage: "", step: 1, focus: null };
    const fit = bestFit(trace, room, moment, THEME, t);
    if (!fit.beside) continue;
    beside += 1;
    const drawing = layout(trace, fit.box, THEME, t, { ...moment, beside: true });
    assert.ok(!spills(drawing), `${slug} ${id}`);
    const [left, right] = drawing.plans.map(({ words }) => words.map(({ x }) => x));
    assert.ok(Math.max(...left) < Math.min(...right), `${slug} ${id}`);
    const under = layout(trace, fit.box, THEME, t, moment);
    const scale = Math.min(1, room.width / under.width, room.height / under.height);
    assert.ok(fit.worth > worthOf(scale * Math.min(...under.plans.map(({ cell }) => cell)), scale), `${slug} ${id}`);
  }
  assert.ok(beside >= 5);
});
