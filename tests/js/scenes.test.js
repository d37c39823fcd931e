import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf } from "../../static/js/model/clock.js";
import { base, describe, layout, narrate, overlay } from "../../static/js/scenes/index.js";
import { spans } from "../../static/js/scenes/correlate.js";
import { targets } from "../../static/js/scenes/targets.js";
import { compared, direct, grouped, ones, stamped, t, THEME, twoStages, wrapped } from "./fixtures.js";

const BOX = { width: 800, height: 460 };

/** @param {any} trace @param {number} step @param {any} [focus] */
function figure(trace, step, focus = null) {
  const { plans, width, height } = layout(trace, BOX, THEME, t);
  const still = base(plans, trace, THEME);
  const moving = overlay(plans, trace, { step, focus, theme: THEME });
  return {
    plans,
    width,
    height,
    still,
    moving,
    shapes: [...still.backs, ...still.shapes, ...moving.under, ...moving.shapes],
  };
}

const ALL = {
  direct,
  wrapped,
  grouped,
  compared,
  twoStages,
  "stamped by input": () => stamped("input"),
  "stamped by output": () => stamped("output"),
};

for (const [name, make] of Object.entries(ALL)) {
  test(`${name}: the same trace and step give the same figure`, () => {
    assert.deepEqual(figure(make(), 2), figure(make(), 2));
  });

  test(`${name}: every grid stays inside the figure, and none overlaps another`, () => {
    const { plans, width, height } = figure(make(), 0);
    const boxes = targets(plans, make());
    for (const box of boxes) {
      assert.ok(
        box.x >= 0 && box.y >= 0 && box.x + box.w <= width && box.y + box.h <= height,
        `${name} ${box.name}`,
      );
    }
    for (const [n, a] of boxes.entries()) {
      for (const b of boxes.slice(n + 1)) {
        assert.ok(
          a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y,
          `${a.name}, ${b.name}`,
        );
      }
    }
  });

  test(`${name}: every step is drawn and told`, () => {
    const trace = make();
    for (let step = 1; step <= lengthOf(trace); step += 1) {
      assert.ok(figure(trace, step).shapes.every((shape) => !/NaN|undefined/.test(JSON.stringify(shape))));
      assert.doesNotMatch(narrate(trace, step, t), /NaN|undefined|say\.empty/);
    }
  });
}

test("shapes do not grow with the grid", () => {
  assert.equal(figure(ones(6), 3).shapes.length, figure(ones(7), 3).shapes.length);
  assert.ok(figure(ones(40), 700).shapes.length <= figure(ones(7), 3).shapes.length);
});

test("the empty state covers the output and highlights nothing", () => {
  const { moving } = figure(direct(), 0);
  assert.ok(moving.shapes.some((shape) => shape.fillcolor === THEME.surface));
  assert.ok(!moving.shapes.some((shape) => shape.fillcolor === THEME.highlight.fill));
});

test("the last step covers nothing and highlights one cell", () => {
  const { moving } = figure(direct(), 4);
  assert.ok(!moving.shapes.some((shape) => shape.fillcolor === THEME.surface));
  assert.equal(moving.shapes.filter((shape) => shape.fillcolor === THEME.highlight.fill).length, 1);
});

test("the highlighted cell says the value of the step", () => {
  const { moving } = figure(direct(), 3);
  assert.ok(moving.shapes.some((shape) => shape.label?.text === "<b>20</b>"));
});

test("a focused cell takes the window's place", () => {
  const plain = figure(direct(), 3).moving;
  const focused = figure(direct(), 3, { tensor: "kernel", index: [0, 0, 0, 0] }).moving;
  assert.ok(plain.images.length > 0);
  assert.equal(focused.images.length, 0);
  assert.notDeepEqual(focused.shapes, plain.shapes);
});

test("a focused cell is described by what it meets", () => {
  assert.match(
    describe(direct(), { tensor: "input", index: [0, 1, 1] }, t),
    /focus\.input.*"n":4,"value":"5"/,
  );
  assert.match(describe(direct(), { tensor: "output", index: [0, 0, 0] }, t), /focus\.output.*"n":4/);
});

test("cells get smaller where there is less room, and the figure never exceeds its box", () => {
  for (const width of [300, 500, 800]) {
    const plan = layout(direct(), { width, height: 400 }, THEME, t);
    assert.ok(plan.plans[0].width <= width);
  }
});

test("an unknown operation is an error that names it", () => {
  const [stage] = direct().stages;
  const trace = { ...direct(), stages: [{ ...stage, operation: "fold" }] };
  assert.throws(() => layout(trace, BOX, THEME, t), /unknown scene: fold/);
});

test("a window one cell high stands on a row, a higher one on rows", () => {
  const [first, second] = spans([[1, 3], [1, 4]], t).split(", say.");
  assert.match(first, /say\.row\b.*"n":2/);
  assert.match(second, /columns/);
});
