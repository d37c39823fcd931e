/** Files of a figure to take away: what there is, how large and long it will be, and the making of it. */

/** @import {Trace} from "../model/types.js" */
/** @import {Params} from "../model/query.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {FrameOptions} from "../scenes/frame.js" */

import { lengthOf } from "../model/clock.js";
import { readQuery } from "../model/query.js";
import { bytesOf, tableBytes } from "../model/sizes.js";
import { count } from "../model/strings.js";
import { subtitleOf } from "../scenes/frame.js";
import { addressed, Refused, Unreachable } from "./api.js";
import { drawFrames, measureIn } from "./drawing.js";
import { inWords } from "./errors.js";
import { readTheme } from "./theme.js";
import { reason, send } from "./upload.js";

/**
 * @typedef {"png" | "svg" | "pdf" | "gif" | "webp" | "mp4" | "zip-png" | "zip-svg" | "pptx" | "json" | "csv"} Format
 * What the reader chooses. `theme` null is the page's; `start` and `end` are steps, counted from 1, and all where they
 * are left out; `step` is that of a still picture; `loop` 0 is endless, else how often a film runs.
 * @typedef {{format: Format, width?: number, height?: number, theme?: string | null, transparent?: boolean,
 *   title?: boolean, equation?: boolean, start?: number, end?: number, speed?: number | string, loop?: number,
 *   step?: number}} Settings
 * What is exported: a figure of a page. `stage` is the one seen alone, `all`, or nothing said.
 * @typedef {{trace: Trace, slug: string, name: string, params: Params, step: number, stage: string, t: Translate,
 *   api: string, lang: string, link: string}} Context
 * @typedef {{phase: "draw" | "send" | "encode", done: number, total: number}} Progress
 * @typedef {{format: string, available: boolean, takes: string[], media_type: string, extension: string,
 *   extra: string | null}} ServedFormat
 * @typedef {{formats: ServedFormat[], limits: Record<string, number>}} Served
 * `bytes` are the least and the most that the file may have; `problem` says why it cannot be made, with the nearest
 * that can, which `nearest` holds as settings where there is one.
 * @typedef {{frames: number, seconds: number, bytes: [number, number], width: number, height: number,
 *   problem: string | null, nearest: Partial<Settings> | null}} Estimate
 */

/** How each format is made: by whom, from what, and which words of the server name it. */
const FORMATS = /** @type {Record<Format, {served: string | null, from: "image/png" | "image/svg+xml" | null, many: boolean, extension: string}>} */ ({
  png: { served: null, from: "image/png", many: false, extension: "png" },
  svg: { served: null, from: "image/svg+xml", many: false, extension: "svg" },
  pdf: { served: "pdf", from: "image/svg+xml", many: true, extension: "pdf" },
  gif: { served: "gif", from: "image/png", many: true, extension: "gif" },
  webp: { served: "webp", from: "image/png", many: true, extension: "webp" },
  mp4: { served: "mp4", from: "image/png", many: true, extension: "mp4" },
  "zip-png": { served: "zip", from: "image/png", many: true, extension: "zip" },
  "zip-svg": { served: "zip", from: "image/svg+xml", many: true, extension: "zip" },
  pptx: { served: "pptx", from: "image/png", many: true, extension: "pptx" },
  json: { served: null, from: null, many: false, extension: "json" },
  csv: { served: null, from: null, many: false, extension: "csv" },
});

/** Formats that play, and those among them that hold a film. */
const FILMS = ["gif", "webp", "mp4", "pptx"];
const EVEN = ["mp4", "pptx"];

/** How long a frame stays at speed 1, in milliseconds, and at least; the last one stays longer by so much. */
const HOLD = 900;
const SHORTEST = 40;
const LAST = 1600;

const SIZE = { width: 1280, height: 720 };

/** @type {Map<string, Promise<Served>>} */
const asked = new Map();

/**
 * What the server can make, and within which limits; without an answer, what the browser makes alone.
 * @param {string} api
 * @returns {Promise<Served>}
 */
