/** Small drawings of the page itself as SVG elements; figures are drawn by Plotly, see figure.js. */

const SPACE = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
export function part(tag, attributes, ...children) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== "") node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/**
 * A drawing that scales down with its box and is named for a screen reader.
 * @param {number} width
 * @param {number} height
 * @param {string} label
 * @param {Node[]} children
 */
export function svg(width, height, label, children) {
  return part("svg", {
    class: "drawing",
    viewBox: `0 0 ${width} ${Math.ceil(height)}`,
    width,
    height: Math.ceil(height),
    role: "img",
    "aria-label": label,
  }, ...children);
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} kind  its class
 * @param {string} [dash]
 */
export function line(x1, y1, x2, y2, kind, dash = "") {
  return part("line", { x1, y1, x2, y2, class: kind, "stroke-dasharray": dash });
}

/** @param {number} cx @param {number} cy @param {number} r @param {string} kind */
export function circle(cx, cy, r, kind) {
  return part("circle", { cx, cy, r, class: `node-dot ${kind}` });
}

/** @param {number} x @param {number} y @param {string} text @param {string} kind */
export function word(x, y, text, kind) {
  return part("text", { x, y, class: kind }, text);
}

/** @param {number[][]} points @param {string} kind */
export function polyline(points, kind) {
  return part("polyline", { points: points.map((point) => point.join()).join(" "), class: kind });
}
