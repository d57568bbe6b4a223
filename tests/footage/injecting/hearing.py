"""What goes wrong with the sound: audio_offset, audio_drift, lip_sync, dull_audio.

Strength 1:
- audio_offset: 80 ms, between the 45 ms early and 125 ms late at which ITU-R BT.1359 says that viewers detect it.
- audio_drift: the rate is off by 0.05 %, which is 120 ms after four minutes.
- lip_sync: the mouth follows 125 ms late (BT.1359), or moves to other words (no strength there).
- dull_audio: 8 dB less above 4 kHz and 3 dB more below 250 Hz in the file (`muxed`), or 12 dB less and 3 dB more in the song
  itself (`song`); 3 dB in a band of one or two octaves are heard without comparison (Bücklein 1981).
"""

from __future__ import annotations

import numpy as np

from ..sounds import SOUND_HZ, Samples
from ..takes import Take
from ..values import Defect, Injected

OFFSET_WAYS = ("late", "early")
RATE_WAYS = ("fast", "slow")
LIP_WAYS = ("late", "unrelated")
DULL_WAYS = ("muxed", "song")


def offset(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    seconds = 0.08 * defect.strength
    shift = round(seconds * SOUND_HZ)
    if defect.way == "late":
        take.muxed = np.concatenate([np.zeros(shift, np.float32), take.muxed[:-shift]])
    else:
        take.muxed = np.concatenate([take.muxed[shift:], np.zeros(shift, np.float32)])
    return _whole(take, defect, (("offset_seconds", seconds if defect.way == "late" else -seconds),))


def rate(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    change = 0.0005 * defect.strength * (1 if defect.way == "fast" else -1)
    at = np.arange(len(take.muxed)) * (1 + change)
    take.muxed = np.interp(at, np.arange(len(take.muxed)), take.muxed, right=0.0).astype(np.float32)
    return _whole(take, defect, (("rate_change", change),))


def lips(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    fps = float(take.joins.fps)
    if defect.way == "unrelated":
        take.shots["mouth"] = take.other_mouth.copy()
        return _whole(take, defect)
    seconds = 0.125 * defect.strength
    frame = np.arange(take.joins.frames)
    take.shots["mouth"] = np.interp(frame - seconds * fps, frame, take.shots["mouth"])
    return _whole(take, defect, (("lag_seconds", seconds),))


def dull(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    treble = (8 if defect.way == "muxed" else 12) * defect.strength
    take.muxed = _shelved(take.muxed, treble, 3 * defect.strength)
    if defect.way == "song":
        take.song = take.muxed
    return _whole(take, defect, (("treble_db", -treble),))


def _shelved(samples: Samples, treble_db: float, bass_db: float) -> Samples:
    """Less above 4 kHz, more below 250 Hz, each over half an octave, and as loud as before."""
    size = 1 << (len(samples) - 1).bit_length()
    hz = np.fft.rfftfreq(size, 1 / SOUND_HZ)
    octaves = np.log2(np.maximum(hz, 1.0))
    down = np.clip((octaves - np.log2(4000)) / 0.5 + 0.5, 0, 1)
    up = np.clip((np.log2(250) - octaves) / 0.5 + 0.5, 0, 1)
    gain = 10 ** ((bass_db * up - treble_db * down) / 20)
    out = np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)]
    return (out * (np.abs(samples).max() / max(np.abs(out).max(), 1e-6))).astype(np.float32)


def _whole(take: Take, defect: Defect, facts: tuple[tuple[str, float], ...] = ()) -> Injected:
    end = float(take.joins.frames / take.joins.fps)
    return Injected(defect.kind, defect.strength, defect.way, ((0.0, end),), (), facts)
