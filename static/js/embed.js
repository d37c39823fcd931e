/** Wiring of a figure in the frame of another page: it keeps nothing, and never takes the keyboard or the scroll. */

/** @import {Trace, Cell} from "./model/types.js" */
/** @import {Params} from "./model/query.js" */
/** @import {Player, PlayerEvent} from "./model/player.js" */
/** @import {Answer, Fault, Id, Wanted} from "./model/remote.js" */
/** @import {ApiError} from "./view/controls.js" */

import { lengthOf, rowStep } from "./model/clock.js";
import { canEdit, parameterOf, replaced } from "./model/edit.js";
import { changed } from "./model/params.js";
import { reduce, START } from "./model/player.js";
import { grammar } from "./model/query.js";
import { ownError, ownEvent } from "./model/remote.js";
import { Slide } from "./model/slide.js";
import { faultOf, UNDRAWN, withParams, worded } from "./model/wishes.js";
import { translator } from "./model/strings.js";
import { valuesAt } from "./model/tables.js";
import { valueAt } from "./model/trace.js";
import { grown, growth } from "./scenes/fit.js";
import { describe, draws, narrate } from "./scenes/index.js";
import { ask, onlyTheLast, Refused, Unreachable } from "./view/api.js";
import { Clockwork } from "./view/clockwork.js";
import { Connection } from "./view/connection.js";
import { Controls } from "./view/controls.js";
import { atRest, byId, oncePerFrame } from "./view/dom.js";
import { inWords } from "./view/errors.js";
import { Figure, roomFor } from "./view/figure.js";
import { drawWhole, fitSum } from "./view/fitting.js";
import { listenToFrameKeys } from "./view/framekeys.js";
import { Guess } from "./view/guess.js";
import { PAINTER } from "./view/painter.js";
import { Panels } from "./view/panels.js";
import { Remote } from "./view/remote.js";
import { listenToSight, listenToSize } from "./view/sight.js";
import { Stages } from "./view/stages.js";
import { putSum } from "./view/sum.js";
import { listenToSwipes } from "./view/swipes.js";
import { Switches } from "./view/switches.js";
import { readTheme, themeName } from "./view/theme.js";
import { Transport } from "./view/transport.js";

const data = JSON.parse(byId("page-data").textContent ?? "{}");
const t = translator(data.strings);
const { schema, presets, slug } = data.kind;
const own = data.embed;
const all = own.controls === "all";
const whole = own.fit === "contain";

const state = {
  /** @type {Params} */
  typed: Object.keys(data.query).length > 0 ? data.query : { ...presets[0].params },
  /** @type {Trace} */
  trace: data.trace,
  limits: data.limits,
  /** @type {ApiError | null} */
  error: data.error ?? null,
  /** @type {Cell | null} */
  focus: null,
  stage: own.stage,
  /** @type {string[]} */
  panels: own.panels,
  /** Whether long sums are unfolded. */
  open: false,
  /** None: that of the reader's system. */
  /** @type {string} */
  theme: data.theme ?? "",
  /** @type {boolean} */
  transparent: own.transparent,
};
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const slide = new Slide({ autoplay: own.autoplay, step: data.step, still });

