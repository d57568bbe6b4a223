"""How well a doctor names what is wrong: per kind, on clean videos, and where two defects stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from audio_loop.doctor.kinds import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)
NOTHING = "nothing"


@dataclass(frozen=True)
class Verdict:
    """One video and what was said of it.

    Attributes:
        name: Of its file.
        truth: Kinds of defects that are in it; empty for a clean one.
        named: Kinds of the symptoms, the strongest first.
        strengths: Of those symptoms.
        traits: Of the video.
        faint: Whether its defect is weaker than what a viewer notices.
    """

    name: str
    truth: tuple[str, ...]
    named: tuple[str, ...]
    strengths: tuple[float, ...] = ()
    traits: tuple[str, ...] = ()
    faint: bool = False

    @property
    def first(self) -> str:
        return self.named[0] if self.named else NOTHING

    @property
    def right(self) -> bool:
        """Whether exactly what is wrong is named first; of a clean one nothing may be named."""
        if not self.truth:
            return not self.named
        return set(self.named[: len(self.truth)]) == set(self.truth)


@dataclass(frozen=True)
class Score:
    """Verdicts, counted.

    Attributes:
        of_kind: Kind -> videos with that defect alone.
        named_first: (truth, first) -> videos with one defect, or none (truth `NOTHING`).
        clean: Clean videos.
        false_alarms: Clean videos of which something was said.
        two: Videos with two defects.
        both_first: Those of them of which both were named before all else.
    """

    of_kind: Counter[str]
    named_first: Counter[tuple[str, str]]
    clean: int
    false_alarms: int
    two: int
    both_first: int

    def recall(self, kind: str) -> float | None:
        """Share of the videos with this defect of which it was named first."""
        return self.named_first[kind, kind] / self.of_kind[kind] if self.of_kind[kind] else None

    def precision(self, kind: str) -> float | None:
        """Share of the videos, with one defect or none, of which it was named first that have it; None if it never was."""
        named = sum(count for (_, first), count in self.named_first.items() if first == kind)
        return self.named_first[kind, kind] / named if named else None


def score(verdicts: Iterable[Verdict]) -> Score:
    """Counts verdicts."""
    verdicts = list(verdicts)
    one = [each for each in verdicts if len(each.truth) == 1]
    clean = [each for each in verdicts if not each.truth]
    two = [each for each in verdicts if len(each.truth) > 1]
    return Score(
        of_kind=Counter(each.truth[0] for each in one),
        named_first=Counter((each.truth[0] if each.truth else NOTHING, each.first) for each in [*one, *clean]),
        clean=len(clean),
        false_alarms=sum(not each.right for each in clean),
        two=len(two),
        both_first=sum(each.right for each in two),
    )
