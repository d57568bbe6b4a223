"""Another sound in the song's place for the audio encoder, so that the mouth follows a vocal stem. The video keeps the song."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from torch import Tensor

from ..loop_control.audio_facts import audio_facts
from ..loop_control.errors import PlanError
from ..loop_control.rates import clock_text
from .prepare import PreparedSong, refuse_unusable

LENGTH_TOLERANCE = Fraction(1, 10)
"""Seconds by which the two may differ in length: codecs and separators add or take a block at the end."""


def driven_by(song: PreparedSong, waveform: Tensor, sample_rate: int) -> PreparedSong:
    """The song as the encoder is to hear it, with the samples of another sound, which begins at the same moment.

    The sound is never moved: if it is longer than the song its end is cut, and if it is shorter silence follows.

    Args:
        song: The song's own.
        waveform: (1, C, N), what is heard instead.
        sample_rate: Its samples per second; any.

    Raises:
        PlanError: Its length differs by more than `LENGTH_TOLERANCE`, its shape or channels cannot be used, or a sample is no
            finite number.
    """
    facts = audio_facts(waveform.shape, sample_rate)
    duration = Fraction(song.waveform.shape[-1], song.sample_rate)
    difference = facts.duration - duration
    if abs(difference) > LENGTH_TOLERANCE:
        raise PlanError(
            f"driving_audio is {clock_text(facts.duration)} long and the song {clock_text(duration)}: the mouth would follow "
            f"another moment than the one that is heard. Up to {float(LENGTH_TOLERANCE):g} s may differ; make the stem from "
            "the same audio that this node gets, behind its trim"
        )
    refuse_unusable(waveform, sample_rate)
    kept = waveform[..., : round(duration * facts.sample_rate)]
    return replace(song, waveform=kept, sample_rate=facts.sample_rate, words=song.words + _words(difference))


def _words(difference: Fraction) -> str:
    milliseconds = round(1000 * abs(difference))
    if not milliseconds:
        return "; driven by driving_audio"
    if difference > 0:
        return f"; driven by driving_audio, which is {milliseconds} ms longer and is cut at its end"
    return f"; driven by driving_audio, which is {milliseconds} ms shorter; silence follows it"
