"""Facts about a song that the loop must know before it can plan, and what ComfyUI's audio encoder makes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .errors import PlanError
from .rates import seconds_text, told_apart

# The loop body may run once more than the song needs, from at most this far before the song's end, and what it cuts
# there must still be encodable. The mel transform (n_fft 1024, reflect padding) needs more than 512 samples at 16 kHz,
# which is 32 ms, and ComfyUI's crop to whole blocks needs 93 ms.
SHORTEST_AUDIO = Fraction(1, 2)

# `VAE.encode` (comfy/sd.py) takes the LTX audio VAE's waveform at 44.1 kHz and crops it to a whole number of blocks of
# 4096 samples: half of the remainder is cut from the FRONT, which moves the song by up to 46 ms. A waveform that is a
# whole number of blocks passes through uncut.
ENCODE_HZ = 44_100
ENCODE_BLOCK = 4096


@dataclass(frozen=True)
class AudioFacts:
    """Shape of a ComfyUI AUDIO value: waveform (B, C, T) and its sample rate in Hz."""

    batch: int
    channels: int
    samples: int
    sample_rate: int

    @property
    def duration(self) -> Fraction:
        """Length in seconds, exact."""
        return Fraction(self.samples, self.sample_rate)


def read_audio(audio: Any) -> tuple[Any, int]:
    """The waveform and the sample rate in Hz of a ComfyUI AUDIO value.

    Raises:
        PlanError: There is no sound: a clip without any gives None in the place of an AUDIO.
    """
    if audio is None:
        raise PlanError(
            "no sound arrives at the audio input: the clip or file that it comes from has none. Load the song with Load "
            "Audio, or a clip that has sound"
        )
    if not isinstance(audio, Mapping) or "waveform" not in audio or "sample_rate" not in audio:
        kind = type(audio).__name__
        raise PlanError(f"what arrives at the audio input is no AUDIO but {kind}; wire the output of Load Audio")
    waveform = audio["waveform"]
    if waveform is None or not hasattr(waveform, "shape"):
        raise PlanError("the audio has no waveform; load a file that has sound in it")
    return waveform, audio["sample_rate"]


def audio_facts(shape: Sequence[int], sample_rate: int) -> AudioFacts:
    """Reads the shape (B, C, T) of a waveform.

    Raises:
        PlanError: Not three dimensions, more than one song in the batch, no channel, or an unusable length or rate.
    """
    if len(shape) != 3:
        raise PlanError(f"the audio's waveform has the shape {tuple(shape)}; expected (batch, channels, samples)")
    batch, channels, samples = (int(size) for size in shape)
    if batch != 1:
        raise PlanError(f"the audio holds {batch} waveforms; the loop takes one song at a time, so pass one")
    if channels < 1:
        raise PlanError("the audio has no channel; load a file that has sound in it")
    check_length(samples, sample_rate)
    return AudioFacts(batch, channels, samples, int(sample_rate))


def check_length(samples: int, sample_rate: int) -> None:
    """Refuses a song the loop cannot work on.

    Raises:
        PlanError: The sample rate is not a whole number above 0, or the song is empty or shorter than 0.5 s.
    """
    if isinstance(sample_rate, bool) or int(sample_rate) != sample_rate or sample_rate < 1:
        raise PlanError(f"the audio's sample rate is {sample_rate} Hz; it is a whole number above 0, such as 44100")
    if isinstance(samples, bool) or int(samples) != samples or samples < 0:
        raise PlanError(f"the audio has {samples} samples; the number must be whole and not negative")
    if samples == 0:
        raise PlanError(f"the audio is empty (0 samples); load a song of at least {seconds_text(SHORTEST_AUDIO)}")
    duration = Fraction(int(samples), int(sample_rate))
    if duration < SHORTEST_AUDIO:
        long, shortest = told_apart(duration, SHORTEST_AUDIO)
        needed = math.ceil(SHORTEST_AUDIO * sample_rate)
        raise PlanError(
            f"the audio is {long} long; the loop needs at least {shortest}, because a shorter cut cannot be encoded "
            f"({int(samples)} samples at {int(sample_rate)} Hz, and {needed} are needed)"
        )


def resampled_length(samples: int, sample_rate: int, target_hz: int) -> int:
    """Number of samples that `audio.resample.resample` returns: the length in `target_hz`, rounded up."""
    return math.ceil(Fraction(samples * target_hz, sample_rate))


def whole_blocks(samples: int) -> int:
    """The smallest whole number of encoder blocks, in samples at `ENCODE_HZ`, that holds `samples` of them."""
    return -(-samples // ENCODE_BLOCK) * ENCODE_BLOCK
