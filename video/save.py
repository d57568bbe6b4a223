"""From latents to a finished video file in one pass, span by span."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from .browser_copy import BrowserCopy
from .content import Encoding, VideoContent
from .decode_spans import decode_spans
from .encode import VideoFileWriter, to_integers
from .errors import VideoError, VideoWriteError
from .png_sequence import PngSequenceWriter
from .refused_path import refusal
from .source_sound import SourceSound, proven_source
from .video_latent import video_latent
from .video_vae import VideoVae

log = logging.getLogger(__name__)

Progress = Callable[[int, int, float], None]

# Time bases of the containers are 32-bit; this holds 24000/1001 and 23.976 exactly.
_LARGEST_FPS_DENOMINATOR = 100_000


@dataclass(frozen=True)
class SavedVideo:
    """A finished video.

    Attributes:
        path: The file, or the folder of pictures.
        frames: Frames in it.
        seconds: Its length, `frames / fps`.
        width: In pixels.
        height: In pixels.
        inexact_because: Why the frames may differ from those of a one-piece decode; empty if they do not.
        browser_copy: A small video that browsers play, if one was asked for and could be made.
        smaller_because: Why the decode went on in smaller pieces; empty if it did not.
    """

    path: Path
    frames: int
    seconds: float
    width: int
    height: int
    inexact_because: str = ""
    browser_copy: Path | None = None
    smaller_because: str = ""

    @property
    def exact(self) -> bool:
        """True if the frames are those of a one-piece decode."""
        return not self.inexact_because


def save_stream(
    latent: Any,
    vae: Any,
    path: Path,
    content: VideoContent,
    encoding: Encoding,
    *,
    browser_copy: Path | None = None,
    on_progress: Progress | None = None,
    check_interrupt: Callable[[], None] | None = None,
) -> SavedVideo:
    """Decodes latents span by span into a video file; memory does not grow with their length.

    While it is made the file is `NAME.partial.EXTENSION`, which plays as far as it goes if the process is killed. It
    gets its name when it is whole. Nothing is overwritten.

    Args:
        latent: LATENT or tensor (1, C, T, H, W).
        vae: A `comfy.sd.VAE` that decodes video.
        path: The finished file, see `free_path`.
        content: What goes into it; what the latent holds beyond its frames is not decoded.
        encoding: The format and its settings.
        browser_copy: Where a small copy goes if browsers cannot play the format; None makes none.
        on_progress: Called after each span with frames done, frames in all, and the seconds left by the pace so far.
        check_interrupt: Called before each span; raises to stop, which leaves the playable partial file.

    Raises:
        VideoError: something asked for cannot be done; before anything is written.
        VideoWriteError: the disk is full or writing failed; names the partial file.
    """
    content = replace(content, fps=content.fps.limit_denominator(_LARGEST_FPS_DENOMINATOR))
    frames, kind = content.frames, encoding.kind
    video_vae = VideoVae(vae)
    samples = video_latent(latent)
    there = video_vae.frames(samples.shape[2])
    if there < frames:
        raise VideoError(
            f"{frames} frames are wanted but the {samples.shape[2]} latents decode to {there}; "
            f"ask for {there} frames or fewer, or render more"
        )
    size = video_vae.size_px(samples)
    started = time.monotonic()
    with _sound_to_copy(content, encoding) as source:
        try:
            writer = _writer(path, size, content, encoding, source)
        except OSError as error:
            raise VideoWriteError(_write_failure(error, None, 0, frames, path), None, 0) from error
        copy = None
        if browser_copy is not None and not kind.plays_in_browsers:
            copy = BrowserCopy(browser_copy, size, content)

        def take(span: torch.Tensor) -> None:
            writer.write(to_integers(span, kind.bits))
            if copy is not None:
                copy.write(span)
            if on_progress is not None:
                elapsed = time.monotonic() - started
                on_progress(writer.written, frames, elapsed * (frames - writer.written) / writer.written)

        try:
            report = decode_spans(vae, samples, take, frames=frames, check_interrupt=check_interrupt)
            saved = writer.finish()
        except BaseException as error:
            partial = writer.abandon()
            if copy is not None:
                copy.discard()
            if partial is not None:
                log.warning("stopped after %d of %d frames; what exists is in %s", writer.written, frames, partial)
            if isinstance(error, OSError):
                failure = _write_failure(error, partial, writer.written, frames, path)
                raise VideoWriteError(failure, partial, writer.written) from error
            raise
    wall = time.monotonic() - started
    log.info("%s: %d frames in %.1f s (%.1f a second)", saved.name, frames, wall, frames / wall)
    if source is not None:
        log.info("%s: the sound is that of %s, not encoded again", saved.name, source.path.name)
    if report.inexact_because:
        log.warning("%s: frames can differ from those of a decode in one piece: %s", saved.name, report.inexact_because)
    shown = copy.finish() if copy is not None else None
    length = float(content.seconds)
    return SavedVideo(saved, report.frames, length, *size, report.inexact_because, shown, report.smaller_because)


def _sound_to_copy(content: VideoContent, encoding: Encoding) -> AbstractContextManager[SourceSound | None]:
    if content.audio is None or encoding.audio_kbps is not None or not encoding.kind.copied_codecs:
        return nullcontext()
    source = proven_source(content.sound_files, content.audio, encoding.kind)
    return nullcontext() if source is None else closing(source)


def _writer(
    path: Path, size_px: tuple[int, int], content: VideoContent, encoding: Encoding, source: SourceSound | None
) -> VideoFileWriter | PngSequenceWriter:
    if encoding.kind.container:
        return VideoFileWriter(path, size_px, content, encoding, source)
    return PngSequenceWriter(path, size_px, content, encoding)


def _write_failure(error: OSError, partial: Path | None, written: int, frames: int, path: Path) -> str:
    kept = "no frame reached the disk"
    if partial is not None:
        kept = f"what reached the disk of the {written} of {frames} frames made so far is in {partial}"
    found = refusal(error, path)
    return f"{found.reason}: {kept}. {found.remedy}"
