import assert from "node:assert/strict";
import { test } from "node:test";

import { keyOf, limitsOf, missing, nearestOf, placesOf } from "../../static/js/model/held.js";

const size = { widget: "size", axes: 2, min: 1, max: 3 };
const schema = {
  properties: {
    stride: { default: 1, "x-control": size },
    padding: { default: 0, "x-control": { ...size, min: 0 } },
    seed: { default: 0, "x-control": { widget: "seed", min: 0, max: 99 } },
  },
};
const index = {
  schema,
  packs: { live: { keys: ["", "stride=2", "stride=3", "padding=1"], refused: [2] } },
  says: "This file holds some.",
};
const places = placesOf(index);

test("a figure is named by what differs from the defaults, however it was typed", () => {
  assert.equal(keyOf({}, schema), "");
  assert.equal(keyOf({ stride: "1", padding: "0:0" }, schema), "");
  assert.equal(keyOf({ stride: "2x2", padding: "1:2x1:2", seed: "0" }, schema), "padding=1:2&stride=2");
  assert.equal(keyOf({ padding: "1x2" }, schema), "padding=1x2");
});

test("each figure has a place, and whether it is refused", () => {
  assert.deepEqual(places.get("stride=3"), { pack: "live", at: 2, refused: true });
  assert.deepEqual(places.get(""), { pack: "live", at: 0, refused: false });
});

test("what is missing is said where one other value helps, nearest first", () => {
  const error = missing(index, places, { stride: "2", padding: "1" }, null);
  assert.equal(error.message, "This file holds some.");
  assert.ok(["stride", "padding"].includes(error.field));
  assert.deepEqual(missing(index, places, { padding: "3" }, null).values, { nearest: "1" });
});

test("what was changed last is what has to change", () => {
  const wanted = { stride: "2", padding: "1" };
  assert.equal(missing(index, places, wanted, { stride: "2" }).field, "padding");
  assert.equal(missing(index, places, wanted, { padding: "1" }).field, "stride");
});

test("where no one value helps, the nearest figure is named, a parameter at a time", () => {
  const error = missing(index, places, { stride: "2", padding: "2", seed: "5" }, { stride: "2", padding: "2" });
  assert.deepEqual([error.field, error.values], ["seed", { nearest: "0" }]);
  assert.deepEqual(nearestOf(index, places, { stride: "2", padding: "3", seed: "5" }, null), { stride: "2" });
  assert.deepEqual(nearestOf(index, places, { padding: "3", seed: "5" }, null), { padding: "1" });
});

test("a refused figure is never the nearest", () => {
  const alone = { schema, packs: { live: { keys: ["stride=3"], refused: [0] } }, says: "" };
  assert.equal(missing(alone, placesOf(alone), { stride: "2" }, null).field, "");
});

test("limits say for each value of a slider what is wrong with it", () => {
  const trace = /** @type {any} */ ({ params: { stride: [1, 1], padding: [0, 0], seed: 0 } });
  const why = (/** @type {Record<string, string>} */ params) => {
    const place = places.get(keyOf(params, schema));
    return place && !place.refused ? null : { code: "x", field: "", message: keyOf(params, schema), hint: "", values: {} };
  };
  const limits = limitsOf(index, {}, trace, why);
  assert.deepEqual(Object.keys(limits), ["stride", "padding"]);
  assert.deepEqual(limits.stride.linked.map((/** @type {any} */ { value }) => value), [3]);
  assert.deepEqual(limits.padding.linked.map((/** @type {any} */ { value }) => value), [2, 3]);
  assert.equal(limits.padding.axes.length, 2);
  const uneven = limits.padding.axes[0].map((/** @type {any} */ { message }) => message);
  assert.deepEqual(uneven, ["padding=1x0", "padding=2x0", "padding=3x0"]);
});
