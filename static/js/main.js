/** Wiring: the page's state, and who is told when it changes. */

/** @import {Trace, Cell, Stage} from "./model/types.js" */
/** @import {Params} from "./model/query.js" */
/** @import {PlayerEvent} from "./model/player.js" */
/** @import {ApiError} from "./view/controls.js" */

import { lengthOf, rowStep, spanOf, stepsAt } from "./model/clock.js";
import { parameterOf, replaced } from "./model/edit.js";
import { equationOf } from "./model/equation.js";
import { begun, redone, remembered, undone } from "./model/history.js";
import { partnerOf, sideText, writePair } from "./model/pair.js";
import { changed, chosen, exampleOf, matching, withValues } from "./model/params.js";
import { reduce, START } from "./model/player.js";
import { readQuery, writeQuery } from "./model/query.js";
import { translator } from "./model/strings.js";
import { valueAt } from "./model/trace.js";
import { describe, lettering, narrate } from "./scenes/index.js";
import { nameOf } from "./scenes/layout.js";
import { ask, Refused } from "./view/api.js";
import { Controls } from "./view/controls.js";
import { atRest, byId, el, oncePerFrame } from "./view/dom.js";
import { inWords } from "./view/errors.js";
import { equationHtml } from "./view/equation.js";
import { showFacts } from "./view/facts.js";
import { Extras } from "./view/extras/index.js";
import { Figure } from "./view/figure.js";
import { listenToKeys } from "./view/keys.js";
import { listenToLesson } from "./view/lesson.js";
import { copyLink } from "./view/link.js";
import { grammar, Numbers } from "./view/numbers.js";
import { Panels } from "./view/panels.js";
import { listenToPaste } from "./view/pasting.js";
import { Presets } from "./view/presets.js";
import { Presenter } from "./view/present.js";
import { plotlyReady } from "./view/plotly.js";
import { Stages } from "./view/stages.js";
import { Switches } from "./view/switches.js";
import { listenToTabs } from "./view/tabs.js";
import { readTheme, setTheme, showTheme, themeName, THEMES } from "./view/theme.js";
import { Transport } from "./view/transport.js";
import { Undo } from "./view/undo.js";

const data = JSON.parse(byId("page-data").textContent ?? "{}");
const t = translator(data.strings);
const { schema, presets, slug } = data.kind;
const arrived = readQuery(location.search);

const state = {
  /** @type {Params} */
  typed: Object.keys(data.query).length > 0 ? data.query : { ...presets[0].params },
  /** @type {Trace} */
  trace: data.trace,
  limits: data.limits ?? {},
  /** @type {ApiError | null} */
  error: data.error,
  player: reduce({ ...START, speed: data.speed ?? "1", loop: data.loop }, {
    type: "load",
    total: lengthOf(data.trace),
    step: data.step,
  }),
  /** @type {Cell | null} */
  focus: null,
  /** @type {"example" | "random" | "mine"} */
  numbers: "random",
  /** The stage to be seen alone, `all`, or nothing said. */
  stage: arrived.page.stage,
  /** How far a kernel that is reversed has been turned, 0 to 1. */
  turn: 1,
  note: "",
  open: false,
  theme: arrived.page.theme,
};

const canvas = byId("canvas");
const stage = byId("stage");
/** @type {Figure | null} */
let figure = null;
let asked = new AbortController();
/** The parameters that the figure on show was drawn from. */
let drawn = state.error ? "" : JSON.stringify(state.typed);
let box = { width: 0, height: 0 };

