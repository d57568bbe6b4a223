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

NOTICED = 2.0, 3.5
"""Strengths at which a viewer notices: strength 1 is what attentive viewers of laboratories just tell, of still fields or side
by side; twice that is seen in a film by somebody who does not look for it."""
FAINT = 1.2, 2.0
"""Strengths between the two, which are tried and counted by themselves."""

_COUNTS = {"tuning": (0, 14, 6, 88, 30), "unseen": (24000, 20, 6, 88, 50)}
"""First seed, videos of each kind, faint ones of each kind, clean ones, those with two defects: all of them synthetic."""
_REAL = {"tuning": (2, 12), "unseen": (2, 12)}
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
        faint: Whether its defect is weaker than what a viewer notices.
    """

    seed: int
    defects: tuple[Defect, ...] = ()
    clips: tuple[str, ...] = ()
    faint: bool = False

    def made(self, folder: Path) -> Footage:
        """The video, made now or earlier."""
        return make_footage(self.seed, self.defects, folder=folder, wishes=Wishes(clips=self.clips))


def corpus(which: Which) -> tuple[Item, ...]:
    """Every video of a corpus, a fifteenth of it with real clips; the same list each time."""
    seed, each, faint, clean, both = _COUNTS[which]
    random = np.random.default_rng([seed, 76])
    items: list[tuple[Defect, ...]] = []
    real_each, real_clean = _REAL[which]
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind in kinds:
        items += [(_defect(kind, share, number),) for number, share in enumerate(_shares(each, random))]
    items += [()] * clean
    for number in range(both):
        one, other = PAIRS[number % len(PAIRS)]
        # Two that compete for being seen are both well above what is just noticed.
        items.append(tuple(_defect(kind, float(random.uniform(0.2, 1)), number // len(PAIRS)) for kind in (one, other)))
    synthetic = [Item(seed + number, defects) for number, defects in enumerate(items)]
    real: list[tuple[Defect, ...]] = []
    for kind in kinds:
        for number in range(real_each):
            if kind in DRAWN_ONLY:
                synthetic.append(Item(seed + len(synthetic), (_defect(kind, float(random.random()), number),)))
            else:
                real.append((_defect(kind, float(random.random()), len(real), _REAL_WAYS.get(kind)),))
    real += [()] * real_clean
    names = list(CLIPS)
    clips = [tuple(names[(number + turn) % len(names)] for turn in (0, 2, 1)) for number in range(len(real))]
    filmed = [Item(seed + 700 + number, defects, clips[number]) for number, defects in enumerate(real)]
    weak = [_defect(kind, share, number, band=FAINT) for kind in kinds for number, share in enumerate(_shares(faint, random))]
    return (*synthetic, *filmed, *(Item(seed + 800 + number, (each,), faint=True) for number, each in enumerate(weak)))


def _shares(count: int, random: np.random.Generator) -> list[float]:
    """So many numbers evenly over 0 to 1, in an order by chance."""
    return [float(share) for share in (random.permutation(count) + 0.5) / count]


def _defect(
    kind: Kind,
    share: float,
    number: int,
    ways: tuple[str, ...] | None = None,
    band: tuple[float, float] = NOTICED,
) -> Defect:
    weakest, strongest = band
    if kind == "audio_drift" and band is NOTICED:
        strongest = 10.0
    ways = ways or WAYS[kind]
    return Defect(kind, round(weakest * (strongest / weakest) ** share, 2), ways[number % len(ways)])
