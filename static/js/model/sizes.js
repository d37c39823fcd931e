/** How large a file of frames will be, told from a few of them: measured, not derived. Pure. */

/**
 * A film's first frame is stored whole, those that follow as what changes: so many times a frame's own bytes each.
 * `spread` is how far real files lie below and above that. Frames are PNG, but SVG for pdf and zip-svg.
 * @typedef {{first: number, further: number, spread: [number, number]}} Factor
 */

/**
 * Measured with `python3 dev.py bench exports`: eleven figures of eight to forty steps (single-channel, multi-channel,
 * 3-D, grouped, depthwise separable, transposed, checkerboard, pooling, two signals, 64 × 64 cells) at 1280 × 720.
 * @type {Record<string, Factor>}
 */
export const FACTORS = {
  gif: { first: 0.4, further: 0.36, spread: [0.55, 1.4] },
  webp: { first: 0.5, further: 0.12, spread: [0.5, 1.9] },
  mp4: { first: 0.9, further: 0.07, spread: [0.65, 1.6] },
  pptx: { first: 1.9, further: 0.07, spread: [0.65, 1.6] },
  "zip-png": { first: 1, further: 1, spread: [0.9, 1.1] },
  "zip-svg": { first: 0.2, further: 0.18, spread: [0.65, 1.5] },
  pdf: { first: 1.4, further: 0.5, spread: [0.6, 1.6] },
};

/** Bytes that a file has beside its frames: heads, tables, and the slides around a film. */
const FRAME = /** @type {Record<string, number>} */ ({ "zip-png": 130, "zip-svg": 130, pdf: 300 });
const FILE = /** @type {Record<string, number>} */ ({ pptx: 30_000, mp4: 1_500, pdf: 12_000 });

/** A row of the table of steps, in bytes. */
const ROW = [30, 110];

/**
 * The least and the most bytes of a file of so many frames.
 * @param {string} format
 * @param {number} frames
 * @param {number[]} samples  bytes of some frames
 * @returns {[number, number]}
 */
export function bytesOf(format, frames, samples) {
  const { first, further, spread: [least, most] } = FACTORS[format];
  const [small, large] = [Math.min(...samples), Math.max(...samples)];
  const middle = samples.reduce((sum, bytes) => sum + bytes, 0) / samples.length;
  const times = first + further * (frames - 1);
  const own = frames * (FRAME[format] ?? 0) + (FILE[format] ?? 0);
  // Where the samples differ, those between them may be like any of them.
  return [
    Math.round(times * least * Math.min(middle, (small + middle) / 2) + own * 0.5),
    Math.round(times * most * Math.max(middle, (large + middle) / 2) + own * 1.5),
  ];
}

/** The least and the most bytes of a table of so many products. */
/** @param {number} products @returns {[number, number]} */
export function tableBytes(products) {
  return [products * ROW[0], 200 + products * ROW[1]];
}
