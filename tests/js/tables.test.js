import assert from "node:assert/strict";
import { test } from "node:test";
import { cellKey, metAt, sizeOf, slicesOf, valuesAt } from "../../static/js/model/tables.js";
import { chained, direct } from "./fixtures.js";

/** @param {string[]} axes @param {number[]} shape */
function tensor(axes, shape) {
  return { role: "kernel", axes, shape, values: null };
}

test("a kernel has one table a filter and channel, counted only where there are several", () => {
  const slices = slicesOf(tensor(["filter", "channel", "row", "column"], [2, 1, 3, 3]));
  assert.deepEqual(slices.map(({ lead }) => lead), [[{ axis: "filter", at: 0 }], [{ axis: "filter", at: 1 }]]);
  assert.deepEqual(slices[1].rows, { axis: "row", size: 3 });
  assert.deepEqual(slices[1].index(2, 0), [1, 0, 2, 0]);
});

test("a kernel one cell wide has filters as rows and channels as columns", () => {
  const [only, ...others] = slicesOf(tensor(["filter", "channel", "row", "column"], [128, 3, 1, 1]));
  assert.equal(others.length, 0);
  assert.deepEqual([only.rows, only.cols], [{ axis: "filter", size: 128 }, { axis: "channel", size: 3 }]);
  assert.deepEqual(only.index(127, 2), [127, 2, 0, 0]);
});

test("a signal is one row, a volume one table a slice", () => {
  const [signal] = slicesOf(tensor(["channel", "column"], [1, 12]));
  assert.deepEqual([signal.rows.size, signal.cols.size, signal.index(0, 11)], [1, 12, [0, 11]]);
  assert.equal(slicesOf(tensor(["channel", "slice", "row", "column"], [1, 4, 5, 6])).length, 4);
  assert.equal(sizeOf(tensor(["channel", "slice", "row", "column"], [1, 4, 5, 6])), 120);
});

test("an output cell holds nothing before its step has come", () => {
  const seen = valuesAt(direct(), "output", 3);
  assert.deepEqual([[0, 0, 0], [0, 1, 0], [0, 1, 1]].map(seen), [11, 20, null]);
  assert.equal(valuesAt(direct(), "input", 0)([0, 2, 2]), 9);
  const pipeline = chained();
  assert.deepEqual([[0, 0], [0, 2]].map(valuesAt(pipeline, "between", 2)), [3, null]);
  assert.equal(valuesAt(pipeline, "between", 4)([0, 2]), 7);
});

test("a step meets its window, its weights and the cell that it computes", () => {
  const trace = direct();
  const met = metAt(trace, 2);
  assert.equal(met.get(cellKey("output", [0, 0, 1])), "now");
  assert.equal(met.get(cellKey("input", [0, 1, 2])), "window");
  assert.equal(met.get(cellKey("input", [0, 0, 0])), undefined);
  assert.equal([...met.keys()].filter((key) => key.startsWith("kernel")).length, 4);
  assert.equal(metAt(trace, 0).size, 0);
});
