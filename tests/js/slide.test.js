import assert from "node:assert/strict";
import { test } from "node:test";
import { reduce, START } from "../../static/js/model/player.js";
import { Slide } from "../../static/js/model/slide.js";

/** @import {Player, PlayerEvent} from "../../static/js/model/player.js" */

/** @param {Player} player @param {PlayerEvent[]} events */
const after = (player, events) => events.reduce(reduce, player);
const whole = reduce(START, { type: "load", total: 9, step: 2 });
const at = (/** @type {Player} */ { step, playing }) => [step, playing];

test("a figure that waits for its slide plays when it comes, and goes on when it comes back", () => {
  const slide = new Slide({ autoplay: "slide", step: 2, still: false });
  let player = after(whole, slide.comes(whole));
  assert.deepEqual(at(player), [2, true]);
  player = after({ ...player, step: 5 }, slide.goes(player));
  assert.deepEqual(at(player), [5, false]);
  player = after(player, slide.comes(player));
  assert.deepEqual(at(player), [5, true]);
});

test("a slide that is said to have come twice starts nothing twice", () => {
  const slide = new Slide({ autoplay: "slide", step: 2, still: false });
  const playing = after(whole, slide.comes(whole));
  assert.deepEqual(slide.comes(playing), []);
  const stopped = reduce(playing, { type: "pause" });
  assert.deepEqual(slide.comes(stopped), []);
  assert.deepEqual(slide.goes(stopped), []);
  assert.deepEqual(slide.comes(stopped), []);
});

test("a figure that plays by itself begins anew when it is seen for the first time", () => {
  const slide = new Slide({ autoplay: "true", step: 2, still: false });
  const unseen = { ...whole, step: 7, playing: true };
  assert.deepEqual(at(after(unseen, slide.comes(unseen))), [2, true]);
  const steered = new Slide({ autoplay: "true", step: 2, still: false });
  steered.touched = true;
  assert.deepEqual(at(after(unseen, steered.comes(unseen))), [7, true]);
});

test("a slide that goes before it came leaves what has not begun to its turn", () => {
  const slide = new Slide({ autoplay: "slide", step: 2, still: false });
  assert.equal(slide.told, false);
  assert.deepEqual(slide.goes(whole), []);
  assert.equal(slide.told, true);
  assert.deepEqual(slide.comes(whole), [{ type: "toggle" }]);
});

test("nothing plays that is not to, or where nothing is to move", () => {
  assert.deepEqual(new Slide({ autoplay: "false", step: 2, still: false }).comes(whole), []);
  assert.deepEqual(new Slide({ autoplay: "slide", step: 2, still: true }).comes(whole), []);
});