const panels = new Panels(byId("panels"), t, (cell, how) => {
  state.focus = cell;
  showStep(how === "keyboard");
}, {
  can: (tensor) => {
    const name = parameterOf(tensor);
    return name !== null && name in schema.properties && Array.isArray(state.trace.tensors[tensor]?.values);
  },
  value: ({ tensor, index }) =>
    valueAt({ ...state.trace.tensors[tensor], values: latestValues(tensor) }, index),
  begin: () => {
    say("");
    if (state.player.playing) send({ type: "pause" }, false);
  },
  take: giveCells,
  say,
});
/** What the reader changed so far, as far as it could be drawn. */
let changes = begun(state.typed);
/** Tensors changed by hand that the figure does not show yet, and the parameters that they have become. */
/** @type {{key: string, tensors: Record<string, any>}} */
let given = { key: "", tensors: {} };
const undo = new Undo({ undo: () => travel(undone, "undone"), redo: () => travel(redone, "redone") });
const transport = new Transport(t, send);
const controls = new Controls(byId("controls"), schema, t, set);
const numbers = new Numbers(byId("numbers"), schema, t, {
  choose: chooseNumbers,
  edit: editNumbers,
  draw: drawNumbers,
});
const switches = new Switches(byId("switches"), schema, t, (name, value) => set(name, value, false));
const stages = new Stages(byId("stages"), t, (stage) => {
  state.stage = stage;
  if (figure && figure.alone !== stage && stage && stage !== "all") seekInto(stage);
  draw();
  address("replace");
});
/** The theme to which presenting leads back. */
let themeBefore = arrived.page.theme;
const presenter = new Presenter((on) => {
  if (on) themeBefore = state.theme;
  setTheme(on ? "projector" : themeBefore);
  restyle();
});
const menu = new Presets(presets, t, (preset) => choose({ ...preset.params }));
const extras = new Extras(byId("extra-facts"), byId("extras"), {
  t,
  presets,
  // Of the figure on show: what was refused is none.
  typed: () => drawn ? JSON.parse(drawn) : presets[0].params,
  choose: (params) => void choose({ ...params }),
  facts: (params) => ask(data.api, "facts", slug, params),
  curves: (params) => ask(data.api, "curves", slug, params),
  code: (params) => ask(data.api, "code", slug, params),
});
const restFacts = atRest(tellFacts, 60);
const restNumbers = atRest(() => figure?.finish(moment()), 80);
const writeSteps = atRest(() => address("replace"), 200);

/** The latest parameters, asked for at most once a frame. */
const soon = oncePerFrame((/** @type {boolean} */ moving) => void request(moving));

/** Takes parameters that did not come from a control: of a link, a preset, the lesson. */
/** @param {Params} params */
function adopt(params) {
  Object.assign(state, { typed: params, note: "", numbers: chosen(params, presets) });
  if (state.numbers === "mine") numbers.mine = ownValues(params);
}

/** Goes to where a stage begins, unless the clock stands in it. */
/** @param {string} id */
function seekInto(id) {
  const stage = state.trace.stages.find((found) => found.id === id);
  if (!stage) return;
  const { before, total } = spanOf(state.trace, stage);
  const { step } = state.player;
  if (step <= before || step > before + total) state.player = reduce(state.player, { type: "seek", step: before + 1 });
}

function tellFacts() {
  showFacts(byId("facts"), byId("formulas"), state.trace, t);
  extras.update(state.trace);
}

function moment() {
  return { step: state.player.step, focus: state.focus, stage: state.stage, turn: state.turn };
}

/** @param {string} name @param {string} text @param {boolean} moving */
function set(name, text, moving) {
  const next = changed({ typed: state.typed, trace: state.trace, schema, name, text });
  state.typed = next.params;
  if (next.switched) Object.assign(state, { numbers: "random", note: t("numbers.switched") });
  if (!moving && JSON.stringify(state.typed) === drawn && !state.error) return settle("push");
  soon(moving);
}

/** @param {Params} params @param {number} [step] */
function choose(params, step = 0) {
  adopt(params);
  state.player = reduce(state.player, { type: "seek", step });
  return request(false, step);
}

/**
 * Asks for the figure of the typed parameters; a later request aborts this one.
 * @param {boolean} moving
 * @param {number} [step]
 * @param {"push" | "replace" | "keep"} [how]
 */
async function request(moving, step, how = moving ? "keep" : "push") {
  asked.abort();
  asked = new AbortController();
  const mine = asked;
  const key = JSON.stringify(state.typed);
  if (!moving) say("");
  const slow = setTimeout(() => stage.classList.add("waiting"), 300);
  try {
    const trace = await ask(data.api, "traces", slug, state.typed, mine.signal);
    drawn = key;
    state.error = null;
    accept(trace, moving, step);
    if (!moving) settle(how);
  } catch (error) {
    if (mine.signal.aborted) return;
    state.error = error instanceof Refused ? inWords(error.error, t) : offline();
    showControls();
  } finally {
    clearTimeout(slow);
    if (asked === mine) stage.classList.remove("waiting");
  }
}

