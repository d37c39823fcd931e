import assert from "node:assert/strict";
import { test } from "node:test";
import { stepAt } from "../../static/js/model/clock.js";
import { equationOf } from "../../static/js/model/equation.js";
import { equationHtml } from "../../static/js/scenes/equation.js";
import { direct, grouped, ones, stamped, t } from "./fixtures.js";

/** @param {any} trace @param {number} number */
function at(trace, number) {
  return equationOf(trace, /** @type {any} */ (stepAt(trace, number)));
}

test("a box holds a row of the kernel", () => {
  const { lines: [line], value } = at(direct(), 1);
  assert.deepEqual(line.boxes.map((box) => box.map((term) => [term.left, term.right, term.product])), [
    [[1, 1, 1], [2, 0, 0]],
    [[4, 0, 0], [5, 2, 10]],
  ]);
  assert.equal(line.sum, value);
});

test("a bias stands beside the products", () => {
  assert.equal(at(grouped(), 5).bias, 0);
  assert.equal(at(direct(), 1).bias, null);
});

test("a gathered transpose lists its stamps in the order of the input", () => {
  const { lines: [line], terms } = at(stamped("output"), 2);
  assert.equal(terms, 2);
  assert.deepEqual(line.boxes.flat().map((term) => [term.left, term.right]), [[5, 2], [7, 1]]);
});

test("a stamp spreads one value over the kernel", () => {
  const equation = at(stamped("input"), 2);
  assert.equal(equation.kind, "stamp");
  assert.deepEqual(equation.lines[0].boxes.flat().map((term) => term.product), [7, 14, 21]);
});

test("the written sum shows every factor, and its result once", () => {
  const html = equationHtml(at(direct(), 4), false, t);
  assert.equal(html.match(/class="term/g)?.length, 4);
  assert.match(html, /<output class="sum-value" aria-live="off">23<\/output>/);
});

test("the empty state says what will stand here", () => {
  assert.match(equationHtml(null, false, t), /sum\.empty/);
});

test("a long sum is folded, and opened on demand", () => {
  const equation = at(ones(5), 1);
  const [line] = equation.lines;
  /** @type {any} */
  const long = {
    ...equation,
    terms: 45,
    lines: Array.from({ length: 5 }, (_, n) => ({ ...line, name: "channel", number: n + 1 })),
  };
  assert.match(equationHtml(long, false, t), /sum\.more \{"n":18\}/);
  assert.match(equationHtml(long, true, t), /sum\.fewer/);
});
