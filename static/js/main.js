/** Wiring: the page's state, and who is told when it changes. */

/** @import {Trace, Cell} from "./model/types.js" */
/** @import {Params} from "./model/query.js" */
/** @import {PlayerEvent} from "./model/player.js" */
/** @import {ApiError} from "./view/controls.js" */

import { equationOf } from "./model/equation.js";
import { changed, chosen, matching } from "./model/params.js";
import { reduce, START } from "./model/player.js";
import { readQuery, writeQuery } from "./model/query.js";
import { translator } from "./model/strings.js";
import { rowStep, stepAt } from "./model/trace.js";
import { describe, lettering, narrate } from "./scenes/index.js";
import { ask, Refused } from "./view/api.js";
import { Controls } from "./view/controls.js";
import { atRest, byId, oncePerFrame } from "./view/dom.js";
import { equationHtml } from "./view/equation.js";
import { showFacts } from "./view/facts.js";
import { Figure } from "./view/figure.js";
import { listenToKeys } from "./view/keys.js";
import { listenToLesson } from "./view/lesson.js";
import { copyLink } from "./view/link.js";
import { grammar, Numbers } from "./view/numbers.js";
import { Panels } from "./view/panels.js";
import { Presets } from "./view/presets.js";
import { plotlyReady } from "./view/plotly.js";
import { Switches } from "./view/switches.js";
import { listenToTabs } from "./view/tabs.js";
import { readTheme, setTheme, themeName, THEMES } from "./view/theme.js";
import { Transport } from "./view/transport.js";

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
    total: data.trace.facts.steps,
    step: data.step,
  }),
  /** @type {Cell | null} */
  focus: null,
  /** @type {"example" | "random" | "mine"} */
  numbers: "random",
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
});
const transport = new Transport(t, send);
const controls = new Controls(byId("controls"), schema, t, set);
const numbers = new Numbers(byId("numbers"), t, {
  choose: chooseNumbers,
  edit: editNumbers,
  draw: drawNumbers,
});
const switches = new Switches(byId("switches"), schema, t, (name, value) => set(name, value, false));
const menu = new Presets(presets, t, (preset) => choose({ ...preset.params }));
const restFacts = atRest(() => showFacts(byId("facts"), byId("formulas"), state.trace, t), 60);
const restNumbers = atRest(() => figure?.finish(moment()), 80);
const writeSteps = atRest(() => address("replace"), 200);

/** The latest parameters, asked for at most once a frame. */
const soon = oncePerFrame((/** @type {boolean} */ moving) => void request(moving));

/** Takes parameters that did not come from a control: of a link, a preset, the lesson. */
/** @param {Params} params */
function adopt(params) {
  Object.assign(state, { typed: params, note: "", numbers: chosen(params, presets) });
  if (state.numbers === "mine") numbers.mine = { input: params.input ?? "", kernel: params.kernel ?? "" };
}

