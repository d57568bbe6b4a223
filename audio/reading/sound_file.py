"""A file opened for its sound: nothing but the file itself is opened, and what cannot be read is refused by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av

from ...files.regular_files import open_regular
from ...loop_control.rates import seconds_text

LONGEST_SECONDS = 12 * 3600
"""A file of a few kilobytes may claim days of silence; no song is that long."""

_READ_BYTES = 1 << 18
# Playlists name other files and addresses: nothing but the file itself is opened, so no protocol is left to open one with.
_ONLY_THIS_FILE = {"protocol_whitelist": "none"}


class SongError(ValueError):
    """A file or an array that no song can be read from. The message says which and why."""


@contextmanager
def open_sound(path: Path) -> Iterator[tuple[av.container.InputContainer, av.AudioStream]]:
    """Opens a file for reading: its container and its first sound, which has a sample rate.

    Raises:
        SongError: The file has no sound, or what is done with it within fails in the decoder.
        OSError: It is missing, unreadable or no regular file.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        try:
            # Tags in an older encoding are nothing to stop at.
            with av.open(file, "r", options=_ONLY_THIS_FILE, buffer_size=_READ_BYTES, metadata_errors="replace") as container:
                if not container.streams.audio:
                    raise SongError(f"{path.name} has no sound; choose a song")
                stream = container.streams.audio[0]
                if stream.codec_context is None:
                    raise SongError(f"{path.name} cannot be read as sound: its format is unknown here; save it as WAV or FLAC")
                if (rate := stream.codec_context.sample_rate) < 1:
                    raise SongError(f"{path.name} cannot be read as sound: its sample rate is {rate} Hz")
                yield container, stream
        except av.error.FFmpegError as error:
            # FFmpeg's whole message would tell where the folder lies.
            raise SongError(
                f"{path.name} cannot be read as sound: {error.strerror}; choose another song, or save it as WAV or FLAC"
            ) from None


def refuse_endless(name: str, samples: int, sample_rate: int, longest_seconds: int) -> None:
    """Raises SongError if a song has more samples than `longest_seconds` hold."""
    if samples > longest_seconds * sample_rate:
        raise SongError(f"{name} is longer than {seconds_text(Fraction(longest_seconds))}; choose a shorter song")
