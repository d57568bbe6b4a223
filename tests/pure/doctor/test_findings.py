"""Diagnoses beside videos: the newest of a song is found, nothing outside the folder is read, damaged ones are passed over."""

from __future__ import annotations

import json
import os

import pytest

from audio_loop.doctor import findings
from audio_loop.doctor.findings import NoDiagnosisError, findings_of, newest_findings, report_of


def write(folder, name, *, song="a.wav", at=1000, **more):
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / f"{name}.doctor.json"
    path.write_text(json.dumps({"origin": {"song": song, "video": f"{name}.mp4"}, "symptoms": [], "verdict": name, **more}))
    os.utime(path, (at, at))
    return path


def test_the_newest_of_the_song_in_the_folders_that_are_asked_for(tmp_path):
    write(tmp_path / "video", "old", at=1000)
    write(tmp_path / "video", "new", at=3000)
    write(tmp_path / "video", "other", song="b.wav", at=4000)
    write(tmp_path / "video" / "deeper", "deeper", at=5000)
    write(tmp_path / "more", "newer", at=3500)
    assert newest_findings(tmp_path, ["video"], "a.wav")["verdict"] == "new"
    assert newest_findings(tmp_path, ["video", "more"], "a.wav")["verdict"] == "newer"
    assert newest_findings(tmp_path, ["video"], "c.wav") is None
    assert newest_findings(tmp_path, ["not there"], "a.wav") is None


def test_what_is_shown_has_the_names_below_the_folder_and_no_curves(tmp_path):
    path = write(tmp_path / "video", "seen", curves=[1, 2], figures=[3])
    found = findings_of(tmp_path, "video/seen.doctor.json")
    assert (found["data"], found["report"], found["examined"]) == ("video/seen.doctor.json", None, 1000)
    assert {"curves", "figures"} & found.keys() == set()
    path.with_name("seen.doctor.html").write_bytes(b"<!doctype html>")
    assert findings_of(tmp_path, "video/seen.doctor.json")["report"] == "video/seen.doctor.html"
    assert report_of(tmp_path, "video/seen.doctor.html") == b"<!doctype html>"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"origin": 3}', '{"a": NaN}'])
def test_what_is_no_diagnosis_is_passed_over(tmp_path, text):
    write(tmp_path, "whole", at=1000)
    (tmp_path / "broken.doctor.json").write_text(text)
    assert newest_findings(tmp_path, [""], "a.wav")["verdict"] == "whole"
    with pytest.raises(NoDiagnosisError, match=r"there is no diagnosis 'broken\.doctor\.json'"):
        findings_of(tmp_path, "broken.doctor.json")


def test_nothing_outside_is_read_and_no_other_kind_of_file(tmp_path):
    output = tmp_path / "output"
    write(output, "own")
    secret = write(tmp_path, "secret")
    (output / "link.doctor.json").symlink_to(secret)
    (output / "own.json").write_text("{}")
    for name in ("../secret.doctor.json", str(secret), "link.doctor.json", "a\0b", "own.json", "", "x" * 5000):
        with pytest.raises(NoDiagnosisError):
            findings_of(output, name)
        with pytest.raises(NoDiagnosisError):
            report_of(output, name)
    with pytest.raises(NoDiagnosisError, match="leads outside"):
        newest_findings(output, ["../"], "a.wav")


def test_of_a_very_full_folder_only_the_first_entries_are_looked_at(tmp_path, monkeypatch):
    for number in range(4):
        write(tmp_path, f"seen{number}", at=1000 + number)
    looked = []
    monkeypatch.setattr(findings, "MOST_LISTED", 2)
    monkeypatch.setattr(findings, "_read", lambda path: looked.append(path))
    assert newest_findings(tmp_path, [""], "a.wav") is None
    assert len(looked) == 2


def test_a_diagnosis_that_is_gone_or_too_large_is_none(tmp_path, monkeypatch):
    path = write(tmp_path, "large")
    monkeypatch.setattr(findings, "MOST_BYTES", path.stat().st_size)
    assert findings_of(tmp_path, path.name)["data"] == path.name
    monkeypatch.setattr(findings, "MOST_BYTES", path.stat().st_size - 1)
    with pytest.raises(NoDiagnosisError, match="there is no diagnosis"):
        findings_of(tmp_path, path.name)
    with pytest.raises(NoDiagnosisError, match="there is no diagnosis"):
        findings_of(tmp_path, "gone.doctor.json")
