/** A picture as numbers: the middle square of its pixels, averaged over the cells of a grid, as digits from 0 to 9. */

/** The sides that a picture is reduced to: fewer cells show nothing, more have no room for their numbers. */
export const LEAST = 4;
export const MOST = 32;

/** What is read: bytes of a file, and pixels of the picture in it. */
export const MOST_MEGABYTES = 20;
export const MOST_MEGAPIXELS = 40;

/** Red, green, blue, all 0 to 255. */
const WHITE = 255;
/** How bright the eye finds them (ITU-R BT.709). */
const LUMA = [0.2126, 0.7152, 0.0722];
const DIGIT = 9;

/**
 * The largest square in the middle of a picture.
 * @param {number} width
 * @param {number} height
 */
export function middle(width, height) {
  const side = Math.min(width, height);
  return { side, left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2) };
}

/**
 * The channels of an input, each `size` rows of `size` whole numbers: 0 is black, 9 white. Three channels are red, green
 * and blue; any other number repeats the brightness. Transparent pixels let white shine through.
 * @param {{data: ArrayLike<number>, width: number, height: number}} picture  four bytes a pixel: red, green, blue, alpha
 * @param {number} size
 * @param {number} channels
 * @returns {number[][][]}
 */
export function reduced(picture, size, channels) {
  const means = averaged(picture, size);
  const colours = channels === 3 ? [0, 1, 2].map((c) => means.map((row) => row.map((mean) => mean[c]))) : null;
  const bright = () => means.map((row) => row.map((mean) => LUMA.reduce((sum, part, c) => sum + part * mean[c], 0)));
  const planes = colours ?? Array.from({ length: channels }, bright);
  return planes.map((plane) => plane.map((row) => row.map(digit)));
}

/** Rounded half up, whatever a sum of fractions lost on the way. */
/** @param {number} mean */
function digit(mean) {
  return Math.min(DIGIT, Math.floor((DIGIT * mean) / WHITE + 0.5 + 1e-9));
}

/**
 * Mean red, green and blue of every cell. A pixel on a border counts for each cell by the part that lies in it.
 * @param {{data: ArrayLike<number>, width: number, height: number}} picture
 * @param {number} size
 * @returns {number[][][]}  row, column, colour
 */
function averaged({ data, width, height }, size) {
  const { side, left, top } = middle(width, height);
  const cells = shares(side, size);
  const area = (side / size) ** 2;
  return cells.map((rows) =>
    cells.map((columns) => {
      const sums = [0, 0, 0];
      for (const [y, tall] of rows) {
        for (const [x, wide] of columns) {
          const at = 4 * ((top + y) * width + left + x);
          const alpha = data[at + 3] / 255;
          for (let c = 0; c < 3; c += 1) sums[c] += tall * wide * (alpha * data[at + c] + (1 - alpha) * WHITE);
        }
      }
      return sums.map((sum) => sum / area);
    })
  );
}

/** For every cell along one side: the pixels that it touches, and how much of each lies in it. */
/** @param {number} side @param {number} size @returns {[number, number][][]} */
function shares(side, size) {
  return Array.from({ length: size }, (_, cell) => {
    const [from, to] = [(cell * side) / size, ((cell + 1) * side) / size];
    /** @type {[number, number][]} */
    const found = [];
    for (let pixel = Math.floor(from); pixel < to; pixel += 1) {
      found.push([pixel, Math.min(pixel + 1, to) - Math.max(pixel, from)]);
    }
    return found;
  });
}

/**
 * Width and height as the first bytes of a file say them, so that no huge picture is unpacked to be refused; null where
 * they are none of PNG, JPEG, GIF, WebP and BMP.
 * @param {Uint8Array} bytes
 * @returns {{width: number, height: number} | null}
 */
export function sizeInHeader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READERS.find(({ mark, at = 0 }) => startsWith(bytes, mark, at))?.read;
  try {
    return read?.(view) ?? null;
  } catch (error) {
    // A header cut short: whoever decodes the picture says what is wrong with it.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** @typedef {{mark: string, at?: number, read: (view: DataView) => {width: number, height: number} | null}} Reader */

/** @type {Reader[]} */
const READERS = [
  { mark: "\x89PNG", read: (view) => ({ width: view.getUint32(16), height: view.getUint32(20) }) },
  { mark: "\xff\xd8\xff", read: sizeOfJpeg },
  { mark: "GIF8", read: (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }) },
  { mark: "BM", read: (view) => ({ width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) }) },
  { mark: "WEBP", at: 8, read: sizeOfWebp },
];

/** @param {Uint8Array} bytes @param {string} mark @param {number} at */
function startsWith(bytes, mark, at) {
  return [...mark].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
}

/** The size stands in the first frame header; the segments before it are passed over by their lengths. */
/** @param {DataView} view */
function sizeOfJpeg(view) {
  for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const kind = view.getUint8(at + 1);
    // Tables among the frame headers: Huffman codes, extensions, arithmetic coding.
    const frame = kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind);
    if (frame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
  return null;
}

/** Three kinds of WebP: lossy, lossless, and with more to it. */
/** @param {DataView} view */
function sizeOfWebp(view) {
  const kind = view.getUint8(15);
  if (kind === 0x58) return { width: 1 + view.getUint16(24, true) + 65536 * view.getUint8(26), height: 1 + view.getUint16(27, true) + 65536 * view.getUint8(29) };
  if (kind === 0x4c) {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}
