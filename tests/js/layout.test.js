import assert from "node:assert/strict";
import { test } from "node:test";
import { hull } from "../../static/js/marks/geometry.js";
import { lettersOf } from "../../static/js/scenes/layout.js";
import { firstFitting, fitted, plansOf } from "../../static/js/scenes/sizing.js";
import { gridsOf, paired } from "../../static/js/scenes/parts.js";
import { direct, grouped, t } from "./fixtures.js";

const CELLS = [56, 40, 23, 14, 8, 5, 3, 2, 1, 0.5];
const THEME = /** @type {any} */ ({ cell: 56, legible: { number: 23, room: 26 } });

test("the largest cells that fit are found, whichever they are, and the last where none do", () => {
  for (const most of [...CELLS, 0.1]) {
    const tried = /** @type {number[]} */ ([]);
    const found = firstFitting(CELLS, (cell) => {
      tried.push(cell);
      return cell <= most;
    });
    assert.equal(found, CELLS.find((cell) => cell <= most) ?? 0.5);
    assert.ok(tried.length <= 5, `${most}: ${tried}`);
  }
});

/** An arrangement of ten cells by ten, and the sizes in which it was laid out. */
function counted() {
  const made = /** @type {number[]} */ ([]);
  const arrange = (/** @type {any} */ { stage }, /** @type {number} */ cell) => {
    made.push(cell);
    return /** @type {any} */ ({ stage, cell, width: 10 * cell, height: 10 * cell });
  };
  return { made, arrange };
}

test("cells of a size are laid out once for all boxes, and again for another figure, theme or language", () => {
  const { made, arrange } = counted();
  const trace = direct();
  const scene = (/** @type {number} */ width) => ({ trace, stage: trace.stages[0], box: { width, height: 900 }, theme: THEME, t });
  assert.equal(fitted(scene(300), [arrange]).cell, 30);
  const first = made.length;
  assert.equal(fitted(scene(300), [arrange]).cell, 30);
  assert.equal(made.length, first);
  assert.equal(fitted(scene(310), [arrange]).cell, 31);
  assert.ok(made.length <= first + 3);
  const again = direct();
  const before = made.length;
  fitted({ ...scene(300), trace: again, stage: again.stages[0] }, [arrange]);
  const other = made.length;
  fitted({ ...scene(300), theme: { ...THEME } }, [arrange]);
  const themed = made.length;
  fitted({ ...scene(300), t: (/** @type {string} */ key) => key }, [arrange]);
  assert.deepEqual([other - before, themed - other, made.length - themed], [first, first, first]);
});

test("where an arrangement depends on the box, what it depends on tells its plans apart", () => {
  const { made, arrange } = counted();
  const trace = direct();
  const scene = { trace, stage: trace.stages[0], box: { width: 300, height: 300 }, theme: THEME, t };
  for (const key of ["narrow", "wide", "narrow"]) assert.equal(plansOf(scene, arrange, key)(3).width, 30);
  assert.deepEqual(made, [3, 3]);
});

test("another arrangement is taken for much larger cells alone", () => {
  const trace = direct();
  const scene = { trace, stage: trace.stages[0], box: { width: 400, height: 900 }, theme: THEME, t };
  const of = (/** @type {number} */ cells) => (/** @type {any} */ _, /** @type {number} */ cell) =>
    /** @type {any} */ ({ cell, cells, width: cells * cell, height: 1 });
  const taken = (/** @type {number} */ one, /** @type {number} */ other) =>
    /** @type {any} */ (fitted(scene, [of(one), of(other)])).cells;
  assert.equal(taken(10, 9), 10);
  assert.equal(taken(10, 8), 8);
  // Numbers that can be read are worth a tenth more.
  assert.equal(taken(18, 17), 17);
  assert.equal(taken(7, 1), 7);
});

test("the box around others is as small as it can be, however many they are", () => {
  const many = Array.from({ length: 300_000 }, (_, n) => ({ x: n % 7, y: -(n % 5), w: 2, h: 3 }));
  assert.deepEqual(hull(many), { x: 0, y: -4, w: 8, h: 7 });
});

test("Chinese characters count as wide as they are high", () => {
  assert.equal(lettersOf("ab"), 2);
  assert.equal(lettersOf("a卷𝐀").toFixed(2), "4.32");
});

test("two pictures stand side by side only where a stage has two", () => {
  assert.equal(paired(direct()), false);
  assert.equal(paired(grouped()), true);
});

test("grids are those of all channels, slices and stages; pictures in depth have none", () => {
  const trace = (/** @type {any} */ { shapes, view = "numbers", padding, dims = 2 }) => {
    const [input, kernel, output] = shapes;
    const stage = {
      id: "one",
      operation: "correlate",
      input: "input",
      kernel: "kernel",
      output: "output",
      padding,
      axes: Array.from({ length: dims }, () => ({})),
    };
    const tensors = Object.fromEntries(Object.entries({ input, kernel, output }).map(([name, shape]) => [name, { shape }]));
    return /** @type {any} */ ({ params: { view }, stages: [stage], tensors, facts: {} });
  };
  const flat = [[2, 7, 7], [4, 2, 3, 3], [4, 5, 5]];
  assert.equal(gridsOf(trace({ shapes: flat })), 2 + 8 + 4);
  assert.equal(gridsOf(trace({ shapes: flat, padding: [[1, 1], [1, 1]] })), 2 + 8 + 4);
  assert.equal(gridsOf(trace({ shapes: flat, view: "blocks" })), 0);
  const deep = [[2, 5, 6, 6], [1, 2, 3, 3, 3], [1, 3, 4, 4]];
  assert.equal(gridsOf(trace({ shapes: deep, dims: 3 })), 2 * 5 + 2 * 3 + 3);
  // Cropping draws no slice less.
  assert.equal(gridsOf(trace({ shapes: deep, dims: 3, padding: [[2, -1], [0, 0], [0, 0]] })), 2 * 7 + 2 * 3 + 3);
});
