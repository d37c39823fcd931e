"""What several tests of frames need: a page of another site that has a figure of ours in a frame."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page

from tests.browser.frames import OtherSite, other_site
from tests.conftest import NewPage


@pytest.fixture(scope="session")
def site() -> Iterator[OtherSite]:
    with other_site() as found:
        yield found


@pytest.fixture
def framing(new_page: NewPage, site: OtherSite, server: str) -> Any:
    """Opens a page of the other site; everything but its own address must still come from ours."""

    def open_framing(body: str, **options: Any) -> Page:
        page = new_page(allow=f"another host: {site.url}|status of 4", **options)
        page.goto(site.page(body.replace("src=/", f"src={server}/")))
        return page

    return open_framing


@pytest.fixture
def framed(framing: Any) -> Any:
    """Opens a figure of this address in a frame of 800 × 450, and waits until it says that it is there."""

    def open_framed(address: str, before: str = "", after: str = "", **options: Any) -> tuple[Page, FrameLocator]:
        frame = f'<iframe width="800" height="450" style="border:0" src={address}></iframe>'
        page = framing(before + frame + after, **options)
        page.wait_for_function("told('ready').length > 0")
        return page, page.frame_locator("iframe")

    return open_framed
