/** Errors of the API in the language of the page, by their code and values; in English as the API says them. */

/** @import {ApiError} from "./controls.js" */
/** @import {Translate} from "../model/strings.js" */

/**
 * @param {ApiError} error
 * @param {Translate} t
 * @returns {ApiError}
 */
export function inWords(error, t) {
  const field = said(() => t(`control.${error.field}`)) ?? error.field;
  const values = { ...error.values, field };
  const message = said(() => t(`fault.${error.code}`, values));
  if (message === null) return error;
  const hint = "nearest" in error.values && error.field ? said(() => t("fault.try", values)) : "";
  return { ...error, message, hint: hint ?? "" };
}

/** A string, or null where there is none, or a value that it wants is missing. */
/** @param {() => string} say */
function said(say) {
  try {
    return say();
  } catch {
    return null;
  }
}
