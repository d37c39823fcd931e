import assert from "node:assert/strict";
import { test } from "node:test";

import { cellOf, untilAlike } from "../../static/js/scenes/alike.js";

const THEME = /** @type {import("../../static/js/model/theme.js").Theme} */ ({ name: "light" });

/** Lays out two figures whose cells are as large as they may be, and as large as asked for where that is less. */
/** @param {(number | null)[]} sizes */
function laying(...sizes) {
  /** @type {(number | undefined)[]} */
  const asked = [];
  return {
    asked,
    lay: (/** @type {typeof THEME} */ { cell }) => {
      asked.push(cell);
      return sizes.map((size) => size && Math.min(size, cell ?? size));
    },
  };
}

test("cells that are nearly of one size become the smaller", () => {
  const { asked, lay } = laying(40, 30);
  untilAlike(THEME, lay);
  assert.deepEqual(asked, [undefined, 30]);
});

test("cells of very different sizes stay, and so does a figure that is alone", () => {
  for (const sizes of [[40, 20], [40, null], [40], [40, 40]]) {
    const { asked, lay } = laying(...sizes);
    untilAlike(THEME, lay);
    assert.deepEqual(asked, [undefined], String(sizes));
  }
});

test("figures that change again are laid out four times and no more", () => {
  let size = 50;
  let times = 0;
  untilAlike(THEME, () => {
    times += 1;
    size -= 4;
    return [size, size - 1];
  });
  assert.equal(times, 4);
});

test("a figure's cell is its largest grid's", () => {
  const plans = /** @type {import("../../static/js/scenes/layout.js").Plan[]} */ ([{ cell: 20 }, { cell: 34 }]);
  assert.equal(cellOf(plans), 34);
  assert.equal(cellOf([]), null);
});
