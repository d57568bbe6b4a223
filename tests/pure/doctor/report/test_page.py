"""The page: whole, escaped, and nothing outside it."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from audio_loop.comfy_host.chromium import FLAGS, find_chromium
from audio_loop.doctor.case import Case
from audio_loop.doctor.diagnosis import NamedStretch
from audio_loop.doctor.report.page import as_page
from audio_loop.doctor.report.text import as_text
from audio_loop.doctor.report.thumbnails import pictures_of
from audio_loop.doctor.seen import Curve
from audio_loop.doctor.service import diagnose
from audio_loop.tests.footage import Defect, Wishes, make_footage
from audio_loop.watching.watch import watch

from ..diagnoses import EVIL, diagnosis
from ..small_videos import write_video

PICTURES = os.environ.get("AUDIO_LOOP_TEST_PICTURES")
"""The folder that keeps the picture for docs/doctor.md."""

EMPTY = {"meta", "img", "br"}


class Read(HTMLParser):
    """Tags, attributes and texts of a page; a tag that is closed by another's end is an error."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.attributes, self.texts = [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *each) for each in attributes]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture
def pictures(tmp_path):
    return pictures_of(write_video(tmp_path / "a.mp4"), diagnosis())


def test_whatever_stands_in_texts_the_page_is_whole_and_runs_nothing(pictures):
    read = Read(as_page(diagnosis(EVIL), pictures))
    assert read.open == []
    assert "script" not in read.tags
    assert not [each for each in read.attributes if each[1].startswith("on")]
    shown = EVIL.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert shown in read.texts
    as_page(diagnosis(EVIL), pictures).encode("utf-8")


def test_nothing_is_fetched(pictures):
    read = Read(page := as_page(diagnosis(), pictures))
    addresses = [value for _, name, value in read.attributes if name in ("src", "href", "srcset", "action", "data")]
    assert len(addresses) == 3
    assert all(each.startswith("data:image/jpeg;base64,") for each in addresses)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page)
    assert ("meta", "http-equiv", "Content-Security-Policy") in read.attributes


def test_everything_that_was_found_is_told():
    texts = " ".join(Read(as_page(diagnosis("The picture jumps."))).texts)
    for words in (
        "2 symptoms. Look first at this: The picture jumps.",
        "Windows share 1 s.",
        "backed by evidence",
        "possible",
        "python scripts/doctor.py X",
        "2.5 times an ordinary frame",
        "not measured: The picture jumps.",
        "Dull sound",
        "2.5 × what is noticed",
    ):
        assert words in texts


def test_a_curve_over_periods_has_an_axis_of_its_own():
    over_periods = Curve("How clear each period is", "", (0.0, 0.25, 0.5), (1.0, 2.0, 1.0))
    page = as_page(diagnosis(curves=(over_periods,)))
    assert 'class="cut"' not in page
    assert ">0.5 s</text>" in page


def test_a_clean_video_says_so_and_has_no_empty_chapters():
    nothing = dict.fromkeys(("symptoms", "causes", "figures", "curves", "windows", "sections", "not_looked_at"), ())
    page = as_page(diagnosis("clean.mp4", **nothing))
    assert "Nothing wrong was found." in page
    assert "<h2>" not in page


def test_a_real_video_with_a_frozen_window_and_the_sound_of_a_telephone(tmp_path):
    footage = make_footage(
        3, [Defect("frozen_window", 2.0), Defect("dull_audio", 2.0)], folder=tmp_path, wishes=Wishes(seconds=12)
    )
    told = diagnose(Case(watch(footage.path), footage.plan, footage.song, footage.schedule))
    page = tmp_path / "page.html"
    page.write_text(as_page(told, pictures_of(footage.path, told)), "utf-8")
    read = Read(page.read_text("utf-8"))
    assert {each.kind for each in told.symptoms} >= {"frozen_window", "dull_audio"}
    assert "Retake this part: " in " ".join(read.texts)
    assert read.tags.count("svg") == 1 + len(told.curves)
    if PICTURES:
        shot = tmp_path / "shot.png"
        command = [str(find_chromium()), "--headless", *FLAGS, "--hide-scrollbars", "--window-size=1100,1240"]
        subprocess.run([*command, f"--screenshot={shot}", page.as_uri()], check=True, timeout=120, capture_output=True)
        with Image.open(shot) as picture:
            picture.convert("P", palette=Image.Palette.ADAPTIVE).save(Path(PICTURES) / "report.png", optimize=True)


def test_a_diagnosis_without_windows_prompts_or_causes_shows_the_symptoms_alone():
    page = as_page(told := diagnosis(windows=(), sections=(), causes=()))
    rows = re.findall(r'class="row">([^<]*)<', page)
    assert rows == ["Visible cut", "Dull sound"]
    assert told.verdict == "2 symptoms. No cause is known."


def test_one_prompt_for_all_has_no_row_and_windows_too_thin_no_numbers():
    many = tuple(NamedStretch(f"window {k}", k / 50, (k + 1) / 50) for k in range(100))
    page = as_page(diagnosis(windows=many, sections=(NamedStretch("A man.", 0.0, 2.0),)))
    assert re.findall(r'class="row">([^<]*)<', page) == ["Windows", "Visible cut", "Dull sound"]
    assert "window 99" in page
    assert 'text-anchor="middle" class="tick">0<' in as_page(diagnosis())
    assert not re.findall(r'y="16" text-anchor="middle" class="tick"', page.partition("</svg>")[0])


def test_a_prompt_without_room_for_its_words_is_a_bar_with_a_title():
    short = (NamedStretch("A woman sings.", 0.0, 1.98), NamedStretch("A dog barks.", 1.98, 2.0))
    page = as_page(diagnosis(sections=short))
    assert re.findall(r'class="inside">([^<]*)<', page) == ["A woman sings."]
    assert "<title>A dog barks.</title>" in page


def test_a_symptom_without_a_place_is_told_without_one():
    told = as_text(diagnosis(symptoms=(symptom := diagnosis().symptoms[0], replace(symptom, stretches=()))))
    assert told.count("Visible cut") == 2
    lines = [line.split() for line in told.partition("Causes")[0].splitlines()]
    assert len([words for words in lines if words[:1] == ["at"]]) == 1
