"""Explicit mentions in a text: goals, targets, action lines and document symbols.

A spaCy SpanRuler finds the mentions as token patterns; what a mention means is then read from
its words, so that "targets 4.3 and 4.4" gives both and "target 4.99" gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from wsis_sdg.taxonomy import BY_CODE

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Span, Token

CitationKind = Literal["goal", "target", "action_line", "document"]


@dataclass(frozen=True, slots=True)
class Citation:
    """One explicit mention.

    Attributes:
        kind: Goal, target, action line, or document.
        code: A label's code, or a document symbol such as ``A/RES/70/125``.
        text: The words of the mention.
        start: Offset of its first character in the text.
        end: Offset behind its last character.
    """

    kind: CitationKind
    code: str
    text: str
    start: int
    end: int


_GOAL: Final = r"(?:1[0-7]|[1-9])"
_TARGET: Final = r"(?:1[0-7]|[1-9])\.(?:1\d|[1-9]|[a-dA-D])"
_LINE: Final = r"C(?:1[01]|[1-689]|7-e(?:gov|bus|lea|hea|emp|env|agr|sci))"
_SECTORS: Final = {
    "gov": "C7-egov",
    "bus": "C7-ebus",
    "lea": "C7-elea",
    "hea": "C7-ehea",
    "emp": "C7-eemp",
    "env": "C7-eenv",
    "agr": "C7-eagr",
    "sci": "C7-esci",
}
_SECTOR: Final = (
    r"e-?(?:government|business|learning|health|employment|environment|agriculture|science)"
)
_BODIES: Final = {
    "general assembly": "A/RES/",
    "economic and social council": "E/RES/",
    "council": "E/RES/",
    "human rights council": "A/HRC/RES/",
}
_PART: Final = r"/[A-Z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?"
_SYMBOL: Final = rf"(?:[AES]|TD|DP|CEDAW|CRPD|FCCC|UNEP|ITU|HLPF)(?:{_PART})+"
_NUMBER: Final = r"\d{1,4}/\d{1,4}"
_FORMS: Final = {
    "goal": _GOAL,
    "target": _TARGET,
    "action_line": _LINE,
    "document": rf"{_SYMBOL}|{_NUMBER}",
}
_FOREIGN_GOAL: Final = re.compile(r"of (?:our|its|their|the (?!2030|Agenda|Sustainable))", re.I)
"""Behind "Goal 1", words that speak of somebody else's goals: "of the strategic plan"."""
_LIST_WORDS: Final = (",", "and", "or", "to", "-", "–", "through", "&")


def find_citations(text: str) -> tuple[Citation, ...]:
    """Find every explicit mention in one text, in order of appearance."""
    return find_citations_many([text])[0]


def find_citations_many(texts: Sequence[str]) -> list[tuple[Citation, ...]]:
    """Find the explicit mentions in many texts, one tuple a text."""
    return [
        tuple(
            citation
            for span in _longest(doc.spans["citations"])
            for citation in _read_span(span)
            if citation.kind == "document" or citation.code in BY_CODE
        )
        for doc in citation_pipeline().pipe(texts)
    ]


@cache
def citation_pipeline() -> Language:
    """A blank English pipeline whose SpanRuler writes ``doc.spans["citations"]``."""
    import spacy
    from spacy.util import compile_infix_regex, compile_suffix_regex

    nlp = spacy.blank("en")
    nlp.max_length = 100_000_000
    tokenizer: Any = nlp.tokenizer
    # A code must be one token ("9.c", "A/RES/70/125", "C7") whatever stands around it.
    tokenizer.token_match = re.compile(rf"(?:{_TARGET}|{_LINE}|{_SYMBOL}|\d+/\d+)$").match
    tokenizer.url_match = None
    tokenizer.infix_finditer = compile_infix_regex(
        [r"(?<=[A-Za-z0-9])[—–:;,()](?=\S)", r"(?<=\d)[-–](?=\d)", r"\.\.+"]
    ).finditer
    tokenizer.suffix_search = compile_suffix_regex([r"[,;:.!?()\[\]\"'”’»—–]", r"['’]s"]).search
    tokenizer.rules = {}
    ruler: Any = nlp.add_pipe("span_ruler", config={"spans_key": "citations"})
    ruler.add_patterns(list(_patterns()))
    return nlp


