"""A sound, heard once: what begins when, how loud a voice's range is, and the samples to compare to the millisecond."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...audio.analysis.framing import LISTENING_HZ, Framer, Samples
from ...audio.analysis.mel import BANDS, band_hz, mel_db
from ...audio.analysis.onsets import FRAMES_PER_SECOND
from ...audio.analysis.song_analysis import VoiceStretch
from ...audio.analysis.voice import VoiceListener
from ...audio.reading.decoded_frames import frames
from ...audio.reading.mono import heard_at
from ...audio.reading.song_source import NumbersOnly, SongFile
from ...audio.reading.sound_file import open_sound

GROUPS = 4
"""Neighbouring bands are put together to so many groups, the lowest first."""

MOST_SAMPLES = 1800 * LISTENING_HZ
"""Half an hour of samples is kept, 58 MB; what comes later is compared by what begins when."""

_PIECE_SAMPLES = 1 << 16
_VOICE_HZ = (300.0, 3000.0)
_LAG_FRAMES = 2
_STRONGEST_DB = 12.0
"""A band that rises by more tells no more: else one stroke would outweigh a whole verse."""

Curve = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class HeardSound:
    """A sound of n frames, 100 a second; frame k lies at k / 100 s behind the first sample.

    Attributes:
        start_seconds: When its first sample is heard, as the file says it.
        flux: (n, `GROUPS`), how much begins in each group of bands, dB per band.
        voice_db: (n,), level from 300 Hz to 3 kHz, dB relative to a full-scale sine.
        samples: (N,) int16 at 16 kHz, the beginning up to `MOST_SAMPLES`.
        seconds: Its length.
    """

    start_seconds: float
    flux: Curve
    voice_db: Curve
    samples: NDArray[np.int16]
    seconds: float

    @functools.cached_property
    def voice(self) -> tuple[VoiceStretch, ...]:
        """Where somebody sings or speaks in the samples that were kept, in seconds behind the first."""
        listener = VoiceListener()
        for begin in range(0, len(self.samples), _PIECE_SAMPLES):
            listener.add(self.samples[begin : begin + _PIECE_SAMPLES] / np.float32(32767))
        return tuple(each for each in listener.result().stretches if each.kind != "crowd")


def hear(path: Path) -> HeardSound:
    """Hears the first sound of a file; a second time it is remembered, unless the file was changed.

    Args:
        path: The file.

    Raises:
        SongError: It has no sound, or none that can be decoded.
        OSError: It is missing or unreadable.
    """
    facts = path.stat()
    return _hear(path, facts.st_mtime_ns, facts.st_size)


@functools.lru_cache(maxsize=2)
def _hear(path: Path, _changed_ns: int, _bytes: int) -> HeardSound:
    listener = _Listener()
    for piece in heard_at(NumbersOnly(SongFile(path)), LISTENING_HZ):
        listener.add(piece)
    return listener.result(_first_seconds(path))


def _first_seconds(path: Path) -> float:
    """Time of the first sample that is heard: not of the encoder's own that go before it."""
    with open_sound(path) as (container, stream):
        first = next(frames(container, stream), None)
        return 0.0 if first is None or first.time is None else float(first.time)


class _Listener:
    def __init__(self) -> None:
        self._framer = Framer()
        self._before: Curve | None = None
        self._flux: list[Curve] = []
        self._voice: list[Curve] = []
        self._samples: list[NDArray[np.int16]] = []
        self._heard = 0

    def add(self, samples: Samples) -> None:
        kept = samples[: max(0, MOST_SAMPLES - self._heard)]
        self._samples.append((kept * 32767).clip(-32768, 32767).astype(np.int16))
        self._heard += len(samples)
        self._listen(self._framer.add(samples))

    def result(self, start_seconds: float) -> HeardSound:
        self._listen(self._framer.finish())
        return HeardSound(
            start_seconds,
            np.concatenate(self._flux),
            np.concatenate(self._voice),
            np.concatenate(self._samples),
            self._heard / LISTENING_HZ,
        )

    def _listen(self, cut: Samples) -> None:
        for levels in _levels(cut):
            middle = band_hz()
            of_voice = levels[:, (middle >= _VOICE_HZ[0]) & (middle <= _VOICE_HZ[1])]
            self._voice.append(10 * np.log10((10 ** (of_voice / 10)).sum(axis=1)))
            before = np.repeat(levels[:1], _LAG_FRAMES, axis=0) if self._before is None else self._before
            joined = np.concatenate([before, levels])
            self._before = joined[-_LAG_FRAMES:]
            rise = (joined[_LAG_FRAMES:] - joined[:-_LAG_FRAMES]).clip(0, _STRONGEST_DB)
            self._flux.append(rise.reshape(len(rise), GROUPS, BANDS // GROUPS).mean(axis=2))


def _levels(cut: Samples) -> Iterator[Curve]:
    if len(cut):
        yield mel_db(cut)


def at_rate(curve: NDArray[np.floating], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """A curve of 100 values a second at other times, linear between two; its ends go on."""
    values: NDArray[np.float64] = np.interp(seconds, np.arange(len(curve)) / FRAMES_PER_SECOND, curve)
    return values
