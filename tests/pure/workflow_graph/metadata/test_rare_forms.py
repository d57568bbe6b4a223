"""Texts in forms that few programs write, and the limits of every reader."""

from __future__ import annotations

import struct

import pytest

from audio_loop.workflow_graph.document import Kind
from audio_loop.workflow_graph.metadata import embedded, isobmff
from audio_loop.workflow_graph.metadata.limits import MAX_PIECES, Budget, MetadataError
from audio_loop.workflow_graph.metadata.webp import texts_of

from .test_embedded import FILES, WORKFLOW


def exif(text, kind=2, tag=0x010F, sub_directory=None, order="<"):
    """EXIF data with one text, in the first directory or in one that an entry of the first points to."""

    def directory(at, entry_tag, entry_kind, length, place):
        return struct.pack(f"{order}HHHIII", 1, entry_tag, entry_kind, length, place, 0)

    first, size = 8, 18
    if sub_directory is None:
        parts = [directory(first, tag, kind, len(text), first + size)]
    else:
        parts = [
            directory(first, sub_directory, 4, 1, first + size),
            directory(first + size, tag, kind, len(text), first + 2 * size),
        ]
    return (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, first) + b"".join(parts) + text


def texts(data):
    return texts_of(data, Budget())


@pytest.mark.parametrize("tag", [0x8769, 0x8825, 0xA005])
def test_a_text_in_a_directory_below_the_first_is_found(tag):
    assert texts(exif(b"workflow:{}\0\0\0\0\0", sub_directory=tag)) == {"workflow": "{}"}
    assert texts(exif(b"workflow:{}\0\0\0\0\0", sub_directory=0x9999)) == {}


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"ASCII\0\0\0" + "workflow:♪".encode(), 7),
        (b"\0" * 8 + "workflow:♪".encode(), 7),
        (b"UNICODE\0" + "workflow:♪".encode("utf-16-le"), 7),
        (b"UNICODE\0" + "workflow:♪".encode("utf-16"), 7),
        ("workflow:♪".encode() + b"\0\0", 2),
    ],
)
def test_a_text_may_begin_with_the_name_of_its_code(raw, kind):
    assert texts(exif(raw, kind)) == {"workflow": "♪"}


def test_a_wide_text_without_a_mark_is_in_the_order_of_the_file_around_it():
    raw = b"UNICODE\0" + "workflow:♪".encode("utf-16-be")
    assert texts(exif(raw, 7, order=">")) == {"workflow": "♪"}
    marked = b"UNICODE\0" + "workflow:♪".encode("utf-16")
    assert texts(exif(marked, 7, order=">")) == {"workflow": "♪"}


def test_only_so_many_names_of_a_video_are_read(tmp_path, monkeypatch):
    path = tmp_path / "keys.mp4"
    path.write_bytes(FILES["keys.mp4"])
    assert embedded.read(path).document(Kind.WORKFLOW) == WORKFLOW
    monkeypatch.setattr(isobmff, "_MAX_KEYS", 1)
    with pytest.raises(MetadataError, match="add --prompt"):
        embedded.read(path).document(Kind.WORKFLOW)


def test_a_budget_ends_with_the_part_that_is_one_too_many():
    budget = Budget(pieces_left=2)
    budget.piece()
    budget.piece()
    with pytest.raises(MetadataError, match=f"made of more than {MAX_PIECES} parts"):
        budget.piece()


def test_a_budget_ends_with_the_text_that_does_not_fit_any_more():
    budget = Budget(bytes_left=10)
    budget.spend(6, "the first")
    budget.spend(4, "the second")
    with pytest.raises(MetadataError, match=r"longer than 32 MiB together \(at the third\)"):
        budget.spend(1, "the third")
