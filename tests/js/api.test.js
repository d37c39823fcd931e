import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, Refused, Unreachable } from "../../static/js/view/api.js";

/** A page without figures of its own. */
globalThis.document = /** @type {any} */ ({ getElementById: () => null, querySelector: () => null });

const BUSY = { error: { code: "busy", message: "Too much to do." } };
const OVER_TIME = { error: { code: "over_time", message: "Not computed in time." } };
const JSON_TYPE = { "content-type": "application/json" };

/** @param {number} status @param {object} body @param {Record<string, string>} [headers] */
function answer(status, body, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers: { ...JSON_TYPE, ...headers } });
}

/** Answers one request after the other; the clock stands until `later` moves it. */
/** @param {import("node:test").TestContext} t @param {Response[]} answers */
function server(t, answers) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(Math, "random", () => 0);
  const fetched = t.mock.method(globalThis, "fetch", () => Promise.resolve(answers[fetched.mock.callCount()]));
  return {
    asked: () => fetched.mock.callCount(),
    /** @param {number} milliseconds */
    async later(milliseconds) {
      await settled();
      t.mock.timers.tick(milliseconds);
      await settled();
    },
  };
}

function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

test("a question that was put off is asked again when the server says, and answered as if nothing had been", async (t) => {
  const { asked, later } = server(t, [answer(503, BUSY, { "retry-after": "2" }), answer(200, { facts: 1 })]);
  const answered = ask("/api/v1", "traces", "layer", {});
  await later(1999);
  assert.equal(asked(), 1);
  await later(1);
  assert.deepEqual(await answered, { facts: 1 });
  assert.equal(asked(), 2);
});

test("after three times the server counts as unreachable, and no further request is made", async (t) => {
  const answers = Array.from({ length: 9 }, () => answer(503, BUSY, { "retry-after": "1" }));
  const { asked, later } = server(t, answers);
  const refused = assert.rejects(ask("/api/v1", "traces", "layer", {}), Unreachable);
  for (let n = 0; n < 9; n += 1) await later(1000);
  await refused;
  assert.equal(asked(), 4);
});

test("who does not wait any more asks no more", async (t) => {
  const { asked, later } = server(t, [answer(503, BUSY, { "retry-after": "1" }), answer(200, {})]);
  const moving = new AbortController();
  const aborted = assert.rejects(ask("/api/v1", "traces", "layer", {}, moving.signal));
  await later(500);
  moving.abort();
  await aborted;
  await later(5000);
  assert.equal(asked(), 1);
});

test("an error that names no time to come again is the server's word", async (t) => {
  const { asked } = server(t, [answer(503, OVER_TIME)]);
  await assert.rejects(ask("/api/v1", "traces", "layer", {}), (error) => {
    assert.ok(error instanceof Refused);
    assert.equal(error.error.message, OVER_TIME.error.message);
    return true;
  });
  assert.equal(asked(), 1);
});

test("what stands before a server speaks in another form, and is no server", async (t) => {
  server(t, [new Response("<h1>Bad gateway</h1>", { status: 503, headers: { "content-type": "text/html" } })]);
  await assert.rejects(ask("/api/v1", "traces", "layer", {}), Unreachable);
});
