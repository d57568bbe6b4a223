"""How much of each band of a voice was lost between a song and the sound of its video."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...audio.analysis.framing import LISTENING_HZ
from ...audio.sound_report.bands import BANDS
from .heard_sound import HeardSound
from .sound_beside_song import SoundBesideSong

_FRAME = 2048
_LEAST_SECONDS = 2.0
_SILENT_DB = -66.0


def band_loss_db(
    sound: HeardSound, song: HeardSound, beside: SoundBesideSong, starts_seconds: float, song_start_seconds: float
) -> tuple[float, ...] | None:
    """By how much each of `BANDS` is weaker in the sound than in the song, dB, where both are heard; None if that is nowhere.

    Levels as such do not count: what the body of a voice, 300 to 800 Hz, lost is taken off all bands.

    Args:
        sound: The video's sound.
        song: The song.
        beside: Where it lies in the song.
        starts_seconds: When the sound's first sample is heard, from the video's first frame on.
        song_start_seconds: Second of the song that the video begins with.
    """
    frames = len(sound.samples) // _FRAME
    # Second of the song that is heard with each frame, so that sound which runs slower is compared with the same words.
    at = np.arange(frames) * _FRAME / LISTENING_HZ
    late = np.array([beside.late_ms_at(float(second) + starts_seconds) / 1000 for second in at])
    begins = np.rint((at + starts_seconds + song_start_seconds - late) * LISTENING_HZ).astype(np.intp)
    inside = (begins >= 0) & (begins + _FRAME <= len(song.samples))
    if inside.sum() * _FRAME < _LEAST_SECONDS * LISTENING_HZ:
        return None
    ours = _levels_db(sound.samples, (np.arange(frames) * _FRAME)[inside])
    theirs = _levels_db(song.samples, begins[inside])
    if min(max(ours), max(theirs)) < _SILENT_DB:
        return None
    lost = [before - after for before, after in zip(theirs, ours, strict=True)]
    return tuple(each - lost[_BODY] for each in lost)


_BODY = 1


def _levels_db(samples: NDArray[np.int16], begins: NDArray[np.intp]) -> list[float]:
    """Mean level of each of `BANDS` over frames, dB."""
    from scipy import fft

    window = np.hanning(_FRAME).astype(np.float32)
    power = np.zeros(_FRAME // 2 + 1)
    for begin in begins:
        spectrum = fft.rfft(samples[begin : begin + _FRAME] * (window / np.float32(32768)))
        power += np.abs(spectrum) ** 2
    hz = np.arange(len(power)) * LISTENING_HZ / _FRAME
    # Nothing at all is as little as 16 bits can hold.
    levels = [float(power[(hz >= band.low_hz) & (hz < band.high_hz)].sum()) / len(begins) for band in BANDS]
    return [10 * float(np.log10(max(level, 1e-9))) for level in levels]
