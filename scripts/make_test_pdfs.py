"""Build the PDF files that a reader must master or refuse, for the tests.

A two-column report with a table, a box, a table of contents and notes (its text is invented), a
landscape page, an encrypted file, one of images only, damaged ones. Run by hand; the results are
committed under tests/data. LibreOffice prints the reports.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Inches, Pt
from make_test_documents import to_pdf
from make_test_docx import add_notes, add_reference

DATA = Path(__file__).parent.parent / "tests" / "data"
COLUMNS = (
    (
        "Masts on the plateau",
        (
            "The plateau districts had four masts in 2031, all of them on diesel. Oper{-}ators "
            "carried fuel up by mule in the wet season, and the masts were silent for a third of "
            "the nights. House{-}holds bought connec{-}tivity by the hour, and paid more for it "
            "than "
            "for water.",
            "Solar panels came with the second phase. The audit{-}ors found that the panels paid "
            "for them{-}selves within three years, that out{-}ages fell by half, and that the "
            "schools "
            "which shared a mast with a health post kept their lines through the rains.",
        ),
    ),
    (
        "What the clinics did",
        (
            "Nurses sent photo{-}graphs of wounds to the hospital in the valley. In the first year "
            "the hospital answered 4,100 such messages,{note} most within the hour, and the "
            "number of journeys by ambu{-}lance fell.",
            "Training took longer than the equip{-}ment did. Each clinic needed two people who "
            "could "
            "replace a battery, read a log and file a com{-}plaint with the operator; in five of "
            "the "
            "nine clinics only one such person stayed beyond the first winter.",
        ),
    ),
    (
        "Prices and licences",
        (
            "The regu{-}lator lowered the fee for rural spec{-}trum to a tenth. Two "
            "coopera{-}tives "
            "applied at once. A third with{-}drew, since its members feared the cost of the yearly "
            "return more than they feared the fee itself, and since no bank would lend to it.",
            "Whole{-}sale prices on the fibre along the rail{-}way remained high. The report "
            "suggests "
            "that the rail{-}way publish them, that the regu{-}lator cap them, and that any unused "
            "pair "
            "of fibres be let to the districts at cost.",
        ),
    ),
)  # fmt: skip
NOTE = "Figures of the valley hospital, 2032."


def main() -> None:
    """Write every file."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        report = work / "two-columns.docx"
        _report(report)
        to_pdf(report, DATA)
        _secret(work)
    _landscape(DATA / "landscape.pdf", DATA / "two-columns.pdf")
    _image_only(DATA / "image-only.pdf")
    whole = (DATA / "two-columns.pdf").read_bytes()
    (DATA / "damaged.pdf").write_bytes(whole[:2000])


def _report(path: Path) -> None:
    document = Document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(10)
    first = document.sections[0]
    first.page_width, first.page_height = Inches(7), Inches(8.5)
    first.left_margin = first.right_margin = Inches(0.8)
    head = first.header.paragraphs[0]
    head.text = "Report on the plateau\t\tPage 1"
    document.add_heading("Report on the plateau masts", 1)
    document.add_heading("Contents", 2)
    for number, (title, _) in enumerate(COLUMNS, start=1):
        document.add_paragraph(f"{title} {'. ' * 40}{number}")
    document.add_paragraph(
        "This summary runs across the whole page, above the two columns that follow it, and says "
        "in a few words that masts with solar panels serve better than masts with engines."
    )
    section = document.add_section(WD_SECTION.CONTINUOUS)
    columns = section._sectPr.find(qn("w:cols"))
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), "400")
    order: list[str] = []
    for place, (title, paragraphs) in enumerate(COLUMNS):
        document.add_heading(title, 2)
        for text in paragraphs:
            paragraph = document.add_paragraph()
            # Soft hyphens say where a word may be broken at a line end.
            before, marked, behind = text.replace("{-}", "\u00ad").partition("{note}")
            paragraph.add_run(before)
            if marked:
                add_reference(paragraph, "1", order)
                paragraph.add_run(behind)
        if place == 1:
            _box(document)
    last = document.add_section(WD_SECTION.CONTINUOUS)
    last._sectPr.find(qn("w:cols")).set(qn("w:num"), "1")
    _table(document)
    document.add_paragraph("The table above leaves out the coast, which has no masts of this kind.")
    add_notes(document, order, {"1": NOTE})
    document.save(str(path))


def _box(document: Any) -> None:
    table = document.add_table(rows=1, cols=1)
    table.style = "Table Grid"
    table.cell(0, 0).text = "Box 1. A box tells of one village and is no part of the text."


def _table(document: Any) -> None:
    table = document.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    for row, cells in enumerate(
        (
            ("District", "Masts", "Outages"),
            ("North", "4", "31"),
            ("East", "7", "12"),
            ("West", "2", "40"),
        )
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text


def _secret(work: Path) -> None:
    source = work / "encrypted.docx"
    document = Document()
    document.add_paragraph("Nobody reads this without the password.")
    document.save(str(source))
    options = {
        "EncryptFile": {"type": "boolean", "value": "true"},
        "DocumentOpenPassword": {"type": "string", "value": "secret"},
    }
    to_pdf(source, DATA, options=f":{json.dumps(options)}")


def _landscape(path: Path, source: Path) -> None:
    """The two columns as a landscape page: its text runs upwards in the file, turned by a flag."""
    document = pdfium.PdfDocument(source)
    page = document[0]
    width, height = page.get_size()
    page.set_mediabox(0, 0, height, width)
    page.set_rotation(90)
    for each in page.get_objects(max_depth=1):
        each.transform(pdfium.PdfMatrix().rotate(90, ccw=True).translate(height, 0))
    page.gen_content()
    for _ in range(len(document) - 1):
        document.del_page(1)
    document.save(str(path))


def _image_only(path: Path) -> None:
    document = pdfium.PdfDocument.new()
    page = document.new_page(300, 400)
    bitmap = pdfium.PdfBitmap.new_native(20, 20, 4)
    bitmap.fill_rect((90, 90, 90, 255), 0, 0, 20, 20)
    image = pdfium.PdfImage.new(document)
    image.set_bitmap(bitmap)
    image.set_matrix(pdfium.PdfMatrix().scale(200, 300).translate(50, 50))
    page.insert_obj(image)
    page.gen_content()
    document.save(str(path))


if __name__ == "__main__":
    main()
