"""A song, and the schedule that was written from it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..audio.analysis.song_analysis import SongAnalysis
from ..loop_control.excerpt import excerpt_of
from ..loop_control.plan import LoopPlan
from ..loop_control.rates import clock_text
from .placement import placement
from .song_schedule import SongSchedule


def written_report(analysis: SongAnalysis, plan: LoopPlan, written: SongSchedule) -> str:
    """The song, where each section is seen, how near that is to where it is heard, and what was decided."""
    count = len(written.entries)
    lines = [
        *song_in_words(analysis),
        "",
        "section     begins     seen from  what",
        *excerpt_of(tuple(_section_lines(analysis, written)), "sections"),
        "",
        f"{count} line{'' if count == 1 else 's'} for {plan.iterations + 1} window{'s' if plan.iterations else ''}.",
        *placement_in_words(analysis, plan, written),
        *excerpt_of(written.remarks, "remarks"),
    ]
    return "\n".join(lines)


def song_in_words(analysis: SongAnalysis) -> tuple[str, ...]:
    """Length, beat, key and voice of a song, a sentence each."""
    voice = analysis.voice
    return (
        f"Length {clock(analysis.duration_seconds)}, {len(analysis.sections)} "
        f"section{'' if len(analysis.sections) == 1 else 's'}.",
        _tempo_in_words(analysis),
        f"Key {analysis.key.name}." if analysis.key else "No key stands out.",
        f"A voice is heard in {100 * voice.fraction:.0f} % of it{_range_in_words(analysis)}."
        if voice.stretches
        else "No voice is heard.",
    )


def placement_in_words(analysis: SongAnalysis, plan: LoopPlan, written: SongSchedule) -> tuple[str, ...]:
    """How near changes of the picture are to boundaries of sections; nothing if there is nothing to compare."""
    found = placement(written, plan, analysis)
    if found is None:
        return ()
    return (
        f"The picture changes {found.mean_seconds:.1f} s from a section's beginning on average; these windows allow "
        f"{found.best_seconds:.1f} s.",
    )


def clock(seconds: float) -> str:
    """A time in a song."""
    return clock_text(Fraction(max(0.0, seconds)))


def _tempo_in_words(analysis: SongAnalysis) -> str:
    tempo, beats = analysis.tempo, analysis.beats
    if tempo is None:
        return "No beat is heard."
    bar = f", {beats.beats_per_bar} beats a bar" if beats else ""
    return f"Tempo {tempo.bpm:.1f} BPM (or {tempo.other_bpm:.1f}){bar}."


def _range_in_words(analysis: SongAnalysis) -> str:
    voice = analysis.voice
    if voice.median_f0_hz is None or voice.low_f0_hz is None or voice.high_f0_hz is None:
        return ""
    return f", mostly {voice.low_f0_hz:.0f} to {voice.high_f0_hz:.0f} Hz"


def _section_lines(analysis: SongAnalysis, written: SongSchedule) -> Iterator[str]:
    first = {entry.piece.section: entry.piece.start for entry in reversed(written.entries)}
    for number, section in enumerate(analysis.sections):
        seen = clock_text(first[number]) if number in first else "never"
        what = f"{section.label} {section.letter}, {section.level}, voice {100 * section.voice_fraction:.0f} %"
        yield f"{number + 1:7d}  {clock(section.start_seconds):>9}  {seen:>12}  {what}"
