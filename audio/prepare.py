"""A song made ready for the LTX audio encoder, any part of it by itself: two channels, the encoder's rate, padded to a plan."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import torch
from torch import Tensor

from ..loop_control.audio_facts import ENCODE_BLOCK, ENCODE_HZ, audio_facts, resampled_length
from ..loop_control.plan import LoopPlan, PlanError
from ..loop_control.rates import clock_text
from . import rate_change
from .finite import refuse_not_finite
from .resample import resample
from .stereo import to_stereo

PART_SAMPLES = 1 << 20
"""Samples at `ENCODE_HZ` that are made in one go."""


@dataclass(frozen=True)
class PreparedSong:
    """A song as the audio encoder hears it; nothing of it is there before it is asked for.

    Attributes:
        waveform: (1, C, N), the song as it was loaded.
        sample_rate: Its samples per second.
        skipped: Samples at `ENCODE_HZ` at its front that the encoder does not hear.
        length: Samples at `ENCODE_HZ` that it hears from there on; beyond the song's end they are silent.
        words: What it is, and what was cut or added.
    """

    waveform: Tensor
    sample_rate: int
    skipped: int
    length: int
    words: str

    def part(self, begin: int, end: int) -> Tensor:
        """Samples `[begin, end)`, (1, 2, end - begin), float32 at `ENCODE_HZ`; a copy."""
        first, last, lead = rate_change.part(self.sample_rate, ENCODE_HZ, begin + self.skipped, end + self.skipped)
        if first >= self.waveform.shape[-1]:
            return torch.zeros(1, 2, end - begin)
        heard = resample(to_stereo(self.waveform[..., first:last].float()), self.sample_rate, ENCODE_HZ)
        heard = heard[..., lead : lead + end - begin]
        return torch.nn.functional.pad(heard, (0, end - begin - heard.shape[-1]))


def padded_song(waveform: Tensor, sample_rate: int, plan: LoopPlan) -> PreparedSong:
    """The song with silence behind it up to the end of the plan's last window.

    Its length is a whole number of encoder blocks: of anything else ComfyUI's encoder would cut a part from the front, and the
    song would come early.

    Args:
        waveform: (1, C, N), the song that the plan was made for.
        sample_rate: Its samples per second.
        plan: The plan.

    Raises:
        PlanError: This is not the song of the plan, its channels cannot be used, or a sample is no finite number.
    """
    facts = audio_facts(waveform.shape, sample_rate)
    if (facts.samples, facts.sample_rate) != (plan.audio_samples, plan.sample_rate):
        raise PlanError(
            f"the audio has {facts.samples} samples at {facts.sample_rate} Hz, but the plan was made for "
            f"{plan.audio_samples} at {plan.sample_rate} Hz; wire the same audio to the planner and to this node"
        )
    refuse_unusable(waveform, sample_rate)
    silence = plan.encode_samples - resampled_length(facts.samples, facts.sample_rate, ENCODE_HZ)
    words = f"{_song_words(facts.duration)} and {silence / ENCODE_HZ:.2f} s of silence up to the end of the last window"
    return PreparedSong(waveform, facts.sample_rate, 0, plan.encode_samples, words)


def pad_to_plan(waveform: Tensor, sample_rate: int, plan: LoopPlan) -> tuple[Tensor, int]:
    """The whole of a `padded_song` as a waveform (1, 2, `plan.encode_samples`), and its rate, `ENCODE_HZ`.

    Made in parts: an hour at 96 kHz would take four times its own memory on the way.
    """
    song = padded_song(waveform, sample_rate, plan)
    whole = torch.empty(1, 2, song.length)
    for begin in range(0, song.length, PART_SAMPLES):
        end = min(begin + PART_SAMPLES, song.length)
        whole[..., begin:end] = song.part(begin, end)
    return whole, ENCODE_HZ


def cropped_song(waveform: Tensor, sample_rate: int) -> PreparedSong:
    """The song as ComfyUI's encoder hears it if there is no plan: whole blocks from its middle.

    Raises:
        PlanError: Its shape, length or channels cannot be used, or a sample is no finite number.
    """
    facts = audio_facts(waveform.shape, sample_rate)
    refuse_unusable(waveform, sample_rate)
    there = resampled_length(facts.samples, facts.sample_rate, ENCODE_HZ)
    cut = there % ENCODE_BLOCK
    words = _song_words(facts.duration)
    if cut:
        words += (
            f" without its first {1000 * (cut // 2) / ENCODE_HZ:.0f} ms and its last {1000 * (cut - cut // 2) / ENCODE_HZ:.0f} "
            "ms, as ComfyUI's encoder cuts it; wire a plan to keep them"
        )
    return PreparedSong(waveform, facts.sample_rate, cut // 2, there - cut, words)


def refuse_unusable(waveform: Tensor, sample_rate: int) -> None:
    """Raises PlanError if the channels of (1, C, N) cannot be used, or a sample is no finite number."""
    to_stereo(waveform[..., :1])
    refuse_not_finite(waveform, sample_rate)


def _song_words(duration: Fraction) -> str:
    return f"{clock_text(duration)} of song"