def _patterns() -> Iterator[dict[str, Any]]:
    def listed(form: str) -> list[dict[str, Any]]:
        # One code, then any run of codes and list words; the words at the end are cut off later.
        joined = "|".join([form, *map(re.escape, _LIST_WORDS)])
        return [
            {"TEXT": {"REGEX": f"^{form}$"}},
            {"TEXT": {"REGEX": f"^(?:{joined})$"}, "OP": "*"},
        ]

    goal_words = {"LOWER": {"IN": ["goal", "goals"]}}
    leads: list[list[dict[str, Any]]] = [
        [{"LOWER": {"IN": ["sdg", "sdgs"]}}],
        [{"LOWER": "sustainable"}, {"LOWER": "development"}, goal_words],
        [{"TEXT": {"IN": ["Goal", "Goals"]}}],
    ]
    for lead in leads:
        yield {"label": "goal", "pattern": [*lead, *listed(_GOAL)]}
        yield {"label": "target", "pattern": [*lead, *listed(_TARGET)]}
    targets = {"LOWER": {"IN": ["target", "targets"]}}
    yield {"label": "target", "pattern": [targets, *listed(_TARGET)]}
    lines = [{"LOWER": "action"}, {"LOWER": {"IN": ["line", "lines"]}}]
    yield {"label": "action_line", "pattern": [*lines, *listed(_LINE)]}
    sector = {"LOWER": {"REGEX": f"^{_SECTOR}$"}}
    joint = {"LOWER": {"IN": ["(", ":", "–", "-", ",", "on"]}}
    yield {"label": "action_line", "pattern": [{"TEXT": "C7"}, joint, sector]}
    yield {"label": "action_line", "pattern": [{"TEXT": "C7"}, sector]}
    yield {"label": "document", "pattern": [{"TEXT": {"REGEX": f"^{_SYMBOL}$"}}]}
    resolutions = {"LOWER": {"IN": ["resolution", "resolutions"]}}
    for body in ("", *_BODIES):
        words = [{"LOWER": word} for word in body.split()]
        yield {"label": "document", "pattern": [*words, resolutions, *listed(_NUMBER)]}


def _longest(spans: Iterable[Span]) -> list[Span]:
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not chosen or span.start >= chosen[-1].end:
            chosen.append(span)
    return chosen


def _read_span(span: Span) -> Iterator[Citation]:
    """Read the codes in a mention; the first code's citation takes the words before it along."""
    kind: Any = span.label_
    before = span.doc[max(0, span.start - 2) : span.start].text.lower()
    if kind == "goal" and "millennium" in before:
        return
    following = span.doc[span.end : span.end + 3].text
    if span[0].text == "Goal" and _FOREIGN_GOAL.match(following):
        return
    tokens = [token for token in span if re.fullmatch(_FORMS[kind], token.text)]
    if kind == "action_line" and span[-1].text.lower().startswith("e"):
        closed = span.doc.text[span.end_char : span.end_char + 1] == ")" and "(" in span.text
        code = _SECTORS[span[-1].text.lower().replace("-", "")[1:4]]
        yield _citation(span, span.start_char, span.end_char + closed, kind, code)
        return
    if kind == "goal" and span[0].text.lower() == "goal":
        # "Goal 5 and 17 countries": only the plural announces a list.
        tokens = tokens[:1]
    start = span.start_char
    for place, token in enumerate(tokens):
        end = token.idx + len(token)
        for code in _codes_up_to(tokens, place, kind, span):
            yield _citation(span, start, end, kind, code)
        start = tokens[place + 1].idx if place + 1 < len(tokens) else end


def _codes_up_to(tokens: Sequence[Token], place: int, kind: str, span: Span) -> list[str]:
    """The code at a place of a list, after those that a range such as "1 to 3" leaves out."""
    text = tokens[place].text
    if kind == "document":
        body = span.text.lower().partition("resolution")[0].strip()
        return [text if "/" in text and not text[0].isdigit() else _BODIES.get(body, "") + text]
    if kind == "target":
        return [text.lower()]
    if kind == "goal" and place > 0:
        between = span.doc[tokens[place - 1].i + 1 : tokens[place].i].text.strip()
        if between in ("to", "-", "–", "through"):
            return [str(n) for n in range(int(tokens[place - 1].text) + 1, int(text) + 1)]
    return [text]


def _citation(span: Span, start: int, end: int, kind: Any, code: str) -> Citation:
    return Citation(kind, code, span.doc.text[start:end], start, end)
