"""The length of a song's file, as ComfyUI's Load Audio counts it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ..loop_control.audio_facts import AudioFacts
from ..loop_control.errors import PlanError


def read_song(path: Path) -> AudioFacts:
    """Length, channels and sample rate of a file: counted, because what a file's header says may differ from what it holds.

    The answer is remembered for as long as the file is the same.

    Raises:
        PlanError: The file cannot be read, or has no sound.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise PlanError(f"the song {path.name} cannot be read: {error.strerror or error}") from error
    return _counted(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _counted(path: Path, _mtime_ns: int, _size_bytes: int) -> AudioFacts:
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise PlanError(f"{path.name} has no sound in it; choose another file")
            stream = container.streams.audio[0]
            stream.thread_type = "AUTO"
            samples = sum(frame.samples for frame in container.decode(stream))
            return AudioFacts(1, stream.channels, samples, stream.sample_rate)
    except (OSError, av.error.FFmpegError) as error:
        raise PlanError(f"the song {path.name} cannot be read: {error}") from error
