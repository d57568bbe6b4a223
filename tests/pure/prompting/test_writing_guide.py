"""The verb pools, rules and examples of docs/guides/prompt_writing.md are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audio_loop.audio.analysis.song_analysis import Voice, VoiceStretch
from audio_loop.loop_control.plan import make_plan
from audio_loop.prompting.checking.check import all_rules, check_schedule
from audio_loop.prompting.checking.draft import Expected
from audio_loop.prompting.checking.rules.r13_length import FEWEST_WORDS, MOST_WORDS
from audio_loop.prompting.vocabulary import looks
from audio_loop.prompting.vocabulary.actions import ACTIONS, CONVERSATION, HOW

PAGE = (Path(__file__).parents[3] / "docs" / "guides" / "prompt_writing.md").read_text("utf-8")
SUBJECT = re.search(r"subject = `(.+?)`", PAGE)[1]
PLAN = make_plan(audio_samples=90 * 44100, sample_rate=44100, window_seconds=19.88, overlap_seconds=2, fps=25)
KINDS = {"Music": "singing", "Stand-up": "speech", "Dialogue": "speech"}


def voice(kind):
    return Voice((VoiceStretch(20.0, 55.0, kind),), 35 / 90, 220.0, 180.0, 330.0, 0.3)


def part(heading):
    return PAGE.partition(f"\n{heading}\n")[2].partition("\n## ")[0]


def rows(heading, width):
    table = re.findall(r"^\| (.*) \|$", part(heading), re.MULTILINE)
    return [tuple(row.split(" | ")) for row in table if row.count(" | ") == width - 1][1:]


def plain(words):
    """An action without its places for manner, instrument and company."""
    named = words.replace("{meanwhile}", "waiting").replace("{waiting}", "waiting").replace("{instrument}", "guitar")
    return re.sub(r" +", " ", re.sub(r"\{\w+\}", "", named)).replace(" ,", ",").strip()


def levels(pools):
    by_level = {level: ", ".join(f"`{plain(word)}`" for word in dict.fromkeys(words)) for level, words in pools.items()}
    return [("any", by_level["quiet"])] if len(set(by_level.values())) == 1 else list(by_level.items())


def pool(kinds, actions=ACTIONS):
    return [(kind, level, words) for kind in kinds for level, words in levels(actions[kind].words)]


MUSIC = [
    "singing",
    "singing comes in",
    "singing ends",
    "singing now and then",
    "rapping",
    "playing",
    "music",
    "opening",
    "ending",
]
POOLS = {
    "## Music": pool(MUSIC),
    "## Stand-up": pool(["joke", "punchline", "laugh", "after the laugh", "silence"]),
    "## Dialogue": pool(["talk", "listening"]) + [("talk of several", *row[1:]) for row in pool(["talk"], CONVERSATION)],
}


@pytest.mark.parametrize("heading", POOLS)
def test_the_verbs_are_those_of_the_vocabulary(heading):
    assert rows(heading, 3) == POOLS[heading]


def test_the_manners_of_a_voice_are_those_of_the_vocabulary():
    told = [(kind, level, words) for kind in ("sing", "rap", "play", "tell") for level, words in levels(HOW[kind])]
    assert rows("## How", 3) == told


def test_framings_are_those_of_the_vocabulary():
    quoted = set(re.findall(r"`([^`]+)`", " ".join(part("## Framing").split())))
    own = {plain(each) for pools in looks.FRAMINGS.values() for each in pools}
    own |= {plain(each) for each in (*looks.GROUP_FRAMINGS, *looks.INSTRUMENT_FRAMINGS)}
    assert quoted == own


def test_camera_and_light_are_those_of_the_vocabulary():
    assert re.findall(r"`([^`]+)`", part("## Camera and light")) == [looks.STILL_CAMERA, looks.LAST_MOVE, looks.STEADY_LIGHT]


def test_the_rules_are_those_of_the_check():
    told = [re.match(r"R\d+ .*", row[0])[0] for row in rows("## The rules and their reasons", 2)]
    assert told == [f"{rule.code} {rule.title}" for rule in all_rules()]
    assert f"{FEWEST_WORDS} to {MOST_WORDS} words" in PAGE


@pytest.mark.parametrize(("heading", "kind"), KINDS.items())
def test_each_example_passes_every_rule(heading, kind):
    (text,) = re.findall(r"```schedule\n(.*?)```", part(f"## {heading}"), re.DOTALL)
    checked = check_schedule(text, Expected(PLAN, voice(kind), wants_variety=True))
    assert [(each.rule.code, each.finding) for each in checked.reported] == []


MENDED = rows("## Before and after", 3)


def codes(prompt):
    text = f"0:00+: {prompt.strip('`')}"
    return {each.rule.code for each in check_schedule(text, Expected(PLAN, None, subject=SUBJECT)).reported}


@pytest.mark.parametrize(("before", "rule", "after"), MENDED)
def test_what_is_mended_is_found_by_its_rule_and_not_any_more(before, rule, after):
    assert codes(before) == {rule}
    assert codes(after) == set()


def test_there_are_enough_to_learn_from():
    assert len(MENDED) >= 7
