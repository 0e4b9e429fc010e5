"""Take the README's picture of the matrix explorer, with a cell and a goal opened."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from wsis_sdg.matrix.command import run_matrix
from wsis_sdg.tagger import SHIPPED_HEAD, Tagger

ROOT = Path(__file__).parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def main() -> None:
    """Tag the resolution, open its explorer in Chromium and save what it shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", default=str(ROOT / "tests/data/E-RES-2017-21.txt"))
    parser.add_argument("--head", type=Path, default=SHIPPED_HEAD, help="folder of the head")
    parser.add_argument("--out", default=str(ROOT / "evaluation/results/matrix-explorer.png"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "matrix.html"
        run_matrix(
            [options.text],
            against=[],
            out=[page_file],
            level="goal",
            load_tagger=lambda: Tagger.load(options.head),
        )
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1010})
        page.goto(page_file.as_uri())
        page.wait_for_selector("body[data-ready=yes]")
        page.locator('#grid td[aria-label^="C2, goal 9 "]').click()
        page.screenshot(path=options.out)
        browser.close()


if __name__ == "__main__":
    main()
