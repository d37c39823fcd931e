/** Wiring of a comparison: two figures, one clock, and the address that says both. */

/** @import {Player, PlayerEvent} from "./model/player.js" */
/** @import {Side} from "./model/pair.js" */
/** @import {Shown} from "./view/side.js" */

import { lengthOf, rowStep } from "./model/clock.js";
import { branch, longest, readSide, sideText, writePair } from "./model/pair.js";
import { START } from "./model/player.js";
import { readQuery } from "./model/query.js";
import { translator } from "./model/strings.js";
import { untilAlike } from "./scenes/alike.js";
import { ask, Refused } from "./view/api.js";
import { Clockwork } from "./view/clockwork.js";
import { showCosts } from "./view/costs.js";
import { atRest, byId, onceShown } from "./view/dom.js";
import { listenToKeys } from "./view/keys.js";
import { copyLink } from "./view/link.js";
import { plotlyArrives } from "./view/plotly.js";
import { Presenter } from "./view/present.js";
import { SideView } from "./view/side.js";
import { readTheme, setTheme, showTheme, themeName, THEMES } from "./view/theme.js";
import { Transport } from "./view/transport.js";

const data = JSON.parse(byId("page-data").textContent ?? "{}");
const t = translator(data.strings);
const NAMES = /** @type {const} */ (["left", "right"]);
const { lang } = readQuery(location.search).page;

const state = {
  // A problem that came with the page is said there already.
  /** @type {Shown[]} */
  sides: data.sides.map((/** @type {any} */ side) => ({
    ...side,
    trace: side.trace && branch(side.trace, side.until),
    problem: side.error ? null : "",
  })),
  /** @type {string | null} */
  theme: data.theme,
};
const begin = { ...START, speed: data.speed ?? "1", loop: data.loop, step: data.step };
const clock = new Clockwork(begin, { sent, ticked });
const views = NAMES.map((name, n) =>
  new SideView(name, data.kinds, t, {
    choose: (side) => void show(replaced(n, side), 0, "push"),
    hold: (stage) => {
      state.sides[n].stage = stage;
      draw();
      address("replace");
    },
    say: (text) => {
      byId("spoken").textContent = text;
    },
  })
);
const transport = new Transport(t, send);
const writeSteps = atRest(() => address("replace"), 200);
let asked = new AbortController();

/** @param {number} n @param {Side} side */
function replaced(n, side) {
  return state.sides.map((shown, at) => (at === n ? side : shown));
}

/** @param {Side} a @param {Side} b */
function same(a, b) {
  return sideText({ ...a, stage: "" }) === sideText({ ...b, stage: "" });
}

/**
 * Shows two sides; what is on show already is not asked for again.
 * @param {Side[]} wanted
 * @param {number} step
 * @param {"push" | "keep"} how
 */
async function show(wanted, step, how) {
  asked.abort();
  asked = new AbortController();
  const mine = asked;
  const slow = setTimeout(() => byId("stage").classList.add("waiting"), 300);
  try {
    const traces = await Promise.all(wanted.map((side) =>
      state.sides.find((shown) => shown.trace && same(shown, side))?.trace ?? obtained(side, mine.signal)
    ));
    state.sides = wanted.map(({ slug, params, stage, until }, n) => ({
      slug, params, stage, until, text: "", trace: traces[n], problem: "",
    }));
    for (const view of views) view.focus = null;
    byId("problem").hidden = true;
    load(step);
    if (how === "push") address("push");
  } catch (error) {
    if (mine.signal.aborted) return;
    // On the way back to a link with a fault the server says what is wrong with it.
    if (how === "keep" && error instanceof Refused) return location.reload();
    byId("problem").textContent = error instanceof Refused ? error.message : t("page.offline");
    byId("problem").hidden = false;
    head();
  } finally {
    clearTimeout(slow);
    if (asked === mine) byId("stage").classList.remove("waiting");
  }
}

/** @param {Side} side @param {AbortSignal} signal */
async function obtained({ slug, params, until }, signal) {
  return branch(await ask(data.api, "traces", slug, params, signal), until);
}

/** The clock starts anew for the sides as they are. */
/** @param {number} step */
function load(step) {
  const total = longest(state.sides.map(({ trace }) => trace));
  clock.set({ type: "pause" });
  clock.set({ type: "load", total, step });
  head();
  draw();
}

/** What stands around the figures. */
function head() {
  const { step } = clock.player;
  state.sides.forEach((shown, n) => views[n].update(shown, step, { theme: state.theme, lang }));
  const texts = textsOf();
  for (const link of pairLinks()) {
    const { left = "", right = "" } = link.dataset;
    const [one, other] = [left, right].map((text) => sideText(readSide(text)));
    if (one === texts[0] && other === texts[1]) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  showCosts(byId("costs"), state.sides.map(({ trace }) => trace), t);
}

/** @returns {HTMLAnchorElement[]} */
function pairLinks() {
  return [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".pairs a"))];
}

