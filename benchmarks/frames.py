"""What the browser does of an export: a hundred frames drawn as SVG and packed as PNG, and the layout before them.

Medians of a few rounds in a headless Chromium. Nothing here passes or fails.
"""

import statistics

from playwright.sync_api import sync_playwright

from tests.browsers import launch_options
from tests.servers import running_app

FRAMES = 100
ROUNDS = 3
SIZES = ((1280, 720), (1920, 1080))
FIGURES = (
    "single-channel?input_size=12",
    "multi-channel?out_channels=12",
    "grouped?out_channels=12&in_channels=4",
    "transposed?input_size=5&stride=2",
    "single-channel?input_size=64",
)

DRAW = """async ([width, height, frames, type]) => {
  const entry = [...document.querySelectorAll('script[type=module]')].map(({src}) => src).find((src) => src);
  const root = entry.replace(/[^/]+$/, '');
  const { contextOf, drawnAs } = await import(`${root}view/exporting.js`);
  const { drawFrames } = await import(`${root}view/drawing.js`);
  const { translator } = await import(`${root}model/strings.js`);
  const data = JSON.parse(document.getElementById('page-data').textContent);
  const context = contextOf(data, translator(data.strings));
  const steps = Array.from({ length: frames }, (_, n) => n + 1);
  const start = performance.now();
  const blobs = await drawFrames(drawnAs({ format: 'gif', width, height }, context, steps), steps, type);
  return [performance.now() - start, blobs.reduce((sum, { size }) => sum + size, 0)];
}"""


def main() -> None:
    """Print a row a figure and size."""
    with running_app() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        print(f"{FRAMES} frames: seconds as PNG, kB a frame; seconds as SVG, kB a frame")
        for figure in FIGURES:
            page = browser.new_page()
            page.goto(f"{url}/learn/{figure}")
            page.wait_for_selector("html[data-ready]", state="attached")
            for width, height in SIZES:
                row = []
                for kind in ("image/png", "image/svg+xml"):
                    found = [page.evaluate(DRAW, [width, height, FRAMES, kind]) for _ in range(ROUNDS)]
                    seconds = statistics.median(milliseconds for milliseconds, _ in found) / 1000
                    row.append(f"{seconds:5.2f} {found[0][1] / FRAMES / 1000:6.0f}")
                print(f"  {figure:<40} {width} × {height}: {';'.join(row)}", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
