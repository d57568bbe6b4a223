"""The command line: what is printed, what is written, and what it answers to a shell."""

from __future__ import annotations

import json

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.doctor import command
from audio_loop.files.schema_check import check_schema

from .diagnoses import EVIL, diagnosis
from .small_videos import write_video

SCHEMA = json.loads((REPOSITORY / "doctor" / "schema.json").read_text("utf-8"))


@pytest.fixture
def video(tmp_path):
    return write_video(tmp_path / "a.mp4")


@pytest.fixture
def found(monkeypatch):
    """Lets the detectors see nothing but what a test says."""

    def set_to(told):
        monkeypatch.setattr(command, "diagnose", lambda *_: told)

    return set_to


def test_a_video_is_examined_by_all_detectors(video, capsys):
    assert command.main([str(video), "--json"]) in (0, 1)
    told = json.loads(capsys.readouterr().out)
    check_schema(told, SCHEMA)
    assert (told["video"]["frames"], told["video"]["fps"]) == (50, 25.0)
    assert len(told["figures"]) > 10


@pytest.mark.parametrize("words", ["The picture jumps.", EVIL])
def test_the_data_follow_their_schema(found, video, capsys, words):
    found(diagnosis(words))
    assert command.main([str(video), "--json"]) == 1
    check_schema(json.loads(capsys.readouterr().out.replace("\\ud800", "")), SCHEMA)


def test_nothing_found_is_0(found, video, capsys):
    found(diagnosis("a.mp4", symptoms=(), causes=(), not_looked_at=()))
    assert command.main([str(video)]) == 0
    assert "Nothing wrong was found." in capsys.readouterr().out


def test_something_found_is_1_and_told_with_cause_and_cure(found, video, capsys):
    found(diagnosis("The picture jumps."))
    assert command.main([str(video), "--figures"]) == 1
    told = capsys.readouterr().out
    for words in (
        "Visible cut (2.5 x what is noticed): The picture jumps.",
        "at 0:01.00 (window 1)",
        "1. The picture jumps.",
        "2. The song is dull (possible)",
        "-> python scripts/doctor.py X",
        "cut_visibility: 2.5 times an ordinary frame (limit 1 times an ordinary frame)",
    ):
        assert words in told


@pytest.mark.parametrize("content", [b"", b"no video"])
def test_what_cannot_be_examined_is_2(tmp_path, capsys, content):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    assert command.main([str(path)]) == 2
    assert capsys.readouterr().err.startswith("error: a.mp4")


def test_reports_are_written_beside_the_video_under_free_names(found, video, capsys):
    found(diagnosis())
    for _ in range(2):
        assert command.main([str(video), "--report"]) == 1
    assert sorted(path.name for path in video.parent.glob("*.html")) == ["a.doctor-2.html", "a.doctor.html"]
    assert "a.doctor-2.html" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--report", "--json"])
def test_nothing_is_replaced(found, video, tmp_path, capsys, option):
    found(diagnosis())
    mine = tmp_path / "mine"
    mine.write_text("mine")
    assert command.main([str(video), option, str(mine)]) == 2
    assert mine.read_text() == "mine"
    assert "is not replaced" in capsys.readouterr().err


def test_both_files_are_written(found, video, tmp_path):
    found(diagnosis())
    page, data = tmp_path / "page.html", tmp_path / "data.json"
    assert command.main([str(video), "--report", str(page), "--json", str(data)]) == 1
    assert page.read_bytes().startswith(b"<!DOCTYPE html>")
    check_schema(json.loads(data.read_text("utf-8")), SCHEMA)
