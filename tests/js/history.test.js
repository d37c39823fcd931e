import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, DEEPEST, redone, remembered, undone } from "../../static/js/model/history.js";

/** @param {unknown[]} changes */
function after(...changes) {
  const [first, ...others] = changes;
  return others.reduce(remembered, begun(first));
}

test("a change is undone and done again", () => {
  const history = after({ a: "1" }, { a: "2" }, { a: "3" });
  assert.deepEqual(undone(history).now, { a: "2" });
  assert.deepEqual(undone(undone(history)).now, { a: "1" });
  assert.deepEqual(redone(undone(undone(history))).now, { a: "2" });
  assert.deepEqual(redone(redone(undone(undone(history)))), history);
});

test("at either end nothing happens", () => {
  const history = after(1, 2);
  assert.equal(redone(history), history);
  const first = undone(history);
  assert.equal(undone(first), first);
});

test("what is the same, in any order, is no change and keeps what can be done again", () => {
  const history = undone(after({ a: "1", b: "2" }, { a: "2" }));
  assert.equal(remembered(history, { b: "2", a: "1" }), history);
});

test("a new change ends what could be done again", () => {
  const history = remembered(undone(after(1, 2, 3)), 4);
  assert.deepEqual(history, { past: [1, 2], now: 4, future: [] });
});

test("more than a hundred changes are kept, and not without end", () => {
  const history = Array.from({ length: 2000 }, (_, n) => n + 1).reduce(remembered, begun(0));
  assert.ok(history.past.length >= 100);
  assert.equal(history.past.length, DEEPEST);
  let back = history;
  for (let n = 0; n < 100; n += 1) back = undone(back);
  assert.equal(back.now, 1900);
});
