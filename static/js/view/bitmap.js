/** Decoding a picture in the browser, which reads what it is given and sends it nowhere. */

import { middle, MOST_MEGABYTES, MOST_MEGAPIXELS, sizeInHeader } from "../model/picture.js";

/** A larger square is scaled down by the browser first: some phones refuse larger canvases, and no cell loses by it. */
const WIDEST = 1024;
/** Bytes among which a picture says its size; those of cameras begin with a small picture of themselves. */
const HEADER = 256 * 1024;

/** Why a file gives no picture: `empty`, `bytes`, `notPicture`, `pixels` or `undecoded`. */
export class Unreadable extends Error {
  /** @param {string} code @param {Record<string, string | number>} [values] */
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/**
 * The middle square of a picture, turned as its camera was held; throws Unreadable.
 * @param {File} file
 * @returns {Promise<ImageData>}
 */
export async function pixelsOf(file) {
  if (file.size === 0) throw new Unreadable("empty");
  const megabytes = file.size / 1024 ** 2;
  if (megabytes > MOST_MEGABYTES) throw new Unreadable("bytes", { size: rounded(megabytes), most: MOST_MEGABYTES });
  const said = sizeInHeader(new Uint8Array(await bytesOf(file.slice(0, HEADER))));
  if (!said && !file.type.startsWith("image/")) throw new Unreadable("notPicture");
  if (said) checkPixels(said);
  const bitmap = await decoded(file);
  try {
    checkPixels(bitmap);
    return squareOf(bitmap);
  } finally {
    bitmap.close();
  }
}

/** @param {Blob} blob */
async function bytesOf(blob) {
  try {
    return await blob.arrayBuffer();
  } catch {
    // The file was moved, or may not be read.
    throw new Unreadable("undecoded");
  }
}

/** @param {{width: number, height: number}} picture */
function checkPixels({ width, height }) {
  if (width * height > MOST_MEGAPIXELS * 1e6) throw new Unreadable("pixels", { width, height, most: MOST_MEGAPIXELS });
}

/** @param {File} file */
async function decoded(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Unreadable("undecoded");
  }
}

/** @param {ImageBitmap} bitmap */
function squareOf(bitmap) {
  const { side, left, top } = middle(bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.min(side, WIDEST);
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  if (!brush) throw new Unreadable("undecoded");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(bitmap, left, top, side, side, 0, 0, canvas.width, canvas.height);
  return brush.getImageData(0, 0, canvas.width, canvas.height);
}

/** @param {number} megabytes */
function rounded(megabytes) {
  return megabytes < 100 ? megabytes.toFixed(1) : Math.round(megabytes);
}