function moment() {
  return { step: state.player.step, focus: state.focus };
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
  const slow = setTimeout(() => stage.classList.add("waiting"), 300);
  try {
    const trace = await ask(data.api, "traces", slug, state.typed, mine.signal);
    drawn = key;
    state.error = null;
    accept(trace, moving, step);
    if (!moving) settle(how);
  } catch (error) {
    if (mine.signal.aborted) return;
    state.error = error instanceof Refused ? error.error : offline();
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
  state.focus = null;
  state.player = reduce(state.player, { type: "load", total: trace.facts.steps, step });
  draw(moving);
  restFacts();
}

/** A value has been chosen: the address, the limits and the numbers follow. */
/** @param {"push" | "replace" | "keep"} how */
async function settle(how) {
  if (how !== "keep") address(how);
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
  const { step, speed, loop } = state.player;
  const query = writeQuery(state.typed, { step, theme: state.theme, speed, loop });
  if (query === location.search) return;
  if (how === "push") history.pushState(null, "", query);
  else history.replaceState(null, "", query);
}

/** @param {boolean} [moving] */
function draw(moving = false) {
  if (figure && box.width > 0) {
    figure.draw(state.trace, box, moment(), moving);
    panels.place(figure.plans, state.trace);
    if (moving) restNumbers();
  }
  showControls();
  showSum(false);
  transport.update(state.player);
}

function showControls() {
  const full = { ...state.trace.params, resolved_padding: state.trace.stages[0].padding };
  controls.update({ typed: state.typed, full, limits: state.limits, error: state.error });
  numbers.update({
    mode: state.numbers,
    hasExample: exampleParams() !== null,
    note: state.note,
    error: state.error,
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
  figure?.show(moment());
  showSum(byHand);
  transport.update(state.player);
}

/** @param {boolean} byHand */
function showSum(byHand) {
  const step = stepAt(state.trace, state.player.step);
  const equation = step ? equationOf(state.trace, step, lettering(state.trace, step.stage)) : null;
  byId("sum").innerHTML = equationHtml(equation, state.open, t);
  const said = state.focus
    ? describe(state.trace, state.focus, t)
    : narrate(state.trace, state.player.step, t);
  byId("caption").textContent = said;
  if (byHand) byId("spoken").textContent = said;
}

/** @param {PlayerEvent} event @param {boolean} byHand */
function send(event, byHand) {
  const before = state.player;
  state.player = reduce(before, event);
  if (byHand && state.focus && before.step !== state.player.step) panels.release();
  showStep(byHand && !state.player.playing);
  if (state.player.playing && !before.playing) requestAnimationFrame(run);
  writeSteps();
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

/** The parameters with the values of the chosen preset, or of the first that has any. */
function exampleParams() {
  const named = matching(state.typed, presets);
  const found = [named, ...presets].find((preset) => preset && (preset.params.input || preset.params.kernel));
  return found ? found.params : null;
}

/** @param {"example" | "random" | "mine"} mode */
function chooseNumbers(mode) {
  state.note = "";
  if (mode === "example") return choose({ ...exampleParams() });
  state.numbers = mode;
  if (mode === "random") {
    state.typed =
      changed({ typed: state.typed, trace: state.trace, schema, name: "seed", text: "0", drop: true }).params;
    return request(false);
  }
  if (!numbers.mine.input) {
    const { tensors, stages: [first] } = state.trace;
    const dims = tensors[first.input].shape.length - 1;
    numbers.mine = {
      input: grammar(tensors.input.values, dims),
      kernel: grammar(tensors.kernel.values, dims),
    };
  }
  editNumbers();
}

function editNumbers() {
  const { input_size: _, kernel_size: __, in_channels: ___, out_channels: ____, ...rest } = state.typed;
  state.typed = {
    ...rest,
    ...Object.fromEntries(Object.entries(numbers.mine).filter(([, value]) => value.trim())),
  };
  request(false);
}

function drawNumbers() {
  state.typed = { ...state.typed, seed: String(Number(state.typed.seed ?? 0) + 1) };
  request(false);
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
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute(
      "aria-pressed",
      String(/** @type {HTMLElement} */ (button).dataset.setTheme === themeName()),
    );
  }
  measure();
  if (!figure) return;
  figure.theme = readTheme();
  draw();
}

/** The room for the figure: as wide as its card, and as high as leaves sum and transport above the fold. */
function measure() {
  const top = canvas.getBoundingClientRect().top + scrollY;
  const spare = innerHeight - top - byId("dock").offsetHeight - 20;
  const least = "embed" in document.body.dataset ? 120 : innerWidth < 560 ? 0.6 * innerHeight : 300;
  box = { width: canvas.clientWidth, height: Math.max(least, spare) };
}

async function start() {
  adopt(state.typed);
  restyle();
  draw();
  showFacts(byId("facts"), byId("formulas"), state.trace, t);
  try {
    figure = new Figure(canvas, await plotlyReady(), readTheme(), t);
  } catch {
    byId("unplotted").hidden = false;
    return;
  }
  byId("tables").hidden = true;
  measure();
  draw();
  document.documentElement.dataset.ready = "";
  new ResizeObserver(() => {
    if (canvas.clientWidth === box.width) return;
    measure();
    draw();
  }).observe(canvas);
}

for (const button of document.querySelectorAll("[data-set-theme]")) {
  button.addEventListener(
    "click",
    () => chooseTheme(/** @type {HTMLElement} */ (button).dataset.setTheme ?? null),
  );
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
addEventListener(
  "resize",
  atRest(() => {
    measure();
    draw();
  }, 120),
);
addEventListener("popstate", () => {
  const { params, page } = readQuery(location.search);
  const typed = Object.keys(params).length > 0 ? params : { ...presets[0].params };
  adopt(typed);
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
  escape: () => {
    panels.release();
    if (state.player.playing) send({ type: "pause" }, true);
  },
});
start();
