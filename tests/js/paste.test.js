import assert from "node:assert/strict";
import { test } from "node:test";
import { laid, numberOf, parameterOf, replaced } from "../../static/js/model/edit.js";
import { foreign, parsed } from "../../static/js/model/paste.js";

const SQUARE = [[1, 2], [3, 4]];

/** @param {string} text @param {number} [dims] */
function blockOf(text, dims) {
  const { block, fault } = parsed(text, dims);
  assert.equal(fault, null);
  return block;
}

/** @param {string} text */
function faultOf(text) {
  return parsed(text).fault;
}

test("cells of a spreadsheet, whichever way its lines end", () => {
  assert.deepEqual(blockOf("1\t2\n3\t4"), SQUARE);
  assert.deepEqual(blockOf("1\t2\r\n3\t4\r\n"), SQUARE);
  assert.deepEqual(blockOf("7"), [[7]]);
  assert.deepEqual(blockOf("1\n2\n3\n"), [[1], [2], [3]]);
});

test("an empty cell of a spreadsheet gives no number", () => {
  assert.deepEqual(blockOf("1\t\n\t4\n"), [[1, null], [null, 4]]);
});

test("a decimal comma is read, and one that may mean thousands is not guessed", () => {
  assert.deepEqual(blockOf("1,5\t-2,25"), [[1.5, -2.25]]);
  assert.deepEqual(faultOf("1,234\t2"), { code: "notNumber", text: "1,234" });
});

test("lines with commas, blanks or semicolons between their columns", () => {
  assert.deepEqual(blockOf("1, 2\n3, 4"), SQUARE);
  assert.deepEqual(blockOf("1 2\n3   4\n"), SQUARE);
  assert.deepEqual(blockOf("1;2\n3;4"), SQUARE);
  assert.deepEqual(blockOf("1,2,3"), [[1, 2, 3]]);
});

test("lists of Python, tuples, and what NumPy and PyTorch print", () => {
  for (
    const text of [
      "[[1, 2], [3, 4]]",
      "((1, 2), (3, 4))",
      "[[1, 2],\n [3, 4],]",
      "array([[1, 2],\n       [3, 4]])",
      "np.array([[1., 2.], [3., 4.]], dtype=np.float32)",
      "x = [[1, 2], [3, 4]]",
      "x = tensor([[1., 2.],\n        [3., 4.]], device='cuda:0')",
      "[[1 2]\n [3 4]]",
      "[[1. 2.]\n [3. 4.]]",
      "[1, 2]\n[3, 4]",
    ]
  ) assert.deepEqual(blockOf(text), SQUARE, text);
  assert.deepEqual(blockOf("[1, -2.5e-3, −3]"), [1, -0.0025, -3]);
  assert.deepEqual(blockOf("array([True, False])"), [1, 0]);
  assert.deepEqual(blockOf("[[[1], [2]]]"), [[[1], [2]]]);
});

test("our own grammar, its channels over channels", () => {
  assert.deepEqual(blockOf("1,2;3,4"), [[[[1, 2], [3, 4]]]]);
  assert.deepEqual(blockOf("1,2;\n3,4"), [[[[1, 2], [3, 4]]]]);
  assert.deepEqual(blockOf("1|2||3|4"), [[[[1]], [[2]]], [[[3]], [[4]]]]);
  assert.deepEqual(blockOf("1,2|3,4", 1), [[[1, 2], [3, 4]]]);
  assert.deepEqual(blockOf("1,2/3,4", 3), [[[[[1, 2]], [[3, 4]]]]]);
});

test("on one axis a column is a row", () => {
  assert.deepEqual(blockOf("1\n2\n3", 1), [1, 2, 3]);
  assert.deepEqual(blockOf("1;2;3", 1), [[[1, 2, 3]]]);
  assert.deepEqual(blockOf("[[1], [2]]", 1), [1, 2]);
});

test("what is wrong is said", () => {
  assert.deepEqual(faultOf("1\tx"), { code: "notNumber", text: "x" });
  assert.deepEqual(faultOf("[1, nan]"), { code: "notNumber", text: "nan" });
  assert.deepEqual(faultOf("hello"), { code: "notNumber", text: "hello" });
  assert.equal(faultOf("[[1, 2], [3]]")?.code, "ragged");
  assert.equal(faultOf("[[1, 2], 3]")?.code, "ragged");
  assert.equal(faultOf("1\t2\n3")?.code, "ragged");
  assert.equal(faultOf("[[0 1 ... 8 9]]")?.code, "cut");
  assert.equal(faultOf("[[1, 2], [3")?.code, "cut");
  assert.equal(faultOf(" \n")?.code, "empty");
  assert.equal(faultOf("[[]]")?.code, "empty");
});

test("a field of our grammar takes our grammar and single lines as they are", () => {
  for (const text of ["1,2;3,4", "5", "1,2,3", "gaussian", "1,2;\n3,4", "1|2"]) assert.equal(foreign(text), false, text);
  for (const text of ["1\t2", "1,2\n3,4", "[1, 2]", "array([1])", "1;2\n3;4"]) assert.equal(foreign(text), true, text);
});

test("a number is what the engine reads as one", () => {
  assert.deepEqual(["3", " -2.5 ", "−1", ".5", "1e3", "+4."].map(numberOf), [3, -2.5, -1, 0.5, 1000, 4]);
  assert.deepEqual(["", "1,5", "0x1", "Infinity", "1e999", "two", "1 2"].map(numberOf), Array(7).fill(null));
});

test("a block lies from a cell on, and what is beyond the edge is counted", () => {
  const { changes, clipped } = laid([[1, 2], [3, 4]], [1, 3, 3], [0, 1, 2]);
  assert.deepEqual(changes, [{ index: [0, 1, 2], value: 1 }, { index: [0, 2, 2], value: 3 }]);
  assert.equal(clipped, 2);
});

test("a block's outer axes lie over channels, and single ones over nothing", () => {
  const deep = laid([[[1]], [[2]]], [2, 2, 2], [0, 1, 1]);
  assert.deepEqual(deep.changes, [{ index: [0, 1, 1], value: 1 }, { index: [1, 1, 1], value: 2 }]);
  const surplus = laid([[[[5]], [[6]]], [[[7]], [[8]]]], [2, 2, 2], [0, 0, 0]);
  assert.deepEqual(surplus.changes.map(({ value }) => value), [5, 6]);
  assert.equal(surplus.clipped, 2);
});

test("over 1×1 kernels a table lies by filters and channels", () => {
  const { changes, clipped } = laid([[1, 2], [3, 4]], [2, 2, 1, 1], [0, 0, 0, 0]);
  assert.deepEqual(changes.map(({ index }) => index.join("")), ["0000", "0100", "1000", "1100"]);
  assert.equal(clipped, 0);
});

test("an empty place changes nothing, and is not counted", () => {
  assert.deepEqual(laid([[null, 2]], [1, 1, 2], [0, 0, 0]), { changes: [{ index: [0, 0, 1], value: 2 }], clipped: 0 });
});

test("changed numbers are a copy", () => {
  const values = [[[1, 2], [3, 4]]];
  assert.deepEqual(replaced(values, [{ index: [0, 1, 0], value: 9 }]), [[[1, 2], [9, 4]]]);
  assert.deepEqual(values, [[[1, 2], [3, 4]]]);
});

test("only tensors that have a parameter can be given", () => {
  assert.deepEqual(["input", "kernel", "pointwise", "output", "turned"].map(parameterOf), [
    "input",
    "kernel",
    "pointwise_kernel",
    null,
    null,
  ]);
});
