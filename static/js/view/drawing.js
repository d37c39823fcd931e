/** The frames of an export: SVG from the scenes, PNG by the browser's own drawing of it. */

/** @import {FrameOptions} from "../scenes/frame.js" */
/** @import {Measure} from "../scenes/sum.js" */

import { framesOf } from "../scenes/frame.js";
import { MARKS, MARKS_FONT } from "../scenes/pieces.js";

/** So many frames are drawn at once: while one is packed as PNG, beside the page, the next is drawn. */
const AT_ONCE = 3;

/** The widths of texts in a font, as the browser would draw them. */
/** @param {string} font @returns {Measure} */
export function measureIn(font) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** @type {Map<string, number>} */
  const known = new Map();
  return (text, size, bold = false) => {
    const key = `${bold}${text}`;
    // A text is as many times wider as its type is larger: each is measured once.
    const found = known.get(key) ?? width(context, text, bold, font);
    known.set(key, found);
    return (found * size) / 100;
  };
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {boolean} bold @param {string} font */
function width(context, text, bold, font) {
  return text.split(MARKS).reduce((sum, part, n) => {
    context.font = `${bold ? 700 : 400} 100px ${n % 2 ? MARKS_FONT : font}`;
    return sum + context.measureText(part).width;
  }, 0);
}

/** Gives the page time to answer its reader. */
export function breath() {
  return new Promise((resolve) => setTimeout(resolve));
}

/**
 * An SVG document as PNG of so many pixels.
 * @param {string} svg
 * @param {{width: number, height: number}} size
 * @param {boolean} transparent
 * @param {AbortSignal} [signal]
 * @returns {Promise<Blob>}
 */
export async function pngOf(svg, { width, height }, transparent, signal) {
  const place = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  const canvas = document.createElement("canvas");
  try {
    const image = new Image(width, height);
    image.src = place;
    await image.decode();
    signal?.throwIfAborted();
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d", { alpha: transparent });
    if (!context) throw new Error(`no canvas of ${width} × ${height}`);
    context.drawImage(image, 0, 0, width, height);
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, "image/png"));
    signal?.throwIfAborted();
    if (!blob) throw new Error(`no picture of ${width} × ${height}`);
    return blob;
  } finally {
    URL.revokeObjectURL(place);
    // The pixels of a canvas go at once where its size does.
    canvas.width = 0;
  }
}

/**
 * Frames in the order of their steps, as blobs; some are drawn at the same time.
 * @param {FrameOptions} options
 * @param {number[]} steps
 * @param {"image/png" | "image/svg+xml"} type
 * @param {{signal?: AbortSignal, drawn?: (count: number) => void}} [how]
 * @returns {Promise<Blob[]>}
 */
export async function drawFrames(options, steps, type, { signal, drawn } = {}) {
  const frame = framesOf(options);
  const found = /** @type {Blob[]} */ (Array(steps.length));
  let next = 0;
  let count = 0;
  const lane = async () => {
    while (next < steps.length) {
      signal?.throwIfAborted();
      const at = next;
      next += 1;
      const svg = frame(steps[at]);
      found[at] = type === "image/svg+xml"
        ? new Blob([svg], { type })
        : await pngOf(svg, options, options.transparent ?? false, signal);
      count += 1;
      drawn?.(count);
      await breath();
    }
  };
  const lanes = Array.from({ length: type === "image/png" ? AT_ONCE : 1 }, () =>
    lane().catch((error) => {
      next = steps.length;
      throw error;
    }));
  // Nothing is at work any more, and nothing left behind, when it is said that it failed.
  const [failed] = (await Promise.allSettled(lanes)).filter(({ status }) => status === "rejected");
  if (failed) throw /** @type {PromiseRejectedResult} */ (failed).reason;
  signal?.throwIfAborted();
  return found;
}
