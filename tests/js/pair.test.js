import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthOf } from "../../static/js/model/clock.js";
import {
  branch,
  longest,
  partnerOf,
  ratioText,
  readSide,
  sideText,
  standing,
  verdict,
  writePair,
} from "../../static/js/model/pair.js";

/** @param {string} slug @param {Record<string, string>} params */
function side(slug, params, stage = "", until = "") {
  return { slug, params, stage, until };
}

/** @param {number[]} totals @returns {any} */
function traceOf(...totals) {
  const stages = totals.map((total, n) => ({
    id: `stage-${n}`,
    input: n === 0 ? "input" : `made-${n - 1}`,
    output: `made-${n}`,
    steps: { total },
    cost: { multiplications: 10 * total, additions: total, parameters: n + 1 },
    receptive_field: [n + 3],
  }));
  const tensors = Object.fromEntries(totals.map((_, n) => [`made-${n}`, { shape: [1, n + 2] }]));
  return { stages, tensors, facts: { multiplications: 0, steps: 0, compared: ["stage-0", "stage-1"] } };
}

test("a side is written as a link has it, and read back", () => {
  const given = side("layer", { padding: "1:2x0", kernel: "1|-1||2|+3", input: "50%&7" }, "all", "convolution");
  assert.deepEqual(readSide(sideText(given)), given);
  assert.equal(sideText(side("dilated", { dilation: "1" })), "dilated?dilation=1");
});

test("a figure of defaults alone is written with its seed, because nothing means the first preset", () => {
  assert.equal(sideText(side("dilated", {})), "dilated?seed=0");
  assert.deepEqual(readSide("dilated"), side("dilated", {}));
});

test("a link of two sides stays legible, and only what would end a side is encoded", () => {
  const query = writePair(["dilated?dilation=1", "pooling?mode=average&stride=2"], { step: 3, speed: "1", loop: true });
  assert.equal(query, "?left=dilated?dilation=1&right=pooling?mode=average%26stride=2&step=3&loop=true");
  const texts = ["layer?kernel=1|2||3|4&input=50%25%267", "dilated?seed=0"];
  const read = new URLSearchParams(writePair(texts, {}));
  assert.deepEqual([read.get("left"), read.get("right")], texts);
});

test("the clock is as long as the longer side, and the shorter waits at its end", () => {
  const [short, long] = [traceOf(9), traceOf(25)];
  assert.equal(longest([short, long]), 25);
  assert.equal(longest([null, short]), 9);
  assert.equal(longest([null, null]), 0);
  assert.deepEqual(standing(short, 4), { step: 4, finished: false });
  assert.deepEqual(standing(short, 9), { step: 9, finished: false });
  assert.deepEqual(standing(short, 10), { step: 9, finished: true });
});

test("a branch holds the stages that lead to its end, and counts them alone", () => {
  const whole = traceOf(4, 6, 8);
  whole.stages[1].input = "input";
  whole.stages[2].input = "made-1";
  const found = branch(whole, "stage-2");
  assert.deepEqual(found.stages.map(({ id }) => id), ["stage-1", "stage-2"]);
  assert.equal(found.facts.multiplications, 140);
  assert.equal(found.facts.parameters, 5);
  assert.deepEqual(found.facts.output_shape, [1, 4]);
  assert.deepEqual(found.facts.receptive_field, [5]);
  assert.equal(lengthOf(found), 14);
  assert.equal(branch(whole, ""), whole);
});

test("a verdict says which count is less, and how many times it goes into the other", () => {
  assert.deepEqual(verdict(86400, 10275), { key: "fewer", less: 1, ratio: 86400 / 10275 });
  assert.deepEqual(verdict(2, 4), { key: "fewer", less: 0, ratio: 2 });
  assert.deepEqual(verdict(7, 7), { key: "equal", less: 0, ratio: 1 });
  assert.deepEqual(verdict(9, 0), { key: "none", less: 1, ratio: 0 });
});

test("a ratio has the digits that it needs", () => {
  assert.deepEqual([86400 / 10275, 2, 3275 / 3200, 1234.5].map(ratioText), ["8.4", "2", "1.02", "1235"]);
});

test("a figure's partner is that of its pair, else the first that is another figure", () => {
  const schema = { properties: { dilation: { default: [2] }, padding: { default: [0] } } };
  /** @type {import("../../static/js/model/pair.js").Partner[]} */
  const partners = [
    { own: { dilation: "1" }, slug: "dilated", params: { dilation: "2" }, until: "" },
    { own: { dilation: "2" }, slug: "dilated", params: { dilation: "1" }, until: "" },
    { own: null, slug: "dilated", params: { padding: "2" }, until: "last" },
  ];
  const of = (/** @type {Record<string, string>} */ params) =>
    sideText(partnerOf(partners, { slug: "dilated", params, schema }));
  assert.equal(of({ dilation: "1" }), "dilated?dilation=2");
  assert.equal(of({ seed: "0", dilation: "2" }), "dilated?dilation=2");
  assert.equal(of({ padding: "0" }), "dilated?dilation=1");
  assert.equal(of({ padding: "3" }), "dilated?dilation=2");
});
