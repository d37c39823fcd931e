import assert from "node:assert/strict";
import { test } from "node:test";
import { joinAxes, readQuery, splitAxes, trimmed, wire, writeQuery } from "../../static/js/model/query.js";

const NONE = { step: 0, theme: null, speed: null, loop: false, stage: "", lang: "", predict: false, autoplay: false, kept: "" };

test("what is written is read again", () => {
  const params = { input: "3,3;0,-1", kernel: "1|2||3|4", padding: "1:2x0", seed: "7" };
  const view = { step: 5, theme: "dark", speed: "4", loop: true, stage: "second", lang: "zh" };
  const page = { ...view, predict: true, autoplay: true, kept: "0f" };
  assert.deepEqual(readQuery(writeQuery(params, page)), { params, page });
});

test("values stay legible in the address", () => {
  assert.equal(writeQuery({ input: "1,2;3,4" }, NONE), "?input=1,2;3,4");
});

test("a figure of defaults does not mean the preset", () => {
  assert.equal(writeQuery({}, NONE), "?seed=0");
});

test("a step that is no whole number is none", () => {
  for (const step of ["-1", "1.5", "x", "1e9"]) assert.equal(readQuery(`?step=${step}`).page.step, 0);
});

test("axes are split and joined", () => {
  assert.deepEqual(splitAxes("3x5", 2), ["3", "5"]);
  assert.deepEqual(splitAxes("3", 2), ["3", "3"]);
  assert.equal(joinAxes(["3", "3"]), "3");
  assert.equal(joinAxes(["3", "5"]), "3x5");
});

test("values of a trace are written as a query writes them", () => {
  assert.equal(wire([[1, 2], [0, 0]]), "1:2x0");
  assert.equal(wire([[1, 1], [1, 1]]), "1");
  assert.equal(wire([5, 7]), "5x7");
  assert.equal(wire(true), "true");
  assert.equal(wire(null), "");
});

test("what stands at its default is left out", () => {
  const schema = { properties: { stride: { default: [1] }, flip: { default: false }, seed: { default: 0 } } };
  assert.deepEqual(trimmed({ stride: "1", flip: "true", seed: "0" }, schema), { flip: "true" });
});