/** @returns {ApiError} */
function offline() {
  return { code: "offline", field: "", message: t("page.offline"), hint: "", values: {} };
}

/** @param {Trace} trace @param {boolean} moving @param {number} [step] */
function accept(trace, moving, step) {
  state.trace = trace;
  if (state.stage !== "all" && !trace.stages.some(({ id }) => id === state.stage)) state.stage = "";
  state.focus = null;
  state.player = reduce(state.player, { type: "load", total: lengthOf(trace), step });
  draw(moving);
  restFacts();
}

/** A value has been chosen: the address, the limits and the numbers follow. */
/** @param {"push" | "replace" | "keep"} how */
async function settle(how) {
  changes = remembered(changes, state.typed);
  if (how === "keep") links();
  else address(how);
  showControls();
  const key = drawn;
  try {
    const { limits } = await ask(data.api, "limits", slug, state.typed);
    if (key !== drawn) return;
    state.limits = limits;
    showControls();
  } catch {
    state.limits = {};
  }
}

/** @param {"push" | "replace"} how */
function address(how) {
  if (state.error) return;
  const query = writeQuery(state.typed, pageState());
  links();
  if (query === location.search) return;
  if (how === "push") history.pushState(null, "", query);
  else history.replaceState(null, "", query);
}

function pageState() {
  const { step, speed, loop } = state.player;
  return { step, theme: state.theme, speed, loop, stage: state.stage, lang: arrived.page.lang };
}

/** The links that lead away with the figure on show. */
function links() {
  const page = pageState();
  for (const link of document.querySelectorAll("[data-lang]")) {
    const lang = /** @type {HTMLElement} */ (link).dataset.lang ?? "";
    /** @type {HTMLAnchorElement} */ (link).href = writeQuery(state.typed, { ...page, lang });
  }
  const own = { slug, params: state.typed, stage: state.stage, until: "" };
  const partner = partnerOf(data.partners, { slug, params: state.typed, schema });
  byId("compare").href = `/compare${writePair([own, partner].map(sideText), page)}`;
}

/** @param {boolean} [moving] */
function draw(moving = false) {
  showControls();
  showPlace();
  measure();
  if (figure && box.width > 0) {
    figure.draw(state.trace, box, moment(), moving);
    panels.place(figure.plans, state.trace);
    if (moving) restNumbers();
  }
  showSum(false);
  showPlace();
}

function showControls() {
  const full = { ...state.trace.params, resolved_padding: state.trace.stages[0].padding };
  controls.update({ typed: state.typed, full, limits: state.limits, error: state.error });
  numbers.update({
    mode: state.numbers,
    hasExample: exampleOf(state.typed, presets) !== null,
    note: state.note,
    error: state.error,
  });
  undo.update({
    back: changes.past.length > 0 || remembered(changes, state.typed) !== changes,
    forward: changes.future.length > 0,
  });
  switches.update(full);
  menu.update(matching(state.typed, presets));
  const loose = state.error && !controls.has(state.error.field) && state.numbers !== "mine"
    ? state.error
    : null;
  byId("problem").textContent = loose ? `${loose.message} ${loose.hint}` : "";
  byId("problem").hidden = !loose;
}

/** @param {boolean} byHand */
function showStep(byHand) {
  if (figure?.show(moment())) panels.place(figure.plans, state.trace);
  showSum(byHand);
  showPlace();
}

function showPlace() {
  transport.update(state.player);
  stages.update(state.trace, { step: state.player.step, stage: state.stage, alone: figure?.alone ?? null });
}

/** @param {boolean} byHand */
function showSum(byHand) {
  putSum(state.player.step);
  const said = state.focus
    ? describe(state.trace, state.focus, t)
    : narrate(state.trace, state.player.step, t);
  byId("caption").textContent = said;
  if (panels.inviting) byId("caption").append(el("span", { class: "hint" }, ` ${t("edit.hint")}`));
  if (byHand) byId("spoken").textContent = said;
}

/** @param {number} step */
function putSum(step) {
  const steps = stepsAt(state.trace, step);
  const equations = steps.map((taken) => equationOf(state.trace, taken, lettering(state.trace, taken.stage)));
  byId("sum").innerHTML = equations.length > 1
    ? equations.map((equation, n) => namedSum(steps[n].stage, equation)).join("")
    : equationHtml(equations[0] ?? null, state.open, t);
  byId("sum").classList.toggle("several", equations.length > 1);
}

