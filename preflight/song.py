"""The length of a song's file, as ComfyUI's Load Audio counts it."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from ..files.regular_files import FileIdentity, identify
from ..loop_control.audio_facts import AudioFacts
from ..loop_control.errors import PlanError

MOST_SECONDS = 10.0
"""Time that counting may take, since somebody waits for the answer."""


def read_song(path: Path) -> AudioFacts:
    """Length, channels and sample rate of a file: counted, because what a file's header says may differ from what it holds.

    Nothing but the file itself is opened, whatever other files a playlist names. The answer is remembered for as long as the
    file is the same.

    Raises:
        PlanError: The file cannot be read, has no sound, is longer than twelve hours, or takes too long to count.
    """
    try:
        return _counted(path, identify(path))
    except OSError as error:
        # The whole message would tell where the folder lies.
        raise PlanError(f"the song {path.name} cannot be read: {error.strerror or 'it is no regular file'}") from None


@lru_cache(maxsize=64)
def _counted(path: Path, _identity: FileIdentity) -> AudioFacts:
    from ..audio.reading.sound_file import LONGEST_SECONDS, SongError, open_sound, refuse_endless

    latest = time.monotonic() + MOST_SECONDS
    samples = 0
    try:
        with open_sound(path) as (container, stream):
            stream.codec_context.thread_type = "AUTO"
            for frame in container.decode(stream):
                samples += frame.samples
                refuse_endless(path.name, samples, stream.sample_rate, LONGEST_SECONDS)
                if time.monotonic() > latest:
                    raise SongError(f"{path.name} is too long to be counted in {MOST_SECONDS:g} s")
            return AudioFacts(1, stream.channels, samples, stream.sample_rate)
    except SongError as error:
        raise PlanError(str(error)) from None
