"""The zip of a DOCX file: its XML parts, within the limits and without entities."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Final

from lxml import etree

from wsis_sdg.documents.limits import Limits
from wsis_sdg.errors import DocumentError

MAX_RATIO: Final = 250
"""Unpacked to packed size beyond which a part is no text; real parts stay below 60."""
_SMALL: Final = 2**20
"""Bytes up to which no ratio is suspicious: a short repetitive part packs well."""
_SAVE_AGAIN: Final = "open it in a word processor and save it again as DOCX"


def local(element: etree._Element) -> str:
    """An element's name without its namespace: there are a transitional and a strict one."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """An attribute's value by its name without namespace."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along a path of names."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local(each) == name), None)
    return element


class XmlPackage:
    """A zip of XML parts that is read part by part.

    Args:
        data: The whole file.
        name: For messages.
        limits: What it may unpack to.

    Raises:
        DocumentError: When it is not a zip file.
    """

    def __init__(self, data: bytes, *, name: str, limits: Limits) -> None:
        self.name = name
        self._limits = limits
        self._left = limits.unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._parts = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
            raise DocumentError(f"{name} is damaged ({error})", _SAVE_AGAIN) from error

    def part(self, path: str) -> etree._Element | None:
        """The root element of a part, or ``None`` where there is no such part.

        Raises:
            DocumentError: When it is encrypted, damaged, too large, or declares entities.
        """
        info = self._parts.get(path)
        if info is None:
            return None
        data = self._unpack(info, path)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise DocumentError(
                f"{path} in {self.name} is damaged ({error})", _SAVE_AGAIN
            ) from error
        if root.getroottree().docinfo.internalDTD is not None:
            # No word processor writes one; it serves to declare entities that explode or fetch.
            raise DocumentError(
                f"{path} in {self.name} declares a document type, which no DOCX file may",
                "do not trust the file",
            )
        return root

    def related(self, path: str) -> dict[str, str]:
        """The parts that a part refers to: the last word of the relation's type to its path."""
        folder, file = posixpath.split(path)
        root = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, str] = {}
        for relation in root if root is not None else ():
            target, kind = attribute(relation, "Target"), attribute(relation, "Type")
            if target and kind and attribute(relation, "TargetMode") != "External":
                full = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found.setdefault(kind.rpartition("/")[2], full)
        return found

    def _unpack(self, info: zipfile.ZipInfo, path: str) -> bytes:
        if info.flag_bits & 1:
            raise DocumentError(
                f"{self.name} is encrypted", "remove the password and save it again"
            )
        if info.file_size > max(_SMALL, MAX_RATIO * info.compress_size):
            raise self._bomb(path)
        try:
            with self._zip.open(info) as stream:
                # The size in the directory may lie: what counts is what comes out.
                data = stream.read(self._left + 1)
        except (
            zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
        ) as error:  # fmt: skip
            raise DocumentError(
                f"{path} in {self.name} is damaged ({error})", _SAVE_AGAIN
            ) from error
        self._left -= len(data)
        if self._left < 0:
            raise self._bomb(path)
        return data

    def _bomb(self, path: str) -> DocumentError:
        return DocumentError(
            f"{path} in {self.name} unpacks to more than the limit of "
            f"{self._limits.unpacked_bytes:,} bytes or {MAX_RATIO} times its size",
            "do not trust the file, or raise the limit on unpacked bytes",
        )