export function formatsOf(api) {
  const found = asked.get(api) ?? fetchFormats(api);
  asked.set(api, found);
  // What was not answered is asked for again.
  found.catch(() => asked.delete(api));
  return found;
}

/** @param {string} api @returns {Promise<Served>} */
async function fetchFormats(api) {
  const answer = await fetch(`${api}/exports`).catch((error) => {
    throw new Unreachable(String(error));
  });
  if (!answer.ok) throw await reason(answer.status, await answer.blob());
  return answer.json();
}

/**
 * The figure on show, from the page's data.
 * @param {any} data  of the page: see `page-data`
 * @param {Translate} t
 * @returns {Context}
 */
export function contextOf(data, t) {
  const { kind: { slug, title, presets }, query, trace, step, api, lang } = data;
  const params = Object.keys(query).length > 0 ? query : { ...presets[0].params };
  const { stage } = readQuery(location.search).page;
  return { trace, slug, name: title, params, step, stage, t, api, lang, link: location.href };
}

/** The steps of an export: those that were chosen, as far as there are such. */
/** @param {Settings} settings @param {Context} context */
export function stepsOf({ format, start, end, step }, { trace, step: shown }) {
  const total = lengthOf(trace);
  const within = (/** @type {number} */ n) => Math.max(0, Math.min(total, Math.round(n)));
  if (!FORMATS[format].many) return [within(step ?? shown)];
  const [first, last] = [within(start ?? 1), within(end ?? total)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
}

/** How long a frame stays, and the last, in milliseconds; `max` is the fastest. */
/** @param {Settings} settings */
export function holdsOf({ speed = 1 }) {
  const hold = Math.max(SHORTEST, Math.round(HOLD / (Number(speed) || Infinity)));
  return { hold, last: hold + LAST };
}

/**
 * How a frame is drawn.
 * @param {Settings} settings
 * @param {Context} context
 * @param {number[]} steps
 * @returns {FrameOptions}
 */
export function drawnAs(settings, { trace, name, stage, t }, steps) {
  const theme = readTheme(settings.theme ?? null);
  const titled = settings.title ?? true;
  return {
    trace,
    stage,
    theme,
    t,
    measure: measureIn(theme.font),
    step: steps[0] ?? 0,
    first: steps[0] ?? 0,
    last: steps[steps.length - 1] ?? 0,
    title: titled ? name : "",
    subtitle: titled ? subtitleOf(trace, t) : "",
    equation: settings.equation ?? true,
    // A film has no holes: where a format knows no transparency, frames have their ground.
    transparent: (settings.transparent ?? false) && !EVEN.includes(settings.format),
    ...sizeOf(settings),
  };
}

/** Pixels of a frame; those of a film are even in number, which its colours want. */
/** @param {Settings} settings */
function sizeOf({ format, width = SIZE.width, height = SIZE.height }) {
  const whole = (/** @type {number} */ side) =>
    EVEN.includes(format) ? 2 * Math.max(1, Math.round(side / 2)) : Math.max(1, Math.round(side));
  return { width: whole(width), height: whole(height) };
}

/** What a file will be, before it is made: some frames are drawn for it. */
/** @param {Settings} settings @param {Context} context @param {{signal?: AbortSignal}} [how] @returns {Promise<Estimate>} */
export async function estimate(settings, context, { signal } = {}) {
  const { from, served } = FORMATS[settings.format];
  const size = sizeOf(settings);
  const steps = from ? stepsOf(settings, context) : [];
  const { hold, last } = holdsOf(settings);
  const found = {
    ...size,
    frames: steps.length,
    seconds: FILMS.includes(settings.format) && steps.length > 0 ? ((steps.length - 1) * hold + last) / 1000 : 0,
    bytes: /** @type {[number, number]} */ ([0, 0]),
    problem: null,
    nearest: null,
  };
  if (settings.format === "json") {
    const { size: bytes } = jsonOf(context);
    return { ...found, bytes: [bytes, bytes] };
  }
  if (!from) return { ...found, bytes: tableBytes(productsOf(context)) };
  const wrong = wrongSize(size, context) ?? (steps.length === 0 ? refusal("steps", context) : null);
  if (wrong) return { ...found, ...wrong };
  const offered = served ? await offer(served, context) : null;
  if (offered && "problem" in offered) return { ...found, ...offered };
  const type = served ? await takenBy(served, from, context.api) : from;
  const chosen = [...new Set([0, 0.5, 1].map((share) => steps[Math.round(share * (steps.length - 1))]))];
  const samples = await drawFrames(drawnAs(settings, context, steps), chosen, type, { signal });
  const sampled = samples.map((blob) => blob.size);
  const bytes = served ? bytesOf(settings.format, steps.length, sampled) : /** @type {[number, number]} */ ([sampled[0], sampled[0]]);
  const sent = (steps.length * sampled.reduce((sum, one) => sum + one, 0)) / sampled.length;
  return { ...found, bytes, ...(offered ? overLimits(offered, size, steps, sent, context) : {}) };
}

/** Sides of a picture that browsers draw. */
const SIDES = [64, 7680];

/** @param {{width: number, height: number}} size @param {Context} context */
function wrongSize({ width, height }, context) {
  const within = (/** @type {number} */ side) => Math.max(SIDES[0], Math.min(SIDES[1], side));
  const nearest = { width: within(width), height: within(height) };
  const fits = nearest.width === width && nearest.height === height;
  return fits ? null : refusal("size", context, { width, height, least: SIDES[0], most: SIDES[1] }, nearest);
}

/**
 * The limits of what the server makes of it, or why it does not.
 * @param {string} served
 * @param {Context} context
 */
async function offer(served, context) {
  try {
    const { formats, limits } = await formatsOf(context.api);
    const format = formats.find((one) => one.format === served);
    if (format?.available) return { limits };
    return refusal("missing", context, { format: served, extra: format?.extra ?? "export" });
  } catch (error) {
    if (error instanceof Refused || error instanceof Unreachable) return refusal("offline", context);
    throw error;
  }
}

/**
 * What of an export is more than the server takes: frames of a file, pixels of a frame, bytes of all frames together.
 * @param {{limits: Record<string, number>}} offered
 * @param {{width: number, height: number}} size
 * @param {number[]} steps
 * @param {number} sent
 * @param {Context} context
 */
function overLimits({ limits }, { width, height }, steps, sent, context) {
  const [first, frames] = [steps[0], steps.length];
  const most = { frames: Infinity, pixels: Infinity, bytes: Infinity, ...limits };
  if (width * height > most.pixels) {
    const share = Math.sqrt(most.pixels / (width * height));
    const nearest = { width: 2 * Math.floor((width * share) / 2), height: 2 * Math.floor((height * share) / 2) };
    return refusal("pixels", context, { width, height, ...prefixed(nearest) }, nearest);
  }
  const fit = Math.min(most.frames, Math.floor(most.bytes / (sent / frames)));
  if (frames <= fit) return {};
  const end = first + Math.max(1, fit) - 1;
  return refusal(frames > most.frames ? "frames" : "bytes", context, { frames: count(frames), limit: count(fit), first, end }, {
    start: first,
    end,
  });
}

/** @param {{width: number, height: number}} nearest */
function prefixed({ width, height }) {
  return { nearestWidth: width, nearestHeight: height };
}

/**
 * @param {string} what
 * @param {Context} context
 * @param {Record<string, unknown>} [values]
 * @param {Partial<Settings> | null} [nearest]
 */
function refusal(what, { t }, values = {}, nearest = null) {
  return { problem: t(`export.problem.${what}`, values), nearest };
}

/** @param {Context} context */
function productsOf({ trace: { stages } }) {
  return stages.reduce((sum, { bias, steps: { products } }) =>
    sum + products.length * ((products[0]?.length ?? 0) + (bias ? 1 : 0)), 0);
}

/** @param {Context} context */
function jsonOf({ trace }) {
  return new Blob([JSON.stringify(trace)], { type: "application/json" });
}

/**
 * A file of the figure. Rejects with Refused in the reader's language, with Unreachable, or with the signal's reason.
 * @param {Settings} settings
 * @param {Context} context
 * @param {{signal?: AbortSignal, progress?: (progress: Progress) => void}} [how]
 * @returns {Promise<{blob: Blob, name: string}>}
 */
export async function exportFigure(settings, context, { signal, progress = () => {} } = {}) {
  const name = fileName(settings, context);
  signal?.throwIfAborted();
  try {
    return { blob: await made(settings, context, name, signal, progress), name };
  } catch (error) {
    if (error instanceof Refused) throw new Refused(inWords(error.error, context.t));
    throw error;
  }
}

/**
 * @param {Settings} settings
 * @param {Context} context
 * @param {string} name
 * @param {AbortSignal | undefined} signal
 * @param {(progress: Progress) => void} progress
 */
async function made(settings, context, name, signal, progress) {
  const { served, from, extension } = FORMATS[settings.format];
  if (settings.format === "json") return jsonOf(context);
  if (!from) return fetchSteps(context, signal);
  const steps = stepsOf(settings, context);
  const options = drawnAs(settings, context, steps);
  const total = steps.length;
  progress({ phase: "draw", done: 0, total });
  const type = served ? await takenBy(served, from, context.api) : from;
  const frames = await drawFrames(options, steps, type, {
    signal,
    drawn: (done) => progress({ phase: "draw", done, total }),
  });
  if (!served) return frames[0];
  const form = new FormData();
  const { hold, last } = holdsOf(settings);
  form.append("options", JSON.stringify({
    name: name.slice(0, -extension.length - 1),
    title: context.name,
    width: options.width,
    height: options.height,
    frames: total,
    hold,
    last_hold: last,
    loop: settings.loop ?? 0,
    transparent: options.transparent ?? false,
    link: context.link,
  }));
  for (const [n, frame] of frames.entries()) form.append("frame", frame, `${n + 1}.${type === "image/png" ? "png" : "svg"}`);
  return send(`${context.api}/exports/${served}`, form, {
    signal,
    sent(done, all) {
      progress({ phase: "send", done, total: all });
      if (done === all) progress({ phase: "encode", done: 0, total });
    },
  });
}

/** What the server wants frames of this format as: what we would send, unless it takes the other alone. */
/** @param {string} served @param {"image/png" | "image/svg+xml"} from @param {string} api */
async function takenBy(served, from, api) {
  const { formats } = await formatsOf(api);
  const takes = formats.find(({ format }) => format === served)?.takes ?? [from];
  return takes.includes(from) || takes.length === 0 ? from : /** @type {typeof from} */ (takes[0]);
}

/** @param {Context} context @param {AbortSignal} [signal] */
async function fetchSteps({ api, slug, params }, signal) {
  const [place, options] = addressed(`${api}/steps/${slug}`, params);
  const answer = await fetch(place, { ...options, signal }).catch((error) => {
    signal?.throwIfAborted();
    throw new Unreachable(String(error));
  });
  const body = await answer.blob();
  if (!answer.ok) throw await reason(answer.status, body);
  return body;
}

/** Parameters that are too long for a name, or say nothing of a figure's form. */
const UNNAMED = ["input", "kernel", "pointwise_kernel", "seed", "start", "count", "tensors", "view"];
const LONGEST_NAME = 80;

/**
 * What a file is called: `convoscope-dilated-dilation-2.gif`.
 * @param {Settings} settings
 * @param {Context} context
 */
export function fileName(settings, context) {
  const { many, extension, from } = FORMATS[settings.format];
  const told = Object.entries(context.params).filter(([name, value]) => !UNNAMED.includes(name) && value.length <= 16)
    .map(([name, value]) => `${name}-${value}`);
  const step = many || !from ? [] : [`step-${stepsOf(settings, context)[0]}`];
  const safe = (/** @type {string[]} */ parts) =>
    ["convoscope", context.slug, ...parts].join("-").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/-+$/, "");
  while (safe([...told, ...step]).length > LONGEST_NAME) told.pop();
  return `${safe([...told, ...step])}.${extension}`;
}
