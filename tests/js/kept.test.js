import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, keeping, LONGEST, marker, MOST_KEPT, recalled, ROOM, saved, withoutValues } from "../../static/js/model/kept.js";
import { readQuery } from "../../static/js/model/query.js";

const NONE = { step: 0, theme: null, speed: null, loop: false, stage: "", lang: "", kept: "" };
const LONG = Array(1500).fill("7").join();
const SIZES = { input_size: "30x50" };

test("what fits into a link stands in it", () => {
  const fits = "1".repeat(LONGEST - "?input=".length);
  assert.deepEqual(addressOf({ input: fits }, NONE, SIZES), { query: `?input=${fits}`, kept: null });
  assert.notEqual(addressOf({ input: `${fits}1` }, NONE, SIZES).kept, null);
});

test("values too long leave their sizes and a marker", () => {
  const params = { stride: "2", input: LONG, kernel: "1,2;3,4" };
  const { query, kept } = addressOf(params, { ...NONE, step: 5 }, SIZES);
  const { id, values } = /** @type {NonNullable<typeof kept>} */ (kept);
  assert.equal(query, `?stride=2&kernel=1,2;3,4&input_size=30x50&step=5&kept=${id}`);
  assert.deepEqual(values, { input: LONG });
  const read = readQuery(query);
  assert.equal(read.page.kept, id);
  assert.deepEqual({ ...read.params, ...values }, { ...params, ...SIZES });
});

test("the longest values go first, and no more than must", () => {
  const both = addressOf({ kernel: LONG, input: `${LONG},7`, bias: "1,2" }, NONE, SIZES).kept;
  assert.deepEqual(Object.keys(both?.values ?? {}), ["input", "kernel"]);
  const one = addressOf({ kernel: LONG, input: "1,2" }, NONE, SIZES).kept;
  assert.deepEqual(Object.keys(one?.values ?? {}), ["kernel"]);
});

test("a marker whose values are lost stays as long as its figure does", () => {
  assert.equal(addressOf({ input_size: "8" }, { ...NONE, kept: "0f" }, SIZES).query, "?input_size=8&kept=0f");
});

test("questions that values do not concern are asked without long ones", () => {
  assert.deepEqual(withoutValues({ stride: "2", input: LONG }, SIZES), { stride: "2", input_size: "30x50" });
  const few = { stride: "2", input: "1,2" };
  assert.deepEqual(withoutValues(few, SIZES), few);
  assert.deepEqual(withoutValues({ ...few, seed: "7" }, SIZES), few);
});

test("the same values have the same marker, others another", () => {
  const texts = Array.from({ length: 5000 }, (_, n) => `${LONG},${n}`);
  assert.equal(new Set(texts.map(marker)).size, 5000);
  assert.equal(marker(LONG), marker(LONG));
  assert.match(marker(""), /^[0-9a-f]{16}$/);
});

test("a memory finds what it keeps, and nothing else", () => {
  const memory = keeping(keeping([], { id: "a", values: { input: "1" } }), { id: "b", values: { input: "2" } });
  assert.deepEqual(recalled(memory, "a"), { input: "1" });
  assert.equal(recalled(memory, "c"), null);
});

test("what others wrote into the storage counts as nothing", () => {
  for (const odd of [null, "x", {}, [null], [{ id: "a" }], [{ id: "a", values: null }], [{ id: "a", values: { input: 3 } }]]) {
    assert.equal(recalled(odd, "a"), null, JSON.stringify(odd));
  }
});

test("a memory forgets the oldest first", () => {
  const text = "7".repeat(ROOM / 2 - 100);
  const full = ["a", "b", "c"].reduce((memory, id) => keeping(memory, { id, values: { input: text } }), keeping([], { id: "0", values: {} }));
  assert.deepEqual(full.map(({ id }) => id), ["b", "c"]);
  const many = Array.from({ length: MOST_KEPT + 9 }, (_, n) => ({ id: String(n), values: { input: "1" } })).reduce(keeping, /** @type {import("../../static/js/model/kept.js").Kept[]} */ ([]));
  assert.equal(many.length, MOST_KEPT);
  assert.equal(many[0].id, "9");
  assert.equal(recalled(keeping([], { id: "a", values: { input: "7".repeat(ROOM) } }), "a"), null);
});

test("a file with saved numbers holds an object of texts", () => {
  assert.deepEqual(saved('{"stride": "2", "input": "1,2"}'), { stride: "2", input: "1,2" });
  for (const text of ["", "{", "{}", "[]", "null", "3", '"x"', '["1"]', '{"stride": 2}', '{"input": [1]}']) {
    assert.equal(saved(text), null, text);
  }
});
