"""More than a hundred ways in which a right schedule is made wrong: each is found, by its rule, at its line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.prompting.checking.check import all_rules, check_schedule
from audio_loop.prompting.checking.report import as_text

from .conftest import COMEDIAN, MUSIC, MUSIC_FITS, SINGER, TALK, TALK_FITS, voice

STILL = ", static camera, locked off shot"
LOUD = f"singing with raised arms, close-up{STILL}, blue light"

# (rule, line, words of that line of MUSIC, what stands there instead)
CHANGED_WORDS = [
    ("R1", 2, "softly", "{softly}"),
    ("R1", 2, "warm light.", "warm light..."),
    ("R1", 3, "blue light", "<describe the light>"),
    ("R1", 4, "rain on the window behind her.", "TODO"),
    ("R1", 2, "0:19.88-0:37.80: ", "0:19.88-0:37.80 "),
    ("R1", 2, "0:19.88-0:37.80: ", "0:19.88 to 0:37.80: "),
    ("R1", 2, "0:19.88-0:37.80: ", "0:19.88-0:37.80+: "),
    ("R1", 2, "0:19.88-0:37.80: ", "[0:19.88-0:37.80] "),
    ("R1", 2, "0:19.88-0:37.80: ", "- 0:19.88-0:37.80: "),
    ("R1", 2, "0:19.88-0:37.80: ", "**0:19.88-0:37.80**: "),
    ("R1", 2, "0:19.88-0:37.80: ", "| 0:19.88-0:37.80 | "),
    ("R1", 2, "0:19.88-0:37.80: ", "> 0:19.88-0:37.80: "),
    ("R1", 2, "0:19.88-0:37.80: ", "0:37.80-0:19.88: "),
    ("R1", 2, "0:19.88-0:37.80: ", "0:19.88-0:19.88: "),
    ("R1", 2, "0:19.88-0:37.80: ", "0:79.88-1:37.80: "),
    ("R1", 2, "0:19.88-0:37.80: ", "0:19,88-0:37,80: "),
    ("R1", 2, "0:19.88-0:37.80: ", "0:19.88-: "),
    ("R1", 3, "0:37.80-0:55.72: ", "0:19.88-0:55.72: "),
    ("R1", 3, "0:37.80-0:55.72: ", "Then comes the loud part:\n0:37.80-0:55.72: "),
    ("R1", 3, "0:37.80-0:55.72: ", "0:37.80-0:55.72: 0:37.80: "),
    ("R3", 2, SINGER, SINGER.replace("silver", "grey")),
    ("R3", 3, SINGER, SINGER.replace("red", "RED")),
    ("R3", 3, SINGER, SINGER.replace("A woman", "The woman")),
    ("R3", 4, SINGER, SINGER.replace("  ", " ").replace(" in a red coat", "")),
    ("R3", 4, SINGER, SINGER.replace(" with", ", with")),
    ("R3", 4, SINGER, "She"),
    ("R3", 5, SINGER, "The singer"),
    ("R3", 5, SINGER, SINGER.replace("red coat", "coat of red")),
    ("R3", 2, SINGER, SINGER.replace(" ", "\u00a0", 1)),
    ("R3", 2, SINGER, f"{SINGER} beside {SINGER}"),
    ("R4", 2, "is singing softly", "is performing softly"),
    ("R4", 2, "is singing softly", "is speaking softly"),
    ("R4", 2, "is singing softly", "is vocalizing softly"),
    ("R4", 2, "is singing softly", "is vocalising softly"),
    ("R4", 4, "is dancing slowly", "is feeling the music"),
    ("R4", 4, "is dancing slowly", "is deeply enjoying the music"),
    ("R4", 4, "is dancing slowly", "is expressing her sadness"),
    ("R4", 4, "is dancing slowly", "is continuing as before"),
    ("R4", 4, "is dancing slowly", "embodies the rhythm"),
    ("R4", 4, "is dancing slowly", "in a mood of rhythm"),
    ("R4", 4, "is dancing slowly", "performs a slow dance"),
    ("R5", 1, "is playing the piano", "is singing"),
    ("R5", 4, "is dancing slowly", "is humming slowly"),
    ("R5", 4, "is dancing slowly", "is rapping fast"),
    ("R5", 4, "is dancing slowly", "sings slowly"),
    ("R5", 4, "is dancing slowly", "is telling a joke"),
    ("R5", 4, "is dancing slowly", "is lip-syncing"),
    ("R5", 4, "is dancing slowly", "is dancing and singing"),
    ("R5", 2, "is singing softly", "is standing with closed lips"),
    ("R6", 2, STILL, ", soft focus"),
    ("R6", 2, STILL, ", slow zoom in"),
    ("R6", 2, STILL, ", dolly in"),
    ("R6", 2, STILL, ", the camera slowly moves closer"),
    ("R6", 3, STILL, ", handheld camera"),
    ("R6", 3, STILL, ", tracking shot"),
    ("R6", 3, STILL, ", jib up"),
    ("R6", 3, STILL, ", the camera orbits her"),
    ("R6", 3, STILL, ", whip pan"),
    ("R6", 4, "static camera", "the camera follows her"),
    ("R6", 4, "static camera", "slow pan left"),
    ("R6", 4, "static camera", "panning across the room"),
    ("R6", 4, "static camera", "crane shot"),
    ("R6", 4, "static camera", "steadicam"),
    ("R6", 2, STILL, f"{STILL}, camera pushes in"),
    ("R7", 2, "medium close-up", "wide shot"),
    ("R7", 2, "medium close-up", "extreme wide shot"),
    ("R7", 2, "medium close-up", "wide-angle shot"),
    ("R7", 2, "medium close-up", "establishing shot"),
    ("R7", 3, "close-up", "full body shot"),
    ("R7", 3, "close-up", "long shot"),
    ("R7", 3, "close-up", "aerial shot"),
    ("R7", 3, "close-up", "wide stage framing"),
    ("R7", 3, "close-up", "seen from far away"),
    ("R7", 3, "close-up", "bird's-eye view"),
    ("R7", 3, "close-up, ", ""),
    ("R7", 4, "medium shot", "wide shot"),
    ("R7", 4, "medium shot, ", ""),
    ("R8", 2, "is singing", "will be singing"),
    ("R8", 2, "is singing", "was singing"),
    ("R8", 2, "is singing", "has been singing"),
    ("R8", 4, "is dancing", "is about to dance, then is dancing"),
    ("R8", 4, "is dancing", "would be dancing"),
    ("R8", 4, "is dancing", "danced, is dancing"),
    ("R8", 4, "is dancing", "is going to dance, is swaying"),
    ("R9", 2, "0:19.88-0:37.80", "0:22.00-0:37.80"),
    ("R9", 3, "0:37.80-0:55.72", "0:36-0:55.72"),
    ("R9", 3, "0:37.80-0:55.72", "0:37.80-0:54"),
    ("R9", 4, "0:55.72-1:13.64", "0:53.76-1:13.64"),
    ("R9", 4, "0:55.72-1:13.64", "0:55.72-1:12"),
    ("R9", 2, "0:19.88-0:37.80", "0:20-0:37.80"),
    ("R9", 3, "0:37.80-0:55.72", "0:37.80-0:56"),
    ("R10", 3, "0:37.80-0:55.72", "0:39.00-0:55.72"),
    ("R10", 4, "0:55.72-1:13.64", "0:55.72-1:19.00"),
    ("R10", 5, "1:13.64-1:30.00", "1:13.64-1:25.00"),
    ("R10", 5, "1:13.64-1:30.00", "1:31.00-1:40.00"),
    ("R10", 5, "1:13.64-1:30.00", "0:56.50-1:30.00"),
    ("R10", 4, "0:55.72-1:13.64", "0:55.72+"),
    ("R11", 3, LOUD, f"singing softly, medium close-up{STILL}, warm light"),
    ("R11", 3, LOUD, f"singing, softly, Medium close-up{STILL}; warm light"),
    ("R12", 2, "warm light", "warm light, no microphone"),
    ("R12", 2, "warm light", "without a microphone"),
    ("R12", 2, "warm light", "not moving"),
    ("R12", 3, "blue light", "nobody else in the picture"),
    ("R12", 3, "blue light", "doesn't smile"),
    ("R12", 3, "blue light", "doesn’t smile"),
    ("R12", 3, "blue light", "avoiding blur"),
    ("R12", 4, "rain on the window", "never smiling, rain on the window"),
    ("R12", 4, "rain on the window", "a smoke-free room, rain on the window"),
    ("R12", 2, "warm light", "holding a microphone, warm light"),
    ("R12", 2, "warm light", "a mic in her hand, warm light"),
    ("R13", 4, ", static camera, rain on the window behind her", ""),
    ("R13", 4, "rain on the window behind her", "rain on the window and " * 30),
    ("R13", 4, "rain on the window behind her", "rain on the window and " * 60),
    ("R14", 2, "softly", "softly from 0:19.88"),
    ("R14", 2, "softly", "softly for 18 seconds"),
    ("R14", 2, "softly", "softly for 18s"),
    ("R14", 3, "with raised arms", "with raised arms for four bars"),
    ("R14", 3, "with raised arms", "with raised arms at 120 BPM"),
    ("R14", 3, "with raised arms", "with raised arms as in verse 2"),
    ("R14", 4, "slowly", "slowly in window 4"),
    ("R14", 4, "slowly", "slowly at 25 fps"),
    ("R15", 2, "softly", "**softly**"),
    ("R15", 2, "softly", "_softly_".replace("_", "__")),
    ("R15", 2, "softly", '"stay with me" softly'),
    ("R15", 2, "softly", "“stay with me” softly"),
    ("R15", 2, "softly", "'stay with me' softly"),
    ("R15", 2, "softly", "`softly`"),
    ("R15", 3, "blue light", "blue light \U0001f3a4"),
    ("R15", 3, "blue light", "[blue light]"),
    ("R15", 3, "Style: cinematic.", "Chorus: Style: cinematic."),
    ("R15", 3, "Style: cinematic.", "(Verse 2) Style: cinematic."),
    ("R15", 3, "Style: cinematic.", "- Style: cinematic."),
    ("R15", 4, "rain", "https://example.org/rain"),
    ("R16", 2, "Style: cinematic. ", ""),
    ("R16", 3, "Style: cinematic.", "Style: realistic."),
    ("R16", 3, "Style: cinematic.", "Style: Cinematic."),
    ("R16", 4, "Style: cinematic.", "Style: cinematic, noir."),
    ("R17", 2, "warm light", "warm light, cut to her hands"),
    ("R17", 2, "warm light", "a montage of memories"),
    ("R17", 3, "blue light", "split screen"),
    ("R17", 3, "blue light", "crossfade, blue light"),
    ("R17", 3, "blue light", "and then she is sitting down"),
    ("R17", 4, "rain on the window", "followed by rain on the window"),
    ("R17", 4, "rain on the window behind her", "fading to black"),
    ("R17", 4, "rain on the window", "meanwhile rain on the window"),
    ("R18", 4, "rain on the window behind her", "дождь за окном и музыка играет тихо, окно открыто"),
]  # fmt: skip


def mutated(text, line, old, new):
    lines = text.split("\n")
    assert lines[line - 1].count(old) >= 1, f"{old!r} is not in line {line}"
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    return "\n".join(lines)


def test_right_schedules_pass(told):
    assert told(MUSIC) == []
    assert told(TALK, TALK_FITS) == []


@pytest.mark.parametrize(("rule", "line", "old", "new"), CHANGED_WORDS)
def test_a_changed_word_is_found(told, rule, line, old, new):
    found = told(mutated(MUSIC, line, old, new))
    assert any(code == rule and (at in (line, line + 1) or at is None) for code, _, at in found), found


def test_there_are_more_than_a_hundred_kinds():
    assert len({(rule, new) for rule, _, _, new in CHANGED_WORDS}) >= 100
    assert {rule for rule, *_ in CHANGED_WORDS} == {f"R{number}" for number in range(1, 19)} - {"R2"}


UNFIT = [
    ("R2", MUSIC, replace(MUSIC_FITS, first_prompt=MUSIC.split("\n")[0].partition(": ")[2].replace("warm", "cold"))),
    ("R2", MUSIC, replace(MUSIC_FITS, first_prompt=MUSIC.split("\n")[0].partition(": ")[2] + " soft shadows")),
    ("R2", "\n".join(MUSIC.split("\n")[1:]), MUSIC_FITS),
    ("R3", MUSIC, replace(MUSIC_FITS, subject=SINGER.lower())),
    ("R5", MUSIC, replace(MUSIC_FITS, voice=voice("speech"))),
    ("R5", MUSIC, replace(MUSIC_FITS, voice=voice(end=0.0))),
    ("R5", TALK, replace(TALK_FITS, voice=voice("crowd"))),
    ("R5", TALK, replace(TALK_FITS, voice=voice("speech", end=36.0))),
    ("R16", MUSIC, replace(MUSIC_FITS, style="painterly")),
    ("R16", TALK, replace(TALK_FITS, style="realistic")),
    ("R3", TALK.replace(COMEDIAN, "He"), TALK_FITS),
    ("R4", TALK.replace("is telling a joke", "is speaking"), TALK_FITS),
    ("R6", TALK.replace(STILL, "", 1), TALK_FITS),
    ("R7", TALK.replace("close-up, static camera, locked", "wide shot, static camera, locked", 1), TALK_FITS),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "expected"), UNFIT)
def test_what_does_not_fit_the_song_or_the_wishes_is_found(told, rule, text, expected):
    assert rule in {code for code, *_ in told(text, expected)}


def test_without_wishes_less_is_asked(told):
    free = replace(MUSIC_FITS, subject=None, style=None, wants_variety=False)
    assert told(MUSIC, free) == []
    same = MUSIC.replace("singing with raised arms, close-up", "singing softly, medium close-up").replace("blue", "warm")
    assert told(same, free) == []
    assert told(mutated(MUSIC, 4, SINGER, "A man in a red coat"), free) == [("R3", "error", 4)]
    assert told(MUSIC, replace(free, voice=None, first_prompt=MUSIC.split("\n")[0].partition(": ")[2])) == []


def test_the_page_names_every_rule():
    page = (REPOSITORY / "docs" / "schedules.md").read_text("utf-8")
    rows = re.findall(r"^\| R(\d+) ([^|]+?) \|", page, re.MULTILINE)
    assert rows == [(str(rule.number), rule.title) for rule in all_rules()]
    assert [rule.number for rule in all_rules()] == list(range(1, 19))
    assert {rule.number: rule.title for rule in all_rules()}.items() >= {
        3: "byte-exact subject",
        9: "pre-placed boundaries",
    }.items()


def test_the_report_of_the_page_is_what_is_printed():
    page = (REPOSITORY / "docs" / "schedules.md").read_text("utf-8")
    wrong = mutated(MUSIC, 4, "slowly", "slowly around a microphone")
    wrong = mutated(mutated(wrong, 2, "0:37.80", "0:36.00"), 3, "0:37.80", "0:36.00")
    printed = as_text(check_schedule(f"Here is your schedule:\n{wrong}", MUSIC_FITS))
    assert "".join(f"    {line}\n" if line else "\n" for line in printed.rstrip("\n").split("\n")) in page
