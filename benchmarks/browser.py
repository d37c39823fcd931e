"""The page in Chromium: bytes by part, first paint and what moves after it, slider to painted figure, Plotly's share.

Medians of a few rounds in a headless Chromium, which draws without a GPU. Nothing here passes or fails.
"""

import statistics
from collections.abc import Sequence
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks._visits import PARTS, first_visit
from compute.kinds import KINDS
from tests.browsers import launch_options
from tests.servers import running_app

CELLS = (8, 16, 32, 64)
ROUNDS = 15
SECONDS = 2.0
LEGIBLE = 16  # larger inputs show values by colour alone
LOADS = 3

# How long after a slider moved the figure with its sum has been painted, and how long until its numbers stand.
CHANGE = """
async ([sizes, rounds, legible]) => {
  const field = document.getElementById('input_size-0-range');
  field.max = String(Math.max(Number(field.max), ...sizes));
  const canvas = document.getElementById('canvas');
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  const times = [], numbers = [];
  for (let round = 0; round < rounds; round += 1) {
    const drawn = new Promise((done) => canvas.once('plotly_afterplot', done));
    const start = performance.now();
    field.value = String(sizes[round % sizes.length]);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await drawn;
    await painted();
    times.push(performance.now() - start);
    const written = () => canvas.layout.images.some((image) => image.source.split('%3Ctext').length > 20);
    while (legible && !written() && performance.now() - start < 1000) await painted();
    numbers.push(performance.now() - start);
    field.dispatchEvent(new Event('change', { bubbles: true }));
    await new Promise((done) => setTimeout(done, 250));
  }
  return [times, numbers];
}
"""

# Frames and steps while playing a step a frame, and what each step cost the main thread.
PLAY = """
async (seconds) => {
  const speed = document.getElementById('speed');
  speed.value = 'max';
  speed.dispatchEvent(new Event('change', { bubbles: true }));
  const loop = document.getElementById('loop');
  if (loop.getAttribute('aria-pressed') !== 'true') loop.click();
  document.getElementById('play').click();
  let frames = 0, steps = 0, last = '';
  const start = await new Promise(requestAnimationFrame);
  let now = start;
  while (now - start < seconds * 1000) {
    now = await new Promise(requestAnimationFrame);
    frames += 1;
    const step = document.getElementById('scrub').value;
    if (step !== last) steps += 1;
    last = step;
  }
  document.getElementById('play').click();
  return [1000 * frames / (now - start), 1000 * steps / (now - start)];
}
"""

# What a step costs the main thread: the position is moved by hand, and the figure drawn before the event returns.
STEP = """
(rounds) => {
  const scrub = document.getElementById('scrub');
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    scrub.value = String(1 + (7 * round) % Number(scrub.max));
    const start = performance.now();
    scrub.dispatchEvent(new Event('input', { bubbles: true }));
    document.getElementById('canvas').getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times;
}
"""

# Views of one figure: the flat one comes first, and the others are told as multiples of it.
VIEWS = (
    ("multi-channel?input_size=7&out_channels=6&view=", ("numbers", "blocks", "both")),
    ("multi-channel?input_size=7&out_channels=128&view=", ("numbers", "blocks", "both")),
    ("3d?input_size=6&view=", ("slices", "volume", "both")),
)

# A picture of the figure, the figure with all that can be done with it, and the figure drawn by Plotly, where it is.
MILESTONES = {"picture": ".canvas svg", "interactive": "html[data-drawn]", "plotly": "html[data-ready]"}
TIMES = ("answer", "paint", "picture", "interactive", "plotly")

# What Plotly's own drawing of a step takes, of all that a step takes, and how many marks it is handed.
OF_PLOTLY = """
(rounds) => {
  const canvas = document.getElementById('canvas');
  const scrub = document.getElementById('scrub');
  const { relayout } = Plotly;
  const own = [], whole = [], marks = [];
  let spent = 0;
  Plotly.relayout = (...given) => {
    const start = performance.now();
    const answer = relayout(...given);
    spent += performance.now() - start;
    return answer;
  };
  for (let round = 0; round < rounds; round += 1) {
    spent = 0;
    scrub.value = String(1 + (7 * round) % Number(scrub.max));
    const start = performance.now();
    scrub.dispatchEvent(new Event('input', { bubbles: true }));
    canvas.getBoundingClientRect();
    whole.push(performance.now() - start);
    own.push(spent);
    marks.push(canvas.layout.shapes.length + canvas.layout.images.length);
  }
  Plotly.relayout = relayout;
  return [own, whole, marks];
}
"""
FRAME = 1000 / 60  # milliseconds


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")


def settled(page: Page) -> None:
    if page.locator(".canvas").count():
        ready(page)
    page.wait_for_timeout(300)


