"""What is written from a song: whatever is heard, it passes every rule of the check and shows the sections where it can."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import cycle, islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.audio.analysis.analyse import analyse
from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.audio.analysis.song_analysis import VoiceStretch
from audio_loop.loop_control.window_order import IN_TURN
from audio_loop.prompting.checking.check import check_schedule
from audio_loop.prompting.checking.draft import Expected
from audio_loop.prompting.placement import placement
from audio_loop.prompting.vocabulary.actions import ACTIONS, CONVERSATION, EXPRESSIONS, HOW, MANNERS, SPOKEN_EXPRESSIONS
from audio_loop.prompting.vocabulary.looks import (
    BEHIND,
    DRAWN_LIGHTS,
    DRAWN_LOOKS,
    FRAMINGS,
    GROUP_FRAMINGS,
    INSTRUMENT_FRAMINGS,
    LIGHTS,
    PLACES,
)
from audio_loop.prompting.wishes import DIVERSITIES, KINDS, STYLES, WishError, make_wishes
from audio_loop.prompting.write import write_schedule
from audio_loop.schedule.parser import parse_schedule

from .songs import DIALOGUE, INSTRUMENTAL, RAP, SONG, STANDUP, analysed, planned

SUBJECTS = (
    "", "A woman with silver hair in a red coat", "Two sisters in white dresses", "An old cellist in a black suit",
    "A man without shoes who will not dance, in a wide shot", "Der Sänger",
)  # fmt: skip
PICTURES = ("", "on an old stage with red curtains", "A crowd at 0:30, no microphone, wide shot.")


def checked(written, plan, analysis):
    wishes = written.wishes
    expected = Expected(
        plan=plan,
        voice=analysis.voice,
        subject=wishes.subject,
        first_prompt=written.first_prompt,
        picture=wishes.place,
        style=None if wishes.style == "none" else wishes.style,
        wants_variety=True,
    )
    return [
        (each.rule.code, each.finding.line, each.finding.message) for each in check_schedule(written.text, expected).reported
    ]


@st.composite
def analyses(draw):
    count = draw(st.integers(1, 8))
    lengths = draw(st.lists(st.floats(0.6, 70.0), min_size=count, max_size=count))
    starts = [sum(lengths[:number]) for number in range(count)]
    labels = st.sampled_from(["intro", "verse", "chorus", "bridge", "instrumental", "break", "outro", "speech", "section"])
    sections = [
        (start, draw(labels), draw(st.sampled_from("ABC")), draw(st.sampled_from(["quiet", "medium", "loud"])))
        for start in starts
    ]
    edges = sorted(draw(st.lists(st.floats(0.0, sum(lengths)), max_size=10, unique=True)))
    kinds = st.sampled_from(["singing", "speech", "crowd"])
    stretches = [(a, b, draw(kinds)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return analysed([*sections, (sum(lengths),)], stretches, bpm=draw(st.sampled_from([None, 90.0])))


@st.composite
def wishes(draw):
    return make_wishes(
        subject=draw(st.sampled_from(SUBJECTS)),
        image_description=draw(st.sampled_from(PICTURES)),
        style=draw(st.sampled_from(STYLES)),
        diversity=draw(st.sampled_from(DIVERSITIES)),
        montage=draw(st.booleans()),
        kind=draw(st.sampled_from(KINDS)),
        variation=draw(st.integers(0, 9)),
    )


GRIDS = st.sampled_from(
    [(19.88, 2.0, 25), (19.88, 3.0, 25), (10.0, 1.0, 24), (5.0, 1.0, "24000/1001"), (19.88, 2.0, 30), (12.04, 0.32, 50)]
)


@settings(max_examples=40)
@given(analyses(), wishes(), GRIDS, st.sampled_from(["fit", "full"]), st.sampled_from([IN_TURN, "anchors first"]))
def test_everything_that_is_written_passes_the_check(analysis, wished, grid, last_window, order):
    plan = planned(analysis, *grid, last_window=last_window, order=order)
    written = write_schedule(analysis, plan, wished)
    assert checked(written, plan, analysis) == []
    schedule = parse_schedule(written.text)
    assert schedule.notes == ()
    assert [entry.value for entry in schedule.entries] == [entry.prompt for entry in written.entries]
    assert all(entry.prompt.count(wished.subject) >= 1 for entry in written.entries)
    assert not any(re.search(r" [.,]|  |[.,]{2}|\{|\bNone\b| $", entry.prompt) for entry in written.entries)
    assert written == write_schedule(analysis, plan, wished)
    measured = placement(written, plan, analysis)
    if measured is not None:
        for boundary, best in zip(measured.near_seconds, measured.best_near_seconds, strict=True):
            assert boundary >= best
        gaps = [b.end_seconds - b.start_seconds for b in analysis.sections]
        if min(gaps) > 2 * float(plan.window):
            # Each boundary is alone in its windows: whatever the grid allows is taken.
            assert measured.near_seconds == pytest.approx(measured.best_near_seconds)


NO_SOUND = {"laugh", "silence", "listening", "playing", "music", "opening", "ending"}


BLANKS = {
    "together": " together", "playing": " and playing the guitar", "over": " over the guitar", "instrument": "guitar",
    "meanwhile": "swaying to the music", "waiting": "waiting for the voice",
}  # fmt: skip


def words_of(action, level):
    """Every word of an action and its manners, each once or more."""
    hows, manners = HOW[action.how][level], MANNERS[action.manner][level]
    for number in range(max(len(action.words[level]), len(hows), len(manners))):
        words = action.words[level][number % len(action.words[level])]
        filled = words.format(how=hows[number % len(hows)], **BLANKS)
        yield f"{filled}, {manners[number % len(manners)].text.format(instrument='guitar')}"


@pytest.mark.parametrize("table", [ACTIONS, CONVERSATION])
def test_every_action_in_the_tables_passes_the_check(table):
    plan = planned(SONG)
    for heard, action in table.items():
        kind = "singing" if heard.startswith("sing") else "speech"
        voice = replace(SONG.voice, stretches=(VoiceStretch(0.0, 999.0, kind),))
        for level in action.words:
            for words in words_of(action, level):
                text = f"0:00+: A cat is {words}. Medium close-up, steady light, static camera, locked off shot."
                expected = Expected(plan, voice if heard not in NO_SOUND else None, subject="A cat")
                assert check_schedule(text, expected).reported == (), text
                assert heard not in NO_SOUND or "lips closed" in words


def test_every_look_in_the_tables_passes_the_check():
    plan = planned(SONG)
    framings = [*GROUP_FRAMINGS, *(each.format(instrument="guitar") for each in INSTRUMENT_FRAMINGS)]
    for level in ("quiet", "medium", "loud"):
        places = [place for kind in PLACES.values() for place in kind[level]]
        looks = [*LIGHTS[level], *DRAWN_LIGHTS[level]]
        faces = [*EXPRESSIONS[level], *SPOKEN_EXPRESSIONS[level]]
        tables = [*framings, *FRAMINGS[level]], looks, [*BEHIND[level], *DRAWN_LOOKS.values()], places, faces
        for framing, light, behind, place, face in islice(zip(*map(cycle, tables), strict=False), max(map(len, tables))):
            text = f"A cat is singing, {face}. {framing}, {place}, {light}, {behind}, static camera, locked off shot."
            assert check_schedule(f"0:00+: {text}", Expected(plan, subject="A cat")).reported == (), text


def test_a_song_sings_where_it_does():
    written = write_schedule(SONG, planned(SONG), make_wishes(subject="A woman in red", diversity="2a"))
    assert written.kind == "music"
    heard = [entry.heard for entry in written.entries]
    assert (heard[0], heard[-1]) == ("opening", "ending")
    assert set(heard[1:-1]) == {"music", "singing", "singing ends"}
    assert "slow dolly out" in written.entries[-1].prompt
    bridge = next(entry for entry in written.entries if SONG.sections[entry.piece.section].label == "bridge")
    assert ("singing" in bridge.prompt) == (bridge.heard == "singing")


def test_the_same_material_looks_the_same_or_not_as_wished():
    def of_choruses(diversity):
        written = write_schedule(SONG, planned(SONG), make_wishes(subject="A woman in red", diversity=diversity))
        entries = [e for e in written.entries if SONG.sections[e.piece.section].label == "chorus" and e.piece.position == 0]
        return [entry.prompt for entry in entries]

    assert len(set(of_choruses("4a"))) == 1
    assert len(set(of_choruses("4b"))) == 3


@pytest.mark.parametrize("tier", range(1, 7))
def test_with_b_every_line_has_words_of_its_own(tier):
    wished = make_wishes(subject="A woman in red", diversity=f"{tier}b")
    prompts = [entry.prompt for entry in write_schedule(SONG, planned(SONG), wished).entries]
    assert len(set(prompts)) == len(prompts)


def test_a_plan_of_another_song_is_refused():
    with pytest.raises(WishError, match=r"what was heard is 205.0 s long, and the plan is for 90.0 s; give both the same song"):
        write_schedule(SONG, planned(STANDUP), make_wishes())


def test_a_song_that_is_heard_again_has_the_same_schedule():
    seconds = np.arange(24 * LISTENING_HZ) / LISTENING_HZ
    samples = (np.sin(2 * np.pi * 220 * seconds) * (seconds % 0.5 < 0.2) * (1 + (seconds > 10)) / 3).astype(np.float32)

    def text():
        return write_schedule(heard := analyse([samples]), planned(heard), make_wishes(subject="A woman in red")).text

    assert text() == text()


def test_more_changes_with_every_tier():
    def words(tier):
        wished = make_wishes(subject="A woman in red", image_description="on a stage", diversity=f"{tier}b")
        entries = write_schedule(SONG, planned(SONG), wished).entries
        return [len({part for entry in entries for part in entry.prompt.split(", ")})]

    counts = [words(tier) for tier in range(1, 7)]
    assert counts == sorted(counts)
    assert len({tuple(each) for each in counts}) == 6


def test_an_instrument_is_played_while_nobody_sings():
    written = write_schedule(INSTRUMENTAL, planned(INSTRUMENTAL), make_wishes(subject="An old cellist"))
    assert all("playing the cello" in entry.prompt for entry in written.entries)
    assert "The cello is named, so it is played while nobody sings." in written.remarks
    both = write_schedule(SONG, planned(SONG), make_wishes(subject="A man with a guitar"))
    assert {entry.heard for entry in both.entries} == {"singing", "singing ends", "playing"}
    assert all("playing the guitar" in entry.prompt or "over the guitar" in entry.prompt for entry in both.entries)


def test_speech_is_stand_up_with_a_crowd_dialogue_without_and_rap_over_a_beat():
    standup = write_schedule(STANDUP, planned(STANDUP), make_wishes())
    assert standup.kind == "standup"
    assert {"joke", "punchline", "laugh"} == {entry.heard for entry in standup.entries}
    dialogue = write_schedule(DIALOGUE, planned(DIALOGUE), make_wishes())
    assert (dialogue.kind, {entry.heard for entry in dialogue.entries}) == ("dialogue", {"talk", "listening"})
    rap = write_schedule(RAP, planned(RAP), make_wishes())
    assert (rap.kind, {entry.heard for entry in rap.entries}) == ("music", {"opening", "rapping", "ending"})
    assert write_schedule(STANDUP, planned(STANDUP), make_wishes(kind="music")).kind == "music"


def test_the_negative_prompt_is_the_opposite_of_the_style():
    def negative(**wished):
        return write_schedule(SONG, planned(SONG), make_wishes(**wished)).negative_prompt

    assert "photorealistic, realistic skin, film grain" in negative(style="painterly")
    assert "photorealistic" not in negative(style="cinematic")
    assert negative(style="cinematic").startswith("cartoon")
    assert "microphone" in negative(subject="A cat")
    assert "microphone" not in negative(subject="A cat", image_description="behind a microphone")
    assert "second person" not in negative(subject="Two cats")


def test_what_cannot_be_shown_is_said():
    crowded = analysed(
        [
            (0.0, "verse", "A", "loud"),
            (36.0, "break", "B", "quiet"),
            (38.0, "chorus", "C", "loud"),
            (45.0, "verse", "A", "loud"),
            (90.0,),
        ]
    )
    written = write_schedule(crowded, planned(crowded), make_wishes())
    assert (
        "The break from 0:36.00 to 0:38.00 is not shown: other sections have more of the windows that it lies in."
        in written.remarks
    )
    assert (
        "The verse from 0:45.00 to 1:30.00 is seen from 0:55.72, 10.7 s late: the window from 0:37.80 on shows the chorus."
        in (written.remarks)
    )
    assert "No voice is heard for long enough anywhere, so nobody sings or talks." in written.remarks


def test_a_song_of_one_window_has_one_entry():
    short = analysed([(0.0, "verse", "A", "loud"), (5.0, "chorus", "B", "loud"), (12.0,)])
    written = write_schedule(short, planned(short), make_wishes())
    assert len(written.entries) == 1
    assert written.text.startswith("0:00.00+: ")
    assert placement(written, planned(short), short) is None


def test_sections_behind_the_end_of_a_limited_render_are_not_missed():
    short = write_schedule(SONG, planned(SONG, max_iterations=2), make_wishes())
    assert not [line for line in short.remarks if "outro" in line or "bridge" in line]
    assert [line for line in write_schedule(SONG, planned(SONG), make_wishes()).remarks if "outro" in line]


@pytest.mark.parametrize(("instrument", "sings"), [("saxophone", False), ("guitar", True)])
def test_whoever_plays_with_the_mouth_does_nothing_else_with_it(instrument, sings):
    written = write_schedule(INSTRUMENTAL, planned(INSTRUMENTAL), make_wishes(subject=f"A man with a {instrument}"))
    assert f"playing the {instrument}" in written.text
    assert ("lips closed" in written.text) is sings