const canvas = byId("canvas");
const layers = [canvas, byId("panels")];
const frame = /** @type {HTMLElement} */ (canvas.parentElement);
/** The trace of parameters. */
const obtained = onlyTheLast((/** @type {Params} */ typed, signal) => ask(data.api, "traces", slug, typed, signal));
let drawn = JSON.stringify(state.typed);
let theme = readTheme();
const begin = { ...START, speed: data.speed ?? "1", loop: data.loop };
const clock = new Clockwork(
  reduce(begin, { type: "load", ...spanOf(state.trace), step: data.step }),
  { sent, ticked },
);
const figure = new Figure(canvas, PAINTER, theme, t);
const connection = new Connection(byId("stage"), t);
const transport = new Transport(t, send);
const controls = all ? new Controls(byId("controls"), schema, t, set) : null;
const switches = all ? new Switches(byId("switches"), schema, t, (name, value) => set(name, value, false)) : null;
const stages = all ? new Stages(byId("stages"), t, (stage) => void show({ stage })) : null;
const panels = new Panels(byId("panels"), t, (cell, how) => {
  state.focus = cell;
  showStep(how === "keyboard");
}, {
  can: (tensor) => canEdit(tensor, state.trace, schema),
  value: ({ tensor, index }) => valueAt(state.trace.tensors[tensor], index),
  seen: ({ tensor, index }) =>
    guess.hides({ tensor, index }) ? null : valuesAt(state.trace, tensor, clock.player.step)(index),
  begin: () => {
    say("");
    if (clock.player.playing) send({ type: "pause" }, false);
  },
  take: giveCells,
  say,
});
const guess = new Guess(own.predict, t, {
  now: () => ({ trace: state.trace, step: clock.player.step }),
  show: showStep,
  say,
  changed() {},
});
const remote = new Remote({
  player: () => clock.player,
  running: () => clock.running,
  play: () => void (clock.player.playing || send({ type: "toggle" }, false)),
  pause: () => send({ type: "pause" }, false),
  loop: (on) => void (on === clock.player.loop || send({ type: "loop" }, false)),
  seek: (step) => send({ type: "seek", step }, false),
  slide: (on) => (on ? slide.comes(clock.player) : slide.goes(clock.player)).forEach((event) => clock.send(event)),
  obey: obeyed,
  state: told,
  say: (fault) => worded(fault, t),
});
const soon = oncePerFrame((/** @type {boolean} */ moving) => void request(state.typed, moving));

// --- the clock ---

/** The steps of a figure between which this frame plays. */
/** @param {Trace} trace */
function spanOf(trace) {
  const steps = lengthOf(trace);
  return { first: Math.min(own.start, steps), total: Math.min(own.end ?? steps, steps) };
}

/** @param {PlayerEvent} event @param {boolean} byHand */
function send(event, byHand) {
  slide.touched = true;
  if (event.type === "move" && event.by === 1 && guess.asking) return guess.reveal();
  clock.send(event, byHand);
}

/** @param {Player} before @param {boolean} byHand */
function sent(before, byHand) {
  const { step, playing, speed, loop } = clock.player;
  if (before.step !== step) guess.anew();
  if (byHand && state.focus && before.step !== step) panels.release();
  showStep(byHand && !playing);
  remote.report({ seeking: before.step !== step });
  if (speed !== before.speed || loop !== before.loop) remote.restate();
}

/** @param {Player} before */
function ticked(before) {
  const { step, playing } = clock.player;
  if (step !== before.step) guess.anew();
  const due = guess.due(clock.player);
  if (step !== before.step || !playing || due) showStep(false);
  if (step !== before.step || !playing) remote.report({ seeking: false, ended: !playing });
}

// --- what is shown ---

function moment() {
  return { step: clock.player.step, focus: state.focus, stage: state.stage, asking: guess.asking, panels: state.panels };
}

/** @param {boolean} [moving] */
function draw(moving = false) {
  showControls();
  const room = measured();
  if (room.width > 0 && room.height > 0) {
    if (whole) drawWhole(figure, layers, { trace: state.trace, room, moment: moment(), theme, t, moving });
    else figure.draw(state.trace, room, moment(), moving);
    panels.place(figure.plans, state.trace);
    if (moving) finish();
  }
  tell(false);
}

const finish = atRest(() => figure.finish(moment()), 80);

/** The room for the figure under the first step's sum: it is taken at every step, so that nothing jumps. */
function measured() {
  putSum(byId("sum"), state.trace, clock.player.first + 1, { open: state.open, asking: guess.asking }, t);
  if (whole) fitSum(byId("dock"));
  canvas.style.height = "0";
  const { paddingTop, paddingBottom } = getComputedStyle(frame);
  const height = frame.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom);
  return { width: roomFor(canvas), height: Math.floor(height) };
}

