"""From latents to a finished video file in one pass, span by span."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import torch

from .browser_copy import BrowserCopy
from .decode_spans import decode_spans
from .encode import VideoFileWriter, to_integers
from .errors import VideoError, VideoWriteError
from .formats import video_format
from .latent_feed import video_latent
from .png_sequence import PngSequenceWriter
from .refused_path import refusal
from .source_sound import proven_source
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
    """

    path: Path
    frames: int
    seconds: float
    width: int
    height: int
    inexact_because: str = ""
    browser_copy: Path | None = None

    @property
    def exact(self) -> bool:
        """True if the frames are those of a one-piece decode."""
        return not self.inexact_because


def save_stream(
    latent: Any,
    vae: Any,
    audio: Mapping[str, Any] | None,
    fps: Fraction,
    frames: int,
    path: Path,
    format: str = "h264-mp4",
    crf: int | None = None,
    metadata: Mapping[str, Any] | None = None,
    on_progress: Progress | None = None,
    check_interrupt: Callable[[], None] | None = None,
    audio_kbps: int | None = None,
    browser_copy: Path | None = None,
    sound_files: Sequence[Path] = (),
) -> SavedVideo:
    """Decodes latents span by span into a video file; memory does not grow with their length.

    While it is made the file is `NAME.partial.EXTENSION`, which plays as far as it goes if the process is killed. It
    gets its name when it is whole. Nothing is overwritten.

    Args:
        latent: LATENT or tensor (1, C, T, H, W).
        vae: A `comfy.sd.VAE` that decodes video.
        audio: ComfyUI AUDIO, cut where the pictures end, or None.
        fps: Frames per second.
        frames: Frames in the file; what the latent holds beyond them is not decoded.
        path: The finished file, see `free_path`.
        format: A name in `FORMATS`.
        crf: Constant rate factor, None for the format's default; only for the formats that have one.
        metadata: JSON-able values by key: "prompt" and what ComfyUI's `extra_pnginfo` holds ("workflow").
        on_progress: Called after each span with frames done, frames in all, and the seconds left by the pace so far.
        check_interrupt: Called before each span; raises to stop, which leaves the playable partial file.
        audio_kbps: Bit rate of stereo sound, None for the format's default; only for formats that compress it.
        sound_files: Files that the audio may come from. The sound of one that is proved to be it is copied, if the format
            can hold it and no bit rate is asked for.
        browser_copy: Where a small copy goes if browsers cannot play the format; None makes none.

    Raises:
        VideoError: something asked for cannot be done; before anything is written.
        VideoWriteError: the disk is full or writing failed; names the partial file.
    """
    if frames < 1:
        raise VideoError(f"{frames} frames make no video; ask for at least 1")
    if fps <= 0:
        raise VideoError(f"{fps} frames per second make no video; the rate must be above 0")
    rate = Fraction(fps).limit_denominator(_LARGEST_FPS_DENOMINATOR)
    kind = video_format(format)
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
    source = None
    if audio is not None and audio_kbps is None and kind.copied_codecs:
        source = proven_source(sound_files, audio, kind)
    try:
        if kind.container:
            writer: VideoFileWriter | PngSequenceWriter = VideoFileWriter(
                Path(path), kind, size, rate, frames, audio, crf, metadata, audio_kbps, source
            )
        else:
            writer = PngSequenceWriter(Path(path), kind, size, rate, frames, audio, crf, metadata, audio_kbps)
    except OSError as error:
        raise VideoWriteError(_write_failure(error, None, 0, frames, Path(path)), None, 0) from error
    copy = None
    if browser_copy is not None and not kind.plays_in_browsers:
        copy = BrowserCopy(browser_copy, size, rate, frames, audio)

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
        if source is not None:
            source.close()
        if partial is not None:
            log.warning("stopped after %d of %d frames; what exists is in %s", writer.written, frames, partial)
        if isinstance(error, OSError):
            failure = _write_failure(error, partial, writer.written, frames, Path(path))
            raise VideoWriteError(failure, partial, writer.written) from error
        raise
    wall = time.monotonic() - started
    log.info("%s: %d frames in %.1f s (%.1f a second)", saved.name, frames, wall, frames / wall)
    if source is not None:
        log.info("%s: the sound is that of %s, not encoded again", saved.name, source.path.name)
        source.close()
    if report.inexact_because:
        log.warning("%s: frames can differ from those of a decode in one piece: %s", saved.name, report.inexact_because)
    shown = copy.finish() if copy is not None else None
    return SavedVideo(saved, report.frames, float(frames / rate), *size, report.inexact_because, shown)


def _write_failure(error: OSError, partial: Path | None, written: int, frames: int, path: Path) -> str:
    kept = "no frame reached the disk"
    if partial is not None:
        kept = f"what reached the disk of the {written} of {frames} frames made so far is in {partial}"
    found = refusal(error, path)
    return f"{found.reason}: {kept}. {found.remedy}"
