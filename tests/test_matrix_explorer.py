"""The explorer page in a real browser: clicks, keys, filters, accessibility, print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from wsis_sdg import matrix
from wsis_sdg.matrix.export import Result, write_result

pytestmark = pytest.mark.slow

TAGGED = Path(__file__).parent / "data" / "E-RES-2017-21.tagged.jsonl"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
A3_POINTS = (1190.6, 841.9)


def read_records() -> list[dict[str, Any]]:
    records = [json.loads(line) for line in TAGGED.read_text(encoding="utf-8").splitlines()]
    return records + [record | {"document": "E-RES-2018-28.txt"} for record in records[:40]]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = matrix.build(read_records())
    changes = matrix.changed_cells(built, matrix.build([]))
    path = tmp_path_factory.mktemp("explorer") / "m.html"
    write_result(Result("two resolutions", built, matrix.compare(built), changes, "nothing"), path)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    shown = context.new_page()
    trouble: list[str] = []
    shown.on("console", lambda message: trouble.append(message.text))
    shown.on("pageerror", lambda error: trouble.append(str(error)))
    shown.on("request", lambda request: trouble.append(request.url))
    shown.goto(file.as_uri())
    shown.wait_for_selector("body[data-ready=yes]")
    yield shown
    # The page itself is the only thing that was ever asked for.
    assert [said for said in trouble if said != file.as_uri() and said != "data:,"] == []
    context.close()


def _cell(page: Page, name: str) -> Any:
    return page.locator(f'#grid td[aria-label^="{name} "]')


def test_a_cell_opens_its_paragraphs(page: Page) -> None:
    both = [
        record
        for record in read_records()
        if {"C2", "9"} <= {tag["code"] for tag in record["goals"] + record["action_lines"]}
    ]
    cell = _cell(page, "C2, goal 9")
    assert f"linked by text and officially, {len(both)} paragraphs" in cell.get_attribute(
        "aria-label"
    )
    cell.click()
    assert page.locator("#panel-title").inner_text().startswith("C2 ")
    assert f"{len(both)}, where chance would give" in page.locator("#panel").inner_text()
    items = page.locator("#panel li")
    assert items.count() == min(25, len(both))
    best = max(
        both,
        key=lambda r: (
            next(t["score"] for t in r["goals"] if t["code"] == "9")
            * next(t["score"] for t in r["action_lines"] if t["code"] == "C2")
        ),
    )
    assert best["text"][:200] in items.first.inner_text()
    assert best["document"] in items.first.inner_text()
    if len(both) > 25:
        page.get_by_role("button", name="Show more").click()
        assert items.count() == len(both)


def test_a_goal_opens_into_its_targets(page: Page) -> None:
    before = page.locator("#grid td[role=gridcell], #grid tbody td").count()
    button = page.get_by_role("button", name="Goal 9 ")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    codes = page.locator("#grid th.target .number").all_inner_texts()
    assert codes == ["9.1", "9.2", "9.3", "9.4", "9.5", "9.a", "9.b", "9.c"]
    _cell(page, "C2, target 9.c").click()
    assert "9.c" in page.locator("#panel-title").inner_text()
    button.click()
    assert page.locator("#grid tbody td").count() == before == 18 * 17
    page.get_by_role("button", name="Open all goals").click()
    assert page.locator("#grid tbody td").count() == 18 * (17 + 169)
    order = page.locator("#grid thead .number").all_inner_texts()
    assert order[:9] == ["1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.a", "1.b", "2"]
    page.get_by_role("button", name="Close all goals").click()
    assert page.locator("#grid tbody td").count() == 18 * 17


def test_filters_count_anew(page: Page) -> None:
    _cell(page, "C2, goal 9").click()
    records = [r for r in read_records() if r["document"] == "E-RES-2018-28.txt"]
    both = sum({"C2", "9"} <= {t["code"] for t in r["goals"] + r["action_lines"]} for r in records)
    page.get_by_label("Year").select_option("2018")
    assert f"{both} paragraph" in _cell(page, "C2, goal 9").get_attribute("aria-label")
    assert page.locator("#panel li").count() == min(both, 25)
    read = sum(r["kind"] not in ("title", "heading") for r in records)
    assert f"those of {read} of" in page.get_by_role("status").inner_text()
    page.get_by_label("Year").select_option("")
    page.get_by_label("Document").select_option(label="E-RES-2018-28.txt")
    page.get_by_label("Kind").select_option(label="operative")
    assert "operative" not in page.get_by_role("status").inner_text()
    assert _cell(page, "C2, goal 9").get_attribute("aria-label").endswith(("0 paragraphs",)) == (
        not any(r["kind"] == "operative" for r in records)
    )
    page.get_by_label("Highlight").select_option("agree")
    dimmed = page.locator("#grid td.dim").count()
    assert 0 < dimmed < 18 * 17


def test_keys_alone_reach_everything(page: Page) -> None:
    first = page.locator("#grid button").first
    first.focus()
    assert page.locator('#grid [tabindex="0"]').count() == 1
    for key in ("ArrowDown", "ArrowDown", *["ArrowRight"] * 8):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "C2, goal 9 "
    )
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("C2, goal")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert (
        page.get_by_role("button", name="Goal 1 No poverty").get_attribute("aria-expanded")
        == "true"
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(
        "C1, target 1.1 "
    )
    assert page.locator('#grid [tabindex="0"]').count() == 1


def test_closing_a_goal_keeps_the_grid_reachable(page: Page) -> None:
    button = page.get_by_role("button", name="Goal 1 No poverty")
    button.click()
    _cell(page, "C1, target 1.1").click()
    button.click()
    assert page.locator('#grid [tabindex="0"]').count() == 1
    assert page.locator("#panel-title").inner_text() == "Evidence"


@pytest.mark.parametrize("width", [1600, 700])
def test_axe_finds_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Open all goals").click()
    _cell(page, "C2, goal 9").click()
    page.get_by_label("Year").select_option("2018")
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("opened", [False, True])
def test_prints_on_one_a3_sheet(page: Page, opened: bool) -> None:
    _cell(page, "C2, goal 9").click()
    if opened:
        page.get_by_role("button", name="Open all goals").click()
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) == 1
    assert printed[0].get_size() == pytest.approx(A3_POINTS, abs=1)
    text = printed[0].get_textpage().get_text_bounded()
    for code in ("C1", "C11", "9.c", "17.17"):
        assert code in text
    printed.close()


def test_an_empty_text_opens_too(browser: Any, tmp_path: Path) -> None:
    built = matrix.build([])
    write_result(Result("nothing", built, matrix.compare(built)), tmp_path / "m.html")
    page = browser.new_page()
    page.goto((tmp_path / "m.html").as_uri())
    page.wait_for_selector("body[data-ready=yes]")
    assert "No paragraph was read" in page.locator(".note").inner_text()
    _cell(page, "C2, goal 9").click()
    assert "No paragraph of the selection" in page.locator("#panel").inner_text()
    assert Axe().run(page).response["violations"] == []
    page.close()
