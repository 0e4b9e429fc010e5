"""DOCX to blocks: paragraphs with the numbers, footnotes and headings that Word prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from wsis_sdg.documents.assemble import Assembler
from wsis_sdg.documents.docx_numbering import Numbering
from wsis_sdg.documents.docx_runs import Notes, ParagraphText
from wsis_sdg.documents.docx_styles import Style, is_outlined, read_styles
from wsis_sdg.documents.labels import Label
from wsis_sdg.documents.limits import Limits
from wsis_sdg.documents.records import Reading
from wsis_sdg.documents.xml_package import XmlPackage, attribute, child, local
from wsis_sdg.errors import DocumentError

_WRAPPERS: Final = frozenset(
    {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent", "Choice"}
)
_HEADING_WORDS: Final = 25
_CELLS: Final = frozenset({"tr", "tc"})


def read_docx(data: bytes, *, name: str, limits: Limits, check: Callable[[], None]) -> Reading:
    """Read a Word document; running heads and footers are no part of its body.

    Raises:
        DocumentError: When it is damaged, encrypted, no Word document, or costs too much.
    """
    package = XmlPackage(data, name=name, limits=limits)
    main = package.related("").get("officeDocument", "word/document.xml")
    root = package.part(main)
    body = child(root, "body")
    if body is None:
        raise DocumentError(
            f"{name} is not a DOCX file: it holds no text document",
            "open it with the program that made it and save it as DOCX",
        )
    return _Reader(package, main, check).read(body)


class _Reader:
    """Goes through the body once, counting lists and footnotes along."""

    def __init__(self, package: XmlPackage, main: str, check: Callable[[], None]) -> None:
        parts = package.related(main)
        self._styles, self._default = read_styles(package.part(parts.get("styles", "")))
        self._numbering = Numbering(package.part(parts.get("numbering", "")))
        self._notes = Notes(
            footnotes=package.part(parts.get("footnotes", "")),
            endnotes=package.part(parts.get("endnotes", "")),
            styles=self._styles,
        )
        self._check = check
        self._out = Assembler()
        self._tables = 0
        self._boxes = 0
        self._contents = 0

    def read(self, body: etree._Element) -> Reading:
        """Read the body's paragraphs, then the notes they cite."""
        tables = [e for e in body.iter() if local(e) == "tbl"]
        in_tables = sum(_length(table) for table in tables if not _is_nested(table))
        keeps_tables = 2 * in_tables > _length(body)
        for place, paragraph in enumerate(self._paragraphs(body, keeps_tables=keeps_tables)):
            if place % 100 == 0:
                self._check()
            self._read_paragraph(paragraph)
        for mark, text in self._notes.cited():
            self._out.add(text, footnote=mark)
        if keeps_tables:
            self._out.note("most of the text stands in tables; it was read cell by cell")
        if self._contents:
            self._out.note("a table of contents was passed over")
        for what, count in (("table", self._tables), ("box", self._boxes)):
            if count:
                plural = {"table": "tables", "box": "boxes"}[what] if count > 1 else what
                self._out.note(f"{count} {plural} passed over")
        return self._out.reading()

    def _paragraphs(
        self, parent: etree._Element, *, keeps_tables: bool
    ) -> Iterator[etree._Element]:
        for element in parent:
            kind = local(element)
            if kind == "p":
                yield element
            elif kind == "tbl" and not keeps_tables:
                self._tables += 1 if _length(element) else 0
            elif kind in _WRAPPERS or kind == "tbl" or (keeps_tables and kind in _CELLS):
                if kind == "sdt" and _is_contents(element):
                    self._contents += 1
                else:
                    yield from self._paragraphs(element, keeps_tables=keeps_tables)

    def _read_paragraph(self, element: etree._Element) -> None:
        properties = child(element, "pPr")
        key = attribute(child(properties, "pStyle"), "val") or self._default
        style = self._styles.get(key, Style())
        text = ParagraphText(self._notes, style, self._styles)
        text.read(element)
        self._boxes += text.boxes
        label = self._label(properties, key, style) or Label("", "")
        if style.is_contents:
            self._contents += bool(text.raw.strip())
            return
        stands_out = text.is_bold and len(text.raw.split()) <= _HEADING_WORDS
        is_plain_end = re.search(r"[.;,]\s*$", text.raw) is not None
        self._out.add(
            text.raw,
            printed=label.printed,
            number=label.number,
            is_heading=style.is_heading
            or is_outlined(properties)
            or (stands_out and not is_plain_end),
            marks=tuple(text.marks),
        )

    def _label(self, properties: etree._Element | None, key: str, style: Style) -> Label | None:
        numbered = child(properties, "numPr")
        num_id = attribute(child(numbered, "numId"), "val")
        level = attribute(child(numbered, "ilvl"), "val")
        linked = self._numbering.of_style(key)
        if num_id is None:
            num_id = style.num_id
            if level is None and linked is not None and style.num_id is not None:
                level = str(linked[1])
        level = level or style.level or "0"
        if num_id is None or not level.isdecimal() or len(level) > 2:
            return None
        return self._numbering.next(num_id, int(level))


def _is_contents(sdt: etree._Element) -> bool:
    gallery = child(sdt, "sdtPr", "docPartObj", "docPartGallery")
    return (attribute(gallery, "val") or "").lower() == "table of contents"


def _is_nested(table: etree._Element) -> bool:
    return any(local(above) == "tbl" for above in table.iterancestors())


def _length(element: etree._Element) -> int:
    return sum(len((e.text or "").strip()) for e in element.iter() if local(e) == "t")
