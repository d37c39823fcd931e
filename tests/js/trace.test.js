import assert from "node:assert/strict";
import { test } from "node:test";
import { stepAt } from "../../static/js/model/clock.js";
import {
  borders,
  readers,
  runningSums,
  stampOf,
  tapsOf,
  touched,
  valueAt,
} from "../../static/js/model/trace.js";
import { chained, direct, grouped, stamped, wrapped } from "./fixtures.js";

test("taps come in the order of the products and name both factors", () => {
  const trace = direct();
  const [stage] = trace.stages;
  const taps = tapsOf(stage, [0, 1, 0]);
  assert.deepEqual(taps.map((tap) => tap.input), [[0, 1, 0], [0, 1, 1], [0, 2, 0], [0, 2, 1]]);
  assert.deepEqual(taps.map((tap) => tap.kernel), [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 0, 1, 1]]);
  const product = (/** @type {any} */ tap) =>
    Number(valueAt(trace.tensors.input, tap.input)) * Number(valueAt(trace.tensors.kernel, tap.kernel));
  assert.deepEqual(taps.map(product), stepAt(trace, 3)?.products);
});

test("a tap on padding stands outside and reads what the table says", () => {
  const [stage] = wrapped().stages;
  const [first] = tapsOf(stage, [0, 0]);
  assert.deepEqual(first.at, [-1]);
  assert.deepEqual(first.input, [0, 1]);
  assert.deepEqual([...borders(stage.axes[0], 2)], [[-1, 1], [2, 0]]);
});

test("an output cell touches the inputs and weights that it is made from", () => {
  assert.deepEqual(touched(direct(), { tensor: "output", index: [0, 1, 0] }), [
    { tensor: "input", axes: [[0], [1, 2], [0, 1]] },
    { tensor: "kernel", axes: [[0], [0], [0, 1], [0, 1]] },
  ]);
});

test("an input cell touches the outputs that read it", () => {
  assert.deepEqual(touched(direct(), { tensor: "input", index: [0, 1, 0] }), [
    { tensor: "kernel", axes: [[0], [0], [0, 1], [0]] },
    { tensor: "output", axes: [[0], [0, 1], [0]] },
  ]);
});

test("a weight touches every place in which it stands", () => {
  assert.deepEqual(touched(direct(), { tensor: "kernel", index: [0, 0, 1, 0] }), [
    { tensor: "input", axes: [[0], [1, 2], [0, 1]] },
    { tensor: "output", axes: [[0], [0, 1], [0, 1]] },
  ]);
});

test("no cell touches another group", () => {
  const found = touched(grouped(), { tensor: "input", index: [1, 0, 0] });
  assert.deepEqual(found, [
    { tensor: "kernel", axes: [[1], [0], [0], [0]] },
    { tensor: "output", axes: [[1], [0], [0]] },
  ]);
});

test("a stamp names the cells it writes", () => {
  const [stage] = stamped().stages;
  assert.deepEqual(stampOf(stage, [0, 1]).map((stamp) => stamp.output), [[0, 1], [0, 2], [0, 3]]);
});

test("sums so far grow stamp by stamp to the output, forwards and backwards", () => {
  const trace = stamped();
  const [stage] = trace.stages;
  assert.deepEqual(Object.fromEntries(runningSums(trace, stage, 1)), { "0,0": 5, "0,1": 10, "0,2": 15 });
  assert.deepEqual(Object.fromEntries(runningSums(trace, stage, 2)), {
    "0,0": 5,
    "0,1": 17,
    "0,2": 29,
    "0,3": 21,
  });
  assert.deepEqual(Object.fromEntries(runningSums(trace, stage, 1)), { "0,0": 5, "0,1": 10, "0,2": 15 });
  assert.equal(runningSums(trace, stage, 0).size, 0);
});

test("by input or by output, the same channels are wired", () => {
  assert.deepEqual(readers(stamped("input").stages[0]), readers(stamped("output").stages[0]));
  assert.deepEqual(
    touched(stamped("input"), { tensor: "output", index: [0, 1] }),
    touched(stamped("output"), { tensor: "output", index: [0, 1] }),
  );
});


test("an output cell is traced back through all stages, and an input on to the last", () => {
  const trace = chained();
  assert.deepEqual(
    touched(trace, { tensor: "output", index: [0, 0] }).filter(({ tensor }) => tensor !== "kernel"),
    [{ tensor: "between", axes: [[0], [0, 1]] }, { tensor: "input", axes: [[0], [0, 1, 2]] }],
  );
  assert.deepEqual(
    touched(trace, { tensor: "input", index: [0, 3] }).filter(({ tensor }) => tensor !== "kernel"),
    [{ tensor: "between", axes: [[0], [2]] }, { tensor: "output", axes: [[0], [1]] }],
  );
});
