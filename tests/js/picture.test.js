import assert from "node:assert/strict";
import { test } from "node:test";
import { middle, reduced, sizeInHeader } from "../../static/js/model/picture.js";

/** @param {number[][]} rows  brightness of each pixel */
function grey(rows) {
  return picture(rows.map((row) => row.map((v) => [v, v, v, 255])));
}

/** @param {number[][][]} rows  red, green, blue, alpha of each pixel */
function picture(rows) {
  return { data: Uint8ClampedArray.from(rows.flat(2)), width: rows[0].length, height: rows.length };
}

test("black is 0, white is 9, and each pixel its own cell where the sizes agree", () => {
  assert.deepEqual(reduced(grey([[0, 255], [255, 0]]), 2, 1), [[[0, 9], [9, 0]]]);
});

test("a digit is the nearest ninth, and half way the upper one", () => {
  // 9 · 14 / 255 = 0.494…, 9 · 15 / 255 = 0.529…, 9 · 127.5 / 255 = 4.5
  assert.deepEqual(reduced(grey([[14, 15], [127, 128]]), 2, 1), [[[0, 1], [4, 5]]]);
  assert.deepEqual(reduced(grey([[127, 128], [128, 127]]), 1, 1), [[[5]]]);
});

test("a cell is the mean of its pixels", () => {
  // (0 + 0 + 255 + 255) / 4 = 127.5 → 4.5 → 5; (255 + 3 · 0) / 4 = 63.75 → 2.25 → 2
  const pixels = [
    [0, 0, 255, 0],
    [255, 255, 0, 0],
    [10, 20, 255, 255],
    [30, 40, 255, 255],
  ];
  // (10 + 20 + 30 + 40) / 4 = 25 → 0.88 → 1
  assert.deepEqual(reduced(grey(pixels), 2, 1), [[[5, 2], [1, 9]]]);
});

test("a pixel on a border counts for both cells by its parts", () => {
  // Cells of 1.5 pixels: (255 · 1 + 0 · 0.5) / 1.5 = 170 → 6; the middle row and column lie half in each.
  const pixels = [[255, 0, 0], [255, 0, 0], [255, 0, 0]];
  assert.deepEqual(reduced(grey(pixels), 2, 1), [[[6, 0], [6, 0]]]);
  // (255 · 0.25) / 2.25 = 28.3 → 1: a quarter of the pixel in the middle lies in each of four cells.
  assert.deepEqual(reduced(grey([[0, 0, 0], [0, 255, 0], [0, 0, 0]]), 2, 1), [[[1, 1], [1, 1]]]);
});

test("a picture smaller than the grid repeats its pixels", () => {
  assert.deepEqual(reduced(grey([[0, 255], [255, 0]]), 4, 1), [
    [[0, 0, 9, 9], [0, 0, 9, 9], [9, 9, 0, 0], [9, 9, 0, 0]],
  ]);
  assert.deepEqual(reduced(grey([[255]]), 4, 1)[0], Array.from({ length: 4 }, () => [9, 9, 9, 9]));
});

test("of a wide and of a tall picture the middle is taken", () => {
  assert.deepEqual(middle(7, 4), { side: 4, left: 1, top: 0 });
  assert.deepEqual(middle(3, 8), { side: 3, left: 0, top: 2 });
  assert.deepEqual(reduced(grey([[255, 0, 28, 255], [255, 57, 85, 255]]), 2, 1), [[[0, 1], [2, 3]]]);
  assert.deepEqual(reduced(grey([[255, 255], [0, 28], [57, 85], [255, 255]]), 2, 1), [[[0, 1], [2, 3]]]);
});

test("three channels are red, green and blue; any other number repeats the brightness", () => {
  const red = picture([[[255, 0, 0, 255]]]);
  assert.deepEqual(reduced(red, 1, 3), [[[9]], [[0]], [[0]]]);
  // 0.2126 · 9 = 1.9, 0.7152 · 9 = 6.4, 0.0722 · 9 = 0.6
  assert.deepEqual(reduced(red, 1, 2), [[[2]], [[2]]]);
  assert.deepEqual(reduced(picture([[[0, 255, 0, 255]]]), 1, 4), [[[6]], [[6]], [[6]], [[6]]]);
  assert.deepEqual(reduced(picture([[[0, 0, 255, 255]]]), 1, 1), [[[1]]]);
});

test("white shines through what is transparent", () => {
  assert.deepEqual(reduced(picture([[[0, 0, 0, 0]]]), 1, 1), [[[9]]]);
  // 51 of 255 is a fifth: 0.8 · 255 = 204 → 7.2 → 7
  assert.deepEqual(reduced(picture([[[0, 0, 0, 51]]]), 1, 1), [[[7]]]);
  assert.deepEqual(reduced(picture([[[255, 0, 0, 0]]]), 1, 3), [[[9]], [[9]], [[9]]]);
});

test("every size gives a square of digits", () => {
  const noise = grey(Array.from({ length: 37 }, (_, y) => Array.from({ length: 53 }, (_, x) => (x * 97 + y * 57) % 256)));
  for (let size = 4; size <= 32; size += 1) {
    const [plane, ...others] = reduced(noise, size, 1);
    assert.equal(others.length, 0);
    assert.equal(plane.length, size);
    for (const row of plane) {
      assert.equal(row.length, size);
      assert.ok(row.every((value) => Number.isInteger(value) && value >= 0 && value <= 9), row.join());
    }
  }
});

/** @param {...(string | number[])} parts */
function bytes(...parts) {
  return Uint8Array.from(parts.flatMap((part) => typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part));
}

const HEADERS = {
  png: bytes("\x89PNG\r\n\x1a\n", [0, 0, 0, 13], "IHDR", [0, 0, 1, 44, 0, 0, 2, 88]),
  gif: bytes("GIF89a", [44, 1, 88, 2]),
  bmp: bytes("BM", Array(16).fill(0), [44, 1, 0, 0, 0xa8, 0xfd, 0xff, 0xff]), // −600: rows from the top
  jpeg: bytes("\xff\xd8\xff\xe1", [0, 4, 9, 9], [0xff, 0xc4, 0, 3, 9], [0xff, 0xc2, 0, 11, 8, 2, 88, 1, 44]),
  lossy: bytes("RIFF", [0, 0, 0, 0], "WEBPVP8 ", Array(10).fill(0), [44, 1, 88, 2]),
  // 14 bits of 299, then 14 bits of 599
  lossless: bytes("RIFF", [0, 0, 0, 0], "WEBPVP8L", [0, 0, 0, 0, 0x2f], [0x2b, 0xc1, 0x95, 0]),
  extended: bytes("RIFF", [0, 0, 0, 0], "WEBPVP8X", Array(8).fill(0), [43, 1, 0, 87, 2, 0]),
};

for (const [name, header] of Object.entries(HEADERS)) {
  test(`the size stands in the header: ${name}`, () => {
    assert.deepEqual(sizeInHeader(header), { width: 300, height: 600 });
  });
  test(`a header cut short says nothing: ${name}`, () => {
    for (let length = 0; length < Math.min(header.length, 16); length += 1) sizeInHeader(header.slice(0, length));
    assert.equal(sizeInHeader(header.slice(0, -1)), null);
  });
}

test("what is no picture has no size", () => {
  assert.equal(sizeInHeader(bytes("")), null);
  assert.equal(sizeInHeader(bytes("%PDF-1.7 and more")), null);
  assert.equal(sizeInHeader(bytes("\xff\xd8\xff\xd9 nothing in it")), null);
});
