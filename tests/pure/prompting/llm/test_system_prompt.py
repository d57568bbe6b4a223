"""The texts for language models: filled in for a song, with examples that pass the check, and pages that are the same."""

from __future__ import annotations

import re

import pytest

from audio_loop.audio.analysis.song_analysis import Voice, VoiceStretch
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.loop_control.rates import clock_text
from audio_loop.prompting.checking.check import all_rules, check_schedule
from audio_loop.prompting.checking.draft import Expected
from audio_loop.prompting.llm.pages import PAGES, page
from audio_loop.prompting.llm.system_prompt import PLACEHOLDERS, fill, llm_system_prompt, template
from audio_loop.prompting.visible_boundaries import visible_boundaries
from audio_loop.prompting.wishes import make_wishes
from audio_loop.prompting.write import write_schedule

from ..songs import DIALOGUE, SONG, STANDUP, analysed, planned

NINETY = planned(analysed([(0.0, "verse", "A", "loud"), (90.0,)]))


def voice(*stretches):
    return Voice(tuple(VoiceStretch(*each) for each in stretches), 0.0, None, None, None, 0.0)


EXAMPLES = {
    "music": Expected(
        NINETY,
        voice((21.0, 37.0, "singing"), (38.0, 55.0, "singing")),
        subject="A woman with silver hair in a red coat",
        style="cinematic",
        wants_variety=True,
    ),
    "standup": Expected(
        NINETY,
        voice((3.0, 54.0, "speech"), (52.0, 72.0, "crowd"), (75.0, 89.0, "speech")),
        subject="A bald comedian with a grey beard in a striped shirt",
        wants_variety=True,
    ),
}


def examples(kind):
    """The good schedule of a template, the bad one, and the rules that its text names for the bad one."""
    text = template(kind)
    good, bad = text.partition("# A good answer")[2].split("answered badly")
    blocks = ["\n".join(line.strip() for line in part.split("\n") if re.match(r"    \d", line)) for part in (good, bad)]
    return *blocks, set(re.findall(r"\b(R\d+):", bad))


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_good_example_passes_and_the_bad_one_fails_as_it_says(kind):
    good, bad, named = examples(kind)
    assert len(good.split("\n")) == 5
    assert check_schedule(good, EXAMPLES[kind]).reported == ()
    found = {each.rule.code for each in check_schedule(bad, EXAMPLES[kind]).reported}
    assert named <= found
    assert len(named) >= 7


@pytest.mark.parametrize("song", [SONG, STANDUP, DIALOGUE], ids=["music", "standup", "dialogue"])
def test_everything_is_filled_in_for_the_song(song):
    plan = planned(song)
    wishes = make_wishes(subject="A man in {a} grey suit", image_description="at a bar", style="painterly", diversity="3b")
    written = write_schedule(song, plan, wishes)
    text = llm_system_prompt(song, plan, written)
    assert not [name for name in PLACEHOLDERS if f"{{{name}}}" in text]
    for rule in all_rules():
        assert f"\n{rule.code}. " in text
    for boundary in visible_boundaries(plan):
        assert f"\n- {clock_text(boundary)}: " in text
    assert f"\n- {clock_text(plan.duration)}: the end\n" in text
    for wanted in ("A man in {a} grey suit", "Style: painterly.", "at a bar", written.first_prompt, written.negative_prompt):
        assert wanted in text
    assert "every entry is its own" in text
    draft = "\n".join(
        line.strip() for line in text.partition("# A schedule to begin with")[2].split("\n") if line.startswith("    ")
    )
    assert draft == written.text
    expected = Expected(plan, song.voice, subject=wishes.subject, first_prompt=written.first_prompt, picture="at a bar",
                        style="painterly", wants_variety=True)  # fmt: skip
    assert check_schedule(draft, expected).reported == ()


def test_music_and_talk_are_told_different_verbs():
    def rules(kind):
        song = {"music": SONG, "standup": STANDUP}[kind]
        return llm_system_prompt(song, planned(song), write_schedule(song, planned(song), make_wishes(kind=kind)))

    assert "is telling a joke" not in rules("music").partition("# This song")[0]
    assert "is telling a joke" in rules("standup").partition("# This talk")[0]


def test_placeholders_are_those_of_the_templates():
    for kind in EXAMPLES:
        assert set(re.findall(r"\{(\w+)\}", template(kind))) == set(PLACEHOLDERS)
    assert fill("{a} {b} {", {"a": "{b}", "b": "1"}) == "{b} 1 {"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_of_the_documentation_is_current(name):
    assert (REPOSITORY / "docs" / "reference" / f"{name}.md").read_text("utf-8") == page(name)
