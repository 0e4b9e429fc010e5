"""HTML bytes to a tree that is safe to walk, and what its elements are."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from wsis_sdg.documents.text import decode
from wsis_sdg.errors import DocumentError

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS: Final = HEADINGS | frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
SKIPPED: Final = frozenset({
    "applet", "audio", "base", "button", "canvas", "datalist", "embed", "head", "iframe",
    "img", "input", "link", "math", "meta", "meter", "noembed", "noframes", "noscript",
    "object", "option", "optgroup", "output", "progress", "rp", "rt", "script", "select",
    "source", "style", "svg", "template", "textarea", "title", "track", "video",
})  # fmt: skip
_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PROSE: Final = frozenset({"p", "ol", "ul", "blockquote", "pre", "br"}) | HEADINGS


def parse_html(data: bytes, *, name: str) -> tuple[etree._Element, tuple[str, ...]]:
    """Parse a page; no entity of its own is expanded and nothing is fetched.

    Returns:
        The root element, and notes: one where the encoding had to be guessed.

    Raises:
        DocumentError: When it holds no element, or elements nested deeper than any page's.
    """
    text, notes = _decode(data, name=name)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        # A NUL ends the page for the parser, and a lone surrogate cannot be encoded.
        clean = text.replace("\x00", " ").encode("utf-8", errors="replace")
        root = etree.fromstring(clean, parser)
    except (etree.XMLSyntaxError, etree.ParserError) as error:
        raise DocumentError(
            f"{name} is not HTML that can be read ({error})", "save the page again from a browser"
        ) from error
    if root is None:
        raise DocumentError(f"{name} is empty", "pass a document that holds text")
    # Behind such an error the parser drops the rest of the page: better to say so.
    fatal = next((e for e in parser.error_log if e.level_name == "FATAL"), None)
    if fatal is not None:
        reason = fatal.message.strip().partition(",")[0]
        raise DocumentError(
            f"{name} cannot be read beyond line {fatal.line} ({reason})",
            "save the page again from a browser",
        )
    return root, notes


def is_hidden(element: etree._Element) -> bool:
    """Whether a browser would not show the element."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def text_of(element: etree._Element) -> str:
    """All text in an element, without space around it."""
    return "".join(str(text) for text in element.itertext()).strip()


def layout_tables(root: etree._Element) -> frozenset[etree._Element]:
    """The tables that do nothing but place the page's text, as on older sites.

    One that holds over half of all text, and paragraphs in its cells, does.
    """
    tables = list(root.iter("table"))
    if not tables:
        return frozenset()
    whole = _length(root)
    return frozenset(
        table
        for table in tables
        if table.get("role") in ("presentation", "none")
        or (2 * _length(table) > whole and any(e.tag in _PROSE for e in table.iter()))
    )


def _length(element: etree._Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _decode(data: bytes, *, name: str) -> tuple[str, tuple[str, ...]]:
    """The page's text: by its byte-order mark or as UTF-8, else as the page itself says."""
    said = _CHARSET.search(data[:4096])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if said and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            try:
                return data.decode(said.group(1).decode("ascii")), ()
            except (LookupError, UnicodeDecodeError):
                # The page says what it is not; the guess below is noted.
                return decode(data, name=name)
    return decode(data, name=name)
