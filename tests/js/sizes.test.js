import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, FACTORS, tableBytes } from "../../static/js/model/sizes.js";

test("more frames are more bytes, and the least is less than the most", () => {
  for (const format of Object.keys(FACTORS)) {
    const [short, long] = [5, 50].map((frames) => bytesOf(format, frames, [90_000, 100_000, 110_000]));
    assert.ok(short[0] < short[1] && long[0] < long[1], format);
    assert.ok(short[0] < long[0] && short[1] < long[1], format);
  }
});

test("frames that differ widen the range", () => {
  const [alike, unlike] = [[100, 100, 100], [50, 100, 150]].map((kilo) => bytesOf("gif", 20, kilo.map((one) => 1000 * one)));
  assert.ok(unlike[0] < alike[0] && unlike[1] > alike[1]);
});

test("a folder of pictures is as large as its pictures", () => {
  const [least, most] = bytesOf("zip-png", 10, [100_000, 100_000, 100_000]);
  assert.ok(least < 1_000_000 && most > 1_000_000 && most < 1.2 * 1_000_000);
});

test("a table has a row a product", () => {
  assert.ok(tableBytes(100)[0] < 100 * 59 && tableBytes(100)[1] > 100 * 59);
});