/** @param {boolean} byHand */
function showStep(byHand) {
  if (figure.show(moment())) {
    if (whole) draw();
    else panels.place(figure.plans, state.trace);
  }
  tell(byHand);
  panels.retell();
}

/** @param {boolean} byHand */
function tell(byHand) {
  const { step } = clock.player;
  putSum(byId("sum"), state.trace, step, { open: state.open, asking: guess.asking }, t);
  transport.update(clock.player);
  stages?.update(state.trace, { step, stage: state.stage, alone: figure.alone });
  if (!byHand) return;
  byId("spoken").textContent = guess.asking
    ? guess.question
    : state.focus ? describe(state.trace, state.focus, t) : narrate(state.trace, step, t);
}

function showControls() {
  const full = { ...state.trace.params, resolved_padding: state.trace.stages[0].padding };
  controls?.update({ typed: state.typed, full, limits: state.limits, error: state.error });
  switches?.update(full);
  const loose = state.error && !controls?.has(state.error.field) ? state.error : null;
  byId("problem").textContent = loose ? `${loose.message} ${loose.hint}` : "";
  byId("problem").hidden = !loose;
}

/** @param {string} text @param {boolean} [seen] */
function say(text, seen = true) {
  byId("status").textContent = seen ? text : "";
  if (text) byId("spoken").textContent = text;
}

/** Colours and sizes anew: of another theme, or another size of the frame. */
function restyle() {
  const size = { width: innerWidth, height: innerHeight };
  const by = whole ? growth(size, themeName()) : 1;
  document.documentElement.style.setProperty("--grow", by.toFixed(3));
  theme = grown(readTheme(), by);
  figure.theme = theme;
  draw();
}

/** The theme and the background that were asked for. */
function wear() {
  const { documentElement: root } = document;
  if (state.theme) root.dataset.theme = state.theme;
  else delete root.dataset.theme;
  root.toggleAttribute("data-transparent", state.transparent);
  restyle();
}

// --- other parameters ---

/** @param {string} name @param {string} text @param {boolean} moving */
function set(name, text, moving) {
  state.typed = changed({ typed: state.typed, trace: state.trace, schema, name, text }).params;
  soon(moving);
}

/** @param {string} tensor @param {import("./model/edit.js").Change[]} cells */
function giveCells(tensor, cells) {
  const name = parameterOf(tensor);
  if (!name) return;
  const dims = state.trace.tensors[state.trace.stages[0].input].shape.length - 1;
  const values = grammar(replaced(state.trace.tensors[tensor].values, cells), dims);
  state.typed = { ...state.typed, [name]: values };
  void request(state.typed, false);
}

/** Asks for a figure and shows it; what cannot be is said beside the control, or above the figure. */
/** @param {Params} typed @param {boolean} moving */
async function request(typed, moving) {
  connection.asked();
  try {
    const trace = await obtained(typed);
    if (!trace) return;
    connection.came();
    state.error = null;
    accept(trace, typed, undefined, moving);
    if (!moving && all) {
      const { limits } = await ask(data.api, "limits", slug, typed);
      if (drawn === JSON.stringify(typed)) state.limits = limits;
      showControls();
    }
  } catch (error) {
    if (error instanceof Unreachable) return connection.lost(() => void request(typed, false));
    if (!(error instanceof Refused)) throw error;
    connection.answered();
    state.error = inWords(error.error, t);
    showControls();
  }
}

/** @param {Trace} trace @param {Params} typed @param {number | undefined} step @param {boolean} moving */
function accept(trace, typed, step, moving) {
  const wasAt = clock.player.step;
  Object.assign(state, { trace, typed, focus: null });
  slide.touched = true;
  drawn = JSON.stringify(typed);
  if (state.stage !== "all" && !trace.stages.some(({ id }) => id === state.stage)) state.stage = "";
  state.panels = state.panels.filter((name) => name in trace.tensors);
  clock.set({ type: "load", ...spanOf(trace), step });
  draw(moving);
  if (!moving) remote.restate();
  remote.report({ seeking: clock.player.step !== wasAt });
}

