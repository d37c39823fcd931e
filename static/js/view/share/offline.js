/** The file that plays without a server, as the server makes it: told beforehand, fetched when it is wanted. */

import { Refused, Unreachable } from "../api.js";

/**
 * How many figures a file will hold, how large it will be, and its name.
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<{figures: number, bytes: number, name: string}>}
 */
export async function askedOffline(address, signal) {
  return (await answered(address, signal)).json();
}

/**
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<{blob: Blob, name: string}>}
 */
export async function fetchOffline(address, signal) {
  const answer = await answered(address, signal);
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
  return { blob: await answer.blob(), name: name ?? "convoscope.html" };
}

/** @param {string} address @param {AbortSignal} signal */
async function answered(address, signal) {
  const answer = await fetch(address, { signal }).catch((error) => {
    signal.throwIfAborted();
    throw new Unreachable(String(error));
  });
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => null);
  if (body?.error) throw new Refused(body.error);
  throw new Unreachable(String(answer.status));
}
