"""Songs that are made here, so that all is known about them: for tests and benchmarks of everything that listens.

`make_song(seed)` gives the same song each time. Consecutive seeds cover tempo 60 to 180 and all 24 keys evenly; form, band,
voice, mix and playing follow from the seed too. They are written from music (keys, forms, instruments, voices, hands), not
from what a detector looks for.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audio_loop.audio.analysis.song_analysis import PITCH_CLASSES, VoiceStretch

from .form import FORMS, plan_song
from .performance import Performance, mixed, phrases, score_of
from .rendering import render
from .values import SyntheticSong, TrueSection

__all__ = ["SyntheticSong", "TrueSection", "corpus", "make_song"]

SLOWEST_BPM, FASTEST_BPM = 60.0, 180.0
GOLDEN_RATIO = 0.6180339887498949
"""Its multiples, less their whole part, fill 0 to 1 evenly however many there are (Weyl)."""


def make_song(
    seed: int,
    *,
    tempo_bpm: float | None = None,
    key: tuple[str, str] | None = None,
    beats_per_bar: int | None = None,
    form: str | None = None,
    drums: bool | None = None,
    voice: bool | None = None,
    part_seconds: float = 11.0,
) -> SyntheticSong:
    """A song; whatever is not chosen follows from the seed.

    Args:
        seed: 0 and up.
        tempo_bpm: Of the notated beat.
        key: As ("F#", "minor").
        beats_per_bar: 3 or 4.
        form: Letters as in "IABABCBO", see `form.LABELS`.
        drums: Whether there is a drum kit.
        voice: Whether somebody sings.
        part_seconds: About the length of a part; 11 makes songs of 60 to 110 s.
    """
    random = np.random.default_rng([seed, 0])
    draws = random.random(4)
    tonic, mode = key or (PITCH_CLASSES[(seed * 5) % 12], ("major", "minor")[(seed // 12 + seed) % 2])
    if tempo_bpm is None:
        tempo_bpm = round(SLOWEST_BPM + (FASTEST_BPM - SLOWEST_BPM) * (seed * GOLDEN_RATIO % 1.0), 2)
    plan = plan_song(
        random,
        tempo_bpm=tempo_bpm,
        beats_per_bar=beats_per_bar or (3 if draws[0] < 0.15 else 4),
        tonic=PITCH_CLASSES.index(tonic),
        mode=mode,
        form=form or FORMS[int(draws[1] * len(FORMS))],
        drums=draws[2] < 0.8 if drums is None else drums,
        voice=draws[3] < 0.85 if voice is None else voice,
        part_seconds=part_seconds,
    )
    performance = Performance(plan, np.random.default_rng([seed, 1]))
    performance.play()
    score = score_of(performance, mixed(plan, np.random.default_rng([seed, 2])), seed)
    samples = render(score, SyntheticSong.sample_rate)[0]
    seconds = performance.beat_seconds[:-1]
    last = performance.sections[-1]
    end = len(samples) / SyntheticSong.sample_rate
    sections = (*performance.sections[:-1], TrueSection(last.start_seconds, end, last.label, last.letter))
    return SyntheticSong(
        seed=seed,
        samples=samples,
        tempo_bpm=float(60.0 / np.median(np.diff(performance.beat_seconds))),
        beats_per_bar=plan.beats_per_bar,
        beats=tuple(float(each) for each in seconds),
        downbeats=tuple(float(each) for each in seconds[:: plan.beats_per_bar]),
        tonic=tonic,
        mode=mode,
        sections=sections,
        voice=tuple(VoiceStretch(start, end, "singing") for start, end in phrases(performance.syllables)),
        drums=any(note.track == "drums" for note in score.notes),
        kicks=tuple(sorted(note.start_seconds for note in score.notes if note.instrument == "kick")),
        score=score,
        sing_and_play=render,
    )


def corpus(count: int = 60, first_seed: int = 0) -> Iterator[SyntheticSong]:
    """`count` songs, one after another, over the whole range; songs of other seeds are as many unseen ones."""
    return (make_song(first_seed + number) for number in range(count))
