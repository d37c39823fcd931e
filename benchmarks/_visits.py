"""First visits of a page in Chromium, nothing cached: when it was painted and usable, and the bytes on the wire."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
PARTS = ("html", "css", "modules", "plotly", "fonts", "data", "other")

# When the page's milestones came, in milliseconds after it was asked for: each is a selector that came to match.
# `quiet` is the last of them, the load event, the end of a long task (over 50 ms), and the last byte of any answer.
WATCH = """
const milestones = %s, reached = {};
let busy = 0, shift = 0;
const complete = () => Object.keys(milestones).every((name) => name in reached);
const look = () => {
  for (const [name, selector] of Object.entries(milestones)) {
    if (!(name in reached) && document.querySelector(selector)) reached[name] = performance.now();
  }
  if (complete()) watching.disconnect();
};
const watching = new MutationObserver(look);
watching.observe(document, { subtree: true, childList: true, attributes: true });
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) busy = Math.max(busy, startTime + duration);
}).observe({ type: 'longtask', buffered: true });
new PerformanceObserver((list) => {
  for (const { value } of list.getEntries()) shift += value;
}).observe({ type: 'layout-shift', buffered: true });
performance.setResourceTimingBufferSize(1000);
window.visited = () => {
  const [page] = performance.getEntriesByType('navigation');
  const [painted] = performance.getEntriesByName('first-contentful-paint');
  const loaded = performance.getEntriesByType('resource').map((one) => one.responseEnd);
  const times = { ...reached, answer: page.responseEnd };
  if (painted) times.paint = painted.startTime;
  if (page.loadEventEnd) times.quiet = Math.max(page.loadEventEnd, busy, ...loaded, ...Object.values(reached));
  return times;
};
window.shifted = () => shift;
window.idle = (least) => {
  const { paint, quiet } = visited();
  return Boolean(paint && quiet && complete()) && performance.now() - quiet >= least;
};
"""


@dataclass(slots=True)
class Visit:
    """Milestones in milliseconds, bytes on the wire (headers included) and requests by part, requests that failed.

    `shift` is what moved without the reader's doing, as browsers count it: the share of the window that moved, times
    how far, summed up. Up to 0.1 counts as good (web.dev/articles/cls).
    """

    times: dict[str, float] = field(default_factory=dict)
    size: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    shift: float = 0.0


def part_of(url: str, kind: str) -> str:
    """The part of a page's bytes that an answer counts to."""
    if "plotly" in url and url.endswith("min.js"):
        return "plotly"
    known = {
        "Document": "html",
        "Stylesheet": "css",
        "Script": "modules",
        "Font": "fonts",
        "Fetch": "data",
        "XHR": "data",
    }
    return known.get(kind, "other")


def first_visit(browser: Browser, url: str, milestones: Mapping[str, str], settle: Callable[[Page], None]) -> Visit:
    """A visit in a fresh context. `milestones` are selectors by name; `settle` waits until the page is done."""
    visit = Visit()
    with browser.new_context(viewport=VIEWPORT) as context:
        context.add_init_script(WATCH % json.dumps(dict(milestones)))
        page = context.new_page()
        _listen(page, visit)
        page.goto(url)
        settle(page)
        visit.times, visit.shift = page.evaluate("[visited(), shifted()]")
    return visit


def quiet(page: Page, within: float = 30.0, seconds: float = 1.0) -> None:
    """Waits until a page has reached its milestones and been idle for so many seconds, or raises TimeoutError."""
    page.wait_for_function("least => idle(least)", arg=1000 * seconds, polling=100, timeout=1000 * within)


def _listen(page: Page, visit: Visit) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    parts: dict[str, str] = {}

    def answered(event: Any) -> None:
        parts[event["requestId"]] = part_of(event["response"]["url"], event["type"])

    def finished(event: Any) -> None:
        part = parts.get(event["requestId"], "other")
        visit.size[part] += event["encodedDataLength"]
        visit.requests[part] += 1

    def failed(_: Any) -> None:
        visit.failed += 1

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    session.on("Network.loadingFailed", failed)
