"""The pages that tests open do notice faults."""

import pytest
from playwright.sync_api import Browser

from tests.pages import until, watch

FORBID_SCRIPTS = """<meta http-equiv="Content-Security-Policy" content="script-src 'none'">"""


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<script>console.error('a complaint')</script>", "console: a complaint"),
        ("<script>throw new Error('a mishap')</script>", "uncaught: Error: a mishap"),
        (f"{FORBID_SCRIPTS}<script>1</script>", "Content Security Policy"),
        ("<img src='http://127.0.0.2:9/dot.png'>", "request to another host: http://127.0.0.2:9/dot.png"),
        ("<script>new WebSocket('ws://127.0.0.2:9/')</script>", "web socket: ws://127.0.0.2:9/"),
    ],
)
def test_a_fault_in_a_page_is_reported(browser: Browser, html: str, fault: str) -> None:
    faults: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        watch(page, "http://127.0.0.1:9", faults.append)
        page.goto(f"data:text/html,{html}")
        until(page, lambda: any(fault in report for report in faults))


def test_a_page_without_faults_reports_none(browser: Browser) -> None:
    faults: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        watch(page, "http://127.0.0.1:9", faults.append)
        page.goto("data:text/html,<script>console.warn('a word'); fetch('data:,text')</script><p>All is well.")
    assert faults == []
