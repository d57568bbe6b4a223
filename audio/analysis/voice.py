"""Where somebody sings or speaks, in a full mix or in a vocal stem, and how high.

In a mix a voice is heard by harmonics that glide together (`glides.py`), for 0.8 s or so around each moment. In a stem
everything that is loud enough is a voice. Speech is told from singing by how fast its timbre changes, a crowd by noise that
rises and falls beside speech.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .framing import LISTENING_HZ, Samples
from .glides import FINE, GLIDE_HOP_SAMPLES, QUICK, GlideListener
from .pitch import PitchTrack, PitchTracker
from .song_analysis import Voice, VoiceKind, VoiceStretch
from .timbre import Timbre, TimbreListener

_HOP_SECONDS = GLIDE_HOP_SAMPLES / LISTENING_HZ

_AROUND_SECONDS = 0.3
_WEIGHTS, _BIAS = np.array([5.7, 10.0, 10.0, 7.3]), -7.2
"""Logistic regression of "somebody sings" on the parts of time in which harmonics glide: quick and fine sight, each in the
whole spectrum and in what moves. Fitted to synthesised songs, speech over music, and recordings of instruments alone."""

_SURE, _LIKELY = 1.2, -1.0
"""Log odds: a stretch is where a voice is likely, if somewhere in it there surely is one."""

_BELOW_LOUD_DB, _SILENCE_DB = 30.0, -60.0
"""A voice alone is there while it is less than this below its loudest, and above silence."""

_BREATH_SECONDS, _SHORTEST_SECONDS = 0.3, 0.4
"""Shorter pauses are part of a stretch; shorter stretches are none."""

_SPEECH_MOVEMENT, _KIND_SECONDS = 9.0, 8.0
"""Singing has 4 to 7, speech 10 and more, around each stretch."""

_ALONE_GLIDING, _ALONE_PAUSES, _ALONE_RANGE_DB = 0.35, 0.04, 38.0
"""A talk without music: harmonics glide in so much of what is loud, and pauses of so much of the time are so much quieter."""

_NOISE_SECONDS, _NOISE_FLATNESS_DB, _NOISE_UNSTEADY_DB = 0.8, -4.4, 6.0
_CROWD_BELOW_LOUD_DB, _CROWD_ABOVE_QUIET_DB, _CROWD_AFTER_SECONDS = 25.0, 8.0, 3.0
_CROWD_GROWS_SECONDS = 2.0

Bools = NDArray[np.bool_]


class VoiceListener:
    """Hears samples in pieces, and says at the end where there is a voice.

    Args:
        is_stem: Whether nothing but voices is heard, as in a separated vocal track.
        low_hz: Lowest pitch that is sought, as for `PitchTracker`.
        high_hz: Highest.
    """

    def __init__(self, is_stem: bool = False, low_hz: float = 65.0, high_hz: float = 1050.0) -> None:
        self._is_stem = is_stem
        self._sights = (GlideListener(QUICK), GlideListener(FINE))
        self._timbre = TimbreListener()
        self._pitch = PitchTracker(low_hz, high_hz, in_mix=not is_stem, voicing_threshold=0.45 if is_stem else 0.2)
        self._samples = 0
        self._heard: tuple[tuple[VoiceStretch, ...], PitchTrack] | None = None

    def add(self, samples: Samples) -> None:
        """The next samples (N,) at `LISTENING_HZ`, one channel, finite."""
        self._samples += len(samples)
        for listener in (*self._sights, self._timbre, self._pitch):
            listener.add(samples)

    def result(self, start_seconds: float = 0.0, end_seconds: float = math.inf) -> Voice:
        """The voice in `[start, end)` of what was heard; nothing can be added afterwards."""
        if self._heard is None:
            self._heard = tuple(self._stretches()), self._pitch.track()
        everywhere, track = self._heard
        end = min(end_seconds, self._samples / LISTENING_HZ)
        length = max(0.0, end - start_seconds)
        stretches = _cut(everywhere, start_seconds, end)
        voices = [each for each in stretches if each.kind != "crowd"]
        times = np.arange(len(track.f0_hz)) * track.hop_seconds
        inside = (times >= start_seconds) & (times < end)
        of_voice = np.zeros(len(times), np.bool_)
        for each in voices:
            of_voice |= (times >= each.start_seconds) & (times < each.end_seconds)
        f0 = track.f0_hz[inside & of_voice & track.voiced]
        low, median, high = (float(each) for each in np.percentile(f0, (5, 50, 95))) if len(f0) else (None, None, None)
        covered = math.fsum(each.end_seconds - each.start_seconds for each in voices)
        return Voice(
            stretches=stretches,
            fraction=min(1.0, covered / length) if length else 0.0,
            median_f0_hz=median,
            low_f0_hz=low,
            high_f0_hz=high,
            voiced_fraction=len(f0) / max(1, int(inside.sum())),
        )

    def _stretches(self) -> Iterator[VoiceStretch]:
        timbre, odds = self._timbre.timbre(), self._odds()
        loud, gliding = _loud(timbre), _sure(odds)
        if not loud.any():
            return
        is_alone = self._is_stem or _is_talk_alone(timbre, gliding, loud)
        present = loud if is_alone else gliding
        speech = [run for run in _runs(_without_blinks(present)) if _kind(timbre, present, *run) == "speech"]
        crowds = _grown(_crowds(_noisy(timbre), speech), (loud & (odds < 0)) if is_alone else ~gliding & loud)
        voice = _without_blinks(present & ~crowds)
        found = [(_kind(timbre, voice, *run), run) for run in _runs(voice)] + [("crowd", run) for run in _runs(crowds & ~voice)]
        for kind, (begin, end) in sorted(found, key=lambda each: each[1]):
            yield VoiceStretch(round(begin * _HOP_SECONDS, 2), round(end * _HOP_SECONDS, 2), kind)

    def _odds(self) -> NDArray[np.float64]:
        """(N,), log odds of a voice each 20 ms, from glides around it."""
        from scipy import ndimage

        glides = np.concatenate([sight.glides() for sight in self._sights], axis=1)
        parts = ndimage.gaussian_filter1d(glides.astype(np.float64), _AROUND_SECONDS / _HOP_SECONDS, axis=0, mode="reflect")
        odds: NDArray[np.float64] = parts @ _WEIGHTS + _BIAS
        return odds


def _cut(stretches: Iterable[VoiceStretch], start: float, end: float) -> tuple[VoiceStretch, ...]:
    """Their parts within `[start, end)`."""
    inside = (
        replace(each, start_seconds=max(each.start_seconds, start), end_seconds=min(each.end_seconds, end))
        for each in stretches
    )
    return tuple(each for each in inside if each.end_seconds > each.start_seconds)


def _sure(odds: NDArray[np.float64]) -> Bools:
    """Where a voice is likely, if it is sure somewhere in the same piece."""
    from scipy import ndimage

    regions, count = ndimage.label(odds > _LIKELY)
    highest = ndimage.maximum(odds, regions, np.arange(1, count + 1)) if count else ()
    return np.concatenate([[False], np.asarray(highest) > _SURE])[regions].astype(np.bool_)


def _loud(timbre: Timbre) -> Bools:
    if not len(timbre.level_db):
        return np.zeros(0, np.bool_)
    loud = float(np.percentile(timbre.level_db, 95))
    return timbre.level_db > max(loud - _BELOW_LOUD_DB, _SILENCE_DB)


def _is_talk_alone(timbre: Timbre, gliding: Bools, loud: Bools) -> bool:
    """Whether somebody speaks and nothing else is heard, so that a deep voice or a whisper is one by its level alone."""
    quietest, loudest = np.percentile(timbre.level_db, (100 * _ALONE_PAUSES, 95))
    if loudest - quietest < _ALONE_RANGE_DB:
        return False
    return float(gliding[loud].mean()) > _ALONE_GLIDING and float(timbre.movement[loud].mean()) > _SPEECH_MOVEMENT


def _kind(timbre: Timbre, voice: Bools, begin: int, end: int) -> VoiceKind:
    around = max(0, (round(_KIND_SECONDS / _HOP_SECONDS) - (end - begin)) // 2)
    near = slice(max(0, begin - around), end + around)
    return "speech" if float(timbre.movement[near][voice[near]].mean()) > _SPEECH_MOVEMENT else "singing"


def _noisy(timbre: Timbre) -> Bools:
    """(N,), whether it sounds like noise that goes on, well above the quiet of the song."""
    from scipy import ndimage

    frames = round(_NOISE_SECONDS / _HOP_SECONDS)
    level = timbre.level_db.astype(np.float64)
    flat = ndimage.uniform_filter1d(timbre.flatness_db, frames)
    mean = ndimage.uniform_filter1d(level, frames)
    unsteady = np.sqrt(np.maximum(ndimage.uniform_filter1d(level * level, frames) - mean * mean, 0))
    quiet, loud = np.percentile(level, (20, 95))
    audible = mean > max(loud - _CROWD_BELOW_LOUD_DB, quiet + _CROWD_ABOVE_QUIET_DB)
    return (flat > _NOISE_FLATNESS_DB) & (unsteady < _NOISE_UNSTEADY_DB) & audible


def _crowds(noise: Bools, speech: list[tuple[int, int]]) -> Bools:
    """Noises that begin while somebody speaks, or soon afterwards, and go on."""
    crowds = np.zeros(len(noise), np.bool_)
    soon = round(_CROWD_AFTER_SECONDS / _HOP_SECONDS)
    for begin, end in _runs(noise):
        if (end - begin) * _HOP_SECONDS >= _NOISE_SECONDS and any(first <= begin <= last + soon for first, last in speech):
            crowds[begin:end] = True
    return crowds


def _grown(core: Bools, into: Bools) -> Bools:
    """The noises with what belongs to them on both sides: it fades in and out, and single people are heard in it."""
    result, most = core.copy(), round(_CROWD_GROWS_SECONDS / _HOP_SECONDS)
    for begin, end in _runs(core):
        before, after = into[max(0, begin - most) : begin][::-1], into[end : end + most]
        first = begin - (int(np.argmin(before)) if not before.all() else len(before))
        last = end + (int(np.argmin(after)) if not after.all() else len(after))
        result[first:last] = True
    return result


def _without_blinks(present: Bools) -> Bools:
    result = present.copy()
    for begin, end in _runs(~result):
        if begin > 0 and end < len(result) and (end - begin) * _HOP_SECONDS < _BREATH_SECONDS:
            result[begin:end] = True
    for begin, end in _runs(result):
        if (end - begin) * _HOP_SECONDS < _SHORTEST_SECONDS:
            result[begin:end] = False
    return result


def _runs(present: Bools) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], present.astype(np.int8), [0]])))
    return [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
