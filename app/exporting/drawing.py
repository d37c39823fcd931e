"""Files that are drawn: the page of the figure in a headless browser, whose own scripts make the file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.browsers import NoBrowser, find_chromium, launch_options
from app.exporting.orders import Order, OrderError
from app.extra import INSTALL

if TYPE_CHECKING:
    from playwright.async_api import Browser, Download

# Scripts lie side by side under an address that only the page knows.
EXPORT = """async ({ settings, link }) => {
  const own = document.querySelector('script[type="module"][src*="/js/"]').src;
  const place = own.slice(0, own.lastIndexOf("/js/") + 4);
  try {
    const [{ contextOf, exportFigure }, { translator }] = await Promise.all(
      ["view/exporting.js", "model/strings.js"].map((name) => import(place + name)),
    );
    const data = JSON.parse(document.getElementById("page-data").textContent);
    const context = { ...contextOf(data, translator(data.strings)), link };
    const { blob } = await exportFigure(settings, context);
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(blob);
    anchor.download = "figure";
    anchor.click();
    return "";
  } catch (error) {
    const told = error.error;
    return told ? [told.message, told.hint].filter(Boolean).join(" ") : String(error.message ?? error);
  }
}"""


@asynccontextmanager
async def browser(asked: str | None) -> AsyncIterator["Browser"]:
    """A browser that draws; raises OrderError where there is none, and says how to come by one."""
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError:
        raise OrderError(f"Figures are drawn by a browser, and playwright drives it: {INSTALL}") from None
    try:
        path = await asyncio.to_thread(find_chromium, asked)
    except NoBrowser as problem:
        raise OrderError(str(problem)) from None
    async with async_playwright() as playwright:
        try:
            chromium = await playwright.chromium.launch(**launch_options(path))
        except Error as error:
            raise OrderError(f"{path} does not start: {error.message.splitlines()[0]}") from None
        try:
            yield chromium
        finally:
            await chromium.close()


async def drawn(chromium: "Browser", address: str, order: Order, link: str, target: Path) -> None:
    """Write the file of a figure; raises OrderError where the page says why not."""
    context = await chromium.new_context(base_url=address, service_workers="block")
    try:
        page = await context.new_page()
        done: asyncio.Queue[Download] = asyncio.Queue()
        page.on("download", done.put_nowait)
        await page.goto(
            f"/embed/{order.kind.slug}?{order.query('lang', 'stage')}", wait_until="domcontentloaded", timeout=60_000
        )
        problem = await page.evaluate(EXPORT, {"settings": order.settings(), "link": link})
        if problem:
            raise OrderError(problem)
        await (await done.get()).save_as(target)
    finally:
        await context.close()
