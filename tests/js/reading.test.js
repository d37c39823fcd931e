import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, EXAMPLES, marked, placeOf, summary, totalOf } from "../../static/js/model/reading.js";

/** @param {number} line @param {number} column @param {number} end_line @param {number} end_column */
const place = (line, column, end_line, end_column) => ({ line, column, end_line, end_column });

/** The marked pieces alone. */
/** @param {string} code @param {ReturnType<typeof place>[]} places */
function marks(code, places) {
  const pieces = marked(code, places);
  assert.equal(pieces.map(({ text }) => text).join(""), code);
  return pieces.filter(({ mark }) => mark !== null).map(({ text, mark }) => [mark, text]);
}

test("a place is marked, and the text stays whole", () => {
  assert.deepEqual(marks("nn.Conv2d(3, n, 3)", [place(1, 14, 1, 15)]), [[0, "n"]]);
  assert.deepEqual(marks("a\nfoo(1)\nb", [place(2, 1, 2, 7)]), [[0, "foo(1)"]]);
  assert.deepEqual(marked("", []), []);
});

test("lines end as they do in Python", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    assert.deepEqual(marks(`a${end}${end}foo${end}b`, [place(3, 1, 3, 4)]), [[0, "foo"]]);
    assert.deepEqual(marks(`f(${end}1)${end}b`, [place(1, 1, 2, 3)]), [[0, `f(${end}1)`]]);
  }
});

test("columns count characters, also those that take two places in a string", () => {
  assert.deepEqual(marks("😀 = 数 + foo", [place(1, 9, 1, 12)]), [[0, "foo"]]);
});

test("several places keep their numbers, in whatever order they come; one inside another is left to it", () => {
  const code = "f(a, b)";
  assert.deepEqual(marks(code, [place(1, 6, 1, 7), place(1, 3, 1, 4)]), [[1, "a"], [0, "b"]]);
  assert.deepEqual(marks(code, [place(1, 1, 1, 8), place(1, 3, 1, 4)]), [[0, "f(a, b)"]]);
});

test("a place beyond the text marks nothing", () => {
  assert.deepEqual(marks("ab", [place(7, 1, 7, 3)]), []);
  assert.deepEqual(marks("ab", [place(1, 2, 1, 30)]), [[0, "b"]]);
});

test("an error of syntax has a place, another has none", () => {
  const error = { code: "code_not_python", field: "code", message: "", hint: "" };
  assert.deepEqual(placeOf({ ...error, values: { line: 2, column: 5, text: "，8)" } }), place(2, 5, 2, 8));
  assert.deepEqual(placeOf({ ...error, values: { line: 2, column: 5, text: "" } }), place(2, 5, 2, 6));
  assert.equal(placeOf({ ...error, values: { length: 3 } }), null);
});

test("an address keeps language and theme, and what a query needs encoded", () => {
  const figure = { slug: "layer", params: { stride: "2", padding: "0:1" }, reduced: false, changes: [] };
  assert.equal(addressOf(figure, { theme: null, lang: "" }), "/learn/layer?stride=2&padding=0:1");
  assert.equal(
    addressOf(figure, { theme: "dark", lang: "zh" }),
    "/learn/layer?stride=2&padding=0:1&theme=dark&lang=zh",
  );
});

/** @param {any} facts */
const layer = (facts) => /** @type {any} */ ({ facts });

test("several layers have a total, one has none, and layers that do not fit are left out", () => {
  const facts = { parameters: 3, multiplications: 5 };
  assert.equal(totalOf([layer(facts), layer(null)]), null);
  assert.deepEqual(totalOf([layer(facts), layer(null), layer(facts)]), { n: 2, parameters: 6, multiplications: 10 });
});

test("the summary counts layers, and places that were not understood", () => {
  /** @type {import("../../static/js/model/strings.js").Translate} */
  const t = (key, values = {}) => `${key}${values.n ?? ""}`;
  const note = (/** @type {boolean} */ unread) => /** @type {any} */ ({ unread });
  const read = (/** @type {number} */ n, /** @type {boolean[]} */ notes) =>
    summary({ layers: Array.from({ length: n }, () => layer(null)), notes: notes.map(note) }, t);
  assert.equal(read(0, []), "read.none");
  assert.equal(read(1, [false]), "read.one");
  assert.equal(read(3, [true, false, true]), "read.many3 read.unread2");
});

test("there is an example of each kind", () => {
  assert.deepEqual(Object.keys(EXAMPLES), ["pytorch", "keras", "sequential"]);
});
