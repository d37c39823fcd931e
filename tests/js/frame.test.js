import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cellRect, indexOf } from "../../static/js/marks/geometry.js";
import { numbered } from "../../static/js/marks/cells.js";
import { lengthOf, turnsOf } from "../../static/js/model/clock.js";
import { fit } from "../../static/js/model/theme.js";
import { plain, translator } from "../../static/js/model/strings.js";
import { valueAt } from "../../static/js/model/trace.js";
import { framesOf, frameSvg, subtitleOf } from "../../static/js/scenes/frame.js";
import { figuresOf, paneSvg } from "../../static/js/scenes/panes.js";
import { estimated } from "../../static/js/scenes/sum.js";
import { direct, THEME } from "./fixtures.js";
import { parsed, textsOf } from "./svgread.js";

/** @type {{slug: string, id: string, trace: any}[]} */
const FIGURES = JSON.parse(readFileSync(/** @type {string} */ (process.env.CONVOSCOPE_TRACES), "utf8"));
const words = (/** @type {string} */ lang) =>
  translator(JSON.parse(readFileSync(new URL(`../../locales/${lang}/strings.json`, import.meta.url), "utf8")));
const T = { en: words("en"), zh: words("zh") };
const LIGHT = { ...THEME, fit };
const PROJECTOR = { ...LIGHT, name: "projector", label: 24, small: 20, cell: 90, legible: { number: 23, dense: 14, weight: 70, room: 34 } };

/** @param {any} trace @param {number} step @param {Partial<import("../../static/js/scenes/frame.js").FrameOptions>} [more] */
function options(trace, step, more = {}) {
  return {
    trace,
    step,
    first: 1,
    last: lengthOf(trace),
    theme: LIGHT,
    t: T.en,
    measure: estimated,
    width: 1280,
    height: 720,
    title: "Depthwise separable convolution",
    subtitle: subtitleOf(trace, T.en),
    ...more,
  };
}

/** The units of a frame: its shorter side is 720. */
/** @param {import("../../static/js/scenes/frame.js").FrameOptions} asked */
function units({ width, height }) {
  const scale = 720 / Math.min(width, height);
  return { width: width * scale, height: height * scale };
}

/** @param {ReturnType<typeof textsOf>} texts */
function overlaps(texts) {
  const slack = 1;
  return texts.flatMap((a, n) =>
    texts.slice(n + 1).filter((b) =>
      a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack && b.top < a.bottom - slack
    ).map((b) => `«${a.text}» over «${b.text}»`)
  );
}

const WIDE = { width: 1280, height: 720 };
const OTHERS = [
  { width: 1080, height: 1080, theme: PROJECTOR },
  { width: 1080, height: 1920, t: T.zh },
];

