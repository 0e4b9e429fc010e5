"""The HTML page in a real browser: it shows all, asks nobody, and everyone can use it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wsis_sdg.records import About, Failure
from wsis_sdg.writers.page import write_page

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ABOUT = About(
    facts=(("made by", "wsis-sdg"),),
    failures=(Failure("<b>bad</b>.pdf", "x", "it is encrypted", "remove the password"),),
)
Records = list[dict[str, Any]]
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture
def page_file(records: Records, tmp_path: Path) -> Path:
    write_page(records, tmp_path / "page.html", ABOUT)
    return tmp_path / "page.html"


def test_everything_is_escaped(page_file: Path, records: Records) -> None:
    html = page_file.read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "<b>bad" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;quotes&#34;") >= 3
    assert html.count("<article") == sum(r["kind"] != "title" for r in records)


def test_the_page_names_no_server(page_file: Path) -> None:
    html = page_file.read_text(encoding="utf-8")
    assert "default-src 'none'" in html
    assert not re.search(r"https?://|//[a-z]+\.|@import|url\(|<link|<img|<iframe", html)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def open_page(browser: Any, file: Path, **options: Any) -> Any:
    page = browser.new_page(reduced_motion="reduce", **options)
    page.requests = []
    page.problems = []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(file.as_uri())
    return page


@pytest.mark.slow
@in_browser
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, page_file: Path, size: Any, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(browser, page_file, viewport=size, color_scheme=scheme)
    if size is PHONE:
        page.click("#side-toggle")
    for summary in page.locator("details:not([open]) summary").all():
        summary.click()
    page.click("[data-code='9.c'].label")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    page.click("#clear")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.requests == [page_file.as_uri()]
    assert page.problems == []
    page.close()


def shown(page: Any) -> list[str]:
    texts = page.locator("article:visible .text").all_text_contents()
    return [text.split()[0] for text in texts]


@pytest.mark.slow
@in_browser
def test_filter_search_and_keys(browser: Any, page_file: Path) -> None:
    from playwright.sync_api import expect

    page = open_page(browser, page_file, viewport=LAPTOP)
    assert len(shown(page)) == 4
    page.click("article .tag[data-code='9.c']")
    assert shown(page) == ["Urges"]
    assert page.get_attribute(".label[data-code='9.c']", "aria-pressed") == "true"
    page.click(".label[data-code='5']")
    assert len(shown(page)) == 2
    assert page.inner_text("#status") == "2 of 4 paragraphs, with 9.c or 5"
    page.check("#every")
    assert shown(page) == []
    assert page.is_visible("#nothing")
    page.keyboard.press("Escape")
    assert len(shown(page)) == 4

    page.keyboard.press("/")
    page.keyboard.type("ACCESS for")
    expect(page.locator("article:visible")).to_have_count(1)
    assert page.evaluate("CSS.highlights.get('search').size") == 2
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    assert len(shown(page)) == 2
    page.keyboard.press("t")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "d0-2"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "d0-1"
    page.keyboard.press("n")
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.problems == []
    page.close()


@pytest.mark.slow
@in_browser
def test_scores_and_evidence_on_hover_and_focus(browser: Any, page_file: Path) -> None:
    page = open_page(browser, page_file, viewport=LAPTOP)
    page.hover("article .tag[data-code='C2']")
    assert page.inner_text("#tip").endswith("score 0.61")
    page.focus("article .tag[data-code='9.c']")
    assert page.inner_text("#tip").endswith("score 1.00")
    marked = "[...CSS.highlights.get('evidence')].map((range) => range.toString())"
    assert page.evaluate(marked) == ["broadband"]
    page.close()


@pytest.mark.slow
@in_browser
def test_phone_opens_and_closes_the_side(browser: Any, page_file: Path) -> None:
    page = open_page(browser, page_file, viewport=PHONE)
    assert not page.is_visible("#side")
    page.click("#side-toggle")
    assert page.is_visible("#side")
    page.click(".documents a >> nth=1")
    assert not page.is_visible("#side")
    page.close()


@pytest.mark.slow
@in_browser
def test_paper_is_white_and_carries_scores(browser: Any, page_file: Path) -> None:
    page = open_page(browser, page_file, viewport=LAPTOP, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.is_visible("aside")
    assert page.is_visible("article .tag .score >> nth=0")
    page.close()
