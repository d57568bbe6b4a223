"""A small copy of a video that browsers can play, made beside one that they cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import torch

from .content import VideoContent, encoding
from .encode import VideoFileWriter, to_integers
from .errors import VideoError

log = logging.getLogger(__name__)

COPY_SIDE_PX = 640


class BrowserCopy:
    """An MP4 with the same frames, at most `COPY_SIDE_PX` wide and high. It never costs the video itself: what goes wrong
    here is told in the log, and there is no copy.

    Args:
        path: The copy; nothing may be there.
        size_px: Width and height of the video.
        content: What goes into the video; the copy has no metadata.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], content: VideoContent) -> None:
        self._size = copy_size(size_px)
        self._writer: VideoFileWriter | None = None
        self._try(lambda: self._open(path, content))

    def write(self, span: torch.Tensor) -> None:
        """Adds frames (T, H, W, C) in [0, 1]."""
        self._try(lambda: self._write(span))

    def finish(self) -> Path | None:
        """The finished copy, or None if there is none."""
        done: list[Path] = []
        if self._writer is not None:
            writer = self._writer
            self._try(lambda: done.append(writer.finish()))
        return done[0] if done else None

    def discard(self) -> None:
        """Ends the copy and leaves nothing of it."""
        writer, self._writer = self._writer, None
        if writer is not None:
            partial = writer.abandon()
            if partial is not None:
                partial.unlink(missing_ok=True)

    def _open(self, path: Path, content: VideoContent) -> None:
        self._writer = VideoFileWriter(path, self._size, replace(content, metadata=None), encoding("h264-mp4"))

    def _write(self, span: torch.Tensor) -> None:
        if self._writer is not None:
            width, height = self._size
            pixels = span[..., :3].movedim(-1, 1)
            small = torch.nn.functional.interpolate(pixels, size=(height, width), mode="bilinear", antialias=True)
            self._writer.write(to_integers(small.movedim(1, -1), 8))

    def _try(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (OSError, VideoError, av.error.FFmpegError) as error:
            log.warning("no copy of this video for the browser: %s", error)
            try:
                self.discard()
            except OSError:
                log.debug("the unfinished copy stays", exc_info=True)


def copy_size(size_px: tuple[int, int]) -> tuple[int, int]:
    """The largest even size of the same shape within `COPY_SIDE_PX`; never larger than the video."""
    scale = min(1.0, COPY_SIDE_PX / max(size_px))
    width, height = (max(2, round(side * scale / 2) * 2) for side in size_px)
    return width, height
