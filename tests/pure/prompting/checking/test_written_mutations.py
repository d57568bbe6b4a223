"""What the pack writes itself passes; its lines, made wrong in any of these ways, are found."""

from __future__ import annotations

from functools import cache

import pytest

from audio_loop.prompting.checking.check import check_schedule
from audio_loop.prompting.checking.draft import Expected
from audio_loop.prompting.wishes import make_wishes
from audio_loop.prompting.write import write_schedule

from ..songs import DIALOGUE, INSTRUMENTAL, RAP, SONG, STANDUP, planned

SUBJECT = "A woman with silver hair in a red coat"
SONGS = {"song": SONG, "instrumental": INSTRUMENTAL, "standup": STANDUP, "dialogue": DIALOGUE, "rap": RAP}

# Rule -> how it is broken: words of every line, and what stands there instead.
BROKEN = {
    "R1": (f"{SUBJECT} is", f"{SUBJECT} {{verb}} is"),
    "R3": (SUBJECT, "A woman with silver hair in a blue coat"),
    "R4": (f"{SUBJECT} is ", f"{SUBJECT} is performing, "),
    "R6": (f"{SUBJECT} is", f"Camera pans left, {SUBJECT} is"),
    "R7": (f"{SUBJECT} is", f"Wide shot, {SUBJECT} is"),
    "R8": (f"{SUBJECT} is ", f"{SUBJECT} will be "),
    "R12": (f"{SUBJECT} is", f"Without a hat, {SUBJECT} is"),
    "R14": (f"{SUBJECT} is", f"For 10 seconds {SUBJECT} is"),
    "R15": (f"{SUBJECT} is", f"**{SUBJECT}** is"),
    "R16": ("Style: realistic.", "Style: anime."),
    "R17": (f"{SUBJECT} is", f"Split screen, {SUBJECT} is"),
}


@cache
def text_and_expected(name):
    song = SONGS[name]
    plan = planned(song)
    written = write_schedule(song, plan, make_wishes(subject=SUBJECT, style="realistic", diversity="4b"))
    expected = Expected(
        plan, song.voice, subject=SUBJECT, first_prompt=written.first_prompt, style="realistic", wants_variety=True
    )
    return written.text, expected


def found(text, expected):
    return [(each.rule.code, each.finding.line) for each in check_schedule(text, expected).reported]


@pytest.mark.parametrize("name", SONGS)
def test_what_is_written_passes_and_every_broken_line_is_found(name):
    text, expected = text_and_expected(name)
    assert found(text, expected) == []
    lines = text.split("\n")
    for number, line in [*enumerate(lines, start=1)][:: max(1, len(lines) // 4)]:
        for rule, (words, instead) in BROKEN.items():
            assert words in line
            broken = "\n".join([*lines[: number - 1], line.replace(words, instead, 1), *lines[number:]])
            moved_last = rule == "R6" and number == len(lines)
            assert (rule, number) in found(broken, expected) or moved_last, (rule, number)


@pytest.mark.parametrize("name", SONGS)
def test_lines_that_are_left_out_doubled_exchanged_or_moved_are_found(name):
    text, expected = text_and_expected(name)
    lines = text.split("\n")
    for number in range(1, len(lines)):
        without = [*lines[:number], *lines[number + 1 :]]
        assert {"R2", "R10"} & {code for code, _ in found("\n".join(without), expected)}
        doubled = [*lines[:number], lines[number], *lines[number:]]
        assert ("R1", number + 2) in found("\n".join(doubled), expected)
        exchanged = [*lines[: number - 1], lines[number], lines[number - 1], *lines[number + 1 :]]
        assert "R10" in {code for code, _ in found("\n".join(exchanged), expected)}
        head, _, prompt = lines[number].partition(": ")
        start = head.rstrip("+").partition("-")[0]
        minutes, seconds = start.split(":")
        late = f"{minutes}:{min(59.0, float(seconds) + 3):05.2f}"
        moved = "\n".join([*lines[:number], f"{late}{head[len(start) :]}: {prompt}", *lines[number + 1 :]])
        assert {("R9", number + 1), ("R10", number + 1)} & {*found(moved, expected)}
