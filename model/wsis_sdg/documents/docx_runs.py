"""The text of one Word paragraph: what is printed, and the notes it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from wsis_sdg.documents.docx_styles import Style, is_on, switch
from wsis_sdg.documents.labels import format_number
from wsis_sdg.documents.markup import RAISED, tidy
from wsis_sdg.documents.xml_package import attribute, child, local

_CHARACTERS: Final = {
    "tab": " ",
    "ptab": " ",
    "br": " ",
    "cr": " ",
    "noBreakHyphen": "-",
}
_SKIPPED: Final = frozenset(
    {"pPr", "rPr", "del", "moveFrom", "Fallback", "instrText", "delText", "sdtPr", "rubyPr", "rt"}
)
_BOXES: Final = frozenset({"drawing", "pict", "object"})
_FIGURES: Final = re.compile(r"\d{1,3}")


class Notes:
    """Footnotes and endnotes, numbered in the order in which the text cites them.

    Args:
        footnotes: The root of ``footnotes.xml``, or ``None``.
        endnotes: The root of ``endnotes.xml``, or ``None``.
        styles: The document's styles.
    """

    def __init__(
        self,
        *,
        footnotes: etree._Element | None,
        endnotes: etree._Element | None,
        styles: Mapping[str, Style],
    ) -> None:
        self._styles = styles
        self._elements: dict[tuple[str, str], etree._Element] = {}
        for kind, root in (("footnote", footnotes), ("endnote", endnotes)):
            for element in root if root is not None else ():
                key = attribute(element, "id")
                if key is not None and attribute(element, "type") in (None, "normal"):
                    self._elements[kind, key] = element
        self._marks: dict[tuple[str, str], str] = {}
        self._counts = {"footnote": 0, "endnote": 0}

    def cite(self, kind: str, key: str, *, custom: str = "") -> str | None:
        """The mark of a cited note, or ``None`` where there is no such note."""
        if (kind, key) not in self._elements:
            return None
        if (kind, key) not in self._marks:
            mark = custom
            if not custom:
                self._counts[kind] += 1
                mark = format_number(
                    self._counts[kind], "decimal" if kind == "footnote" else "lower_roman"
                )
            self._marks[kind, key] = mark
        return self._marks[kind, key]

    def cited(self) -> Iterator[tuple[str, str]]:
        """Mark and text of every note that was cited, footnotes first."""
        for (kind, key), mark in sorted(
            self._marks.items(), key=lambda item: item[0][0] == "endnote"
        ):
            texts = []
            for element in self._elements[kind, key].iter():
                if local(element) == "p":
                    text = ParagraphText(None, Style(), self._styles)
                    text.read(element)
                    texts.append(text.raw)
            yield mark, tidy(" ".join(texts)).removeprefix(f"{mark} ")


class ParagraphText:
    """Collects what one paragraph prints.

    Args:
        notes: The document's notes, or ``None`` inside a note.
        style: The paragraph's style.
        styles: All styles, for runs that name one.

    Attributes:
        raw: The text, with raised figures for footnote marks.
        marks: Marks of cited footnotes that are not figures.
        boxes: Text boxes that stand in it and were passed over.
    """

    def __init__(self, notes: Notes | None, style: Style, styles: Mapping[str, Style]) -> None:
        self._notes = notes
        self._style = style
        self._styles = styles
        self._pieces: list[str] = []
        self._plain = 0
        self._bold = 0
        self.marks: list[str] = []
        self.boxes = 0

    @property
    def raw(self) -> str:
        """The text read so far."""
        return "".join(self._pieces)

    @property
    def is_bold(self) -> bool:
        """Whether every printed character is bold."""
        return self._bold > 0 and self._plain == 0

    def read(self, element: etree._Element) -> None:
        """Read the runs of a paragraph, or of a link or an insertion in it."""
        for each in element:
            kind = local(each)
            if kind == "r":
                self._read_run(each)
            elif kind == "t":
                # Text of a formula stands in no run.
                self._pieces.append(each.text or "")
            elif kind and kind not in _SKIPPED:
                self.read(each)

    def _read_run(self, run: etree._Element) -> None:
        properties = child(run, "rPr")
        style = self._styles.get(attribute(child(properties, "rStyle"), "val") or "", Style())
        is_hidden = switch(properties, "vanish")
        if self._style.is_hidden or style.is_hidden if is_hidden is None else is_hidden:
            return
        note = next((e for e in run if local(e) in ("footnoteReference", "endnoteReference")), None)
        text = "".join(self._texts(run))
        if note is not None and self._notes is not None:
            self._cite(note, text)
            return
        is_raised = attribute(child(properties, "vertAlign"), "val") == "superscript"
        if is_raised and _FIGURES.fullmatch(text.strip()):
            text = text.translate(RAISED)
        elif text.strip():
            bold = switch(properties, "b")
            if (self._style.is_bold or style.is_bold) if bold is None else bold:
                self._bold += 1
            else:
                self._plain += 1
        self._pieces.append(text)

    def _texts(self, run: etree._Element) -> Iterator[str]:
        for each in run:
            kind = local(each)
            if kind == "t":
                yield each.text or ""
            elif kind in _BOXES or kind == "AlternateContent":
                self.boxes += _has_box(each)
            else:
                yield _CHARACTERS.get(kind, "")

    def _cite(self, note: etree._Element, text: str) -> None:
        is_custom = is_on(attribute(note, "customMarkFollows"))
        kind = local(note).removesuffix("Reference")
        key = attribute(note, "id") or ""
        custom = text.strip() if is_custom else ""
        mark = self._notes.cite(kind, key, custom=custom) if self._notes is not None else None
        if mark is not None and mark.isdecimal() and mark.isascii():
            self._pieces.append(mark.translate(RAISED))
        elif mark is not None:
            self.marks.append(mark)
        if not is_custom:
            self._pieces.append(text)


def _has_box(element: etree._Element) -> int:
    return int(
        any(
            local(box) == "txbxContent"
            and any(local(e) == "t" and (e.text or "").strip() for e in box.iter())
            for box in element.iter()
        )
    )
