import assert from "node:assert/strict";
import test from "node:test";

import { has, searchable } from "../../static/js/model/search.js";

const finds = (/** @type {string} */ text, /** @type {string} */ asked) => has(searchable(text), asked);

test("every word asked for has to begin a word of the text", () => {
  assert.ok(finds("Dilated convolution, à trous", "conv dil"));
  assert.ok(!finds("Dilated convolution", "dilated pooling"));
  assert.ok(!finds("sliding dot product", "rod"));
});

test("nothing asked for is found everywhere", () => {
  for (const asked of ["", "  ", "-", "…"]) assert.ok(finds("Pooling", asked));
});

test("case, accents, hyphens and signs make no difference", () => {
  for (const asked of ["A TROUS", "à trous", "1x1", "1×1", "unet", "U-Net", "net", "nn.Conv2d", "conv2d"]) {
    assert.ok(finds("à trous 1×1 U-Net nn.Conv2d", asked), asked);
  }
});

test("scripts without spaces are found in the middle of a sentence", () => {
  assert.ok(finds("深度可分离卷积", "可分离"));
  assert.ok(finds("转置卷积 nn.ConvTranspose2d", "卷积 convtranspose"));
  assert.ok(!finds("深度可分离卷积", "转置"));
});
