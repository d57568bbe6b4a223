"""All verdicts on a sound."""

from __future__ import annotations

from .sound_report import SoundReport
from .verdict import Judge, Verdict
from .verdicts.boomy import boomy
from .verdicts.cancelling import cancelling
from .verdicts.clipped import clipped
from .verdicts.dead_channel import dead_channel
from .verdicts.dull import dull
from .verdicts.hot import hot
from .verdicts.lifeless import lifeless
from .verdicts.noisy import noisy
from .verdicts.not_finite import not_finite
from .verdicts.offset import offset
from .verdicts.quiet import quiet
from .verdicts.silent import silent
from .verdicts.silent_ends import silent_ends

JUDGES: tuple[Judge, ...] = (
    not_finite,
    silent,
    cancelling,
    dead_channel,
    clipped,
    noisy,
    boomy,
    dull,
    quiet,
    offset,
    hot,
    silent_ends,
    lifeless,
)
"""The gravest first."""


def judged(report: SoundReport) -> tuple[Verdict, ...]:
    """All that is wrong with a sound, the gravest first; nothing if it is fine."""
    # Of silence the other figures say nothing.
    found = (judge(report) for judge in (JUDGES if not report.silence.is_all else (not_finite, silent)))
    return tuple(verdict for verdict in found if verdict is not None)


def is_fine(verdicts: tuple[Verdict, ...]) -> bool:
    """Whether they are hints at most."""
    return all(verdict.gravity == "hint" for verdict in verdicts)
