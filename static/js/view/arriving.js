/**
 * The address of a page of a static site, read by the page itself: it shows the figure that a server would have put into
 * the page, or the nearest that the site holds, and says so.
 */

/** @import {Params} from "../model/query.js" */
/** @import {Held} from "./held.js" */

import { framed, partOfFrame, viewed } from "../model/arrival.js";
import { readQuery } from "../model/query.js";
import { translator } from "../model/strings.js";
import { ask, Refused, Unreachable } from "./api.js";
import { inWords } from "./errors.js";

/**
 * Where the same page is in the language of the address, if that is another one.
 * @param {Held} own
 * @param {string} search
 * @returns {string | null}
 */
export function elsewhere({ told: { site } }, search) {
  const place = site?.pages[new URLSearchParams(search).get("lang") ?? ""];
  if (place === undefined) return null;
  const left = search.slice(1).split("&").filter((pair) => !pair.startsWith("lang=")).join("&");
  return left ? `${place}?${left}` : place;
}

/**
 * What a page hands its scripts, with the figure of its address.
 * @param {Held} own
 * @param {any} data  of the page as it lies in the site: its first preset
 * @param {string} search
 * @returns {Promise<any>}
 */
export async function arrived(own, data, search) {
  const t = translator(data.strings);
  const { params, page } = readQuery(search);
  const inFrame = "embed" in data;
  const { schema } = data.kind;
  const figure = Object.fromEntries(Object.entries(params).filter(([name]) => !(inFrame && partOfFrame(name))));
  const known = Object.fromEntries(Object.entries(figure).filter(([name]) => name in schema.properties));
  const found = { ...data, ...await shown(own, data, known, t) };
  const strange = Object.keys(figure).find((name) => !(name in known));
  if (strange !== undefined && !found.error) found.error = said(t("site.unknown", { name: strange.slice(0, 40) }));
  if (inFrame && page.kept && !found.error) found.error = said(t("kept.lost"));
  const view = viewed(page);
  if (!inFrame) return { ...found, ...view };
  return { ...found, ...view, ...framed(Object.fromEntries(new URLSearchParams(search)), page, found.trace) };

  /** @param {string} message */
  function said(message) {
    return { code: "not_held", field: "", message, hint: "", values: {} };
  }
}

/**
 * The figure of these parameters; where the site has it not, the nearest, and what is said of it.
 * @param {Held} own
 * @param {any} data
 * @param {Params} asked
 * @param {import("../model/strings.js").Translate} t
 */
async function shown(own, data, asked, t) {
  const { kind: { slug, title }, api } = data;
  if (Object.keys(asked).length === 0) return {};
  try {
    const trace = await ask(api, "traces", slug, asked);
    const { limits } = await ask(api, "limits", slug, asked);
    return { query: asked, preset: null, trace, limits };
  } catch (error) {
    if (error instanceof Unreachable) return { query: asked, error: missed(t("page.offline")) };
    if (!(error instanceof Refused)) throw error;
    const wrong = inWords(error.error, t);
    const nearest = await own.nearest(slug, asked);
    if (!nearest) return { query: asked, error: wrong };
    const trace = await ask(api, "traces", slug, nearest);
    const { limits } = await ask(api, "limits", slug, nearest);
    const named = Object.entries(nearest).map(([name, value]) => `${called(name, t)} ${value}`).join(", ");
    const message = `${wrong.message} ${t("site.nearest", { figure: named || title })}`;
    return { query: asked, preset: null, trace, limits, error: { ...wrong, message } };
  }
}

/** @param {string} message */
function missed(message) {
  return { code: "unreachable", field: "", message, hint: "", values: {} };
}

/** @param {string} name @param {import("../model/strings.js").Translate} t */
function called(name, t) {
  try {
    return t(`control.${name}`);
  } catch {
    return name;
  }
}

/**
 * Puts what the address says into the page, before its scripts read it.
 * @param {any} data
 */
export function put(data) {
  const place = document.getElementById("page-data");
  if (place) place.textContent = JSON.stringify(data);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-page]"))) {
    link.href = `${link.dataset.page}${location.search}`;
  }
  const { documentElement: root, body } = document;
  if (data.theme) root.dataset.theme = data.theme;
  if (!("embed" in data)) return;
  const { transparent, controls, fit } = data.embed;
  root.toggleAttribute("data-transparent", transparent);
  Object.assign(body.dataset, { controls, fit });
  // The page has all that a frame may have.
  const spare = { all: "", transport: "#first, #last, .speed-box, #loop, .sliders, #switches, #stages", none: ".transport, .sliders, #switches, #stages" };
  const left = spare[/** @type {keyof typeof spare} */ (controls)];
  if (left) for (const part of document.querySelectorAll(left)) part.remove();
}
