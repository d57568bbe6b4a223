"""Length of an audio file, read from its frames and not from what its header claims."""

from __future__ import annotations

from pathlib import Path

import av


class UnreadableAudioError(ValueError):
    """The file has no audio in it."""


def song_length(path: Path) -> tuple[int, int]:
    """Samples and samples per second of the first audio stream.

    Raises:
        UnreadableAudioError: the file cannot be read as audio.
    """
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise UnreadableAudioError(f"{path} has no audio in it")
            stream = container.streams.audio[0]
            return sum(frame.samples for frame in container.decode(stream)), stream.rate
    except av.FFmpegError as error:
        raise UnreadableAudioError(f"{path} cannot be read as audio: {error}") from error
