/** The API as the page asks it. */

/** @import {Params} from "../model/query.js" */
/** @import {ApiError} from "./controls.js" */

/** Longer query strings go as a JSON body. */
const LONGEST_QUERY = 6000;

export class Refused extends Error {
  /** @param {ApiError} error */
  constructor(error) {
    super(error.message);
    this.error = error;
  }
}

/**
 * @param {string} api
 * @param {"traces" | "limits" | "facts" | "curves" | "code"} what
 * @param {string} slug
 * @param {Params} params
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function ask(api, what, slug, params, signal) {
  const query = new URLSearchParams(params).toString();
  const address = `${api}/${what}/${slug}`;
  const answer = query.length > LONGEST_QUERY
    ? await fetch(address, {
      method: "POST",
      signal,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(params),
    })
    : await fetch(query ? `${address}?${query}` : address, { signal });
  return found(answer);
}

/**
 * The layers in a text of code.
 * @param {string} api
 * @param {{code: string, input_size: string}} wanted
 * @param {AbortSignal} signal
 * @returns {Promise<import("../model/reading.js").Read>}
 */
export async function read(api, wanted, signal) {
  const headers = { "content-type": "application/json" };
  return found(await fetch(`${api}/read`, { method: "POST", signal, headers, body: JSON.stringify(wanted) }));
}

/** @param {Response} answer @returns {Promise<any>} */
async function found(answer) {
  const body = await answer.json();
  if (!answer.ok) throw new Refused(body.error);
  return body;
}
