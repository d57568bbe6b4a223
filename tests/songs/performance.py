"""The plan as a band plays it: hands a little early or late, notes left out, words, fills, other layers the second time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import patterns
from .form import LABELS, Layer, Material, Plan
from .harmony import Random, Tone, varied
from .values import Mix, Note, Score, Syllable, TrueSection
from .voice import CONSONANTS, VOWELS

BREATH_SECONDS = 0.3
"""Pauses that are shorter belong to a phrase."""


class Performance:
    """Plays a plan part by part; what was played is collected."""

    def __init__(self, plan: Plan, random: Random) -> None:
        self.plan, self._random = plan, random
        self.notes: list[Note] = []
        self.syllables: list[Syllable] = []
        self.sections: list[TrueSection] = []
        self._jitter = float(random.uniform(0.003, 0.011))
        self._swing = 0.12 if random.random() < 0.15 else 0.0
        self._bars = [len(plan.materials[letter].chords) for letter in plan.form]
        self.beat_seconds = self._tempo_map(sum(self._bars) * plan.beats_per_bar)
        self._lyrics: dict[str, list[tuple[str, str]]] = {}
        self._heard: dict[str, int] = {}

    def _tempo_map(self, beats: int) -> np.ndarray:
        """Seconds of all beats and of the one behind the last; people drift, machines do not."""
        random, plan = self._random, self.plan
        length = np.full(beats, 60.0 / plan.tempo_bpm)
        if random.random() < 0.5:
            wave = np.sin(2 * np.pi * np.arange(beats) / random.uniform(24, 64) + random.uniform(0, 6))
            length *= 1.0 + random.uniform(0.003, 0.01) * wave
        silence = 0.0 if random.random() < 0.3 else random.uniform(0.05, 1.2)
        return silence + np.concatenate([[0.0], np.cumsum(length)])

    def at(self, beat: float) -> float:
        """Seconds of a place in the song's beats; with swing the second half of a beat is late."""
        whole = min(int(beat), len(self.beat_seconds) - 2)
        part = beat - whole
        if part < 1.0:
            part += self._swing * (1.0 - 2.0 * abs(part - 0.5))
        first, second = self.beat_seconds[whole], self.beat_seconds[whole + 1]
        return float(first + part * (second - first))

    def play(self) -> None:
        """All parts; fills `notes`, `syllables` and `sections`."""
        first_beat, beats = 0, self.plan.beats_per_bar
        last_chorus = self.plan.form.rfind("B")
        for index, letter in enumerate(self.plan.form):
            up = self.plan.last_chorus_up if index >= last_chorus else 0
            material = self.plan.materials[letter]
            self._part(material, first_beat, up, last=index == len(self.plan.form) - 1)
            start = self.at(first_beat) if index else 0.0
            first_beat += self._bars[index] * beats
            self.sections.append(TrueSection(start, self.at(first_beat), _label(material), letter))

    def _part(self, material: Material, first_beat: int, up: int, last: bool) -> None:
        random, plan = self._random, self.plan
        again = self._heard.get(material.letter, 0)
        self._heard[material.letter] = again + 1
        loud = 10 ** ((material.level_db + random.uniform(-0.8, 0.8)) / 20)
        layers = material.layers
        if again and random.random() < 0.4:
            layers = (
                (*layers, Layer("extra", "pad", "hold", 60)) if random.random() < 0.6 else layers[: max(2, len(layers) - 1)]
            )
        beats, chords = plan.beats_per_bar, material.chords
        for bar, chord in enumerate(chords):
            start = first_beat + bar * beats
            for layer in layers:
                if layer.track == "bass":
                    following = chords[(bar + 1) % len(chords)]
                    strokes = patterns.bass_line(layer.pattern, chord, following, plan.tonic + up, layer.lowest_midi, beats)
                else:
                    notes = patterns.voiced(chord, plan.tonic + up, layer.lowest_midi)
                    strokes = patterns.chords(layer.pattern, notes, beats)
                self._strokes(layer.track, layer.instrument, strokes, start, loud, drops=0.03)
            if material.drums:
                self._drums(material.drums, start, loud, first=bar == 0, final=bar == len(chords) - 1)
        if last:
            tonic_notes = patterns.voiced(plan.materials["A"].chords[0], plan.tonic + up, layers[0].lowest_midi)
            end = first_beat + len(chords) * beats - 0.01
            self._strokes(layers[0].track, layers[0].instrument, [(0, 2.5, note, 0.8) for note in tonic_notes], end, loud, 0.0)
        if material.melody:
            tones = varied(material.melody, plan.mode, plan.register, random) if again else material.melody
            self._melody(material, tones, first_beat, up, loud, again)

    def _strokes(
        self, track: str, instrument: str, strokes: list[patterns.Stroke], start: float, loud: float, drops: float
    ) -> None:
        random = self._random
        draws = random.random((len(strokes), 2))
        late = np.clip(random.normal(0.0, self._jitter, len(strokes)), -0.03, 0.03)
        for (beat, length, midi, velocity), (draw, touch), off in zip(strokes, draws, late, strict=True):
            if draw < drops and beat > 0:
                continue
            at = self.at(start + beat)
            seconds = max(0.05, self.at(start + beat + length) - at)
            self.notes.append(Note(track, instrument, max(0.0, at + off), seconds, midi, loud * velocity * (0.8 + 0.4 * touch)))

    def _drums(self, pattern: str, start: float, loud: float, first: bool, final: bool) -> None:
        random = self._random
        hits = patterns.drums(pattern)
        if first and random.random() < 0.6:
            hits = [*hits, (0.0, "crash", 0.7)]
        if final and random.random() < 0.7:
            hits = [*hits, *patterns.fill(self.plan.beats_per_bar, int(random.integers(3)))]
        for beat, drum, velocity in hits:
            if drum != "kick" and random.random() < 0.02:
                continue
            off = float(np.clip(random.normal(0.0, 0.6 * self._jitter), -0.02, 0.02))
            at = max(0.0, self.at(start + beat) + off)
            midi = 45.0 if drum == "tom" else 0.0
            self.notes.append(Note("drums", drum, at, 0.1, midi, loud * velocity * random.uniform(0.85, 1.1)))

    def _melody(self, material: Material, tones: tuple[Tone, ...], first_beat: int, up: int, loud: float, again: int) -> None:
        random, tonic = self._random, self.plan.tonic
        if material.melody_on != "voice":
            strokes = [(t.beat, 0.92 * t.beats, t.pitch + tonic + up + 12 * (t.pitch + tonic < 55), 0.9) for t in tones]
            self._strokes("lead", str(material.melody_on), strokes, first_beat, loud, drops=0.0)
            return
        words = self._words(material.letter, len(tones), again)
        previous: Tone | None = None
        for tone, (consonant, vowel) in zip(tones, words, strict=True):
            at = max(0.0, self.at(first_beat + tone.beat) + float(np.clip(random.normal(0.0, 0.015), -0.04, 0.04)))
            tied = previous is not None and previous.phrase == tone.phrase
            before = self.syllables[-1] if self.syllables else None
            if before and at < before.start_seconds + 0.08:
                continue
            ends = self.at(first_beat + tone.beat + tone.beats) - 0.01
            seconds = max(0.12, ends - at)
            if before and before.start_seconds + before.seconds > at:
                self.syllables[-1] = replace(before, seconds=at - before.start_seconds)
            midi = float(tone.pitch + tonic + up)
            came_from = float(previous.pitch + tonic + up) if tied and previous else midi - random.uniform(0.0, 1.5)
            velocity = loud * random.uniform(0.8, 1.15)
            self.syllables.append(Syllable(at, seconds, midi, came_from, consonant, vowel, velocity))
            previous = tone

    def _words(self, letter: str, count: int, again: int) -> list[tuple[str, str]]:
        """A chorus keeps its words, a verse gets new ones."""
        random = self._random
        key = letter if letter == "B" else f"{letter}{again}"
        words = self._lyrics.setdefault(key, [])
        while len(words) < count:
            words.append((str(random.choice(list(CONSONANTS))), str(random.choice(list(VOWELS)))))
        return words[:count]