/** One of several sums that stand under the figure at once. */
/** @param {Stage} stage @param {import("./model/equation.js").Equation} equation */
function namedSum(stage, equation) {
  return `<div class="sum-part"><span class="sum-of">${nameOf(stage.output, t)}</span>${
    equationHtml(equation, state.open, t, true)
  }</div>`;
}

/** @param {PlayerEvent} event @param {boolean} byHand */
function send(event, byHand) {
  const before = state.player;
  state.player = reduce(before, event);
  if (byHand && state.focus && before.step !== state.player.step) panels.release();
  if (before.step === 0 && state.player.step === 1) turnKernel();
  showStep(byHand && !state.player.playing);
  if (state.player.playing && !before.playing) requestAnimationFrame(run);
  writeSteps();
}

/** How long a kernel takes to be turned, in milliseconds; no time where less motion is asked for. */
const TURNING = 450;

/** Shows on the way into the first step how a kernel is reversed. */
function turnKernel() {
  const flips = state.trace.stages.some(({ flip }) => flip) && state.trace.facts.compared;
  if (!flips || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const begun = performance.now();
  const frame = () => {
    state.turn = Math.min(1, (performance.now() - begun) / TURNING);
    if (state.player.step !== 1) state.turn = 1;
    figure?.show(moment());
    if (state.turn < 1) requestAnimationFrame(frame);
  };
  state.turn = 0;
  requestAnimationFrame(frame);
}

let last = 0;
/** @param {number} time */
function run(time) {
  if (!state.player.playing) {
    last = 0;
    return writeSteps();
  }
  const before = state.player.step;
  state.player = reduce(state.player, { type: "tick", elapsed: last ? Math.min(time - last, 1000) : 0 });
  last = time;
  if (state.player.step !== before || !state.player.playing) showStep(false);
  requestAnimationFrame(run);
}

/** @param {"example" | "random" | "mine"} mode */
function chooseNumbers(mode) {
  state.note = "";
  if (mode === "example") return choose({ ...exampleOf(state.typed, presets) });
  state.numbers = mode;
  if (mode === "random") {
    state.typed =
      changed({ typed: state.typed, trace: state.trace, schema, name: "seed", text: "0", drop: true }).params;
    return request(false);
  }
  if (!numbers.mine.input) numbers.mine = shownValues();
  editNumbers();
}

/** The values among parameters. */
/** @param {Params} params @returns {Params} */
function ownValues(params) {
  return Object.fromEntries(numbers.areas.map(({ name }) => [name, params[name] ?? ""]));
}

/** The values of the figure on show as a reader would type them; a name stays a name. */
/** @returns {Params} */
function shownValues() {
  const { tensors, params } = state.trace;
  const dims = spatialAxes();
  return Object.fromEntries(numbers.areas.map(({ name }) => {
    const tensor = tensors[name === "pointwise_kernel" ? "pointwise" : name];
    const text = typeof params[name] === "string" ? params[name] : tensor ? grammar(tensor.values, dims) : "";
    return [name, text];
  }));
}

function editNumbers() {
  state.typed = withValues(state.typed, numbers.mine);
  request(false);
}

function drawNumbers() {
  state.typed = { ...state.typed, seed: String(Number(state.typed.seed ?? 0) + 1) };
  request(false);
}

/** The numbers of a tensor with all that the reader changed, also what is still being computed. */
/** @param {string} tensor @returns {any} */
function latestValues(tensor) {
  return waiting()[tensor] ?? state.trace.tensors[tensor].values;
}

/** What of it belongs to the parameters as they are now. */
function waiting() {
  return given.key === JSON.stringify(state.typed) ? given.tensors : {};
}

/**
 * Numbers of single cells become the whole tensor that the reader gives. All sizes stay as they were asked for, so
 * that numbers drawn for the other tensors stay, too.
 * @param {string} tensor
 * @param {import("./model/edit.js").Change[]} cells
 */
function giveCells(tensor, cells) {
  const name = parameterOf(tensor);
  if (!name) return;
  const values = replaced(latestValues(tensor), cells);
  const tensors = { ...waiting(), [tensor]: values };
  adopt({ ...state.typed, [name]: grammar(values, spatialAxes()) });
  given = { key: JSON.stringify(state.typed), tensors };
  request(false);
}

function spatialAxes() {
  const { tensors, stages: [first] } = state.trace;
  return tensors[first.input].shape.length - 1;
}

/** Goes back or on in what the reader changed; what could not be drawn counts as a change, and is left. */
/** @param {typeof undone | typeof redone} way @param {"undone" | "redone"} said */
function travel(way, said) {
  const before = remembered(changes, state.typed);
  const after = way(before);
  if (after === before) return;
  changes = after;
  adopt(changes.now);
  request(false);
  say(t(`history.${said}`), false);
}

/** Tells a reader what came of an act, in the status line and aloud. */
/** @param {string} text @param {boolean} [seen]  whether it is to be read, too */
function say(text, seen = true) {
  byId("status").textContent = seen ? text : "";
  if (text) byId("spoken").textContent = text;
}

function nextTheme() {
  chooseTheme(THEMES[(THEMES.indexOf(themeName()) + 1) % THEMES.length]);
}

/** @param {string | null} name */
function chooseTheme(name) {
  state.theme = name;
  setTheme(name);
  restyle();
  address("replace");
}

function restyle() {
  showTheme();
  if (!figure) return;
  figure.theme = readTheme();
  draw();
}

/**
 * The room for the figure: as wide as its card, and as high as leaves sum and transport above the fold. It is that of
 * the first step's sum and of one line of caption at every step, so that the same link is the same picture.
 */
function measure() {
  putSum(1);
  byId("caption").textContent = "\u00a0";
  const top = canvas.getBoundingClientRect().top + scrollY;
  const spare = innerHeight - top - byId("dock").offsetHeight - 20;
  const least = "embed" in document.body.dataset ? 120 : innerWidth < 560 ? 0.6 * innerHeight : 300;
  box = { width: canvas.clientWidth, height: Math.max(least, spare) };
}

async function start() {
  adopt(state.typed);
  restyle();
  draw();
  tellFacts();
  try {
    figure = new Figure(canvas, await plotlyReady(), readTheme(), t);
  } catch {
    byId("unplotted").hidden = false;
    return;
  }
  byId("tables").hidden = true;
  draw();
  document.documentElement.dataset.ready = "";
  new ResizeObserver(() => {
    if (canvas.clientWidth !== box.width) draw();
  }).observe(canvas);
}

for (const button of document.querySelectorAll("[data-set-theme]")) {
  button.addEventListener(
    "click",
    () => chooseTheme(/** @type {HTMLElement} */ (button).dataset.setTheme ?? null),
  );
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
addEventListener("resize", atRest(() => draw(), 120));
addEventListener("popstate", () => {
  const { params, page } = readQuery(location.search);
  const typed = Object.keys(params).length > 0 ? params : { ...presets[0].params };
  adopt(typed);
  state.stage = page.stage;
  state.player = reduce(state.player, { type: "pause" });
  if (page.theme !== state.theme) {
    state.theme = page.theme;
    setTheme(page.theme);
    restyle();
  }
  request(false, page.step, "keep");
});
byId("reset").addEventListener("click", () => choose({ ...presets[0].params }));
byId("sum").addEventListener("click", (/** @type {Event} */ event) => {
  if (!(/** @type {HTMLElement} */ (event.target).closest("[data-fold]"))) return;
  state.open = !state.open;
  showSum(false);
});
copyLink(t, () => {
  address("replace");
  return location.href;
});
listenToTabs();
listenToPaste({ panels, t, dims: spatialAxes, shape: ({ tensor }) => state.trace.tensors[tensor].shape });
listenToLesson((wanted) => {
  const { step, ...params } = wanted;
  for (const [name, value] of Object.entries(params)) {
    state.typed = changed({ typed: state.typed, trace: state.trace, schema, name, text: value }).params;
  }
  adopt(state.typed);
  stage.scrollIntoView({ block: "nearest" });
  return request(false, step === undefined ? undefined : Number(step));
});
listenToKeys({
  send,
  row: (direction) => send({ type: "seek", step: rowStep(state.trace, state.player.step, direction) }, true),
  theme: nextTheme,
  present: () => presenter.toggle(),
  blank: () => presenter.blank(),
  escape: () => {
    if (presenter.toggle(false)) return;
    if (panels.dropField()) return;
    panels.release();
    if (state.player.playing) send({ type: "pause" }, true);
  },
});
start();
