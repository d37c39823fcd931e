import assert from "node:assert/strict";
import { test } from "node:test";
import { growth, worthOf } from "../../static/js/scenes/fit.js";

test("things grow in large frames, and shrink only where they were made for a screen", () => {
  assert.equal(growth({ width: 800, height: 450 }, "light"), 1);
  assert.equal(growth({ width: 1920, height: 1080 }, "light"), 2);
  assert.equal(growth({ width: 1280, height: 720 }, "projector"), 1);
  assert.equal(growth({ width: 800, height: 450 }, "projector"), 0.625);
  assert.equal(growth({ width: 200, height: 100 }, "projector"), 0.62);
  assert.equal(growth({ width: 90_000, height: 90_000 }, "dark"), 3);
});

test("a figure is not made smaller until its labels are illegible for a few more pixels of cell", () => {
  // Half as large for a tenth more of each cell: no. A third smaller for cells twice as large: yes.
  assert.ok(worthOf(22, 0.5) < worthOf(20, 1));
  assert.ok(worthOf(40, 0.67) > worthOf(20, 1));
  // Beyond what is easy to read, cells count no more.
  assert.ok(worthOf(90, 0.9) < worthOf(45, 1));
  assert.equal(worthOf(0, 1), -Infinity);
});