def _label(material: Material) -> str:
    """A verse, chorus or bridge is one because somebody sings it."""
    is_instrumental = material.letter in "ABC" and material.melody_on != "voice"
    return "instrumental" if is_instrumental else LABELS[material.letter]


def phrases(syllables: list[Syllable]) -> list[tuple[float, float]]:
    """Stretches of singing; pauses shorter than a breath belong to them."""
    found: list[tuple[float, float]] = []
    for each in syllables:
        end = each.start_seconds + each.seconds
        if found and each.start_seconds - found[-1][1] < BREATH_SECONDS:
            found[-1] = (found[-1][0], end)
        else:
            found.append((each.start_seconds, end))
    return found


def mixed(plan: Plan, random: Random) -> Mix:
    """Levels and places of a mix that an engineer could have made."""
    level = {
        "drums": random.uniform(-3, 2),
        "bass": random.uniform(-3, 1),
        "first": random.uniform(-9, -4),
        "second": random.uniform(-10, -5),
        "third": random.uniform(-13, -8),
        "extra": random.uniform(-14, -9),
        "lead": random.uniform(-5, -1),
        "voice": random.uniform(1, 6),
    }
    place = {track: float(random.uniform(-0.7, 0.7)) for track in level}
    place |= {"drums": 0.0, "bass": 0.0, "voice": 0.0}
    return Mix(
        level_db={track: float(db) for track, db in level.items()},
        place=place,
        reverb_seconds=float(random.uniform(0.5, 2.0)),
        reverb_db=float(random.uniform(-22, -10)),
        noise_db=float(random.uniform(-75, -48)),
        fade_out_seconds=float(random.choice([0.0, 0.0, 4.0])) if plan.form.endswith("O") else 0.0,
        singer_formants=float(random.uniform(1.1, 1.2) if plan.woman else random.uniform(0.95, 1.05)),
    )


def score_of(performance: Performance, mix: Mix, seed: int) -> Score:
    """What was played, with time for the last chord to die."""
    end = float(performance.beat_seconds[-1]) + 2.0
    return Score(tuple(performance.notes), tuple(performance.syllables), mix, end, seed)
