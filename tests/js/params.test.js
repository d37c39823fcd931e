import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, chosen, exampleOf, matching, withValues } from "../../static/js/model/params.js";

const schema = {
  properties: {
    input_size: { default: [5] },
    kernel_size: { default: [3] },
    stride: { default: [1] },
    seed: { default: 0 },
    input: { default: null },
    kernel: { default: null },
    by: { default: "output" },
    view: { default: "stamp" },
  },
};
const trace = /** @type {any} */ ({ params: { input_size: [4, 4], kernel_size: [3, 3] } });
const values = { input: "1,2;3,4", kernel: "1" };
const presets = [
  { id: "a", title: "A", params: values },
  { id: "b", title: "B", params: { stride: "2" } },
];

test("a stride leaves given values alone", () => {
  const { params, switched } = changed({ typed: values, trace, schema, name: "stride", text: "2" });
  assert.deepEqual(params, { ...values, stride: "2" });
  assert.equal(switched, false);
});

test("a size drops given values, keeps the other sizes, and says so", () => {
  const { params, switched } = changed({ typed: values, trace, schema, name: "kernel_size", text: "2" });
  assert.deepEqual(params, { input_size: "4", kernel_size: "2" });
  assert.equal(switched, true);
});

test("a value given by name goes on when a size changes, unless it has one size only", () => {
  const named = { ...schema.properties, kernel: { default: null, "x-control": { fixed: ["sobel-x"] } } };
  const typed = { input: "ramp", kernel: "sobel-x" };
  const change = (/** @type {string} */ name) =>
    changed({ typed, trace, schema: { properties: named }, name, text: "7" });
  assert.deepEqual(change("input_size").params, { ...typed, input_size: "7" });
  assert.deepEqual(change("kernel_size").params, { input: "ramp", input_size: "4", kernel_size: "7" });
});

test("there and back begins with what came out", () => {
  const stages = [{ output: "output" }];
  const made = /** @type {any} */ ({ ...trace, stages, tensors: { output: { shape: [1, 5, 6] } } });
  const { params } = changed({ typed: { view: "matrix" }, trace: made, schema, name: "round_trip", text: "true" });
  assert.deepEqual(params, { input_size: "5x6", round_trip: "true" });
});

test("the zero-stuffed view and stepping by input exclude each other", () => {
  const view = changed({ typed: { by: "input" }, trace, schema, name: "view", text: "zero-stuffed" });
  assert.deepEqual(view.params, { view: "zero-stuffed" });
  const by = changed({ typed: view.params, trace, schema, name: "by", text: "input" });
  assert.deepEqual(by.params, { by: "input" });
});

test("a preset is known by its parameters, in any order", () => {
  assert.equal(matching({ kernel: "1", input: "1,2;3,4" }, presets)?.id, "a");
  assert.equal(matching({ stride: "3" }, presets), null);
});

test("numbers are an example, the reader's own, or random", () => {
  assert.equal(chosen({ ...values, stride: "2" }, presets), "example");
  assert.equal(chosen({ input: "9" }, presets), "mine");
  assert.equal(chosen({ stride: "2" }, presets), "random");
});

test("a reader's own values decide the sizes, and leave the rest alone", () => {
  const typed = { input_size: "4", in_channels: "2", stride: "2" };
  assert.deepEqual(withValues(typed, { input: "1,2;3,4", kernel: " " }), { stride: "2", input: "1,2;3,4" });
});

test("an emptied field gives no values, also not those from before", () => {
  assert.deepEqual(withValues(values, { input: "", kernel: "1" }), { kernel: "1" });
});

test("the example is the preset on show, or the first with values of its own", () => {
  const other = { id: "c", title: "C", params: { input: "5", kernel: "6" } };
  assert.deepEqual(exampleOf({ stride: "2" }, presets), values);
  assert.deepEqual(exampleOf(other.params, [...presets, other]), other.params);
  assert.equal(exampleOf({}, [presets[1]]), null);
});