def loads(browser: Browser, url: str, path: str) -> None:
    """A row of milestones, the median of a few first visits, and a row of bytes by part."""
    visits = [first_visit(browser, f"{url}{path}", MILESTONES, settled) for _ in range(LOADS)]
    for one in visits:
        # What stands in the document before the first paint is painted with it.
        one.times |= {name: max(one.times[name], one.times["paint"]) for name in MILESTONES if name in one.times}
    times = {name: statistics.median(one.times[name] for one in visits) for name in TIMES if name in visits[0].times}
    size, requests = visits[-1].size, visits[-1].requests
    print(f"first visit to {path}")
    shift = statistics.median(one.shift for one in visits)
    print("   " + ", ".join(f"{name} {value:,.0f} ms" for name, value in times.items()) + f", layout shift {shift:.3f}")
    told = (f"{part} {size[part] / 1000:,.1f} kB in {requests[part]}" for part in PARTS if requests[part])
    print(f"   {size.total() / 1000:,.0f} kB in {requests.total()} requests: " + ", ".join(told))


def of_plotly(browser: Browser, url: str, size: int) -> None:
    """A row: marks, what a step costs with Plotly and with the painter, beside a frame; growth shows in its column."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/learn/single-channel?input_size={size}&step=3")
    ready(page)
    page.wait_for_timeout(300)
    own, whole, marks = (statistics.median(column) for column in page.evaluate(OF_PLOTLY, ROUNDS * 4))
    page.close()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/plotly.min.js", lambda route: route.abort())
    page.goto(f"{url}/learn/single-channel?input_size={size}&step=3")
    page.wait_for_selector("html[data-drawn]", state="attached")
    page.wait_for_timeout(300)
    painted = statistics.median(page.evaluate(STEP, ROUNDS * 4))
    page.close()
    print(
        f"{size:>3} × {size:<3} {marks:6.0f} {own:9.1f} ms {100 * own / FRAME:5.0f} % {whole:9.1f} ms"
        f" {100 * whole / FRAME:5.0f} % {painted:9.1f} ms"
    )


def median(times: Sequence[float]) -> str:
    return f"{statistics.median(times):6.1f}"


def cells(browser: Browser, url: str, size: int) -> None:
    """One row: slider to painted figure, and playing at a step a frame."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{url}/learn/single-channel?input_size={size}&step=3")
    ready(page)
    page.wait_for_timeout(300)
    changed, numbers = page.evaluate(CHANGE, [[size - 1, size], ROUNDS, size <= LEGIBLE])
    frames, steps = page.evaluate(PLAY, SECONDS)
    shown = f"{median(numbers[2:])} ms" if size <= LEGIBLE else "   colours"
    print(f"{size:>3} × {size:<3} {median(changed[2:])} ms    {shown} {frames:8.1f} {steps:8.1f}")
    page.close()


def views(browser: Browser, url: str, path: str, names: Sequence[str]) -> None:
    """A row a view: frames and steps a second, and what a step costs, against the flat view."""
    print(path.removesuffix("view="))
    flat = 0.0
    for name in names:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/learn/{path}{name}")
        ready(page)
        page.wait_for_timeout(300)
        cost = statistics.median(page.evaluate(STEP, 60))
        flat = flat or cost
        frames, steps = page.evaluate(PLAY, SECONDS)
        print(f"  {name:<8} {cost:6.1f} ms a step ({cost / flat:4.2f} ×) {frames:8.1f} {steps:8.1f}")
        page.close()


def kind(browser: Browser, url: str, slug: str) -> None:
    """A row a kind: what a step costs in the median preset and in the dearest, and that one's frames a second."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    costs = {}
    for preset in KINDS[slug].presets:
        page.goto(f"{url}/learn/{slug}?{urlencode(preset.params or {'seed': '0'})}")
        ready(page)
        costs[preset.id] = statistics.median(page.evaluate(STEP, 40))
    dearest = max(costs, key=lambda name: costs[name])
    params = next(preset.params for preset in KINDS[slug].presets if preset.id == dearest)
    page.goto(f"{url}/learn/{slug}?{urlencode(params or {'seed': '0'})}")
    ready(page)
    page.wait_for_timeout(300)
    frames, steps = page.evaluate(PLAY, SECONDS)
    middle = statistics.median(costs.values())
    print(f"  {slug:<20} {middle:5.1f} ms  {costs[dearest]:5.1f} ms {frames:8.1f} {steps:8.1f}  {dearest}")
    page.close()


def main() -> None:
    with running_app() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for path in ("/", "/learn/single-channel", "/compare", "/embed/single-channel"):
            loads(browser, url, path)
        print("  cells    marks  relayout  of a frame  all of a step  of a frame  with the painter")
        for size in CELLS:
            of_plotly(browser, url, size)
        print("  cells    to figure    to numbers  frames/s  steps/s")
        for size in CELLS:
            cells(browser, url, size)
        print("  view      to figure            frames/s  steps/s")
        for path, names in VIEWS:
            views(browser, url, path, names)
        print("  kind            a step: median  dearest  frames/s  steps/s  of the dearest preset")
        for slug in KINDS:
            kind(browser, url, slug)
        browser.close()


if __name__ == "__main__":
    main()
