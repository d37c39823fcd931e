/** Wiring: the page's state, and who is told when it changes. */

/** @import {Trace, Cell, Stage} from "./model/types.js" */
/** @import {Params} from "./model/query.js" */
/** @import {Player, PlayerEvent} from "./model/player.js" */
/** @import {ApiError} from "./view/controls.js" */
/** @import {Kept} from "./model/kept.js" */

import { lengthOf, rowStep, spanOf, stepsAt } from "./model/clock.js";
import { canEdit, parameterOf, replaced } from "./model/edit.js";
import { begun, redone, remembered, undone } from "./model/history.js";
import { addressOf, withoutValues } from "./model/kept.js";
import { partnerOf, sideText, writePair } from "./model/pair.js";
import { changed, chosen, exampleOf, matching, sizesOf, withValues } from "./model/params.js";
import { reduce, START } from "./model/player.js";
import { grammar, readQuery } from "./model/query.js";
import { plain, translator } from "./model/strings.js";
import { valuesAt } from "./model/tables.js";
import { valueAt } from "./model/trace.js";
import { describe, narrate } from "./scenes/index.js";
import { Ahead } from "./view/ahead.js";
import { ask, read, Refused, Unreachable } from "./view/api.js";
import { Connection } from "./view/connection.js";
import { Clockwork } from "./view/clockwork.js";
import { Controls } from "./view/controls.js";
import { CalculationDrawer } from "./view/calculation.js";
import { atRest, byId, el, onceShown, oncePerFrame } from "./view/dom.js";
import { listenToFiles } from "./view/dropping.js";
import { inWords } from "./view/errors.js";
import { showFacts } from "./view/facts.js";
import { Guess } from "./view/guess.js";
import { Figure, roomFor } from "./view/figure.js";
import { go, LinkNote, opened, recall, save } from "./view/keeping.js";
import { listenToKeys } from "./view/keys.js";
import { listenToLesson } from "./view/lesson.js";
import { Numbers } from "./view/numbers.js";
import { PAINTER } from "./view/painter.js";
import { Panels } from "./view/panels.js";
import { listenToPaste } from "./view/pasting.js";
import { Picture } from "./view/picture.js";
import { Presets } from "./view/presets.js";
import { Presenter } from "./view/present.js";
import { plotlyArrives } from "./view/plotly.js";
import { listenToPrinting, PAPER } from "./view/printing.js";
import { listenToReading } from "./view/reading.js";
import { listenToSharing } from "./view/share/index.js";
import { Stages } from "./view/stages.js";
import { listenToSwipes } from "./view/swipes.js";
import { putSum } from "./view/sum.js";
import { Switches } from "./view/switches.js";
import { listenToTabs } from "./view/tabs.js";
import { readTheme, rememberTheme, setTheme, showTheme, themeName, THEMES } from "./view/theme.js";
import { Transport } from "./view/transport.js";
import { Undo } from "./view/undo.js";

const data = JSON.parse(byId("page-data").textContent ?? "{}");
const t = translator(data.strings);
const { schema, presets, slug } = data.kind;
const arrived = readQuery(location.search);
/** The parameters that the server drew; a link may have more, which only this tab knows. */
const served = Object.keys(data.query).length > 0 ? data.query : { ...presets[0].params };
const recalled = recall(arrived.page.kept);

const state = {
  /** @type {Params} */
  typed: { ...served, ...recalled },
  /** @type {Trace} */
  trace: data.trace,
  limits: data.limits ?? {},
  /** Whether they are those of the other parameters as they are now. */
  limited: data.limits !== undefined,
  /** @type {ApiError | null} */
  error: data.error,
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
  /** Values that the address has no room for. */
  /** @type {Kept | null} */
  kept: null,
  /** A figure whose link stood for values that this tab does not have, and the marker in its place. */
  lost: lostIn(served, arrived.page.kept, recalled),
};

const canvas = byId("canvas");
const stage = byId("stage");
const begin = { ...START, speed: data.speed ?? "1", loop: data.loop };
const clock = new Clockwork(
  reduce(begin, { type: "load", total: lengthOf(data.trace), step: data.step }),
  { sent, ticked },
);
const figure = new Figure(canvas, PAINTER, readTheme(), t);
let asked = new AbortController();
const ahead = new Ahead((params, signal) => ask(data.api, "traces", slug, params, signal, "low"));
/** The parameters that the figure on show was drawn from. */
let drawn = state.error ? "" : JSON.stringify(served);
let box = { width: 0, height: 0 };

