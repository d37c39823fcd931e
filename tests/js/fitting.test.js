import assert from "node:assert/strict";
import { test } from "node:test";
import { growth } from "../../static/js/view/fitting.js";

test("things grow in large frames, and shrink only where they were made for a screen", () => {
  assert.equal(growth({ width: 800, height: 450 }, "light"), 1);
  assert.equal(growth({ width: 1920, height: 1080 }, "light"), 2);
  assert.equal(growth({ width: 1280, height: 720 }, "projector"), 1);
  assert.equal(growth({ width: 800, height: 450 }, "projector"), 0.625);
  assert.equal(growth({ width: 200, height: 100 }, "projector"), 0.62);
  assert.equal(growth({ width: 90_000, height: 90_000 }, "dark"), 3);
});
