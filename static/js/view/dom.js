/** Making and finding elements. */

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes]  `on` holds listeners; false and null are left out
 * @param {...(Node | string | null | false)} children
 * @returns {any}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "hidden" || name === "disabled" || name === "value") {
      /** @type {any} */ (node)[name] = value;
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== false));
  return node;
}

/**
 * An icon of the page's sprite.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * The element with this id; the template promises it.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return found;
}

/** @param {string} text */
export function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}

/** When what was drawn is on the screen: the first moment in which the browser has nothing better to do. */
/** @returns {Promise<void>} */
export function onceShown() {
  const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ work) => setTimeout(work, 50));
  return new Promise((done) => requestAnimationFrame(() => idle(() => done(), { timeout: 1000 })));
}

/**
 * Runs at most once a frame, with the last arguments.
 * @template {any[]} A
 * @param {(...args: A) => void} work
 * @returns {(...args: A) => void}
 */
export function oncePerFrame(work) {
  let last = /** @type {A | null} */ (null);
  return (...args) => {
    if (last === null) {
      requestAnimationFrame(() => {
        const now = /** @type {A} */ (last);
        last = null;
        work(...now);
      });
    }
    last = args;
  };
}

/**
 * Runs once it has been left alone for a while; `flush` does at once what still waits.
 * @template {any[]} A
 * @param {(...args: A) => void} work
 * @param {number} pause
 * @returns {((...args: A) => void) & {flush: () => void}}
 */
export function atRest(work, pause) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {A | null} */
  let waiting = null;
  const flush = () => {
    clearTimeout(timer);
    const args = waiting;
    waiting = null;
    if (args) work(...args);
  };
  const run = (/** @type {A} */ ...args) => {
    clearTimeout(timer);
    waiting = args;
    timer = setTimeout(flush, pause);
  };
  return Object.assign(run, { flush });
}