for (const [n, { slug, id, trace }] of FIGURES.entries()) {
  const total = lengthOf(trace);

  test(`${slug} ${id}: first, middle and last frame are whole, and nothing of them overlaps or is cut off`, () => {
    const middle = Math.ceil(total / 2);
    // Each shape has a frame at the start and one later; which of them turns from figure to figure.
    const turns = n % 2 ? [[1, total], [0, middle]] : [[0, middle], [1, total]];
    for (const [nth, shape] of [WIDE, OTHERS[n % 2]].entries()) {
      const asked = options(trace, 1, shape);
      const frame = framesOf(asked);
      const { width, height } = units(asked);
      for (const step of new Set(turns[nth])) {
        const svg = frame(step);
        assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
        assert.doesNotMatch(svg, /(?:href|src)="(?!data:|#)|url\((?!#)|@import|<script|<foreignObject/);
        assert.doesNotMatch(svg, /textLength/);
        const tree = parsed(svg);
        const texts = textsOf(tree);
        for (const { text, left, right, top, bottom } of texts) {
          const place = `${step}: «${text}» at ${[left, top, right, bottom].map(Math.round)} of ${width} × ${height}`;
          assert.ok(left >= -2 && top >= -2 && right <= width + 2 && bottom <= height + 2, place);
        }
        const around = texts.filter(({ depth }) => depth === 0);
        // The letter of a stamp hangs on its term.
        assert.deepEqual(overlaps(around.filter(({ text }) => !/^[a-z]$/.test(text))), [], `${slug} ${step}`);
        const upper = Math.max(0, ...around.filter(({ top }) => top < 0.2 * height).map(({ bottom }) => bottom));
        const lower = Math.min(...around.filter(({ top }) => top > 0.3 * height).map(({ top }) => top), height);
        for (const { text, top, bottom } of texts.filter(({ depth }) => depth > 0)) {
          assert.ok(top >= upper - 3 && bottom <= lower + 3, `${step}: «${text}» leaves the figure's room`);
        }
      }
    }
  });

  test(`${slug} ${id}: the last frame holds every number of the output`, () => {
    const asked = options(trace, total);
    const { panes } = figuresOf(trace, { x: 0, y: 0, width: 1200, height: 470 }, asked)(total);
    const last = turnsOf(trace)[turnsOf(trace).length - 1].stages;
    for (const [nth, pane] of panes.entries()) {
      const texts = textsOf(parsed(`<svg>${paneSvg(pane, nth, total)}</svg>`));
      const shown = pane.plans.filter(({ scene }) => scene !== "lab").flatMap(({ grids }) => grids).filter((grid) =>
        last.some(({ output }) => output === grid.tensor) && grid.look !== "bare" && numbered(grid, LIGHT)
      );
      for (const grid of shown) {
        for (let row = 0; row < grid.rows; row += 1) {
          for (let col = 0; col < grid.cols; col += 1) {
            const value = plain(valueAt(trace.tensors[grid.tensor], indexOf(grid, row, col)));
            const { x, y, w, h } = cellRect(grid, row, col);
            const there = texts.filter((text) => {
              const [at, over] = [((text.left + text.right) / 2 - pane.x) / pane.scale, (text.bottom - pane.y) / pane.scale];
              return at >= x && at <= x + w && over >= y && over <= y + h;
            }).map(({ text }) => text);
            assert.ok(there.includes(value), `${grid.tensor} ${row},${col}: ${value} is not among ${there}`);
          }
        }
      }
    }
  });
}

test("the same trace and step are the same frame, whatever was drawn before", () => {
  const frame = framesOf(options(direct(), 1));
  const alone = frame(3);
  frame(4);
  frame(0);
  assert.equal(frame(3), alone);
  assert.equal(frameSvg(options(direct(), 3)), alone);
});

test("nothing jumps: title, line, figure and boxes stand at one place in every frame", () => {
  const frame = framesOf(options(direct(), 1));
  const still = (/** @type {number} */ step) => ({
    boxes: frame(step).match(/<rect [^>]*>/g),
    line: /<path d="M0,[^"]*"/.exec(frame(step))?.[0],
    figure: /<g transform="translate\([^"]*scale\([^"]*"/g.exec(frame(step))?.[0],
  });
  assert.deepEqual(still(1), still(4));
  assert.equal(still(1).boxes?.length, 1 + 2 + 1);
});

test("the frame of the last step shows the last value, yellow, and counts to the end", () => {
  const svg = frameSvg(options(direct(), 4));
  const texts = textsOf(parsed(svg)).map(({ text }) => text);
  assert.ok(texts.includes("step 4 of 4"));
  assert.ok(texts.includes("Made with Convoscope"));
  assert.equal(texts.filter((text) => text === "23").length, 3, "in the figure twice, covered and yellow, and in the sum");
  assert.match(svg, new RegExp(`fill="${THEME.highlight.fill}"`));
});

test("title, equation, credit and ground can be left out", () => {
  const bare = frameSvg(options(direct(), 2, { title: "", subtitle: "", equation: false, credit: false, transparent: true }));
  const around = textsOf(parsed(bare)).filter(({ depth }) => depth === 0);
  assert.deepEqual(around, []);
  assert.doesNotMatch(bare, /<rect width="1280"/);
  assert.doesNotMatch(bare, /paint-order/);
  assert.match(frameSvg(options(direct(), 2)), /<rect width="1280" height="720" fill="#ffffff"\/>/);
});

test("pixels are those asked for, and every size of one shape is the same picture", () => {
  const [small, large] = [{ width: 1280, height: 720 }, { width: 3840, height: 2160 }].map((size) => frameSvg(options(direct(), 2, size)));
  assert.match(large, /width="3840" height="2160" viewBox="0 0 1280 720"/);
  assert.equal(large.replace('width="3840" height="2160"', 'width="1280" height="720"'), small);
});

test("a figure of several stages says which one is at work", () => {
  const told = FIGURES.find(({ slug, id }) => slug === "depthwise-separable" && id === "two")?.trace;
  const texts = textsOf(parsed(frameSvg(options(told, lengthOf(told))))).map(({ text }) => text);
  assert.ok(texts.includes(`2 of 2: Pointwise · step ${lengthOf(told)} of ${lengthOf(told)}`), texts.join());
});

test("what matters of the parameters stands behind the title", () => {
  const told = (/** @type {string} */ slug, /** @type {string} */ id) =>
    subtitleOf(/** @type {any} */ (FIGURES.find((one) => one.slug === slug && one.id === id)).trace, T.en);
  assert.equal(told("single-channel", "article"), "stride 1 · padding 0");
  assert.equal(told("single-channel", "rectangular"), "stride 1 × 2 · padding 0");
  assert.equal(told("dilated", "article"), "stride 1 · padding 0 · dilation 2");
  assert.equal(told("dilated", "dilation-1"), "stride 1 · padding 0 · dilation 1");
  assert.equal(told("grouped", "article"), "stride 1 · padding 0 · 2 groups");
  assert.equal(told("pooling", "halving"), "maximum · stride 2 · padding 0");
  assert.equal(told("layer", "one-sided"), "stride 1 · padding 0:2 × 1");
});
