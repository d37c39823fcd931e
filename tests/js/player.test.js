import assert from "node:assert/strict";
import { test } from "node:test";
import { HOLD, reduce, START } from "../../static/js/model/player.js";

const loaded = reduce(START, { type: "load", total: 3 });

/** @param {any} state @param {any[]} events */
function after(state, ...events) {
  return events.reduce((now, event) => reduce(now, event), state);
}

test("nothing plays unasked", () => {
  assert.equal(loaded.playing, false);
  assert.deepEqual(reduce(loaded, { type: "tick", elapsed: 10_000 }), loaded);
});

test("play shows the first step at once and holds each for its time", () => {
  const playing = after(loaded, { type: "toggle" }, { type: "tick", elapsed: 0 });
  assert.equal(playing.step, 1);
  assert.equal(after(playing, { type: "tick", elapsed: HOLD - 1 }).step, 1);
  assert.equal(after(playing, { type: "tick", elapsed: HOLD }).step, 2);
});

test("at twice the speed a step is held half as long", () => {
  const playing = after(loaded, { type: "speed", speed: "2" }, { type: "toggle" }, {
    type: "tick",
    elapsed: 0,
  });
  assert.equal(after(playing, { type: "tick", elapsed: HOLD / 2 }).step, 2);
});

test("at the highest speed every frame is a step", () => {
  const playing = after(loaded, { type: "speed", speed: "max" }, { type: "toggle" });
  const tick = { type: "tick", elapsed: 1 };
  assert.deepEqual([1, 2, 3].map((n) => after(playing, ...Array(n).fill(tick)).step), [1, 2, 3]);
});

test("at the end it stops, or begins again where it loops", () => {
  const last = after(
    loaded,
    { type: "speed", speed: "max" },
    { type: "toggle" },
    ...Array(3).fill({ type: "tick", elapsed: 1 }),
  );
  assert.equal(after(last, { type: "tick", elapsed: 1 }).playing, false);
  assert.equal(after(last, { type: "loop" }, { type: "tick", elapsed: 1 }).step, 1);
});

test("play after the end starts over", () => {
  const done = after(loaded, { type: "last" }, { type: "toggle" });
  assert.equal(done.step, 0);
  assert.equal(done.playing, true);
});

test("steps stay between none and all", () => {
  assert.equal(after(loaded, { type: "move", by: -1 }).step, 0);
  assert.equal(after(loaded, { type: "seek", step: 99 }).step, 3);
  assert.equal(after(loaded, { type: "seek", step: NaN }).step, 0);
});

test("stepping by hand pauses", () => {
  assert.equal(after(loaded, { type: "toggle" }, { type: "move", by: 1 }).playing, false);
});

test("a figure with fewer steps keeps the step in bounds", () => {
  assert.equal(after(loaded, { type: "last" }, { type: "load", total: 2 }).step, 2);
});

test("faster and slower stop at the ends", () => {
  assert.equal(after(loaded, ...Array(9).fill({ type: "faster" })).speed, "max");
  assert.equal(after(loaded, ...Array(9).fill({ type: "slower" })).speed, "0.5");
});

test("an unknown event is an error", () => {
  assert.throws(() => reduce(loaded, /** @type {any} */ ({ type: "rewind" })), /unknown event: rewind/);
});

test("a player of some steps begins, loops and ends with them", () => {
  const some = after(START, { type: "load", first: 2, total: 4 });
  assert.equal(some.step, 2);
  assert.equal(after(some, { type: "first" }).step, 2);
  assert.equal(after(some, { type: "seek", step: 0 }).step, 2);
  assert.equal(after(some, { type: "move", by: -1 }).step, 2);
  assert.equal(after(some, { type: "last" }).step, 4);
  const tick = { type: "tick", elapsed: HOLD };
  assert.equal(after(some, { type: "last" }, { type: "toggle" }).step, 2);
  assert.equal(after(some, { type: "loop" }, { type: "toggle" }, tick, tick, tick).step, 3);
  assert.equal(after(some, { type: "load", total: 1 }).step, 1);
});

test("one step alone does not play", () => {
  assert.equal(after(START, { type: "load", first: 3, total: 3 }, { type: "toggle" }).playing, false);
});
