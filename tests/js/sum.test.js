import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { lengthOf, turnsOf } from "../../static/js/model/clock.js";
import { plain, translator } from "../../static/js/model/strings.js";
import { lookOf } from "../../static/js/scenes/look.js";
import { estimated, sumsAt, sumsPiece } from "../../static/js/scenes/sum.js";
import { direct, grouped, ones, stamped, THEME } from "./fixtures.js";
import { parsed, textsOf } from "./svgread.js";

/** @type {{slug: string, id: string, trace: any}[]} */
const FIGURES = JSON.parse(readFileSync(/** @type {string} */ (process.env.CONVOSCOPE_TRACES), "utf8"));
const t = translator(JSON.parse(readFileSync(new URL("../../locales/en/strings.json", import.meta.url), "utf8")));
const MEANS = { theme: THEME, t, measure: estimated };
const ROOM = { width: 1200, height: 190 };

/** @param {any} trace @param {number} step @param {{width: number, height: number}} [room] */
function drawn(trace, step, room = ROOM) {
  const sums = sumsAt(trace, step, t);
  const look = lookOf([sums], room, MEANS);
  const piece = sumsPiece(sums, look, room, MEANS);
  const svg = `<svg>${piece.draw(0, 0)}</svg>`;
  return { sums, look, piece, svg, texts: textsOf(parsed(svg)) };
}

/** @param {any} trace @param {number} step @param {{width: number, height: number}} [room] */
function said(trace, step, room) {
  return drawn(trace, step, room).texts.map(({ text }) => text);
}

test("a sum is written term by term, its products under it, and its result at the end", () => {
  assert.deepEqual(said(direct(), 1), ["1·1", "1", "+", "2·0", "0", "+", "4·0", "0", "+", "5·2", "10", "=", "11"]);
});

test("a bias stands behind the products", () => {
  const texts = said({ ...grouped(), stages: [{ ...grouped().stages[0], bias: [0, -3] }] }, 5);
  assert.ok(texts.includes("+ −3bias"), texts.join());
});

test("a stamp begins with the value that it multiplies, and adds nothing up", () => {
  const texts = said(stamped("input"), 1);
  assert.deepEqual(texts.slice(0, 4), ["5", "×", "5·1", "5"]);
  assert.ok(!texts.includes("+") && !texts.includes("="));
});

test("a cell that no stamp reaches says so", () => {
  const trace = stamped("output");
  const [stage] = trace.stages;
  const none = { ...stage.axes[0], at: stage.axes[0].at.map(() => [-1, -1, -1]), source: stage.axes[0].at.map(() => [-1, -1, -1]) };
  assert.ok(said({ ...trace, stages: [{ ...stage, axes: [none] }] }, 1).includes("No stamp reaches this cell."));
});

test("a long sum is folded, and says how much is left out", () => {
  const many = ones(13);
  const [stage] = many.stages;
  const at = [Array.from({ length: 11 }, (_, n) => n)];
  const kernel = { ...many.tensors.kernel, shape: [1, 1, 11, 11], values: [[Array.from({ length: 11 }, () => Array(11).fill(1))]] };
  const wide = {
    ...many,
    tensors: { ...many.tensors, kernel },
    stages: [{ ...stage, axes: [{ at, source: at }, { at, source: at }], steps: { ...stage.steps, position: [[0, 0, 0]], products: [Array(121).fill(1)], value: [121] } }],
  };
  const { texts, look } = drawn(wide, 1);
  const terms = texts.filter(({ text }) => text === "1·1").length;
  assert.equal(terms, look.most);
  assert.ok(texts.some(({ text }) => text === `… and ${121 - terms} more`));
  assert.ok(texts.some(({ text }) => text === "121"));
});

test("type is as large as there is room for, in one row if it may be", () => {
  const [wide, narrow, tiny] = [1200, 500, 160].map((width) => drawn(direct(), 1, { width, height: 190 }));
  assert.ok(wide.look.scale > narrow.look.scale && narrow.look.scale > tiny.look.scale);
  assert.equal(wide.look.rows, false);
  assert.equal(tiny.look.rows, true);
});

test("numbers of any length fit a room of any size", () => {
  const trace = direct();
  const [stage] = trace.stages;
  const long = { ...trace, stages: [{ ...stage, steps: { ...stage.steps, value: [-123456.78, 1, 1, 1], products: [[1e300, -1e-300, 0.33, 123456.78], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]] } }] };
  for (const room of [ROOM, { width: 300, height: 60 }, { width: 60, height: 400 }, { width: 2000, height: 20 }]) {
    const { piece, svg } = drawn(long, 1, room);
    assert.ok(piece.w <= room.width && piece.h <= room.height, `${piece.w} × ${piece.h}`);
    assert.doesNotMatch(svg, /NaN|undefined/);
  }
});

test("sums of one look keep their boxes where they are", () => {
  const trace = direct();
  const all = [1, 2, 3, 4].map((step) => sumsAt(trace, step, t));
  const look = lookOf(all, ROOM, MEANS);
  const rects = all.map((sums) => sumsPiece(sums, look, ROOM, MEANS).draw(0, 0).match(/<rect [^>]*>/g));
  for (const one of rects) assert.deepEqual(one, rects[0]);
});

test("text that means something to XML is written as text", () => {
  const { svg } = drawn(stamped("output"), 1);
  assert.doesNotMatch(svg, /&(?!(amp|lt|gt|quot);)/);
});

for (const { slug, id, trace } of FIGURES) {
  test(`${slug} ${id}: the sum of every stage stands inside its room, nothing over another, result and terms in it`, () => {
    for (const { before, total } of turnsOf(trace)) {
      for (const step of new Set([before + 1, before + Math.ceil(total / 2), before + total])) {
        const { sums, piece, texts, look } = drawn(trace, step);
        assert.ok(piece.w <= ROOM.width && piece.h <= ROOM.height);
        assert.ok(look.scale >= 0.8, `${look.scale}`);
        for (const text of texts) {
          assert.ok(text.left >= -1 && text.right <= piece.w + 1 && text.top >= -1 && text.bottom <= piece.h + 1, `${step}: ${text.text}`);
        }
        const apart = texts.filter(({ text }) => !/^[a-z]$/.test(text));
        for (const [n, a] of apart.entries()) {
          for (const b of apart.slice(n + 1)) {
            const over = a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
            assert.ok(!over, `${step}: «${a.text}» over «${b.text}»`);
          }
        }
        for (const { equation } of sums) {
          assert.ok(texts.some(({ text }) => text === plain(equation.value)), `${step}: ${plain(equation.value)}`);
          const left = texts.map(({ text }) => Number(/^… and (\d+) more$/.exec(text)?.[1] ?? 0)).reduce((a, b) => a + b, 0);
          const pairs = texts.filter(({ text }) => /^[−\d.e–]+(·.+)?$/.test(text)).length;
          assert.ok(pairs >= Math.min(equation.terms - left, 1), `${step}: ${pairs} of ${equation.terms}`);
        }
      }
    }
    assert.ok(lengthOf(trace) > 0);
  });
}
