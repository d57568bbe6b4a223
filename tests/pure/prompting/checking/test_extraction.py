"""What a language model answers: a schedule in fences, behind chatter, twice, or none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.prompting.checking.check import check_schedule
from audio_loop.prompting.checking.draft import Expected
from audio_loop.prompting.checking.extraction import ExtractionError, _fences, extract
from audio_loop.prompting.checking.report import as_text

from .conftest import MUSIC, MUSIC_FITS

BARE = MUSIC.rstrip("\n")


@pytest.mark.parametrize(
    ("answer", "ignored"),
    [
        (MUSIC, []),
        (f"\ufeff{BARE}\r\n", []),
        (f"```\n{MUSIC}```\n", ["'```'", "'```'"]),
        (f"```text\n{MUSIC}```", ["'```text'", "'```'"]),
        (f"~~~\n{MUSIC}~~~", ["'~~~'", "'~~~'"]),
        (f"Here is the schedule you asked for:\n\n{MUSIC}\nLet me know if 0:19.88 should move!", ["Here is", "Let me"]),
        (
            f"Sure!\n```\n{MUSIC}```\n1. I kept the subject.\n2. I placed all boundaries.",
            ["Sure", "```", "```", "1. I", "2. I"],
        ),
        (f"{MUSIC}\n* the chorus is louder\n* the light is warm", ["* the chorus", "* the light"]),
        (f"<answer>\n{MUSIC}</answer>", ["<answer>", "</answer>"]),
        (f"I first thought of this:\n```\nnothing yet\n```\nbut then:\n```\n{MUSIC}```", ["I first", "```", "nothing"]),
        (f"```\n{MUSIC}```\nAgain, the same:\n```\n{MUSIC}```", ["```", "```", "Again", "```"]),
        (f"```\n{MUSIC}", ["```"]),
    ],
)
def test_the_schedule_is_found_and_the_rest_is_told(answer, ignored):
    found = extract(answer)
    assert [line.strip("\r\ufeff") for line in found.text.split("\n") if line.strip()] == BARE.split("\n")
    assert len(found.ignored) >= len(ignored)
    for told, words in zip(found.ignored, ignored, strict=False):
        assert words in told
    checked = check_schedule(answer, MUSIC_FITS)
    assert checked.reported == ()
    assert checked.ignored == found.ignored


def test_lines_keep_their_numbers():
    answer = "Here it is:\n\n```\n" + MUSIC.replace("is singing softly", "is performing")
    assert [each.finding.line for each in check_schedule(answer, MUSIC_FITS).reported] == [5]


@pytest.mark.parametrize(
    ("answer", "message", "line"),
    [
        ("", "the text is empty", None),
        ("\n \n", "the text is empty", None),
        ("I am sorry, I cannot do that.", "no line begins with a time", None),
        ('{"schedule": [{"start": 0, "prompt": "a woman sings"}]}', "this is JSON", 1),
        (f"```\n{MUSIC}```\nor\n```\n{MUSIC.replace('warm', 'cold')}```", "2 different schedules", 9),
        (f"{BARE.splitlines()[0]}\n```\n" + "\n".join(BARE.splitlines()[1:]) + "\n```", "another is not", 1),
    ],
)
def test_what_holds_no_schedule_is_refused(answer, message, line):
    with pytest.raises(ExtractionError, match=message) as caught:
        extract(answer)
    assert caught.value.line == line
    (told,) = check_schedule(answer, MUSIC_FITS).reported
    assert (told.rule.code, told.severity, told.finding.line) == ("R1", "error", line)
    assert told.finding.nearest


@pytest.mark.parametrize("decorated", ["- {}", "* {}", "1. {}", "**{}**", "> {}", "| {} |", "[{}]", "`{}`"])
def test_an_entry_in_decoration_is_never_left_out_in_silence(decorated):
    lines = BARE.split("\n")
    lines[-1] = decorated.format(lines[-1])
    (told,) = check_schedule("\n".join(lines), MUSIC_FITS).reported
    assert (told.rule.code, told.finding.line) == ("R1", len(lines))


PARTS = st.sampled_from(
    [
        *"0123456789:.-+ \n\t#`*|[]{}\"'a",
        "0:19.88",
        "is singing",
        "Style: x. ",
        "```\n",
        "“",
        "\u2028",
        "\ufeff",
        BARE,
        BARE[:200],
    ]
)


@settings(max_examples=150)
@given(st.lists(PARTS, max_size=40).map("".join))
def test_whatever_is_written_is_checked_or_refused(answer):
    checked = check_schedule(answer, MUSIC_FITS)
    assert as_text(checked).endswith("\n")
    assert all(each.finding.nearest and (each.finding.line or 1) <= answer.count("\n") + 1 for each in checked.reported)


def test_a_fence_of_another_sign_or_with_words_ends_none():
    for inside in ("~~~", "```text"):
        assert [(each.first, each.stop) for each in _fences(["```", "one", inside, "two", "```", "three"])] == [(1, 4)]


def test_entries_that_share_no_subject_are_told_without_one():
    apart = "0:00-0:37.80: Rain falls on a street.\n0:37.80-1:30: Sunlight fills an empty kitchen."
    assert "Subject" not in as_text(check_schedule(apart, Expected(MUSIC_FITS.plan)))
    assert "Subject, as given: " in as_text(check_schedule(MUSIC, MUSIC_FITS))
