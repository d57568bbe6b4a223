"""The small copy for browsers: its size, its frames, and that its failure costs nothing but itself."""

from __future__ import annotations

import logging
from fractions import Fraction
from pathlib import Path

import av
import pytest
import torch

from audio_loop.video.browser_copy import BrowserCopy, copy_size
from audio_loop.video.content import VideoContent
from audio_loop.video.mp4_index import IndexedFile

CONTENT = VideoContent(Fraction(25), 4, metadata={"prompt": {"1": "secret"}})
SIZE = (1280, 64)


def said(caplog):
    """What the pack logged; FFmpeg's own words, of other files among them, may come some time later."""
    return [record.getMessage() for record in caplog.records if record.name.startswith("audio_loop")]


def copy_of(folder, spans, size=SIZE):
    """Writes spans of grey frames, given by their brightness; gives the copy before it is finished."""
    made = BrowserCopy(folder / "copy.mp4", size, CONTENT)
    for levels in spans:
        made.write(torch.tensor(levels).reshape(-1, 1, 1, 1).expand(-1, size[1], size[0], 4))
    return made


@pytest.mark.parametrize(
    ("size", "copied"),
    [((1280, 720), (640, 360)), ((720, 1280), (360, 640)), ((320, 200), (320, 200)), ((4000, 10), (640, 2))],
    ids=["wide", "high", "small as it is", "a strip"],
)
def test_a_copy_is_even_and_never_larger_than_its_video(size, copied):
    assert copy_size(size) == copied


def test_a_copy_has_the_same_frames_smaller_and_no_metadata(tmp_path):
    path = copy_of(tmp_path, [[0.2, 0.4], [0.6, 0.8]]).finish()
    assert path == tmp_path / "copy.mp4"
    with av.open(str(path)) as container:
        (stream,) = container.streams
        assert (stream.width, stream.height, stream.codec_context.name) == (640, 32, "h264")
        levels = [float(frame.to_ndarray(format="gray").mean()) / 255 for frame in container.decode(stream)]
        assert "secret" not in str(container.metadata)
    assert levels == pytest.approx([0.2, 0.4, 0.6, 0.8], abs=0.02)


def test_a_discarded_copy_leaves_nothing(tmp_path):
    begun, written = copy_of(tmp_path / "a", []), copy_of(tmp_path / "b", [[0.5]])
    for made in (begun, written, written):
        made.discard()
        assert made.finish() is None
    assert [*tmp_path.glob("*/*")] == []


def test_a_copy_whose_name_is_taken_is_told_and_not_made(tmp_path, caplog):
    (tmp_path / "copy.mp4").write_text("mine", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert copy_of(tmp_path, [[0.5]]).finish() is None
    (message,) = said(caplog)
    assert message.startswith("no copy of this video for the browser: copy.mp4 exists already")
    assert [(each.name, each.read_text(encoding="utf-8")) for each in tmp_path.iterdir()] == [("copy.mp4", "mine")]


class OutOfRoom(IndexedFile):
    """A file on a disk that is full from the first frame on."""

    full = False

    def _put(self, data):
        if self.full:
            raise OSError("the disk is full")
        return super()._put(data)


@pytest.fixture
def full_disk(monkeypatch):
    """Fills the disk when it is called."""
    monkeypatch.setattr("audio_loop.video.encode.IndexedFile", OutOfRoom)
    return lambda: monkeypatch.setattr(OutOfRoom, "full", True)


def test_a_disk_that_fills_up_costs_only_the_copy(tmp_path, full_disk, caplog):
    made = copy_of(tmp_path, [[0.5] * 4])
    full_disk()
    with caplog.at_level(logging.WARNING):
        assert made.finish() is None
        made.write(torch.zeros(1, SIZE[1], SIZE[0], 3))
    assert said(caplog) == ["no copy of this video for the browser: the disk is full"]
    assert [*tmp_path.iterdir()] == []


def test_an_unfinished_copy_that_cannot_be_removed_stops_nothing(tmp_path, full_disk, caplog, monkeypatch):
    made = copy_of(tmp_path, [[0.5] * 4])
    full_disk()

    def refuse(_path, missing_ok=False):
        raise OSError("not yours")

    monkeypatch.setattr(Path, "unlink", refuse)
    with caplog.at_level(logging.DEBUG, logger="audio_loop.video.browser_copy"):
        assert made.finish() is None
    assert said(caplog) == ["no copy of this video for the browser: the disk is full", "the unfinished copy stays"]
    assert [each.name for each in tmp_path.iterdir()] == ["copy.partial.mp4"]
