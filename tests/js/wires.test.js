import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, seenBy } from "../../static/js/model/wires.js";
import { grouped } from "./fixtures.js";

/** @param {...number[][]} tables  a table of channels a stage */
function chain(...tables) {
  const trace = grouped();
  const names = ["input", ...tables.map((_, n) => `t${n}`)];
  const [stage] = trace.stages;
  const stages = tables.map((channels, n) => ({
    ...stage,
    id: `s${n}`,
    channels,
    input: names[n],
    output: names[n + 1],
  }));
  const sizes = [2, ...tables.map((table) => table.length)];
  const tensors = Object.fromEntries(names.map((name, n) => [name, { ...trace.tensors.input, shape: [sizes[n], 1, 1] }]));
  return /** @type {any} */ ({ ...trace, stages, tensors });
}

test("in one grouped stage an output sees the channels of its group", () => {
  assert.deepEqual(seenBy(columnsOf(grouped())), [[0], [1]]);
});

test("through two stages an output sees what its parents see", () => {
  assert.deepEqual(seenBy(columnsOf(chain([[0], [1]], [[0], [1]]))), [[0], [1]]);
  assert.deepEqual(seenBy(columnsOf(chain([[0], [1]], [[1], [0]], [[0, 1]]))), [[0, 1]]);
});

test("columns tell their wires", () => {
  const columns = columnsOf(chain([[0], [0], [1]]));
  assert.deepEqual(columns.map(({ count }) => count), [2, 3]);
  assert.deepEqual(columns[1].from, [[0], [0], [1]]);
});
