import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EVENTS, Listeners, METHODS, ownError, playerEvent, readMessage, secondsOf, stepsOf,
} from "../../static/js/model/remote.js";
import { faultOf, withParams, worded } from "../../static/js/model/wishes.js";
import { translator } from "../../static/js/model/strings.js";
import { direct } from "./fixtures.js";

const player = (/** @type {object} */ message) => readMessage({ context: "player.js", version: "0.0.11", ...message });
const own = (/** @type {any} */ convoscope) => readMessage({ convoscope });

test("what is none of ours is no message", () => {
  for (
    const data of [
      undefined, null, 0, 7, true, "", "hello", "{", '{"a"', "[]", "null", "slide:pause", [], {}, { context: "vimeo", method: "play" },
      { event: "command", func: "playVideo" }, '{"method":"play"}', "x".repeat(100_000), `{${" ".repeat(100_000)}}`,
      { context: "player.js", event: "ready" }, new Map([["convoscope", 1]]), new Date(), new ArrayBuffer(3),
    ]
  ) assert.equal(readMessage(data), null);
});

test("the words of reveal.js say that a slide comes and goes", () => {
  assert.deepEqual(readMessage("slide:start"), { do: "slide", on: true });
  assert.deepEqual(readMessage("slide:stop"), { do: "slide", on: false });
});

test("player.js is understood as an object and as text", () => {
  assert.deepEqual(player({ method: "play" }), { do: "play" });
  assert.deepEqual(readMessage('{"context":"player.js","version":"0.0.11","method":"pause"}'), { do: "pause" });
  assert.deepEqual(player({ method: "getPaused", listener: "a" }), { do: "tell", method: "getPaused", listener: "a" });
  assert.deepEqual(player({ method: "setLoop", value: true }), { do: "loop", on: true });
  assert.deepEqual(player({ method: "setCurrentTime", value: 3.6 }), { do: "time", seconds: 3.6 });
  assert.deepEqual(player({ method: "addEventListener", value: "ended", listener: "b" }), { do: "listen", event: "ended", listener: "b" });
  assert.deepEqual(player({ method: "removeEventListener", value: "ended" }), { do: "unlisten", event: "ended", listener: null });
});

test("every method that ready names is one, and sound does nothing", () => {
  const value = /** @type {Record<string, any>} */ ({ setCurrentTime: 1, setLoop: false, addEventListener: "play", removeEventListener: "play" });
  for (const method of METHODS) assert.notEqual(player({ method, value: value[method] })?.do, "refuse", method);
  for (const method of ["mute", "unmute", "setVolume"]) assert.deepEqual(player({ method, value: 5 }), { do: "nothing" });
  for (const event of EVENTS) assert.equal(player({ method: "addEventListener", value: event })?.do, "listen");
});

test("wrong words of player.js are answered with its error, to whoever sent them", () => {
  for (
    const message of [
      { method: "explode" }, { method: 7 }, { method: {} }, { method: "x".repeat(1000) }, { method: "__proto__" }, { method: "constructor" },
      { method: "setLoop", value: "yes" }, { method: "setCurrentTime", value: "3" }, { method: "setCurrentTime", value: NaN },
      { method: "setCurrentTime", value: Infinity }, { method: "addEventListener", value: "cuechange" }, { method: "addEventListener" },
    ]
  ) {
    const act = /** @type {any} */ (player({ ...message, listener: "me" }));
    assert.equal(act.do, "refuse", JSON.stringify(message));
    const answer = JSON.parse(act.answer);
    assert.deepEqual([answer.context, answer.event, answer.listener], ["player.js", "error", "me"]);
    assert.ok(answer.value.msg.length < 300);
  }
});

test("time is steps at their usual pace, and a seek goes to the nearest", () => {
  assert.deepEqual([0, 1, 9].map(secondsOf), [0, 0.9, 8.1]);
  assert.deepEqual([0, 0.4, 0.5, 3.6, -5].map(stepsOf), [0, 0, 1, 4, -6]);
});

test("listeners hear of their events, once each, until they are removed", () => {
  const all = new Listeners();
  all.add("play", "a");
  all.add("play", "a");
  all.add("play", "b");
  all.add("ended", null);
  const heard = (/** @type {string} */ event) => all.messages(event, 1).map((text) => JSON.parse(text).listener ?? null);
  assert.deepEqual(heard("play"), ["a", "b"]);
  assert.deepEqual(heard("ended"), [null]);
  all.remove("play", "a");
  assert.deepEqual(heard("play"), ["b"]);
  all.add("play", "c");
  all.remove("play", null);
  assert.deepEqual(heard("play"), []);
});

test("listeners without end are not kept", () => {
  const all = new Listeners();
  for (let n = 0; n < 5000; n += 1) all.add("play", String(n));
  assert.equal(all.messages("play").length, 200);
});

test("an event without a value has none", () => {
  assert.deepEqual(JSON.parse(playerEvent("play", undefined, null)), { context: "player.js", version: "0.0.11", event: "play" });
});

test("a message of ours has one wish or several, and an id that comes back", () => {
  assert.deepEqual(own({ step: 4 }), { do: "own", id: null, wanted: { step: 4 } });
  assert.deepEqual(own({ play: true, speed: 2, id: "x" }), { do: "own", id: "x", wanted: { play: true, speed: "2" } });
  assert.deepEqual(readMessage('{"convoscope": {"loop": false}}'), { do: "own", id: null, wanted: { loop: false } });
  assert.deepEqual(own({ panels: "input,output" }), { do: "own", id: null, wanted: { panels: ["input", "output"] } });
  assert.deepEqual(own({ panels: [] }), { do: "own", id: null, wanted: { panels: [] } });
  assert.deepEqual(own({ transparent: true, theme: "" }), { do: "own", id: null, wanted: { transparent: true, theme: "" } });
});

