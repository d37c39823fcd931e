import assert from "node:assert/strict";
import { test } from "node:test";
import { image } from "../../static/js/marks/image.js";
import { now, outlines } from "../../static/js/marks/shapes.js";
import { marksSvg, shapeSvg } from "../../static/js/marks/svg.js";
import { THEME } from "./fixtures.js";

const BOX = { x: 3, y: 4, w: 40, h: 30 };
const PATTERNED = '<defs><pattern id="h"/></defs><path fill="url(#h)" d="M0,0H4"/>';

test("outlines keep width and dash, and fill nothing", () => {
  const drawn = shapeSvg(outlines([BOX], "#123456", 2, "above", "3px,2px"));
  assert.match(drawn, /fill="none"/);
  assert.match(drawn, /stroke="#123456" stroke-width="2" stroke-dasharray="3,2"/);
});

test("a label stands in the middle of its cell, bold where it says so", () => {
  const drawn = now({ x: 0, y: 0, w: 40, h: 40 }, "17", THEME).map(shapeSvg).join("");
  const [, x, y, size] = /<text x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)"/.exec(drawn)?.map(Number) ?? [];
  assert.equal(x, 20);
  assert.ok(Math.abs(y - (20 + 0.35 * size)) < 0.2, String(y));
  assert.match(drawn, /font-weight="700" text-anchor="middle">17<\/text>/);
});

test("lower shapes, lower images, upper images, upper shapes: in this order", () => {
  const [low, high] = /** @type {const} */ (["below", "above"]).map((layer) => outlines([BOX], `#${layer}`, 1, layer));
  const images = [image(BOX, "<text>upper</text>"), image(BOX, "<text>lower</text>", "below")];
  const drawn = marksSvg({ shapes: [high, low], images });
  const order = ["#below", "lower", "upper", "#above"].map((part) => drawn.indexOf(part));
  assert.deepEqual(order, [...order].sort((a, b) => a - b));
  assert.ok(order[0] >= 0);
});

test("an image of SVG becomes part of the picture, its patterns with names of their own", () => {
  const drawn = marksSvg({ shapes: [], images: [image(BOX, PATTERNED), image(BOX, PATTERNED)] }, "a-");
  assert.doesNotMatch(drawn, /data:/);
  assert.deepEqual(drawn.match(/id="[^"]+"/g), ['id="a-0-h"', 'id="a-1-h"']);
  assert.deepEqual(drawn.match(/url\(#[^)]+\)/g), ["url(#a-0-h)", "url(#a-1-h)"]);
  assert.match(drawn, /<svg x="3" y="4" width="40" height="30" viewBox="0 0 40 30"/);
});

test("a photograph stays an image, an empty one is left out", () => {
  const photo = { ...image(BOX, ""), source: "data:image/png;base64,AAAA" };
  assert.match(marksSvg({ shapes: [], images: [photo] }), /<image x="3".*href="data:image\/png;base64,AAAA"\/>/);
  assert.equal(marksSvg({ shapes: [], images: [image(BOX, "")] }), "");
});
