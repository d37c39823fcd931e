import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { count, plain, span, translator } from "../../static/js/model/strings.js";

test("placeholders are filled", () => {
  assert.equal(translator({ "a.b": "Step {n} of {total}" })("a.b", { n: 5, total: 9 }), "Step 5 of 9");
});

test("an unknown string or a missing value is an error", () => {
  assert.throws(() => translator({})("a.b"), /unknown string: a.b/);
  assert.throws(() => translator({ "a.b": "{n}" })("a.b"), /wants \{n\}/);
});

test("numbers have a true minus and few decimals", () => {
  assert.deepEqual([-3, 0, 2.5, 1 / 3, -0.001, 1e7].map((n) => plain(n)), [
    "−3",
    "0",
    "2.5",
    "0.33",
    "−1e−3",
    "1e7",
  ]);
  assert.equal(plain(null), "");
});

test("thousands stand apart", () => {
  assert.equal(count(86400), "86\u202f400");
  assert.equal(count(100), "100");
});

test("indices count from one and run together", () => {
  assert.equal(span([1, 2, 3]), "2–4");
  assert.equal(span([0, 2, 4]), "1, 3, 5");
  assert.equal(span([0, 1]), "1, 2");
});

test("every string that a script names is there", () => {
  const root = new URL("../../", import.meta.url);
  const strings = JSON.parse(readFileSync(new URL("locales/en/strings.json", root), "utf8"));
  const scripts = readdirSync(new URL("static/js/", root), { recursive: true }).filter((name) =>
    String(name).endsWith(".js")
  );
  assert.ok(scripts.length > 20);
  for (const script of scripts) {
    const source = readFileSync(new URL(`static/js/${script}`, root), "utf8");
    for (
      const [, key] of source.matchAll(
        /"((?:say|sum|focus|overlap|role|matrix|numbers|transport|error|page|link|preset|fact)\.[\w.]+)"/g,
      )
    ) {
      assert.ok(key in strings, `${script} wants ${key}`);
    }
  }
});
