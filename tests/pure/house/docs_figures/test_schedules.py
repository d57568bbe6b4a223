"""Times and limits on the pages about prompts are those of the schedule and of its writer."""

from __future__ import annotations

import pytest

from audio_loop.audio.reading.song_source import HIGHEST_HZ
from audio_loop.loop_control.plan import LoopPlan, make_plan
from audio_loop.prompting import heard, sections_on_windows
from audio_loop.prompting.checking.check import all_rules
from audio_loop.prompting.checking.rules.r13_length import FEWEST_WORDS, MOST_WORDS
from audio_loop.prompting.wishes import DEFAULT_DIVERSITY, DIVERSITIES
from audio_loop.tests.pure.prompting.checking.test_mutations import CHANGED_WORDS, UNFIT
from audio_loop.workflow_graph.shipped.variant import Variant

from .phrases import check, text_of, told


def plan(seconds: float, last_window: str = "fit") -> LoopPlan:
    """The default plan of a song."""
    return make_plan(
        audio_samples=round(seconds * 44100),
        sample_rate=44100,
        window_seconds=Variant.window_seconds,
        overlap_seconds=Variant.overlap_seconds,
        fps=25,
        last_window=last_window,
    )


LONG = plan(180)
CUTS = [float(LONG.visible_from(k)) for k in (1, 2, 3)]
LINE_AT = 45
EARLY, LATE = LINE_AT - CUTS[1], CUTS[2] - LINE_AT
THREE_CUTS = tuple(f"{cut:.2f}" for cut in CUTS)

PROMPTS = [
    ("With windows of {:g} s and an overlap of {:g} s that", float(LONG.window), float(LONG.overlap)),
    ("**0, {}, {}, {} s** and so on", *THREE_CUTS),
    (
        "one at 0:45 is seen from 0:{} ({:.1f} s early), not from 0:{} ({:.1f} s late).",
        THREE_CUTS[1],
        EARLY,
        THREE_CUTS[2],
        LATE,
    ),
    (
        "of a song of 60 s, {} frames are sampled and not {}. `full`",
        *(plan(60).frames_made, plan(60, "full").frames_made),
    ),
    ("Every sample rate up to {} Hz is taken", f"{HIGHEST_HZ:,}".replace(",", " ")),
]
SCHEDULES = [
    (
        "changes about every {} s, not every {}; never",
        *(sections_on_windows.MONTAGE_PIECE_SECONDS, sections_on_windows.PIECE_SECONDS),
    ),
    ("long sections change about every {} seconds instead of {}. #", sections_on_windows.MONTAGE_PIECE_SECONDS, 20),
    ("counts, {:.2f} s with the defaults", LONG.stride),
    ("| a voice for {:.0f} % or more |", 100 * heard.MUCH_VOICE_PART),
    ("| a voice from {:.0f} % and {:g} s on |", 100 * heard.LEAST_VOICE_PART, heard.LEAST_VOICE_SECONDS),
    ("begins to be seen: at {}, {}, {} s and so on", *THREE_CUTS),
    ("begins within {} of such", {1: "a second"}[sections_on_windows.NEAR_SECONDS]),
    ("if that is {} at least", {1 / 3: "a third"}[sections_on_windows.ENOUGH_TO_BE_SEEN]),
    ("with short windows of up to {} s. On", sections_on_windows.PIECE_SECONDS),
    ("and a line at 0:45 is seen at 0:{}. So", THREE_CUTS[1]),
    ("| R13 length | {} to {} words |", FEWEST_WORDS, MOST_WORDS),
    ("| R18 English | which rules R4 to R{} read |", len(all_rules()) - 1),
    ("More than {} ways of making", (len(CHANGED_WORDS) + len(UNFIT) - 1) // 50 * 50),
    ("| `--scene-diversity` | {} to {}, see", DIVERSITIES[0], DIVERSITIES[-1]),
    ("| {} | and the face (the default) |", DEFAULT_DIVERSITY[0]),
]
GUIDE = [("Stay within {} to {} words", FEWEST_WORDS, MOST_WORDS)]
FIGURES = [
    *told("docs/prompts.md", PROMPTS),
    *told("docs/schedules.md", SCHEDULES),
    *told("docs/guides/prompt_writing.md", GUIDE),
]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_of_the_pages_are_those_of_the_code(figure):
    check(figure)


def test_examples_of_the_guide_lie_on_boundaries():
    page = text_of("docs/guides/prompt_writing.md")
    starts = ["0:00-0:{}:", "0:{}-0:{}:", "0:{}-0:{}:", "0:{}+:"]
    cuts = [THREE_CUTS[:1], THREE_CUTS[:2], THREE_CUTS[1:], THREE_CUTS[2:]]
    counts = {page.count(form.format(*each)) for form, each in zip(starts, cuts, strict=True)}
    assert counts == {3}
