/** How large a file of frames will be, told from a few of them: measured, not derived. Pure. */

/**
 * A film's first frame is stored whole, those that follow as what changes: so many times a frame's own bytes each.
 * `spread` is how far real files lie below and above that. Frames are PNG, but SVG for pdf and zip-svg.
 * @typedef {{first: number, further: number, spread: [number, number]}} Factor
 */

/**
 * Measured on what the server's encoders made of eleven figures with 8 to 40 steps at 1280 × 720 (3-D, 64 × 64 cells,
 * checkerboard, two signals, depthwise, grouped, multi-channel, padded, pooling, single-channel, transposed): real files
 * lie within gif 0.8…1.24, webp 0.67…1.5, mp4 0.7…1.4, pptx 0.77…1.3, pdf 0.72…1.39, zip-svg 0.78…1.22 of what the two
 * factors say; `spread` is a little wider. tests/js/sizes.test.js holds the files that were measured.
 * @type {Record<string, Factor>}
 */
export const FACTORS = {
  gif: { first: 1.23, further: 0.09, spread: [0.7, 1.4] },
  webp: { first: 0.95, further: 0.095, spread: [0.55, 1.7] },
  mp4: { first: 1.15, further: 0.11, spread: [0.6, 1.6] },
  pptx: { first: 2.66, further: 0.097, spread: [0.65, 1.5] },
  "zip-png": { first: 1, further: 1, spread: [0.9, 1.1] },
  "zip-svg": { first: 0.29, further: 0.18, spread: [0.65, 1.4] },
  pdf: { first: 2.05, further: 0.65, spread: [0.6, 1.6] },
};

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
  // Where the samples differ, those between them may be like any of them.
  return [
    Math.round(times * least * Math.min(middle, (small + middle) / 2)),
    Math.round(times * most * Math.max(middle, (large + middle) / 2)),
  ];
}

/** The least and the most bytes of a table of so many products. */
/** @param {number} products @returns {[number, number]} */
export function tableBytes(products) {
  return [products * ROW[0], 200 + products * ROW[1]];
}