// --- messages ---

/** What a page is told of the figure. */
function told() {
  const { step, first, total, loop, speed } = clock.player;
  const { stage, panels: shown, typed } = state;
  return {
    kind: slug, step, start: first, end: total, steps: lengthOf(state.trace), playing: clock.running, loop, speed,
    theme: state.theme || null, transparent: state.transparent, stage: stage || null, panels: shown, params: typed,
  };
}

/** Does what a message of ours asks, or nothing of it. */
/** @param {Wanted} wanted @param {Id} id @returns {Promise<Answer>} */
async function obeyed(wanted, id) {
  try {
    const { trace, typed } = await wantedFigure(wanted);
    const wrong = faultOf(wanted, trace, spanOf(trace));
    if (wrong) throw wrong;
    if (wanted.panels && !draws(trace, wanted.panels, theme, t)) throw UNDRAWN;
    if (typed !== state.typed) accept(trace, typed, undefined, false);
    show(wanted);
    return ownEvent("state", { ...(id === null ? {} : { id }), ...told() });
  } catch (error) {
    if (error instanceof Refused) return ownError(id, inWords(error.error, t));
    if (error instanceof Unreachable) return ownError(id, worded({ code: "unreachable", field: "params", values: {} }, t));
    if (error instanceof Error) throw error;
    return ownError(id, worded(/** @type {Fault} */ (error), t));
  }
}

/** The figure with the parameters of a message; throws what is wrong with them. */
/** @param {Wanted} wanted @returns {Promise<{trace: Trace, typed: Params}>} */
async function wantedFigure({ params }) {
  if (!params) return state;
  const typed = withParams(params, { ...state, schema });
  const trace = await obtained(typed);
  if (!trace) throw { code: "superseded", field: "params", values: {} };
  connection.came();
  return { trace, typed };
}

/** @param {Wanted} wanted */
function show({ stage, panels: names, theme: look, transparent, loop, speed, step, play }) {
  if (stage !== undefined || names) {
    Object.assign(state, { stage: stage ?? state.stage, panels: names ?? state.panels });
    draw();
  }
  if (look !== undefined || transparent !== undefined) {
    Object.assign(state, { theme: look ?? state.theme, transparent: transparent ?? state.transparent });
    wear();
  }
  if (speed !== undefined) send({ type: "speed", speed }, false);
  if (loop !== undefined && loop !== clock.player.loop) send({ type: "loop" }, false);
  if (step !== undefined) send({ type: "seek", step }, false);
  if (play !== undefined && play !== clock.player.playing) send({ type: "toggle" }, false);
}

// --- the frame ---

byId("sum").addEventListener("click", (/** @type {Event} */ event) => {
  if (!(/** @type {HTMLElement} */ (event.target).closest("[data-fold]"))) return;
  state.open = !state.open;
  tell(false);
});
listenToFrameKeys({
  send,
  row: (direction) => send({ type: "seek", step: rowStep(state.trace, clock.player.step, direction) }, true),
  ends: () => {
    const { step, first, total } = clock.player;
    return { first: step <= first, last: step >= total && !guess.asking };
  },
  escape: () => panels.dropField() || panels.release(),
  pass: (key, code) => remote.pass(key, code),
});
listenToSwipes(frame, { step: (by) => send({ type: "move", by }, true), busy: () => panels.field.isOpen });
listenToSight((seen) => {
  clock.hold(!seen);
  remote.report({ seeking: false });
}, () => void (slide.told || own.autoplay !== "slide" || remote.askForSlide()));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
byId("tables").hidden = true;
if (own.panels.length > 0 && !draws(state.trace, own.panels, theme, t)) {
  state.error = worded(UNDRAWN, t);
  state.panels = [];
}
listenToSize(byId("stage"), restyle);
restyle();
// The painter is all that draws in a frame.
Object.assign(document.documentElement.dataset, { drawn: "", ready: "" });
remote.ready();
if (slide.due && own.autoplay === "true") clock.send({ type: "toggle" });
