import assert from "node:assert/strict";
import { test } from "node:test";
import { calculationOf, subscript } from "../../static/js/model/calculation.js";
import { direct, grouped, stamped } from "./fixtures.js";

/** @param {any} found @returns {any[]} */
function terms({ equation }) {
  return equation.lines.flatMap((/** @type {any} */ { boxes }) => boxes.flat());
}

test("a cell's terms say where their factors stand, and add up to its value", () => {
  const trace = direct();
  const found = calculationOf(trace, { tensor: "output", index: [0, 1, 0] });
  const all = terms(found);
  assert.deepEqual(all.map((term) => term.from), [[0, 1, 0], [0, 1, 1], [0, 2, 0], [0, 2, 1]]);
  assert.deepEqual(all.map((term) => term.weight), [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 0, 1, 1]]);
  const bias = found?.equation.bias ?? 0;
  assert.equal(all.reduce((sum, { product }) => sum + product, bias), trace.tensors.output.values[0][1][0]);
});

test("every output cell of a grouped stage is found, with the channels of its own group", () => {
  const trace = grouped();
  const [stage] = trace.stages;
  stage.steps.position.forEach((index, at) => {
    const found = calculationOf(trace, { tensor: "output", index });
    assert.equal(found?.equation.value, stage.steps.value[at]);
    assert.deepEqual([...new Set(terms(found).map(({ from }) => from[0]))], stage.channels[index[0]]);
  });
});

test("what stamps bring to a cell is what is gathered there", () => {
  const [spread, read] = [stamped("input"), stamped("output")];
  for (const index of read.stages[0].steps.position) {
    const cell = { tensor: "output", index };
    const [a, b] = [calculationOf(spread, cell), calculationOf(read, cell)];
    assert.equal(a?.equation.value, b?.equation.value);
    const pairs = (/** @type {any} */ found) => terms(found).map(({ from, weight }) => `${from} ${weight}`).sort();
    assert.deepEqual(pairs(a), pairs(b));
  }
});

test("a cell of an input has no calculation", () => {
  assert.equal(calculationOf(direct(), { tensor: "input", index: [0, 0, 0] }), null);
});

test("indices count from 1, and leave out the only channel", () => {
  assert.equal(subscript([1, 5, 5], [0, 1, 2], 1), "2\u200a3");
  assert.equal(subscript([3, 5, 5], [1, 1, 2], 1), "2\u200a2\u200a3");
  assert.equal(subscript([1, 20, 20], [0, 10, 2], 1), "11,3");
});