test("parameters become text as a link has it; null stands for the default", () => {
  assert.deepEqual(own({ params: { stride: 2, shuffle: false, padding: "same", seed: null } }), {
    do: "own",
    id: null,
    wanted: { params: { stride: "2", shuffle: "false", padding: "same", seed: null } },
  });
});

test("a wish that no figure has is a fault, and so is none", () => {
  for (const asked of [{ html: "<b>" }, { step: 1, eval: "x" }, {}, { id: 7 }, JSON.parse('{"__proto__": {"x": 1}}'), { toString: 1 }]) {
    const act = /** @type {any} */ (own(asked));
    assert.deepEqual([act.do, act.fault.code], ["fault", "unknown_field"], JSON.stringify(asked));
  }
  for (const asked of [null, 7, "play", [], [{ step: 1 }], undefined]) {
    assert.equal(/** @type {any} */ (own(asked)).fault.code, "not_an_object");
  }
});

test("values of the wrong form are faults of their field", () => {
  const cycle = /** @type {any} */ ({});
  cycle.stride = cycle;
  const wrong = /** @type {[string, any][]} */ ([
    ["step", "4"], ["step", 1.5], ["step", -1], ["step", NaN], ["step", 2 ** 60], ["step", {}], ["step", null],
    ["play", 1], ["play", "true"], ["loop", 0], ["speed", {}], ["speed", NaN], ["theme", 7], ["theme", "x".repeat(1000)],
    ["transparent", "yes"], ["stage", []], ["panels", 7], ["panels", [7]], ["panels", Array(500).fill("input")], ["listen", "all"],
    ["state", false], ["params", null], ["params", []], ["params", {}], ["params", { stride: {} }], ["params", { stride: [1] }],
    ["params", { stride: Infinity }], ["params", { input: "1".repeat(50_000) }], ["params", cycle],
    ["params", Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`p${n}`, 1]))],
  ]);
  for (const [field, value] of wrong) {
    const act = /** @type {any} */ (own({ [field]: value, id: 3 }));
    assert.deepEqual([act.do, act.id, act.fault?.code, act.fault?.field], ["fault", 3, "wrong_value", field], field);
  }
});

test("an id that is no short word or number does not come back", () => {
  for (const id of [{}, [], "x".repeat(1000), NaN, null, true]) {
    assert.equal(/** @type {any} */ (own({ step: 1, id })).id, null);
  }
  const error = { code: "c", field: "f", values: {}, message: "m", hint: "" };
  assert.deepEqual(ownError(null, error), { convoscope: { event: "error", error } });
});

// --- what a figure has ---

const SPAN = { first: 0, total: 4 };
const schema = { properties: { stride: { default: 1 }, input: {}, kernel_size: { default: 2 }, start: {}, count: {}, tensors: {} } };

test("wishes are held against the figure: steps, stages, tensors, and the words of the others", () => {
  const trace = direct();
  const stage = trace.stages[0].id;
  assert.equal(faultOf({ step: 4, stage, panels: ["input"], theme: "dark", speed: "max" }, trace, SPAN), null);
  assert.equal(faultOf({ stage: "", theme: "" }, trace, SPAN), null);
  assert.deepEqual(faultOf({ step: 5 }, trace, SPAN)?.values, { minimum: 0, maximum: 4, given: 5, nearest: 4 });
  assert.equal(faultOf({ step: 1 }, trace, { first: 2, total: 4 })?.values.nearest, 2);
  for (const [field, wanted] of Object.entries({ speed: "3", theme: "pink", stage: "nowhere", panels: ["input", "weights"] })) {
    const fault = faultOf({ [field]: wanted }, trace, SPAN);
    assert.deepEqual([fault?.code, fault?.field], ["unknown_choice", field]);
  }
});

test("parameters of a message join those on show, as a slider's do", () => {
  const figure = { typed: { stride: "2" }, trace: { ...direct(), params: { kernel_size: [2, 2], input_size: [3, 3] } }, schema };
  assert.deepEqual(withParams({ kernel_size: "3" }, figure), { stride: "2", kernel_size: "3" });
  assert.deepEqual(withParams({ stride: null }, figure), {});
  assert.deepEqual(withParams({ stride: "1" }, figure), {});
  assert.deepEqual(figure.typed, { stride: "2" });
});

test("parameters that no figure has, or only answers of the API, are refused", () => {
  const figure = { typed: {}, trace: direct(), schema };
  for (const name of ["start", "count", "tensors", "constructor", "__proto__", "strid", "x".repeat(500)]) {
    const params = Object.fromEntries([[name, "1"]]);
    assert.throws(() => withParams(params, figure), (/** @type {any} */ fault) => fault.code === "unknown_parameter" && fault.field.length <= 40);
  }
});

test("a fault is said in words", () => {
  const t = translator({ "remote.unknown_choice": "{field} takes {options}; it was «{given}»." });
  const fault = { code: "unknown_choice", field: "speed", values: { given: "3", options: ["1", "2"] } };
  assert.equal(worded(fault, t).message, "speed takes 1, 2; it was «3».");
});
