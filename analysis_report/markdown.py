"""The report as a page for people."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from fractions import Fraction
from pathlib import PurePath

from ..audio.sound_report.judge import is_fine, judged
from ..audio.sound_report.words import as_text
from ..loop_control.rates import clock_text, fps_text, seconds_text
from ..prompting.report import clock, placement_in_words, song_in_words
from ..prompting.visible_boundaries import video_end, visible_boundaries
from .report import AnalysisReport


def markdown(report: AnalysisReport) -> str:
    """The page; ends with a line feed."""
    return "\n".join([f"# {PurePath(report.name).name}", "", *_heard(report), *_sections(report), *_windows(report),
                      *_sound(report), *_schedule(report), *_next(report)]) + "\n"  # fmt: skip


def _heard(report: AnalysisReport) -> Iterator[str]:
    yield from (f"- {line}" for line in song_in_words(report.analysis))
    yield f"- Notes and strokes: {report.analysis.onsets_per_second:.1f} a second."
    if report.song.trim:
        yield f"- Times count from {seconds_text(report.song.trim)} on, which is where the workflow begins."
    yield ""


def _sections(report: AnalysisReport) -> Iterator[str]:
    first = {entry.piece.section: entry.piece.start for entry in reversed(report.written.entries)}
    yield "## Sections"
    yield ""
    yield "| from | to | seen from | section | material | level | voice |"
    yield "|---|---|---|---|---|---|---|"
    for number, section in enumerate(report.analysis.sections):
        seen = clock_text(first[number]) if number in first else "never"
        yield (
            f"| {clock(section.start_seconds)} | {clock(section.end_seconds)} | {seen} | {section.label} | {section.letter} | "
            f"{section.level}, {section.level_db:.0f} dB | {100 * section.voice_fraction:.0f} % |"
        )
    yield ""


def _windows(report: AnalysisReport) -> Iterator[str]:
    plan = report.song.plan
    times = ", ".join(clock_text(each) for each in visible_boundaries(plan))
    yield "## Windows"
    yield ""
    yield (
        f"{plan.iterations + 1} windows of {seconds_text(plan.window)} with an overlap of {seconds_text(plan.overlap)} at "
        f"{fps_text(plan.fps)} frames per second. The picture can change at {times}; it ends at {clock_text(video_end(plan))}."
    )
    yield ""


def _sound(report: AnalysisReport) -> Iterator[str]:
    yield "## Sound"
    yield ""
    yield from _block(as_text(report.sound, report.name).rstrip("\n"))


def _schedule(report: AnalysisReport) -> Iterator[str]:
    written = report.written
    yield "## Schedule"
    yield ""
    yield "For *Prompts Over Time*. Its first line is the first prompt, too."
    yield ""
    yield from _block(written.text)
    yield from (f"- {line}" for line in placement_in_words(report.analysis, report.song.plan, written))
    yield from (f"- {line}" for line in written.remarks)
    yield ""
    yield "## Negative prompt"
    yield ""
    yield from _block(written.negative_prompt)


def _next(report: AnalysisReport) -> Iterator[str]:
    song = shlex.quote(report.name)
    plan, wishes = report.song.plan, report.written.wishes
    numbers = f"--window {_number(plan.requested_window)} --overlap {_number(plan.requested_overlap)} --fps {plan.fps}"
    trim = f" --trim {_number(report.song.trim)}" if report.song.trim else ""
    steps = []
    if not is_fine(judged(report.sound)):
        steps.append("Mend the sound as said above, and run this again on the new file.")
    steps += [
        "Paste the schedule into *Prompts Over Time* and the negative prompt into *Negative prompt*; *Check before Run* shows "
        "both.",
        "For richer words: run this again with `-j song.json` and send `llm_system_prompt` of it to a language model. Check "
        "its answer, "
        f"and send back what the check says: `python scripts/check_schedule.py answer.txt --audio {song} --subject "
        f"{shlex.quote(wishes.subject)} --variety {numbers}{trim}`",
    ]
    yield "## How to go on"
    yield ""
    yield from (f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _block(text: str) -> Iterator[str]:
    yield "```text"
    yield text
    yield "```"
    yield ""


def _number(value: Fraction) -> str:
    return f"{float(value):g}"
