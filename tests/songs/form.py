"""The form of a song and the material of its parts: what differs from verse to chorus, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .harmony import BRIDGES, CHORUSES, VERSES, Chord, Random, Tone, melody, progression

LABELS = {"I": "intro", "A": "verse", "B": "chorus", "C": "bridge", "S": "instrumental", "O": "outro"}
FORMS = (
    "IABABCBO",
    "IABABCB",
    "ABABCBO",
    "IABASBO",
    "IAABABO",
    "IABABSBO",
    "ABACABO",
    "IABABCBB",
    "IABCABO",
    "IABSABCBO",
)
"""I intro, A verse, B chorus, C bridge, S instrumental, O outro."""

CHORDS_BY = ("hold", "beats", "offbeats", "strum", "arpeggio", "stabs")
BASS_BY = ("roots", "eighths", "fifths", "walking", "syncopated")
DRUMS_BY = {4: ("rock", "four", "half", "sixteenths", "soft"), 3: ("waltz", "waltz rock", "soft waltz")}


@dataclass(frozen=True)
class Layer:
    """One instrument's part in some material: what it plays and how, and its notes' place (octave's lowest midi)."""

    track: str
    instrument: str
    pattern: str
    lowest_midi: int


@dataclass(frozen=True)
class Material:
    """Everything that a part of the form is made from, and that comes back with it."""

    letter: str
    chords: tuple[Chord, ...]
    melody: tuple[Tone, ...]
    layers: tuple[Layer, ...]
    drums: str | None
    level_db: float
    melody_on: str | None
    """"voice", an instrument, or None if there is no melody."""


@dataclass(frozen=True)
class Plan:
    """A song before it is played."""

    tempo_bpm: float
    beats_per_bar: int
    tonic: int
    mode: str
    form: str
    materials: dict[str, Material]
    register: tuple[int, int]
    last_chorus_up: int
    woman: bool


def plan_song(
    random: Random,
    tempo_bpm: float,
    beats_per_bar: int,
    tonic: int,
    mode: str,
    form: str,
    drums: bool,
    voice: bool,
    part_seconds: float,
) -> Plan:
    """Decides everything but how it is played; `part_seconds` is about the length of a part."""
    woman = bool(random.random() < 0.5)
    lowest = (57 if woman else 46) - tonic
    register = (lowest, lowest + 12)
    band = _band(random)
    kits = list(random.permutation(DRUMS_BY[beats_per_bar]))
    materials: dict[str, Material] = {}
    same_chords = random.random() < 0.12
    for letter in dict.fromkeys("ABC" + form):
        wanted = part_seconds * (0.5 if letter in "IO" else random.uniform(0.8, 1.3))
        bars = _bars(wanted, tempo_bpm, beats_per_bar, least=2 if letter in "IO" else 4)
        text = {"A": VERSES, "B": CHORUSES, "C": BRIDGES}.get(letter, VERSES)[mode]
        last = {"A": 5 if random.random() < 0.4 else None, "B": 1 if random.random() < 0.3 else None, "C": 5}.get(letter)
        chords = progression(str(random.choice(text)), mode, bars, random, last)
        if letter == "B" and same_chords:
            chords = tuple(materials["A"].chords[bar % len(materials["A"].chords)] for bar in range(bars))
        if letter in "IOS":
            source = materials["A" if letter == "I" else "B" if random.random() < 0.6 else "A"].chords
            chords = tuple(source[bar % len(source)] for bar in range(bars))
        singer = "voice" if voice and (letter in "AB" or (letter == "C" and random.random() < 0.6)) else None
        lead = band["lead"].instrument if (not voice and letter in "ABC") or letter == "S" else None
        tune = melody(chords, mode, beats_per_bar, tempo_bpm, _span(register, letter), random)
        materials[letter] = Material(
            letter=letter,
            chords=chords,
            melody=tune if singer or lead else (),
            layers=_arrangement(letter, band, random),
            drums=_kit(letter, kits, random) if drums else None,
            level_db=float(random.uniform(-3.5, 1.5)),
            melody_on=singer or lead,
        )
    up = int(random.choice([1, 2])) if random.random() < 0.08 and form.count("B") > 2 else 0
    return Plan(tempo_bpm, beats_per_bar, tonic, mode, form, materials, register, up, woman)


def _bars(seconds: float, bpm: float, beats_per_bar: int, least: int) -> int:
    """The power of two that is nearest: songs are built of 4, 8 and 16 bars."""
    bars = seconds * bpm / 60.0 / beats_per_bar
    return max(least, 2 ** round(np.log2(max(bars, 1.0))))


def _span(register: tuple[int, int], letter: str) -> tuple[int, int]:
    """A chorus lies a little higher than a verse."""
    shift = {"A": 0, "B": 3, "C": 2}.get(letter, 5)
    return (register[0] + shift, register[1] + shift)


def _band(random: Random) -> dict[str, Layer]:
    """Who plays in this song."""
    first, second, third = random.choice(["plucked", "struck", "organ", "pad", "bowed"], 3, replace=False)
    return {
        "first": Layer("first", str(first), str(random.choice(CHORDS_BY)), 50),
        "second": Layer("second", str(second), str(random.choice(CHORDS_BY)), 57),
        "third": Layer("third", str(third), "hold", 62),
        "bass": Layer("bass", str(random.choice(["bass", "synth_bass"])), str(random.choice(BASS_BY)), 28),
        "lead": Layer("lead", str(random.choice(["bowed", "blown", "plucked", "struck"])), "lead", 0),
    }


def _arrangement(letter: str, band: dict[str, Layer], random: Random) -> tuple[Layer, ...]:
    """Which of the band play in a part, and in which pattern; parts differ in at least one of both."""
    first, second, third, bass = band["first"], band["second"], band["third"], band["bass"]
    if letter == "I":
        chosen = [first] if random.random() < 0.6 else [first, bass]
    elif letter == "A":
        chosen = [first, bass] if random.random() < 0.7 else [first, bass, third]
    elif letter == "B":
        chosen = [first, second, bass] + ([third] if random.random() < 0.5 else [])
        if random.random() < 0.3:
            chosen = [second, bass]
    elif letter == "C":
        chosen = [second, third] + ([bass] if random.random() < 0.6 else [])
    elif letter == "S":
        chosen = [first, bass] + ([second] if random.random() < 0.5 else [])
    else:
        chosen = [first, third] if random.random() < 0.5 else [first, bass]
    return tuple(
        replace(layer, pattern=str(random.choice(BASS_BY if layer.track == "bass" else CHORDS_BY)))
        if letter in "BC" and random.random() < 0.6
        else layer
        for layer in chosen
    )


def _kit(letter: str, kits: list[str], random: Random) -> str | None:
    if letter in "IO":
        return kits[0] if random.random() < 0.4 else None
    if letter == "C":
        return kits[2] if random.random() < 0.6 else None
    return str(kits[0] if letter in "AS" or random.random() < 0.25 else kits[1])
