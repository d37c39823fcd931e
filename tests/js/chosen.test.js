import assert from "node:assert/strict";
import { test } from "node:test";
import { hull, ringRect } from "../../static/js/marks/geometry.js";
import { closing } from "../../static/js/scenes/chosen.js";
import { base, draws, layout, overlay } from "../../static/js/scenes/index.js";
import { targets } from "../../static/js/scenes/targets.js";
import { direct, grouped, stamped, t, THEME, twoStages } from "./fixtures.js";

const BOX = { width: 760, height: 400 };
const wanted = (/** @type {string[]} */ ...panels) => ({ stage: "", step: 1, panels });

test("only the tensors that were named are drawn, and none twice", () => {
  for (const names of [["input"], ["kernel"], ["output"], ["input", "output"], ["input", "kernel", "output"]]) {
    const { plans } = layout(direct(), BOX, THEME, t, wanted(...names));
    assert.deepEqual(targets(plans, direct()).map(({ tensor }) => tensor), names);
  }
});

test("what is left stands closer together, in the middle, and as large as it fits", () => {
  const all = layout(direct(), BOX, THEME, t).plans[0];
  const { plans: [some] } = layout(direct(), BOX, THEME, t, wanted("input", "output"));
  assert.ok(some.cell >= all.cell);
  const [input, output] = some.grids.map(ringRect);
  assert.ok(output.x - input.x - input.w < all.grids[2].x - all.grids[0].x - ringRect(all.grids[0]).w);
  const box = hull([input, output]);
  assert.ok(Math.abs(box.x - (BOX.width - box.x - box.w)) <= 60);
  assert.ok(box.x >= 0 && box.x + box.w <= BOX.width && box.y >= 0 && box.y + box.h <= BOX.height);
});

test("each grid keeps its own name and no other", () => {
  const { plans: [plan] } = layout(direct(), BOX, THEME, t, wanted("output"));
  assert.deepEqual(plan.words.map(({ text }) => text), [t("tensor.output")]);
});

test("every step can be drawn of what is left, without what is not there", () => {
  for (const trace of [direct(), twoStages(), grouped(), stamped()]) {
    for (const names of [["input"], ["kernel"], ["output"], ["input", "output"]]) {
      const { plans } = layout(trace, BOX, THEME, t, wanted(...names));
      base(plans, trace, THEME);
      for (let step = 0; step <= trace.facts.steps; step += 1) {
        const { under, shapes, images } = overlay(plans, trace, { step, focus: null, theme: THEME });
        assert.doesNotMatch(JSON.stringify([under, shapes, images]), /NaN|Infinity|null,null/);
      }
    }
  }
});

test("a picture that shows all tensors in depth has none to be drawn alone", () => {
  assert.equal(draws(direct(), ["input"], THEME, t), true);
  const deep = { ...grouped(), params: { ...grouped().params, view: "blocks" } };
  assert.equal(draws(deep, ["input"], THEME, t), false);
});

test("stretches farther apart than the gap are drawn together, the others stay", () => {
  const shift = closing([{ from: 4, to: 20 }, { from: 100, to: 120 }, { from: 130, to: 150 }], 30);
  assert.deepEqual([4, 100, 130].map(shift), [-0, -50, -50]);
});