const panels = new Panels(byId("panels"), t, (cell, how) => {
  state.focus = cell;
  showStep(how === "keyboard");
}, {
  can: (tensor) => canEdit(tensor, state.trace, schema),
  value: ({ tensor, index }) =>
    valueAt({ ...state.trace.tensors[tensor], values: latestValues(tensor) }, index),
  seen: ({ tensor, index }) =>
    guess.hides({ tensor, index }) ? null : valuesAt(state.trace, tensor, clock.player.step)(index),
  begin: () => {
    say("");
    if (clock.player.playing) send({ type: "pause" }, false);
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
const controls = new Controls(byId("controls"), schema, t, set, foresee);
const numbers = new Numbers(byId("numbers"), schema, t, {
  choose: chooseNumbers,
  edit: editNumbers,
  draw: drawNumbers,
});
const picture = new Picture(byId("picture"), t, { take: takePicture, say });
const linkNote = new LinkNote(t, {
  smaller: (size) => picture.resize(String(size)),
  save: () => save(state.typed, slug),
  open: openNumbers,
});
const connection = new Connection(stage, t);
const switches = new Switches(byId("switches"), schema, t, (name, value) => set(name, value, false));
const stages = new Stages(byId("stages"), t, (stage) => {
  state.stage = stage;
  if (figure.alone !== stage && stage && stage !== "all") seekInto(stage);
  draw();
  address("replace");
});
let printing = false;
/** The theme to which presenting leads back. */
let themeBefore = arrived.page.theme;
const presenter = new Presenter((on) => {
  if (on) themeBefore = state.theme;
  setTheme(on ? "projector" : themeBefore);
  restyle();
});
const menu = new Presets(presets, t, (preset) => choose({ ...preset.params }));
/** What stands beside and under the figure: fetched when that is on show. */
/** @type {import("./view/extras/index.js").Extras | null} */
let extras = null;
const guess = new Guess(arrived.page.predict ?? false, t, {
  now: () => ({ trace: state.trace, step: clock.player.step }),
  show: showStep,
  say,
  changed: () => address("replace"),
});
const drawer = new CalculationDrawer(t, showCalculation);
const restFacts = atRest(tellFacts, 60);
const restNumbers = atRest(() => figure.finish(moment()), 80);
const writeSteps = atRest(() => address("replace"), 200);

/** The latest parameters, asked for at most once a frame. */
const soon = oncePerFrame((/** @type {boolean} */ moving) => void request(moving));

/** Takes parameters that did not come from a control: of a link, a preset, the lesson. */
/** @param {Params} params */
function adopt(params) {
  Object.assign(state, { typed: params, note: "", numbers: chosen(params, presets) });
  if (state.numbers === "mine") numbers.mine = ownValues(params);
}

/** The same figure for questions in which its values play no part. */
/** @param {Params} params */
function lighter(params) {
  return withoutValues(params, sizesOf(state.trace, schema));
}

/** Goes to where a stage begins, unless the clock stands in it. */
/** @param {string} id */
function seekInto(id) {
  const stage = state.trace.stages.find((found) => found.id === id);
  if (!stage) return;
  const { before, total } = spanOf(state.trace, stage);
  const { step } = clock.player;
  if (step <= before || step > before + total) clock.set({ type: "seek", step: before + 1 });
}

function tellFacts() {
  showFacts(byId("facts"), byId("formulas"), state.trace, t);
  extras?.update(state.trace);
}

function moment() {
  const { stage, focus, turn } = state;
  const { step } = clock.player;
  return { step, focus, stage, turn, asking: guess.asking };
}

/** @param {string} name @param {string} text @param {boolean} moving */
function set(name, text, moving) {
  const next = changed({ typed: state.typed, trace: state.trace, schema, name, text });
  state.typed = next.params;
  if (next.switched) Object.assign(state, { numbers: "random", note: t("numbers.switched") });
  if (!moving && JSON.stringify(state.typed) === drawn && !state.error) return settle("push");
  soon(moving);
}

/** Fetches what a slider is likely to come to, as far as it is known which values can be. */
/** @param {string} name @param {string[]} texts */
function foresee(name, texts) {
  if (!state.limited || state.error) return;
  const { typed, trace } = state;
  const next = texts.map((text) => changed({ typed, trace, schema, name, text }));
  ahead.want(next.filter(({ switched }) => !switched).map(({ params }) => params));
}

/** @param {Params} params @param {number} [step] */
function choose(params, step = 0) {
  adopt(params);
  clock.set({ type: "seek", step });
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
  const { typed } = state;
  connection.asked();
  try {
    const trace = await ahead.claim(typed, moving) ?? await ask(data.api, "traces", slug, typed, mine.signal);
    if (mine.signal.aborted) return;
    connection.came();
    ahead.came(typed, trace);
    drawn = key;
    state.error = null;
    accept(trace, moving, step);
    if (!moving) settle(how);
  } catch (error) {
    if (mine.signal.aborted) return;
    ahead.came(typed, null);
    if (error instanceof Unreachable) return unreachable(() => request(false, step, moving ? "push" : how));
    if (!(error instanceof Refused)) throw error;
    connection.answered();
    state.error = inWords(error.error, t);
    showControls();
    tellFactsOfTooLarge();
  }
}

/** What was typed stays, and is drawn as soon as the server answers again. */
/** @param {() => void} retry */
function unreachable(retry) {
  state.error = null;
  connection.lost(retry);
  showControls();
}

/** What is too large to be drawn can still be counted. */
async function tellFactsOfTooLarge() {
  if (state.error?.code !== "budget_exceeded") return;
  const key = JSON.stringify(state.typed);
  const found = await ask(data.api, "facts", slug, state.typed).catch(() => null);
  if (!found || key !== JSON.stringify(state.typed) || !state.error) return;
  showFacts(byId("facts"), byId("formulas"), found, t);
  byId("facts").prepend(el("p", { class: "fact-note too-large", role: "status" }, t("page.tooLarge")));
}

/** @param {Trace} trace @param {boolean} moving @param {number} [step] */
function accept(trace, moving, step) {
  state.trace = trace;
  if (state.stage !== "all" && !trace.stages.some(({ id }) => id === state.stage)) state.stage = "";
  state.focus = null;
  clock.set({ type: "load", total: lengthOf(trace), step });
  draw(moving);
  restFacts();
}

/** How the figure is shown, as its link tells it. */
function pageState() {
  const { theme, stage } = state;
  const { step, speed, loop } = clock.player;
  const marker = isLost() ? state.lost.marker : "";
  return { step, theme, speed, loop, stage, predict: guess.on, lang: arrived.page.lang, kept: marker };
}

/** A value has been chosen: the address, the limits and the numbers follow. */
/** @param {"push" | "replace" | "keep"} how */
async function settle(how) {
  changes = remembered(changes, state.typed);
  address(how);
  showControls();
  const key = drawn;
  state.limited = false;
  try {
    const { limits } = await ask(data.api, "limits", slug, lighter(state.typed));
    connection.answered();
    if (key !== drawn) return;
    Object.assign(state, { limits, limited: true });
    showControls();
  } catch (error) {
    state.limits = {};
    if (error instanceof Refused) connection.answered();
    else if (key === drawn) unreachable(() => settle("keep"));
  }
}

/** @param {"push" | "replace" | "keep"} how */
function address(how) {
  // The link is that of the figure on show; what could not be drawn is none.
  if (!drawn) return;
  const typed = JSON.parse(drawn);
  const page = pageState();
  const { stage } = state;
  const sizes = sizesOf(state.trace, schema);
  const { query, kept } = addressOf(typed, page, sizes);
  for (const link of document.querySelectorAll("[data-lang]")) {
    // Where each language has pages of its own, the address names the page and not the language.
    const { lang = "", page: place = "" } = /** @type {HTMLElement} */ (link).dataset;
    const other = addressOf(typed, { ...page, lang: place ? "" : lang }, sizes);
    /** @type {HTMLAnchorElement} */ (link).href = `${place}${other.query}`;
  }
  const own = { slug, params: typed, stage, until: "" };
  const partner = partnerOf(data.partners, { slug, params: typed, schema });
  byId("compare").href = `/compare${writePair([own, partner].map(sideText), page)}`;
  state.kept = kept;
  const there = query === location.search && (!kept || history.state?.kept?.id === kept.id);
  if (how !== "keep" && !there) go(query === location.search ? "replace" : how, query, kept);
  showLink();
}

/** @param {Params} params @param {string} marker @param {Params | null} values */
function lostIn(params, marker, values) {
  return { figure: marker && !values ? JSON.stringify(params) : "", marker };
}

function isLost() {
  return drawn !== "" && drawn === state.lost.figure;
}

/** Says beside the link what does not stand in it. */
function showLink() {
  const kept = state.kept !== null;
  linkNote.update({ kept, lost: isLost(), smaller: kept && picture.gave(state.typed) ? picture.smaller(linkable) : 0 });
}

/** Whether a picture's values would fit into the link. */
/** @param {string} input */
function linkable(input) {
  const typed = withValues(state.typed, { ...ownValues(state.typed), input });
  return addressOf(typed, { ...arrived.page, kept: "" }, {}).kept === null;
}

/** @param {boolean} [moving] */
function draw(moving = false) {
  showControls();
  showPlace();
  measure();
  if (box.width > 0) {
    figure.draw(state.trace, box, moment(), moving);
    panels.place(figure.plans, state.trace);
    if (moving) restNumbers();
  }
  showSum(false);
  showPlace();
}

function showControls() {
  const full = { ...state.trace.params, resolved_padding: state.trace.stages[0].padding };
  // A picture of a size that cannot be is made anew in one that can.
  const pictured = state.error?.field === "input_size" && picture.gave(state.typed);
  const error = pictured ? null : state.error;
  controls.update({ typed: state.typed, full, limits: state.limits, error });
  numbers.update({
    mode: state.numbers,
    hasExample: exampleOf(state.typed, presets) !== null,
    note: state.note,
    error,
  });
  const { shape } = state.trace.tensors[state.trace.stages[0].input];
  picture.update({ shape, figure: drawn, mine: state.numbers === "mine", error: pictured ? state.error : null });
  undo.update({
    back: changes.past.length > 0 || remembered(changes, state.typed) !== changes,
    forward: changes.future.length > 0,
  });
  switches.update(full);
  menu.update(matching(state.typed, presets));
  const loose = error && !controls.has(error.field) && state.numbers !== "mine" ? error : null;
  byId("problem").textContent = loose ? `${loose.message} ${loose.hint}` : "";
  byId("problem").hidden = !loose;
}

/** @param {boolean} byHand */
function showStep(byHand) {
  if (figure.show(moment())) panels.place(figure.plans, state.trace);
  showSum(byHand);
  showPlace();
  extras?.step(state.trace);
  panels.retell();
}

function showPlace() {
  transport.update(clock.player);
  stages.update(state.trace, { step: clock.player.step, stage: state.stage, alone: figure.alone });
}

/** @param {boolean} byHand */
function showSum(byHand) {
  const { asking } = guess;
  putSum(byId("sum"), state.trace, clock.player.step, { open: state.open, asking }, t);
  const said = asking ? guess.question : state.focus
    ? describe(state.trace, state.focus, t)
    : narrate(state.trace, clock.player.step, t);
  showCalculation();
  byId("caption").textContent = said;
  if (panels.inviting) byId("caption").append(el("span", { class: "hint" }, ` ${t("edit.hint")}`));
  if (byHand) byId("spoken").textContent = state.focus || asking ? said : `${said} ${resultOf(clock.player.step)}`.trim();
}

/** What a step comes to, for those who hear its sentence and do not see its sum. */
/** @param {number} step */
function resultOf(step) {
  const [taken, ...others] = stepsAt(state.trace, step);
  const summed = taken && others.length === 0 && ["correlate", "transpose"].includes(taken.stage.operation);
  return summed && taken.stage.by !== "input" ? t("access.result", { value: plain(taken.value) }) : "";
}

/** The calculation of the cell in focus, or of the one that the step fills. */
function showCalculation() {
  const [step] = stepsAt(state.trace, clock.player.step);
  const own = state.trace.stages.find(({ output }) => output === state.focus?.tensor);
  const filled = step && (step.stage.by !== "input" || step.stage.operation !== "transpose")
    ? { tensor: step.stage.output, index: step.position }
    : null;
  drawer.update(state.trace, own ? state.focus : filled, guess.asking);
}

/** @param {PlayerEvent} event @param {boolean} byHand */
function send(event, byHand) {
  ahead.stop();
  if (event.type === "move" && event.by === 1 && guess.asking) return guess.reveal();
  clock.send(event, byHand);
}

/** @param {Player} before @param {boolean} byHand */
function sent(before, byHand) {
  const { step, playing } = clock.player;
  if (before.step !== step) guess.anew();
  if (byHand && state.focus && before.step !== step) panels.release();
  if (before.step === 0 && step === 1) turnKernel();
  showStep(byHand && !playing);
  writeSteps();
}

/** @param {Player} before */
function ticked(before) {
  const { step, playing } = clock.player;
  if (step !== before.step) guess.anew();
  const due = guess.due(clock.player);
  if (step !== before.step || !playing || due) showStep(false);
  if (!playing) writeSteps();
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
    if (clock.player.step !== 1) state.turn = 1;
    figure.show(moment());
    if (state.turn < 1) requestAnimationFrame(frame);
  };
  state.turn = 0;
  requestAnimationFrame(frame);
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

/** The numbers of a picture become the input, and decide its size; all other numbers stay. */
/** @param {string} input */
function takePicture(input) {
  if (clock.player.playing) send({ type: "pause" }, false);
  adopt(withValues(state.typed, { ...ownValues(state.typed), input }));
  request(false);
}

/** @param {File} file */
async function openNumbers(file) {
  const params = await opened(file);
  if (!params) return say(t("kept.unreadable"));
  await choose(params);
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
  if (name) rememberTheme(name);
  restyle();
  address("replace");
}

function restyle() {
  showTheme();
  figure.theme = readTheme();
  draw();
}

/**
 * The room for the figure: as wide as its card, and as high as leaves sum and transport above the fold. It is that of
 * the first step's sum and of one line of caption at every step, so that the same link is the same picture.
 */
function measure() {
  if (printing) return void (box = PAPER);
  putSum(byId("sum"), state.trace, 1, { open: state.open, asking: guess.asking }, t);
  byId("caption").textContent = "\u00a0";
  const top = canvas.getBoundingClientRect().top + scrollY;
  const spare = innerHeight - top - byId("dock").offsetHeight - 20;
  const least = innerWidth < 560 ? 0.6 * innerHeight : 300;
  box = { width: roomFor(canvas), height: Math.max(least, spare) };
}

async function start() {
  const { documentElement: root } = document;
  adopt(state.typed);
  byId("tables").hidden = true;
  restyle();
  root.dataset.drawn = "";
  // Of what the server drew: values that only this tab knows are asked for now.
  if (drawn) ahead.came(served, state.trace);
  const restored = recalled ? request(false, clock.player.step, "replace") : null;
  tellFacts();
  tellFactsOfTooLarge();
  showLink();
  new ResizeObserver(() => {
    if (!printing && roomFor(canvas) !== box.width) draw();
  }).observe(/** @type {Element} */ (canvas.parentElement));
  if (arrived.page.autoplay) send({ type: "toggle" }, false);
  await onceShown();
  await Promise.all([showExtras(), restored]);
  const Plotly = await plotlyArrives(() => clock.running);
  if (!Plotly) return;
  figure.takeOver(Plotly, moment());
  root.dataset.ready = "";
}

async function showExtras() {
  const { Extras } = await import("./view/extras/index.js").catch(() => ({ Extras: null }));
  if (!Extras) return;
  extras = new Extras(byId("extra-facts"), byId("extras"), {
    t,
    presets,
    trace: () => state.trace,
    step: () => clock.player.step,
    // Of the figure on show: what was refused is none.
    typed: () => drawn ? JSON.parse(drawn) : presets[0].params,
    choose: (params) => void choose({ ...params }),
    facts: (params) => ask(data.api, "facts", slug, params),
    curves: (params) => ask(data.api, "curves", slug, lighter(params)),
    code: (params) => ask(data.api, "code", slug, params),
  });
  extras.update(state.trace);
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
  const values = recall(page.kept);
  adopt({ ...typed, ...values });
  state.lost = lostIn(typed, page.kept, values);
  state.stage = page.stage;
  clock.set({ type: "pause" });
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
const share = listenToSharing({
  t,
  data,
  now() {
    if (clock.player.playing) send({ type: "pause" }, false);
    address("replace");
    const params = drawn ? JSON.parse(drawn) : { ...presets[0].params };
    return { slug, trace: state.trace, params, page: pageState(), sizes: sizesOf(state.trace, schema) };
  },
});
listenToReading({
  t,
  read: (wanted, signal) => read(data.api, wanted, signal),
  page: () => ({ theme: state.theme, lang: arrived.page.lang }),
});
listenToPrinting((on) => {
  printing = on;
  setTheme(on ? "light" : state.theme);
  restyle();
});
listenToTabs();
listenToSwipes(/** @type {HTMLElement} */ (canvas.parentElement), {
  step: (by) => send({ type: "move", by }, true),
  busy: () => panels.field.isOpen,
});
listenToPaste({ panels, t, dims: spatialAxes, shape: ({ tensor }) => state.trace.tensors[tensor].shape });
listenToFiles(stage, picture, t, openNumbers);
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
  row: (direction) => send({ type: "seek", step: rowStep(state.trace, clock.player.step, direction) }, true),
  theme: nextTheme,
  present: () => presenter.toggle(),
  predict: () => guess.toggle(),
  share,
  blank: () => presenter.blank(),
  escape: () => {
    if (presenter.toggle(false)) return;
    if (panels.dropField()) return;
    panels.release();
    if (clock.player.playing) send({ type: "pause" }, true);
  },
});
start();
