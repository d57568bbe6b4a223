"""The voice of a part of a song, and of every window of a plan: as numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import get_args

from ...loop_control.plan import LoopPlan
from ...loop_control.rates import clock_text
from ..reading.mono import heard_at
from ..reading.song_source import SongSource
from .framing import LISTENING_HZ, Samples
from .song_analysis import Voice, VoiceKind
from .voice import VoiceListener

AROUND_SECONDS = 4.0
"""Heard too before and behind a part, so that a voice at its edge is judged as in the middle."""

LOW_VOICE_HZ = 160.0
"""Between most men's speech and most women's."""

_SHORTEST_VOCALS_SECONDS = 0.5


@dataclass(frozen=True)
class WindowVoice:
    """How much voice there is while a window is seen.

    Attributes:
        index: The window, 0 for the initial render.
        start_seconds: When its new frames begin.
        end_seconds: When they end, at the song's end at the latest.
        singing: Part of that time in which somebody sings, 0 to 1.
        speech: In which somebody speaks.
        crowd: In which many laugh or clap.
    """

    index: int
    start_seconds: float
    end_seconds: float
    singing: float
    speech: float
    crowd: float


@dataclass(frozen=True)
class PartVoice:
    """The voice of one part of a song.

    Attributes:
        start_seconds: Where the part begins in the song.
        end_seconds: Where it ends, exclusive.
        voice: What was heard in it; its times count from the song's first sample.
        windows: The voice of every window of a plan; empty without one.
    """

    start_seconds: float
    end_seconds: float
    voice: Voice
    windows: tuple[WindowVoice, ...] = ()

    @property
    def has_vocals(self) -> bool:
        """Whether somebody sings or speaks in it for at least half a second."""
        return self.voice.fraction * (self.end_seconds - self.start_seconds) >= _SHORTEST_VOCALS_SECONDS

    @property
    def is_low(self) -> bool:
        """Whether the voice's median pitch is below `LOW_VOICE_HZ`."""
        return self.voice.median_f0_hz is not None and self.voice.median_f0_hz < LOW_VOICE_HZ

    @property
    def is_high(self) -> bool:
        """Whether it is `LOW_VOICE_HZ` or higher."""
        return self.voice.median_f0_hz is not None and not self.is_low

    @property
    def report(self) -> str:
        """The same for people."""
        lines = [f"{_clock(self.start_seconds)} to {_clock(self.end_seconds)}: {self._kinds()}. {self._pitch()}"]
        if self.windows:
            lines += ["", "window   seen from         to  singing  speech  crowd", *map(_line, self.windows)]
        return "\n".join(lines)

    def _kinds(self) -> str:
        parts = {kind: self.voice.part(self.start_seconds, self.end_seconds, kind) for kind in get_args(VoiceKind)}
        return ", ".join(f"{kind} in {100 * part:.0f} % of it" for kind, part in parts.items() if part > 0) or "no voice"

    def _pitch(self) -> str:
        voice = self.voice
        if voice.median_f0_hz is None:
            return "No pitch of a voice."
        return (
            f"Pitch {voice.median_f0_hz:.0f} Hz (median), mostly {voice.low_f0_hz:.0f} to {voice.high_f0_hz:.0f} Hz, in "
            f"{100 * voice.voiced_fraction:.0f} % of it."
        )


def hear_part(
    source: SongSource,
    start_seconds: float,
    length_seconds: float,
    *,
    low_hz: float,
    high_hz: float,
    is_stem: bool,
    plan: LoopPlan | None = None,
) -> PartVoice:
    """The voice of `[start, start + length)` of a song, which ends where the song does at the latest.

    Without a plan only that is heard, and `AROUND_SECONDS` on both sides of it.

    Args:
        source: The song, or its vocal stem.
        start_seconds: Where the part begins.
        length_seconds: How long it is.
        low_hz: Lowest pitch that is sought.
        high_hz: Highest.
        is_stem: Whether nothing but voices is in it.
        plan: The voice of each of its windows is told too.

    Raises:
        ValueError: The part begins behind the song's end, or as `PitchTracker` and `SongSource.blocks`.
    """
    around = AROUND_SECONDS if plan is None else math.inf
    listener = VoiceListener(is_stem, low_hz, high_hz)
    from_seconds = max(0.0, start_seconds - around)
    heard = 0
    for piece in _cut(heard_at(source, LISTENING_HZ), from_seconds, start_seconds + length_seconds + around):
        listener.add(piece)
        heard += len(piece)
    song_end = from_seconds + heard / LISTENING_HZ
    if start_seconds >= song_end:
        raise ValueError(f"start_seconds is {start_seconds:g}, and {source.name} ends before that; begin earlier")
    end = min(start_seconds + length_seconds, song_end)
    voice = _moved(listener.result(start_seconds - from_seconds, end - from_seconds), from_seconds)
    return PartVoice(start_seconds, end, voice, () if plan is None else voice_in_windows(listener.result(), plan))


def voice_in_windows(voice: Voice, plan: LoopPlan) -> tuple[WindowVoice, ...]:
    """The voice while each window's new frames are seen; a video's time is its song's."""
    found = []
    for window in plan.windows:
        start, stop = (float(min(px / plan.fps, plan.duration)) for px in (window.new_start_px, window.new_stop_px))
        singing, speech, crowd = (voice.part(start, stop, kind) for kind in ("singing", "speech", "crowd"))
        found.append(WindowVoice(window.index, start, stop, singing, speech, crowd))
    return tuple(found)


def _line(window: WindowVoice) -> str:
    parts = f"{100 * window.singing:6.0f} %{100 * window.speech:6.0f} %{100 * window.crowd:5.0f} %"
    return f"{window.index:6d}  {_clock(window.start_seconds):>10} {_clock(window.end_seconds):>10} {parts}"


def _cut(pieces: Iterator[Samples], from_seconds: float, to_seconds: float) -> Iterator[Samples]:
    begin, end, at = round(from_seconds * LISTENING_HZ), to_seconds * LISTENING_HZ, 0
    for piece in pieces:
        kept = piece[max(begin - at, 0) : None if at + len(piece) <= end else max(round(end) - at, 0)]
        at += len(piece)
        if len(kept):
            yield kept
        if at >= end:
            return


def _moved(voice: Voice, by_seconds: float) -> Voice:
    stretches = (
        replace(each, start_seconds=each.start_seconds + by_seconds, end_seconds=each.end_seconds + by_seconds)
        for each in voice.stretches
    )
    return replace(voice, stretches=tuple(stretches))


def _clock(seconds: float) -> str:
    return clock_text(Fraction(seconds))
