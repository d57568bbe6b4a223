"""How right an analysis is about a song whose truth is known: the field's own figures, by mir_eval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mir_eval
import numpy as np
from numpy.typing import NDArray

from audio_loop.audio.analysis.song_analysis import Section, SongAnalysis, VoiceStretch

from .values import SyntheticSong, TrueSection

BOUNDARY_SECONDS = 3.0
TEMPO_TOLERANCE = 0.02
VOICE_STEP_SECONDS = 0.01
OCTAVES = (1.0, 2.0, 0.5, 3.0, 1 / 3)
"""Readings of the same pulse: a beat, its half or double, and thirds in triple time."""

Spans = Sequence[tuple[float, float, str]]


@dataclass(frozen=True)
class EarScore:
    """Figures from 0 to 1, the more the better.

    Attributes:
        tempo: Within 2 % of the notated tempo.
        tempo_or_octave: The same, or within 2 % of half, double, a third or three times of it.
        beats: F of beats within 70 ms.
        downbeats: The same for the first beats of bars.
        key: Tonic and mode.
        key_weighted: MIREX's weights: a fifth 0.5, relative 0.3, parallel 0.2.
        boundaries: F of boundaries within 3 s, the song's own start and end left out.
        boundaries_with_ends: The same with them, which everybody finds.
        pairs: F of pairs of moments that have the same letter.
        labels: Part of the time with the right label; a break is an instrumental part too.
        voice_hits: Seconds of singing that were heard.
        voice_found: Seconds in which singing was reported.
        voice_true: Seconds of singing.
    """

    tempo: float
    tempo_or_octave: float
    beats: float
    downbeats: float
    key: float
    key_weighted: float
    boundaries: float
    boundaries_with_ends: float
    pairs: float
    labels: float
    voice_hits: float
    voice_found: float
    voice_true: float


def score(song: SyntheticSong, heard: SongAnalysis) -> EarScore:
    """All figures of our own analysis."""
    stretches = [each for each in heard.voice.stretches if each.kind != "crowd"]
    return score_parts(
        song,
        heard.tempo.bpm if heard.tempo else 0.0,
        heard.beats.seconds if heard.beats else (),
        heard.beats.downbeats if heard.beats else (),
        (heard.key.tonic, heard.key.mode) if heard.key else None,
        [(each.start_seconds, each.end_seconds, f"{each.label}\n{each.letter}") for each in heard.sections],
        [(each.start_seconds, each.end_seconds) for each in stretches],
    )


def score_parts(
    song: SyntheticSong,
    bpm: float,
    beats: Sequence[float],
    downbeats: Sequence[float],
    key: tuple[str, str] | None,
    sections: Spans,
    voice: Sequence[tuple[float, float]],
) -> EarScore:
    """The figures of anybody's answers; a section's name is "label\\nletter"."""
    ratio = bpm / song.tempo_bpm
    true_downbeats, found_downbeats = np.array(song.downbeats), np.array(sorted(downbeats), float)
    true_spans = _spans(song.sections)
    true_times, found_times = np.array([[a, b] for a, b, _ in true_spans]), np.array([[a, b] for a, b, _ in sections])
    letters = [[name.split("\n")[-1] for _, _, name in spans] for spans in (true_spans, sections)]
    hits, found, true = _voice_seconds(song, voice)
    return EarScore(
        tempo=float(abs(ratio - 1.0) <= TEMPO_TOLERANCE),
        tempo_or_octave=float(any(abs(ratio / octave - 1.0) <= TEMPO_TOLERANCE for octave in OCTAVES)),
        beats=float(mir_eval.beat.f_measure(np.array(song.beats), np.array(sorted(beats), float))) if len(beats) else 0.0,
        downbeats=float(mir_eval.beat.f_measure(true_downbeats, found_downbeats)) if downbeats else 0.0,
        key=float(key == (song.tonic, song.mode)),
        key_weighted=0.0 if key is None else float(_weighted(song, key)),
        boundaries=_boundary_f(true_times, found_times, trim=True),
        boundaries_with_ends=_boundary_f(true_times, found_times, trim=False),
        pairs=float(mir_eval.segment.pairwise(true_times, letters[0], found_times, letters[1])[2]),
        labels=_label_part(true_spans, sections),
        voice_hits=hits,
        voice_found=found,
        voice_true=true,
    )


def f_of(hits: float, found: float, true: float) -> float:
    """The harmonic mean of precision and recall."""
    return 2.0 * hits / (found + true) if found + true > 0 else 1.0


def _spans(sections: Sequence[TrueSection] | Sequence[Section]) -> Spans:
    return [(each.start_seconds, each.end_seconds, f"{each.label}\n{each.letter}") for each in sections]


def _boundary_f(true: NDArray, found: NDArray, trim: bool) -> float:
    if trim and len(found) < 2:
        return 0.0
    return float(mir_eval.segment.detection(true, found, window=BOUNDARY_SECONDS, trim=trim)[2])


def _weighted(song: SyntheticSong, key: tuple[str, str]) -> float:
    return mir_eval.key.weighted_score(f"{song.tonic} {song.mode}", f"{key[0]} {key[1]}")


def _label_part(true: Spans, found: Spans) -> float:
    right = 0.0
    for start, end, name in true:
        right += sum(max(0.0, min(end, b) - max(start, a)) for a, b, other in found if _label(other) == _label(name))
    return right / true[-1][1]


def _label(name: str) -> str:
    label = name.split("\n")[0]
    return "instrumental" if label == "break" else label


def _voice_seconds(song: SyntheticSong, found: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    count = int(song.duration_seconds / VOICE_STEP_SECONDS)
    masks = []
    for stretches in (found, [_times(each) for each in song.voice]):
        mask = np.zeros(count, bool)
        for start, end in stretches:
            mask[round(start / VOICE_STEP_SECONDS) : round(end / VOICE_STEP_SECONDS)] = True
        masks.append(mask)
    both = (int(np.sum(masks[0] & masks[1])), int(masks[0].sum()), int(masks[1].sum()))
    return both[0] * VOICE_STEP_SECONDS, both[1] * VOICE_STEP_SECONDS, both[2] * VOICE_STEP_SECONDS


def _times(stretch: VoiceStretch) -> tuple[float, float]:
    return stretch.start_seconds, stretch.end_seconds
