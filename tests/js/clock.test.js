import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf, liveStep, progress, rowStep, stageAt, stepAt } from "../../static/js/model/clock.js";
import { compared, direct, twoStages } from "./fixtures.js";

test("the empty state has no step", () => {
  assert.equal(stepAt(direct(), 0), null);
});

test("a step is found by its number, counted from one", () => {
  const step = stepAt(direct(), 3);
  assert.deepEqual(step?.position, [0, 1, 0]);
  assert.deepEqual(step?.products, [4, 0, 0, 16]);
  assert.equal(step?.value, 20);
  assert.equal(stepAt(direct(), 5), null);
});

test("a row is stepped over at once, and back to its start first", () => {
  const trace = direct();
  assert.equal(rowStep(trace, 1, 1), 3);
  assert.equal(rowStep(trace, 4, -1), 3);
  assert.equal(rowStep(trace, 3, -1), 1);
  assert.equal(rowStep(trace, 4, 1), 4);
});

test("stages run one after the other", () => {
  const trace = twoStages();
  const [first, second] = trace.stages;
  assert.equal(lengthOf(trace), 8);
  assert.equal(stageAt(trace, 4), first);
  assert.equal(stageAt(trace, 5), second);
  assert.deepEqual(liveStep(trace, second, 5)?.position, [0, 0, 0]);
  assert.equal(liveStep(trace, first, 5), null);
  assert.deepEqual([0, 4, 5].map((n) => progress(trace, first, n)), ["before", "live", "past"]);
  assert.deepEqual([0, 4, 8].map((n) => progress(trace, second, n)), ["before", "before", "live"]);
});

test("compared stages advance together", () => {
  const trace = compared();
  assert.equal(lengthOf(trace), 4);
  assert.deepEqual(trace.stages.map((stage) => liveStep(trace, stage, 3)?.value), [20, 20]);
  assert.deepEqual(trace.stages.map((stage) => progress(trace, stage, 1)), ["live", "live"]);
  assert.equal(stepAt(trace, 4)?.stage.id, trace.stages[0].id);
});
