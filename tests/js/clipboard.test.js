import assert from "node:assert/strict";
import { test } from "node:test";

import { sayFor } from "../../static/js/view/clipboard.js";

test("a button that is pressed again says so for as long as the first time", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const label = /** @type {Element} */ ({ textContent: "Copy" });
  sayFor(label, "Copied", "Copy");
  t.mock.timers.tick(1000);
  sayFor(label, "Copied", "Copy");
  t.mock.timers.tick(1000);
  assert.equal(label.textContent, "Copied");
  t.mock.timers.tick(1000);
  assert.equal(label.textContent, "Copy");
});
