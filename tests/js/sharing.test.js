import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesText, frameOf, linkOf, offlineOf, pictureOf, rangeText, tooLong } from "../../static/js/model/sharing.js";

const ORIGIN = "https://example.org";
const SITE = { begin: ORIGIN, ending: "" };
const PAGE = { step: 5, theme: "dark", speed: "2", loop: true, stage: "", lang: "zh", predict: false, kept: "" };
const SHOWN = { slug: "dilated", params: { input: "1,2;3,4", dilation: "2" }, page: PAGE, sizes: { input_size: "2" } };
const KEPT = { step: true, numbers: true, theme: "", lang: "" };
const FRAMING = /** @type {const} */ ({
  controls: "transport",
  autoplay: false,
  loop: false,
  transparent: false,
  start: null,
  end: null,
});
const LONG = { ...SHOWN, params: { input: "1,".repeat(1500), dilation: "2" } };

test("a link keeps what is wanted of the figure, and no more", () => {
  assert.deepEqual(linkOf(SITE, SHOWN, KEPT), {
    link: `${ORIGIN}/learn/dilated?input=1,2;3,4&dilation=2&step=5&speed=2&loop=true`,
    whole: true,
  });
  const { link } = linkOf(SITE, SHOWN, { step: false, numbers: false, theme: "projector", lang: "en" }, true);
  assert.equal(link, `${ORIGIN}/learn/dilated?dilation=2&input_size=2&theme=projector&speed=2&loop=true&autoplay=true&lang=en`);
});

test("values given by name are no numbers of the reader's", () => {
  const shown = { ...SHOWN, params: { kernel: "sobel-x", input: "1,2;3,4", bias: "1" } };
  const { link } = linkOf(SITE, shown, { ...KEPT, step: false, numbers: false });
  assert.equal(link, `${ORIGIN}/learn/dilated?kernel=sobel-x&bias=1&input_size=2&speed=2&loop=true`);
});

test("a frame says only what differs from what frames do", () => {
  assert.equal(frameOf(SITE, SHOWN, KEPT, FRAMING), `${ORIGIN}/embed/dilated?input=1,2;3,4&dilation=2&step=5&speed=2`);
  const framing = /** @type {const} */ ({ controls: "none", autoplay: true, loop: true, transparent: true, start: 2, end: 7 });
  assert.equal(
    frameOf(SITE, SHOWN, { ...KEPT, theme: "dark" }, framing),
    `${ORIGIN}/embed/dilated?input=1,2;3,4&dilation=2&step=5&theme=dark&speed=2&loop=true&autoplay=true` +
      "&controls=none&transparent=true&start=2&end=7",
  );
});

test("numbers too long for a link stand in code, as long as servers let them through", () => {
  assert.equal(linkOf(SITE, LONG, KEPT).whole, false);
  assert.match(frameOf(SITE, LONG, KEPT, FRAMING), /input=1,1,/);
  assert.deepEqual([tooLong(LONG, "link"), tooLong(LONG, "code")], [true, false]);
  const longer = { ...LONG, params: { ...LONG.params, input: "1,".repeat(4000) } };
  assert.equal(tooLong(longer, "code"), true);
  assert.equal(frameOf(SITE, longer, KEPT, FRAMING), `${ORIGIN}/embed/dilated?dilation=2&input_size=2&step=5&speed=2`);
});

test("a picture has no speed", () => {
  assert.equal(pictureOf(SITE, SHOWN, KEPT), `${ORIGIN}/embed/dilated/picture.png?input=1,2;3,4&dilation=2&step=5`);
});

test("a file without a server names its live ranges, and shows the sliders that they are for", () => {
  const ranges = [{ name: "stride", from: 1, to: 3 }, { name: "padding", from: 0, to: 0 }, { name: "mode", words: ["max", "average"] }];
  assert.deepEqual(ranges.map(rangeText), ["stride:1-3", "padding:0", "mode:max|average"]);
  assert.equal(
    offlineOf("/api/v1", SHOWN, KEPT, ranges.slice(0, 2), true),
    "/api/v1/offline/dilated?input=1,2;3,4&dilation=2&step=5&speed=2&controls=all&live=stride:1-3,padding:0&estimate=true",
  );
  assert.doesNotMatch(offlineOf("/api/v1", SHOWN, KEPT, []), /live|controls|estimate/);
});

test("bytes are said in the unit that fits", () => {
  assert.deepEqual([0, 999, 1234, 45_600, 999_600, 12_345_678].map(bytesText), ["0 B", "999 B", "1.2 kB", "46 kB", "1 MB", "12 MB"]);
});

test("addresses of files have their ending, also below a path", () => {
  const site = { begin: `${ORIGIN}/course/zh`, ending: ".html" };
  assert.match(linkOf(site, SHOWN, KEPT).link, /^https:\/\/example\.org\/course\/zh\/learn\/dilated\.html\?input=/);
  assert.match(frameOf(site, SHOWN, KEPT, FRAMING), /\/course\/zh\/embed\/dilated\.html\?input=/);
});
