"""The workflow and the prompt in a media file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...files.regular_files import open_regular
from .. import document as documents
from ..document import Document, DocumentError, Kind
from . import isobmff, matroska, png, webp
from .limits import Budget, MetadataError

MAX_VALUES = 500_000
"""Most JSON values of a text. The largest graphs that people share have some 50 000."""

_HOLDERS = ("comment", "description")
"""Tags in which VideoHelperSuite and others keep one object with both."""


@dataclass(frozen=True)
class Embedded:
    """The graphs that a file holds.

    Attributes:
        name: The file, for messages.
        texts: The JSON texts by "workflow" and "prompt", as they stand there.
    """

    name: str
    texts: dict[str, str]

    def text(self, kind: Kind) -> str:
        """The text of one of the two.

        Raises:
            MetadataError: It is not there; says what is.
        """
        key = _key(kind)
        if key not in self.texts:
            other = _key(Kind.PROMPT if kind is Kind.WORKFLOW else Kind.WORKFLOW)
            hint = f"; it holds the {other}: {'add' if other == 'prompt' else 'leave out'} --prompt" if self.texts else ""
            raise MetadataError(f"{self.name} holds no {key}{hint or '; it was saved without, or a tool stripped it'}")
        return self.texts[key]

    def document(self, kind: Kind) -> Document:
        """One of the two, read.

        Raises:
            DocumentError: It is not there, or no such document.
        """
        name = f"the {_key(kind)} in {self.name}"
        # ComfyUI notes NaN as `is_changed` in the prompt, and savers wrote it into files.
        found = documents.loads(self.text(kind), name=name, max_values=MAX_VALUES, nan_is_null=True)
        if documents.kind(found, name=name) is not kind:
            raise MetadataError(f"{name} is something else: a {documents.kind(found).value}")
        return found


def read(path: Path | str) -> Embedded:
    """Reads a PNG, WebP, MP4, MOV, WebM or MKV file.

    Raises:
        MetadataError: It cannot be read, is of another kind, is damaged, or holds neither workflow nor prompt.
    """
    path = Path(path)
    try:
        with open(open_regular(path), "rb") as stream:  # noqa: PTH123  a descriptor has no Path
            head = stream.read(16)
            stream.seek(0)
            texts = _reader(head, str(path))(stream, Budget())
    except OSError as error:
        raise MetadataError(f"{path} cannot be read: {error.strerror or error}") from error
    except MetadataError as error:
        raise MetadataError(str(error) if str(path) in str(error) else f"{path}: {error}") from error
    found = {key: texts[key] for key in ("workflow", "prompt") if key in texts}
    for holder in _HOLDERS:
        for key, text in _unpacked(texts.get(holder)).items():
            found.setdefault(key, text)
    if not found:
        raise MetadataError(f"{path} holds neither workflow nor prompt; it was saved without, or a tool stripped them")
    return Embedded(str(path), found)


def _reader(head: bytes, name: str) -> Any:
    if head.startswith(png.SIGNATURE):
        return png.read_texts
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return webp.read_texts
    if head.startswith(matroska.SIGNATURE):
        return matroska.read_texts
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip"):
        return isobmff.read_texts
    if head.lstrip()[:1] == b"{":
        raise MetadataError(f"{name} is JSON already, not a picture or a video")
    raise MetadataError(f"{name} is no PNG, WebP, MP4, MOV, WebM or MKV file")


def _unpacked(text: str | None) -> dict[str, str]:
    try:
        value = documents.loads(text or "", max_values=MAX_VALUES, nan_is_null=True)
    except DocumentError:
        return {}
    return {
        key: value[key] if isinstance(value[key], str) else json.dumps(value[key], ensure_ascii=False)
        for key in ("workflow", "prompt")
        if isinstance(value.get(key), (str, dict))
    }


def _key(kind: Kind) -> str:
    return "workflow" if kind is Kind.WORKFLOW else "prompt"
