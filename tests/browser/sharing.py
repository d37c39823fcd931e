"""The sharing dialog opened in a test, with files made by a stand-in: what a file holds is tested where it is made."""

from playwright.sync_api import Page, Route, expect

# Holds each call for the test to see, and answers as the test has said in `window.standIn`.
STAND_IN = """
import { Refused, Unreachable } from "./api.js";

const calls = window.standIn ??= {};
calls.estimates ??= [];
calls.exports ??= [];
const served = ["gif", "webp", "mp4", "pdf", "pptx", "zip"];

export async function formatsOf(api) {
  if (calls.gone) throw new Unreachable("gone");
  const missing = calls.missing ?? [];
  return {
    formats: served.map((format) => ({ format, available: !missing.includes(format), extra: "export" })),
    limits: {},
  };
}

export function contextOf(data, t) {
  const { kind: { slug, title }, query, trace, step, api, lang } = data;
  return { trace, slug, name: title, params: query, step, stage: "", t, api, lang, link: location.href };
}

export async function estimate(settings, context) {
  calls.estimates.push(settings);
  const frames = settings.step === undefined ? (settings.end ?? 9) - (settings.start ?? 1) + 1 : 1;
  const found = { frames, seconds: frames > 1 ? frames * 0.9 : 0, bytes: [120_000, 340_000], problem: null };
  const { width = 0, height = 0 } = settings;
  if (width > 4000) return { ...found, width, height, problem: "Too wide.", nearest: { width: 3840, height: 2160 } };
  return { ...found, width, height };
}

export async function exportFigure(settings, context, { signal, progress }) {
  const { step, link, slug, params } = context;
  calls.exports.push({ settings, context: { step, link, slug, params } });
  progress({ phase: "draw", done: 6, total: 9 });
  if (calls.wait) {
    await new Promise((_, broken) => {
      signal.addEventListener("abort", () => broken(signal.reason));
    });
  }
  if (calls.fault === "refused") throw new Refused({ message: "Too many frames.", hint: "Choose fewer.", values: {} });
  if (calls.fault === "gone") throw new Unreachable("gone");
  if (calls.fault) throw new Error("secret inside");
  return { blob: new Blob(["a file"]), name: `figure.${settings.format}` };
}
"""


def stand_in(page: Page) -> None:
    """From now on, files are made by the stand-in."""

    def answer(route: Route) -> None:
        route.fulfill(body=STAND_IN, content_type="text/javascript; charset=utf-8")

    page.route("**/js/view/exporting.js", answer)


def open_dialog(page: Page, address: str | None = None, button: str = "share") -> None:
    """The dialog of a lesson, ready: with what the files will be told."""
    if address:
        stand_in(page)
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached")
    page.locator(f"#{button}").click()
    expect(page.locator("#share-dialog")).to_be_visible()
    expect(page.locator("#export-estimate")).to_contain_text("B")


def code_of(page: Page, tool: str) -> str:
    """The code for a tool."""
    page.locator(f"[data-tool={tool}]").click()
    return page.locator("#share-snippet code").text_content() or ""
