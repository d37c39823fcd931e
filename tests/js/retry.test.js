import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST_PAUSE, pauseBefore, putOff } from "../../static/js/model/retry.js";

test("pauses double from a second to half a minute, and stay there", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 60].map(pauseBefore), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  assert.equal(pauseBefore(2000), LONGEST_PAUSE);
});

test("who is put off comes back after what the server says, and a part of it more", () => {
  assert.equal(putOff(503, "2", 0, 0), 2000);
  assert.equal(putOff(503, "2", 2, 1), 3000);
  assert.equal(putOff(429, "1", 1, 0.5), 1250);
  assert.equal(putOff(503, "0", 0, 0), 500);
});

test("nobody comes back a fourth time, or without being told when, or after longer than somebody waits", () => {
  assert.equal(putOff(503, "2", 3, 0), null);
  for (const header of [null, "", "soon", "-1", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "11", "99999"]) {
    assert.equal(putOff(503, header, 0, 0), null, String(header));
  }
  for (const status of [200, 404, 422, 500, 502, 504]) assert.equal(putOff(status, "2", 0, 0), null);
});
