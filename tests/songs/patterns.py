"""How chords, bass and drums are played within one bar: (beat, length in beats, what, velocity)."""

from __future__ import annotations

from .harmony import Chord

Stroke = tuple[float, float, int, float]
"""Beat of the bar, length in beats, semitones above the tonic, velocity."""

Hit = tuple[float, str, float]
"""Beat of the bar, drum, velocity."""


def voiced(chord: Chord, tonic: int, lowest_midi: int) -> tuple[int, ...]:
    """Midi notes of the chord, each in the octave above `lowest_midi`, rising."""
    return tuple(sorted(lowest_midi + (tonic + chord.root + tone - lowest_midi) % 12 for tone in chord.tones))


def chords(pattern: str, notes: tuple[int, ...], beats: int) -> list[Stroke]:
    """One bar of an accompaniment."""
    if pattern == "hold":
        return [(0.0, beats - 0.05, note, 0.8) for note in notes]
    if pattern == "beats":
        return [(float(b), 0.8, note, 0.8 if b else 1.0) for b in range(beats) for note in notes]
    if pattern == "offbeats":
        return [(b + 0.5, 0.35, note, 0.9) for b in range(beats) for note in notes]
    if pattern == "stabs":
        return [(place, 0.6, note, 0.9) for place in (0.0, 1.5) for note in notes]
    if pattern == "strum":
        places = [(0.0, 1.0), (1.0, 0.7), (1.5, 0.6), (2.5, 0.7), (3.0, 0.8), (3.5, 0.6)]
        return [
            (place + 0.02 * index, 0.6, note, loud)
            for place, loud in places
            if place < beats
            for index, note in enumerate(notes)
        ]
    order = (*notes, notes[1])
    return [(0.5 * step, 0.9, order[step % len(order)], 0.9 if step % 2 == 0 else 0.7) for step in range(2 * beats)]


def bass_line(pattern: str, chord: Chord, following: Chord, tonic: int, lowest_midi: int, beats: int) -> list[Stroke]:
    """One bar of the bass; `following` is the next bar's chord, which a walking bass walks to."""
    root = lowest_midi + (tonic + chord.root - lowest_midi) % 12
    fifth = root + chord.tones[2]
    if pattern == "roots":
        return [(0.0, beats - 0.1, root, 1.0)]
    if pattern == "eighths":
        return [(0.5 * step, 0.45, root, 1.0 if step % 2 == 0 else 0.75) for step in range(2 * beats)]
    if pattern == "fifths":
        return [(0.0, 1.6, root, 1.0), (beats - 2.0 if beats == 4 else 2.0, 0.9, fifth, 0.85)]
    if pattern == "walking":
        target = lowest_midi + (tonic + following.root - lowest_midi) % 12
        line = (root, root + chord.tones[1], fifth, target - 1 if target > root else target + 1)
        return [(float(b), 0.9, line[b] if b < beats - 1 else line[3], 0.95) for b in range(beats)]
    places = [(0.0, 1.3), (1.5, 0.9), (2.5, 1.2)] if beats == 4 else [(0.0, 1.3), (1.5, 1.2)]
    return [(place, length, root if index != 1 else fifth, 0.95) for index, (place, length) in enumerate(places)]


def _eighths(drum: str, beats: int) -> list[Hit]:
    return [(0.5 * step, drum, 0.7 if step % 2 == 0 else 0.45) for step in range(2 * beats)]


def drums(pattern: str) -> list[Hit]:
    """One bar of the kit; the bass drum is always on the first beat."""
    if pattern == "rock":
        return [(0.0, "kick", 1.0), (2.0, "kick", 0.9), (2.5, "kick", 0.7), *_backbeat("snare"), *_eighths("closed_hat", 4)]
    if pattern == "four":
        offbeats: list[Hit] = [(b + 0.5, "open_hat", 0.5) for b in range(4)]
        return [*[(float(b), "kick", 0.95) for b in range(4)], *_backbeat("clap"), *offbeats]
    if pattern == "half":
        return [(0.0, "kick", 1.0), (1.5, "kick", 0.6), (2.0, "snare", 0.95), *_eighths("closed_hat", 4)]
    if pattern == "sixteenths":
        hats: list[Hit] = [(0.25 * step, "closed_hat", 0.6 if step % 4 == 0 else 0.35) for step in range(16)]
        return [(0.0, "kick", 1.0), (0.75, "kick", 0.7), (2.5, "kick", 0.85), *_backbeat("snare"), *hats]
    if pattern == "soft":
        return [(0.0, "kick", 0.7), (2.0, "kick", 0.55), (1.0, "snare", 0.35), (3.0, "snare", 0.4), *_eighths("shaker", 4)]
    if pattern == "waltz":
        return [
            (0.0, "kick", 1.0),
            (1.0, "snare", 0.55),
            (2.0, "snare", 0.5),
            (1.0, "closed_hat", 0.6),
            (2.0, "closed_hat", 0.6),
        ]
    if pattern == "waltz rock":
        return [(0.0, "kick", 1.0), (2.0, "snare", 0.8), *_eighths("closed_hat", 3)]
    return [(0.0, "kick", 0.6), (1.0, "shaker", 0.6), (2.0, "shaker", 0.6)]


def _backbeat(drum: str) -> list[Hit]:
    return [(1.0, drum, 0.9), (3.0, drum, 0.95)]


def fill(beats: int, style: int) -> list[Hit]:
    """The last bar's end before the next part."""
    if style == 0:
        return [(beats - 1.0 + 0.25 * step, "snare", 0.5 + 0.12 * step) for step in range(4)]
    if style == 1:
        return [(beats - 1.0 + 0.5 * step, "tom", 0.8) for step in range(2)]
    return [(beats - 0.5, "snare", 0.8)]
