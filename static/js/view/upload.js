/** A form sent to the server with word of how far it has come, and the file that comes back. */

import { Refused, Unreachable } from "./api.js";

/** Statuses with which what stands before a server says that it is not there. */
const ABSENT = [0, 502, 503, 504];

/**
 * Rejects with Refused where the server says what is wrong, with Unreachable where it does not answer, and with the
 * signal's reason where the reader has had enough.
 * @param {string} address
 * @param {FormData} form
 * @param {{signal?: AbortSignal, sent: (done: number, total: number) => void}} how  `sent` counts bytes
 * @returns {Promise<Blob>}
 */
export function send(address, form, { signal, sent }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const done = (/** @type {() => void} */ settle) => () => {
      signal?.removeEventListener("abort", stop);
      settle();
    };
    signal?.addEventListener("abort", stop);
    request.open("POST", address);
    // No form of another site can send this header, and its scripts would have to ask first.
    request.setRequestHeader("x-convoscope", "export");
    request.responseType = "blob";
    request.upload.addEventListener("progress", ({ loaded, total }) => sent(loaded, total));
    request.addEventListener("abort", done(() => reject(signal?.reason)));
    request.addEventListener("error", done(() => reject(new Unreachable("no answer"))));
    request.addEventListener("load", done(() => {
      if (request.status === 200) return resolve(request.response);
      reason(request.status, request.response).then(reject, reject);
    }));
    request.send(form);
  });
}

/**
 * What an answer other than 200 means.
 * @param {number} status
 * @param {Blob} body
 */
export async function reason(status, body) {
  if (ABSENT.includes(status) && status !== 503) return new Unreachable(String(status));
  try {
    const { error } = JSON.parse(await body.text());
    return new Refused(error);
  } catch {
    return new Unreachable(String(status));
  }
}
