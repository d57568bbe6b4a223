"""Clues out of the checks of workflow and schedule, and parts to make again."""

from __future__ import annotations

from .cause_rule import Clue
from .diagnosis import PartToRetake
from .evidence import Evidence
from .kinds import Kind

RETAKE_WORKFLOW = "audio-loop-music-video_retake"
"""The shipped workflow that makes a part again."""


def from_workflow(evidence: Evidence, *codes: str) -> tuple[Clue, ...]:
    """Findings of those rules of the workflow's check as clues."""
    return tuple(
        Clue(f"Workflow: {each.finding.message}.", each.finding.where, each.mend) for each in evidence.of_rules(*codes)
    )


def from_wording(evidence: Evidence, kind: str, *numbers: int) -> tuple[Clue, ...]:
    """Prompts with words of a kind, by the check of the workflow; else by those rules of the schedule's check."""
    worded = tuple(
        Clue(f"Workflow: {each.finding.message}.", each.finding.where, each.mend)
        for each in evidence.of_rules("prompt_wording")
        if each.finding.message.endswith(f"is {kind}")
    )
    return worded or from_schedule(evidence, *numbers)


def from_schedule(evidence: Evidence, *numbers: int) -> tuple[Clue, ...]:
    """Findings of those rules of the schedule's check as clues."""
    return tuple(
        Clue(f"Schedule, {_line(each.finding.line)}{each.finding.message} ({each.rule.code}).", "", each.finding.nearest)
        for each in evidence.of_numbers(*numbers)
    )


def _line(line: int | None) -> str:
    return "" if line is None else f"line {line}: "


def retake_of(evidence: Evidence, *kinds: Kind) -> PartToRetake | None:
    """The part to make again if the strongest symptom of those kinds lies in one place; None if it lies in several.

    With a plan it is the window, else the stretch.
    """
    symptom = evidence.symptom(*kinds)
    if symptom is None or not symptom.stretches:
        return None
    first = symptom.stretches[0]
    if len(symptom.stretches) == 1:
        return PartToRetake(first.window, first.start_seconds, first.end_seconds)
    if first.window is None or any(each.window != first.window for each in symptom.stretches):
        return None
    starts = min(each.start_seconds for each in symptom.stretches)
    return PartToRetake(first.window, starts, max(each.end_seconds for each in symptom.stretches))


def retake_words(retake: PartToRetake | None) -> str:
    """The settings of the retake workflow that make a part again."""
    if retake is None:
        return f"make the parts again, one by one, with the workflow {RETAKE_WORKFLOW} and another seed"
    if retake.window is not None:
        part = f"window {retake.window}"
    else:
        part = f"window -1, start_seconds {retake.start_seconds:.2f}, end_seconds {retake.end_seconds:.2f}"
    return f"Retake this part: the workflow {RETAKE_WORKFLOW} with {part} and another seed"
