import assert from "node:assert/strict";
import { test } from "node:test";
import { shadesSvg } from "../../static/js/marks/cells.js";
import { THEME } from "./fixtures.js";

/** @import {Grid} from "../../static/js/marks/geometry.js" */

/** @param {number[][]} values @returns {string} */
function shadedOf(values) {
  const grid = /** @type {Grid} */ ({
    tensor: "input", role: "input", look: "solid", group: -1, lead: [0], dims: 2, x: 10, y: 20, w: 1.5, h: 2,
    rows: values.length, cols: values[0].length, pad: { top: 0, bottom: 0, left: 0, right: 0 },
  });
  return shadesSvg(grid, (_, [, row, col]) => values[row][col], THEME);
}

/** How dark each cell is, told from its middle alone. */
/** @param {string} svg @param {number} rows @param {number} cols */
function shadesIn(svg, rows, cols) {
  const boxes = [...svg.matchAll(/<path d="([^"]+)" fill-opacity="([^"]+)"/g)].flatMap(([, path, opacity]) =>
    [...path.matchAll(/M([\d.]+) ([\d.]+)H([\d.]+)v([\d.]+)H([\d.]+)z/g)].map(([, ...corners]) => {
      const [left, top, right, high, back] = corners.map(Number);
      assert.equal(back, left);
      return { left, top, right, bottom: top + high, opacity: Number(opacity) };
    })
  );
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: cols }, (_, col) => {
      const [x, y] = [10 + 1.5 * (col + 0.5), 20 + 2 * (row + 0.5)];
      const over = boxes.filter(({ left, top, right, bottom }) => left < x && x < right && top < y && y < bottom);
      assert.ok(over.length < 2, `cell ${row}, ${col} is drawn twice`);
      return over[0]?.opacity ?? 0;
    }));
}

test("cells are as dark as their values are large, the least as the surface", () => {
  const values = [[-2, -2, 0, 1], [4, 4, 4, -2], [1, 4, -2, 4]];
  const dark = { "-2": 0, 0: 0.28, 1: 0.42, 4: 0.85 };
  const wanted = values.map((row) => row.map((value) => dark[/** @type {keyof typeof dark} */ (`${value}`)]));
  assert.deepEqual(shadesIn(shadedOf(values), 3, 4), wanted);
});

test("neighbours of one shade are one box, and no box goes beyond its row", () => {
  const svg = shadedOf([[1, 1, 1, 0], [0, 1, 1, 1], [1, 1, 0, 1]]);
  assert.deepEqual(shadesIn(svg, 3, 4), [[0.85, 0.85, 0.85, 0], [0, 0.85, 0.85, 0.85], [0.85, 0.85, 0, 0.85]]);
  assert.equal(svg.split("M").length - 1, 4);
});

test("the largest numbers of either sign are told apart", () => {
  const values = [[-1.7e308, 1.7e308, 0, 0]];
  assert.deepEqual(shadesIn(shadedOf(values), 1, 4), [[0, 0.85, 0.42, 0.42]]);
});

test("where all values are the same, nothing is darker than the surface", () => {
  assert.doesNotMatch(shadedOf([[3, 3], [3, 3]]), /fill-opacity/);
});