/** The sides as the address has them; one that could not be shown stays as it was typed. */
function textsOf() {
  return state.sides.map((side) => (side.trace ? sideText(side) : side.text));
}

function draw() {
  const theme = readTheme();
  const height = room();
  untilAlike(theme, (look) => views.map((view) => view.draw(clock.player.step, { height }, look)));
  tell(false);
}

/** The height for either figure: beside each other, what sums and transport leave above the fold. */
function room() {
  const [left, right] = views.map(({ canvas }) => canvas.closest("section").getBoundingClientRect());
  if (right.top > left.top) return Math.max(220, Math.round(0.5 * innerHeight));
  const tops = views.flatMap(({ canvas }) => (canvas.hidden ? [] : [canvas.getBoundingClientRect().top + scrollY]));
  const under = Math.max(...views.map((view) => view.measure()));
  return Math.max(240, innerHeight - Math.max(0, ...tops) - under - byId("dock").offsetHeight - 24);
}

/** @param {boolean} byHand */
function tell(byHand) {
  const said = views.map((view) => view.show(clock.player.step, byHand));
  transport.update(clock.player);
  if (byHand) byId("spoken").textContent = said.join(" ");
}

/** @param {PlayerEvent} event @param {boolean} byHand */
function send(event, byHand) {
  clock.send(event, byHand);
}

/** @param {Player} _before @param {boolean} byHand */
function sent(_before, byHand) {
  tell(byHand && !clock.player.playing);
  writeSteps();
}

/** @param {Player} before */
function ticked(before) {
  const { step, playing } = clock.player;
  if (step !== before.step || !playing) tell(false);
  if (!playing) writeSteps();
}

/** @param {"push" | "replace"} how */
function address(how) {
  const { step, speed, loop } = clock.player;
  const texts = textsOf();
  const page = { step, theme: state.theme, speed, loop, lang };
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-lang]"))) {
    link.href = writePair(texts, { ...page, lang: link.dataset.lang });
  }
  const query = writePair(texts, page);
  if (query === location.search) return;
  if (how === "push") history.pushState(null, "", query);
  else history.replaceState(null, "", query);
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
  head();
  draw();
}

/** The theme to which presenting leads back. */
let themeBefore = state.theme;
const presenter = new Presenter((on) => {
  if (on) themeBefore = state.theme;
  setTheme(on ? "projector" : themeBefore);
  restyle();
});

/** The longer side says where rows begin. */
/** @param {1 | -1} direction */
function row(direction) {
  const traces = state.sides.flatMap(({ trace }) => (trace ? [trace] : []));
  const long = traces.find((trace) => lengthOf(trace) === clock.player.total);
  if (long) send({ type: "seek", step: rowStep(long, clock.player.step, direction) }, true);
}

async function start() {
  const { documentElement: root } = document;
  showTheme();
  load(data.step);
  root.dataset.drawn = "";
  await onceShown();
  const Plotly = await plotlyArrives(() => clock.running);
  if (!Plotly) return;
  for (const view of views) view.takeOver(Plotly);
  root.dataset.ready = "";
}

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-set-theme]"))) {
  button.addEventListener("click", () => chooseTheme(button.dataset.setTheme ?? null));
}
for (const link of pairLinks()) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { left = "", right = "" } = link.dataset;
    void show([readSide(left), readSide(right)], 0, "push");
  });
}
byId("swap").addEventListener("click", () => {
  // A side that could not be shown is said by the page alone: there it takes its place, too.
  if (state.sides.some(({ trace }) => !trace)) {
    const { step, speed, loop } = clock.player;
    location.search = writePair(textsOf().reverse(), { step, theme: state.theme, speed, loop, lang });
    return;
  }
  void show([...state.sides].reverse(), clock.player.step, "push");
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
addEventListener("resize", atRest(draw, 120));
addEventListener("popstate", () => {
  const pairs = new URLSearchParams(location.search);
  const texts = NAMES.map((name) => pairs.get(name));
  const { page } = readQuery(location.search);
  if (!texts.every((text) => text?.includes("?"))) return location.reload();
  if (page.theme !== state.theme) {
    state.theme = page.theme;
    setTheme(page.theme);
    showTheme();
  }
  void show(texts.map((text) => readSide(text ?? "")), page.step, "keep");
});
copyLink(t, () => {
  address("replace");
  return { link: location.href, whole: true };
});
listenToKeys({
  send,
  row,
  theme: () => chooseTheme(THEMES[(THEMES.indexOf(themeName()) + 1) % THEMES.length]),
  present: () => presenter.toggle(),
  blank: () => presenter.blank(),
  escape: () => {
    if (presenter.toggle(false)) return;
    for (const view of views) view.panels.release();
    if (clock.player.playing) send({ type: "pause" }, true);
  },
});
start();
