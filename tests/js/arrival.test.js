import assert from "node:assert/strict";
import { test } from "node:test";

import { framed, partOfFrame, viewed } from "../../static/js/model/arrival.js";
import { readQuery } from "../../static/js/model/query.js";

const trace = /** @type {any} */ ({
  tensors: { input: {}, kernel: {}, output: {} },
  stages: [{ id: "main", steps: { total: 9 } }],
  facts: { compared: [] },
});

/** @param {string} search */
function frame(search) {
  const pairs = Object.fromEntries(new URLSearchParams(search));
  return framed(pairs, readQuery(search).page, trace);
}

test("what an address says of the page is read, and what is none is left out", () => {
  const { page } = readQuery("?step=4&theme=dark&speed=2&loop=true");
  assert.deepEqual(viewed(page), { step: 4, theme: "dark", speed: "2", loop: true });
  const odd = readQuery("?step=x&theme=pink&speed=3").page;
  assert.deepEqual(viewed(odd), { step: 0, theme: null, speed: null, loop: false });
});

test("a frame begins at its first step, and ends with the figure where nothing is said", () => {
  assert.deepEqual(frame(""), {
    step: 0,
    embed: {
      start: 0,
      end: null,
      autoplay: "false",
      controls: "transport",
      panels: [],
      stage: "",
      fit: "contain",
      predict: false,
      transparent: false,
    },
  });
  const { step, embed } = frame("?start=2&end=99");
  assert.deepEqual([step, embed.start, embed.end], [2, 2, 9]);
});

test("words of a frame are taken, others are not", () => {
  const { embed } = frame("?autoplay=slide&controls=all&panels=output,input,none&stage=main&fit=width&transparent=true");
  assert.deepEqual([embed.autoplay, embed.controls, embed.panels], ["slide", "all", ["input", "output"]]);
  assert.deepEqual([embed.stage, embed.fit, embed.transparent], ["main", "width", true]);
  const odd = frame("?autoplay=now&controls=some&stage=last&fit=tight").embed;
  assert.deepEqual([odd.autoplay, odd.controls, odd.stage, odd.fit], ["false", "transport", "", "contain"]);
});

test("parameters of frames are none of the figure", () => {
  assert.deepEqual(["start", "fit", "stride"].map(partOfFrame), [true, true, false]);
});
