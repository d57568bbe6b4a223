"""The system prompt for a language model that writes the schedule of one song: rules, boundaries, sections and wishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from ...audio.analysis.song_analysis import SongAnalysis, VoiceKind
from ...loop_control.plan import LoopPlan
from ...loop_control.rates import clock_text
from ..checking.check import all_rules
from ..report import clock, song_in_words
from ..sections_on_windows import sections_shown
from ..song_schedule import SongSchedule
from ..visible_boundaries import video_end, visible_boundaries
from ..wishes import Kind, Wishes

_FOLDER = Path(__file__).parent
TEMPLATES: Mapping[Kind, str] = {"music": "music", "standup": "standup", "dialogue": "standup"}
"""Template of each kind of sound."""

PLACEHOLDERS = (
    "rules", "song", "sections", "boundaries", "subject", "style", "picture", "first_prompt", "variety", "negative_prompt",
    "draft",
)  # fmt: skip

_CHANGES = (
    "the action changes from entry to entry, all else stays",
    "the action and the face change from entry to entry, all else stays",
    "the action, the face and the framing change from entry to entry",
    "the action, the face, the framing and the light change",
    "the action, the face, the framing, the light and what moves behind change",
    "everything but the subject changes, the place too",
)
"""The tiers of diversity in words, from 1."""

_VOICES: Mapping[str, VoiceKind] = {"sung": "singing", "spoken": "speech", "laughter": "crowd"}
_REPEATS = "sections with the same letter look the same"
_OWN = "every entry is its own, also if a section comes again"


def llm_system_prompt(analysis: SongAnalysis, plan: LoopPlan, written: SongSchedule) -> str:
    """The system prompt for one song.

    Args:
        analysis: What is heard in it.
        plan: Its windows.
        written: The schedule that was written from both; it is what the model begins with.
    """
    wishes = written.wishes
    values = {
        "rules": rules_text(written.kind),
        "song": "\n".join(song_in_words(analysis)),
        "sections": "\n".join(_sections(analysis)),
        "boundaries": "\n".join(_boundaries(analysis, plan)),
        "subject": wishes.subject,
        "style": f"every entry begins with {wishes.style_sentence.strip()}" if wishes.style_sentence else "none is to be named",
        "picture": wishes.place or "nobody described it",
        "first_prompt": written.first_prompt,
        "variety": _variety(wishes),
        "negative_prompt": written.negative_prompt,
        "draft": "\n".join(f"    {entry.line}" for entry in written.entries),
    }
    return fill(template(written.kind), values)


def rules_text(kind: Kind) -> str:
    """All rules of the check as a writer is told them, one a line."""
    return "\n".join(f"{rule.code}. {rule.music if kind == 'music' else rule.talk}" for rule in all_rules())


def template(kind: Kind) -> str:
    """The text with its placeholders."""
    return (_FOLDER / f"{TEMPLATES[kind]}.md").read_text("utf-8")


def fill(text: str, values: Mapping[str, str]) -> str:
    """A template with values in the place of `{name}`; values may hold braces of their own."""
    parts = text.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        filled.append(f"{values[name]}{rest}" if brace and name in values else f"{{{part}")
    return "".join(filled)


def _variety(wishes: Wishes) -> str:
    return f"{_CHANGES[wishes.tier - 1]}; {_REPEATS if wishes.repeats_material else _OWN}; neighbours always differ"


def _sections(analysis: SongAnalysis) -> Iterator[str]:
    for section in analysis.sections:
        voice = f"voice in {100 * section.voice_fraction:.0f} % of it"
        times = f"{clock(section.start_seconds)} to {clock(section.end_seconds)}"
        yield f"- {times}: {section.label} {section.letter}, {section.level}, {voice}"


def _boundaries(analysis: SongAnalysis, plan: LoopPlan) -> Iterator[str]:
    times = (*visible_boundaries(plan), video_end(plan))
    shown = sections_shown(analysis.sections, times)
    for window, (start, end) in enumerate(pairwise(times)):
        section = analysis.sections[shown[window]]
        parts = {word: analysis.voice.part(float(start), float(end), kind) for word, kind in _VOICES.items()}
        heard = ", ".join(f"{word} {100 * part:.0f} %" for word, part in parts.items() if part >= 0.01) or "no voice"
        yield f"- {clock_text(start)}: {section.label} {section.letter}, {section.level}, {heard}"
    yield f"- {clock_text(times[-1])}: the end"
