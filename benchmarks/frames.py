"""What the browser does of an export: a hundred frames drawn as SVG and packed as PNG, and the layout before them; then
the whole of it, from the click to the file.

Medians of a few rounds in a headless Chromium, with the server on the same machine. Nothing here passes or fails.
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

FILES = ("gif", "webp", "mp4", "pdf", "pptx", "zip-png")

EXPORT = """async ([width, height, frames, format]) => {
  const entry = [...document.querySelectorAll('script[type=module]')].map(({src}) => src).find((src) => src);
  const root = entry.replace(/[^/]+$/, '');
  const { contextOf, exportFigure } = await import(`${root}view/exporting.js`);
  const { translator } = await import(`${root}model/strings.js`);
  const data = JSON.parse(document.getElementById('page-data').textContent);
  const settings = { format, width, height, title: true, equation: true, start: 1, end: frames, speed: '1', loop: 0 };
  const start = performance.now();
  let sent = 0;
  const { blob } = await exportFigure(settings, contextOf(data, translator(data.strings)), {
    progress({ phase }) { if (phase !== 'draw' && !sent) sent = performance.now(); },
  });
  return [performance.now() - start, (sent || performance.now()) - start, blob.size];
}"""


def main() -> None:
    """Print a row a figure and size, and one a format."""
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
        width, height = SIZES[0]
        print(f"From the click to the file, {FRAMES} frames of {width} × {height}: seconds, of them drawing; MB")
        page = browser.new_page()
        page.goto(f"{url}/learn/{FIGURES[0]}")
        page.wait_for_selector("html[data-ready]", state="attached")
        for name in FILES:
            found = [page.evaluate(EXPORT, [width, height, FRAMES, name]) for _ in range(ROUNDS)]
            whole, drawing, size = sorted(found)[ROUNDS // 2]
            print(f"  {name:<8} {whole / 1000:5.1f} {drawing / 1000:5.1f} {size / 1e6:5.2f}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
