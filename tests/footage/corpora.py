"""Which videos the doctor is tried on: all kinds evenly, clean ones, and some with two defects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from audio_loop.doctor.kinds import Kind

from .clips import CLIPS
from .injecting import WAYS
from .injecting.joins import SPLICE
from .making import DRAWN_ONLY, Wishes, make_footage
from .values import Defect, Footage

Which = Literal["tuning", "unseen"]

WEAKEST, STRONGEST = 1.3, 3.0
_COUNTS = {"tuning": (0, 8, 40, 16), "unseen": (1000, 20, 88, 50)}
"""First seed, videos of each kind, clean ones, those with two defects: all of them synthetic."""
_REAL = {"tuning": (1, 6), "unseen": (2, 12)}
"""Videos of each kind that real clips can show, and clean ones: of real clips. Kinds that they cannot show get as many more of
the synthetic ones."""
_REAL_WAYS: dict[Kind, tuple[str, ...]] = {
    "visible_cut": (SPLICE, "brightness", "colour", "position"),
    "odd_window": ("blend", "texture"),
}
"""Real clips have no other person, no camera that moves on, and no other speed."""

PAIRS: tuple[tuple[Kind, Kind], ...] = (
    ("decode_tile_pulse", "audio_offset"),
    ("visible_cut", "dull_audio"),
    ("odd_window", "audio_offset"),
    ("frozen_start", "colour_drift"),
    ("frozen_window", "dull_audio"),
    ("black_window", "audio_offset"),
    ("duplicated_frames", "dull_audio"),
    ("missing_frames", "audio_offset"),
    ("colour_drift", "lip_sync"),
    ("contrast_drift", "lip_sync"),
    ("sharpness_drift", "audio_offset"),
    ("style_drift", "dull_audio"),
    ("identity_drift", "audio_offset"),
    ("zoom_creep", "dull_audio"),
    ("decode_tile_pulse", "lip_sync"),
    ("schedule_timing", "audio_offset"),
    ("colour_drift", "audio_drift"),
    ("frozen_start", "audio_offset"),
    ("schedule_timing", "duplicated_frames"),
    ("black_window", "duplicated_frames"),
    ("zoom_creep", "audio_drift"),
    ("decode_tile_pulse", "dull_audio"),
    ("sharpness_drift", "frozen_start"),
    ("identity_drift", "dull_audio"),
    ("visible_cut", "audio_offset"),
)
"""Kinds that stand together: neither hides the other."""


@dataclass(frozen=True)
class Item:
    """One video of a corpus, not made yet.

    Attributes:
        seed: Of the video.
        defects: What is wrong with it; empty for a clean one.
        clips: Real clips that it is of; the last one stands for what does not belong there.
    """

    seed: int
    defects: tuple[Defect, ...] = ()
    clips: tuple[str, ...] = ()

    def made(self, folder: Path) -> Footage:
        """The video, made now or earlier."""
        return make_footage(self.seed, self.defects, folder=folder, wishes=Wishes(clips=self.clips))


def corpus(which: Which) -> tuple[Item, ...]:
    """Every video of a corpus, a fifteenth of it with real clips; the same list each time."""
    seed, each, clean, both = _COUNTS[which]
    random = np.random.default_rng([seed, 76])
    items: list[tuple[Defect, ...]] = []
    real_each, real_clean = _REAL[which]
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind in kinds:
        # Evenly over the strengths and the ways, in an order by chance.
        shares = (random.permutation(each) + 0.5) / each
        items += [(_defect(kind, float(share), number),) for number, share in enumerate(shares)]
    items += [()] * clean
    for number in range(both):
        one, other = PAIRS[number % len(PAIRS)]
        # Two that compete for being seen are both well above what is just noticed.
        items.append(tuple(_defect(kind, float(random.uniform(0.4, 1)), number // len(PAIRS)) for kind in (one, other)))
    synthetic = [Item(seed + number, defects) for number, defects in enumerate(items)]
    real: list[tuple[Defect, ...]] = []
    for kind in kinds:
        for number in range(real_each):
            if kind in DRAWN_ONLY:
                synthetic.append(Item(seed + 600 + len(synthetic), (_defect(kind, float(random.random()), number),)))
            else:
                real.append((_defect(kind, float(random.random()), len(real), _REAL_WAYS.get(kind)),))
    real += [()] * real_clean
    names = list(CLIPS)
    clips = [tuple(names[(number + turn) % len(names)] for turn in (0, 2, 1)) for number in range(len(real))]
    filmed = [Item(seed + 700 + number, defects, clips[number]) for number, defects in enumerate(real)]
    return (*synthetic, *filmed)


def _defect(kind: Kind, share: float, number: int, ways: tuple[str, ...] | None = None) -> Defect:
    strongest = 10.0 if kind == "audio_drift" else STRONGEST
    ways = ways or WAYS[kind]
    return Defect(kind, round(WEAKEST * (strongest / WEAKEST) ** share, 2), ways[number % len(ways)])
