import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST_PAUSE, pauseBefore } from "../../static/js/model/retry.js";

test("pauses double from a second to half a minute, and stay there", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 60].map(pauseBefore), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  assert.equal(pauseBefore(2000), LONGEST_PAUSE);
});
