/** Marks as SVG: the same picture that Plotly draws of them, for where there is no Plotly. Pure. */

/** @import {Shape} from "./shapes.js" */
/** @import {Image} from "./image.js" */

import { LOW } from "./shapes.js";

/** @typedef {{shapes: Shape[], images: Image[]}} Marks */

/** Plotly's order: shapes under images in the lower layer, over them in the upper one. */
/** @param {Marks} marks @param {string} [prefix]  sets the names of patterns apart from those of other pictures */
export function marksSvg({ shapes, images }, prefix = "") {
  const [below, above] = ["below", "above"].map((layer) => ({
    shapes: shapes.filter((shape) => shape.layer === layer).map(shapeSvg).join(""),
    images: images.map((image, n) => (image.layer === layer ? imageSvg(image, `${prefix}${n}-`) : "")).join(""),
  }));
  return below.shapes + below.images + above.images + above.shapes;
}

/** @param {Shape} shape */
export function shapeSvg(shape) {
  const path = shape.type === "rect" ? cornersPath(shape) : shape.path;
  const fill = shape.fillcolor && shape.fillcolor !== "rgba(0,0,0,0)" ? shape.fillcolor : "none";
  const { width = 0, color, dash } = shape.line;
  const stroke = width > 0 ? ` stroke="${color}" stroke-width="${width}"${dashes(dash)}` : "";
  const drawn = fill === "none" && !stroke
    ? ""
    : `<path d="${path}" fill="${fill}" fill-rule="${shape.fillrule ?? "evenodd"}"${stroke}/>`;
  return drawn + (shape.label ? labelSvg(shape) : "");
}

/** @param {Shape} shape */
function cornersPath({ x0, y0, x1, y1 }) {
  return `M${x0},${y0}H${x1}V${y1}H${x0}Z`;
}

/** @param {string | undefined} dash */
function dashes(dash) {
  return !dash || dash === "solid" ? "" : ` stroke-dasharray="${dash.replace(/px/g, "")}"`;
}

/** A text's baseline under its middle, and under its top, as shares of its size. */
const MIDDLE = 0.35;
const TOP = 0.93;

/** @param {Shape} shape */
function labelSvg({ x0, y0, x1, y1, label: { text, textposition, font, padding } }) {
  const corner = textposition === "top left";
  const x = corner ? x0 + padding : (x0 + x1) / 2;
  // The box of a centred label hangs as much lower as Plotly sets it too high.
  const y = corner ? y0 + padding + TOP * font.size : (y0 + y1) / 2 + (MIDDLE - LOW) * font.size;
  const bold = text.startsWith("<b>");
  return `<text x="${tenth(x)}" y="${tenth(y)}" font-size="${font.size}" fill="${font.color}"` +
    `${bold ? ' font-weight="700"' : ""} text-anchor="${corner ? "start" : "middle"}">${
      bold ? text.slice(3, -4) : text
    }</text>`;
}

const VECTOR = "data:image/svg+xml,";

/**
 * A picture in a picture; one that is SVG becomes part of it, so that its text stays text.
 * @param {Image} image
 * @param {string} prefix
 */
function imageSvg({ x, y, sizex, sizey, source }, prefix) {
  const place = `x="${x}" y="${y}" width="${sizex}" height="${sizey}"`;
  if (!source.startsWith(VECTOR)) return `<image ${place} preserveAspectRatio="none" href="${source}"/>`;
  const own = decodeURIComponent(source.slice(VECTOR.length));
  const start = own.indexOf(">") + 1;
  const end = own.lastIndexOf("</svg>");
  if (end <= start) return ""; // an empty one ends in its only tag
  const content = own.slice(start, end).replaceAll(' id="', ` id="${prefix}`).replaceAll("url(#", `url(#${prefix}`);
  const viewBox = /viewBox="([^"]+)"/.exec(own)?.[1] ?? `0 0 ${sizex} ${sizey}`;
  return `<svg ${place} viewBox="${viewBox}" preserveAspectRatio="none">${content}</svg>`;
}

/** @param {number} value */
function tenth(value) {
  return Math.round(value * 10) / 10;
}
