import assert from "node:assert/strict";
import { test } from "node:test";
import { likely, Shelf } from "../../static/js/model/ahead.js";

/** @param {number} side @returns {any} */
const figure = (side) => ({ tensors: { input: { shape: [1, side, side] }, output: { shape: [1, side, side] } } });

test("what lies beside a slider's value is likely, first on the way that it goes", () => {
  const bounds = { min: 1, max: 9, refused: [] };
  assert.deepEqual(likely({ value: 5, before: 4, ...bounds }), [6, 7, 4]);
  assert.deepEqual(likely({ value: 5, before: 8, ...bounds }), [4, 3, 6]);
  assert.deepEqual(likely({ value: 1, before: 3, ...bounds }), [2]);
  assert.deepEqual(likely({ value: 8, before: 2, ...bounds }), [9, 7]);
});

test("what is refused, or beyond the ends, is not likely", () => {
  assert.deepEqual(likely({ value: 3, before: 2, min: 0, max: 9, refused: [4, 2] }), [5]);
  assert.deepEqual(likely({ value: 1, before: 1, min: 1, max: 1, refused: [] }), []);
});

test("a shelf gives what was put there, and gives up first what was asked for longest ago", () => {
  const shelf = new Shelf();
  const first = figure(3);
  shelf.keep("first", first);
  for (let n = 0; n < 23; n += 1) shelf.keep(`${n}`, figure(3));
  assert.equal(shelf.find("first"), first);
  shelf.keep("one more", figure(3));
  assert.equal(shelf.find("0"), null);
  assert.equal(shelf.find("first"), first);
  assert.equal(shelf.find("never"), null);
  assert.equal(shelf.size, 24);
});

test("a shelf holds few large figures, and none that would fill it alone", () => {
  const shelf = new Shelf();
  for (let n = 0; n < 10; n += 1) shelf.keep(`${n}`, figure(250));
  assert.equal(shelf.size, 2);
  assert.ok(shelf.find("9") && shelf.find("8"));
  shelf.keep("huge", figure(400));
  assert.equal(shelf.find("huge"), null);
  assert.equal(shelf.size, 2);
});

test("a figure that is kept again takes its own place", () => {
  const shelf = new Shelf();
  for (let n = 0; n < 50; n += 1) shelf.keep("same", figure(100));
  assert.equal(shelf.size, 1);
  for (let n = 0; n < 10; n += 1) shelf.keep(`${n}`, figure(100));
  assert.equal(shelf.size, 11);
});
