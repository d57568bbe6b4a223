"""The form of a cause that is looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .diagnosis import PartToRetake
from .evidence import Evidence
from .kinds import Kind, Layer


@dataclass(frozen=True)
class Clue:
    """One thing besides the symptom that speaks for a cause.

    Attributes:
        words: The thing, a sentence.
        where: The node that it concerns; "" if there is none.
        mend: The remedy, if it differs from the cause's.
    """

    words: str
    where: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Answer:
    """The answer to whether a cause is at work.

    Attributes:
        clues: What speaks for it besides the symptom; without any it is only possible.
        retake: The part to make again; None if a retake alone does not help.
        mend: The remedy, if it differs from the cause's; that of a clue counts before it.
        remarks: Further sentences that are no evidence, such as values that would explain what is seen.
    """

    clues: tuple[Clue, ...] = ()
    retake: PartToRetake | None = None
    mend: str = ""
    remarks: tuple[str, ...] = ()


Ask = Callable[[Evidence], Answer | None]
"""Looks at the evidence; None says that this cause is not at work."""


@dataclass(frozen=True)
class CauseRule:
    """One cause that is looked for.

    Attributes:
        name: Of its file.
        layer: Where in the order of the guide it belongs.
        explains: The symptoms that it can explain. It is asked if one of them is there.
        title: The cause, a sentence.
        mend: The command, or the widget and its value; FILE stands for the workflow, SONG and SCHEDULE for those files.
        ask: Looks at the evidence.
        place: Within the layer: the lower, the more often it is this one.
    """

    name: str
    layer: Layer
    explains: tuple[Kind, ...]
    title: str
    mend: str
    ask: Ask
    place: int


def cause(*, layer: Layer, place: int, explains: tuple[Kind, ...], title: str, mend: str) -> Callable[[Ask], CauseRule]:
    """Makes a cause of the function that looks for it; the function's name is the cause's."""

    def make(ask: Ask) -> CauseRule:
        return CauseRule(ask.__name__, layer, explains, title, mend, ask, place)

    return make
