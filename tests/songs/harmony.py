"""Keys, chords and melodies: what is played, before anybody plays it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

Random = np.random.Generator

SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}

VERSES = {
    "major": ("1 5 6 4", "1 6 4 5", "1 4 1 5", "1 4 6 5", "1 3 4 5", "1 6 2 5", "1 4 5 4"),
    "minor": ("1 6 3 7", "1 7 6 5", "1 4 1 5", "1 6 4 5", "1 4 6 5", "1 3 4 5"),
}
CHORUSES = {
    "major": ("1 5 6 4", "4 1 5 6", "6 4 1 5", "4 5 1 6", "1 4 5 1", "1 2 4 1"),
    "minor": ("1 6 3 7", "6 7 1 1", "4 1 5 1", "1 3 7 6", "6 3 7 1", "4 6 1 5"),
}
BRIDGES = {
    "major": ("4 5 3 6", "6 3 4 5", "2 4 6 5", "4 4 1 5", "2 5 4 5"),
    "minor": ("4 7 3 6", "6 7 4 5", "4 1 6 5", "3 7 4 5"),
}
"""Progressions of four chords by scale degree, as songs use them."""


@dataclass(frozen=True)
class Chord:
    """Semitones of the root above the tonic, and of the chord's tones above the root."""

    root: int
    tones: tuple[int, ...]


@dataclass(frozen=True)
class Tone:
    """A note of a melody: beats from its section's start, length in beats, semitones above the tonic, phrase number."""

    beat: float
    beats: float
    pitch: int
    phrase: int


def chord_on(degree: int, mode: str, raised_seventh: bool) -> Chord:
    """The triad on a degree (1 to 7); the fifth of a minor key is major if its seventh is raised."""
    scale = SCALES[mode]
    root, third, fifth = (scale[(degree - 1 + step) % 7] for step in (0, 2, 4))
    if mode == "minor" and degree == 5 and raised_seventh:
        third += 1
    return Chord(root, (0, (third - root) % 12, (fifth - root) % 12))


def progression(text: str, mode: str, bars: int, random: Random, last: int | None = None) -> tuple[Chord, ...]:
    """One chord a bar; `last` is the degree of the last bar."""
    raised = random.random() < 0.7
    degrees = [int(each) for each in text.split()]
    chords = [chord_on(degrees[bar % 4], mode, raised) for bar in range(bars)]
    if last is not None and bars > 2:
        chords[-1] = chord_on(last, mode, raised)
    return tuple(chords)


def _rhythm(beats: float, per_second: float, bpm: float, random: Random) -> list[tuple[float, float]]:
    """(beat, length) of the notes of a phrase: on a grid of half or whole beats, mixed long and short."""
    grid = 0.5 if bpm / 60.0 * 2.0 < 2.2 * per_second else 1.0
    place, notes = float(random.choice([0.0, 0.0, grid, 2 * grid])), []
    while place < beats - 0.25:
        length = grid * float(random.choice([1, 1, 1, 2, 2, 3, 4] if grid == 0.5 else [1, 1, 1, 2, 2, 3]))
        length = min(length, beats - place)
        notes.append((place, length))
        place += length
    return notes


def melody(
    chords: tuple[Chord, ...], mode: str, bar_beats: int, bpm: float, register: tuple[int, int], random: Random
) -> tuple[Tone, ...]:
    """Phrases a b a c: chord tones on the beats that count, steps between them, a rest behind each phrase."""
    bar_seconds = bar_beats * 60.0 / bpm
    bars = 1 if bar_seconds > 3.2 else 2 if bar_seconds > 1.6 else 4
    bars = min(bars, len(chords))
    length = bars * bar_beats
    rest = max(0.8 * bpm / 60.0, 1.0)
    rhythms = [
        _rhythm(max(1.0, length - rest * random.uniform(1.0, 1.8)), random.uniform(1.6, 3.2), bpm, random) for _ in "abc"
    ]
    tones: list[Tone] = []
    pitch = int(random.integers(*register))
    drawn: dict[str, list[int]] = {}
    for phrase in range(len(chords) // bars):
        name = "abac"[phrase % 4]
        start = phrase * length
        steps = drawn.setdefault(name, [int(each) for each in random.choice([-2, -1, -1, 0, 1, 1, 2, 3], 64)])
        for index, (beat, beats) in enumerate(rhythms["abc".index(name)]):
            chord = chords[min(len(chords) - 1, int((start + beat) // bar_beats))]
            strong = beat % 2.0 == 0.0 or index == 0 or beats >= 2.0
            pitch = _step(pitch, steps[index % 64], chord if strong else None, mode, register)
            tones.append(Tone(start + beat, beats, pitch, phrase))
    if tones:
        tones[-1] = replace(tones[-1], pitch=_nearest(tones[-1].pitch, (0,), register))
    return tuple(tones)


def _step(pitch: int, by: int, chord: Chord | None, mode: str, register: tuple[int, int]) -> int:
    scale = SCALES[mode]
    allowed = scale if chord is None else tuple((chord.root + tone) % 12 for tone in chord.tones)
    target = pitch + round(by * 12 / 7)
    return _nearest(target, allowed, register)


def _nearest(pitch: int, classes: tuple[int, ...], register: tuple[int, int]) -> int:
    low, high = register
    candidates = [each for each in range(low - 3, high + 4) if each % 12 in {c % 12 for c in classes}]
    return min(candidates, key=lambda each: (abs(each - pitch), each))


def varied(tones: tuple[Tone, ...], mode: str, register: tuple[int, int], random: Random) -> tuple[Tone, ...]:
    """The same melody as sung again: a note here and there is another, left out or split in two."""
    again: list[Tone] = []
    for tone in tones:
        draw = random.random()
        if draw < 0.06:
            again.append(replace(tone, pitch=_step(tone.pitch, int(random.choice([-1, 1])), None, mode, register)))
        elif draw < 0.1 and tone.beats >= 1.0:
            again.append(replace(tone, beats=tone.beats / 2))
            again.append(replace(tone, beat=tone.beat + tone.beats / 2, beats=tone.beats / 2))
        elif draw >= 0.13 or tone.beats >= 2.0:
            again.append(tone)
    return tuple(again)
