"""A diagnosis beside its video."""

from __future__ import annotations

import json

from audio_loop.doctor.kept import keep

from .diagnoses import diagnosis
from .small_videos import write_video


def test_both_files_have_one_free_name_and_nothing_is_replaced(tmp_path):
    video = write_video(tmp_path / "my.song.mp4")
    mine = tmp_path / "my.song.doctor.json"
    mine.write_text("mine")
    first, second = (keep(video, diagnosis(), tmp_path, {"run": "r"}) for _ in range(2))
    assert (first.report.name, first.data.name) == ("my.song-2.doctor.html", "my.song-2.doctor.json")
    assert (second.report.name, second.data.name) == ("my.song-3.doctor.html", "my.song-3.doctor.json")
    assert mine.read_text() == "mine"
    assert json.loads(first.data.read_text("utf-8"))["origin"] == {"run": "r"}
    assert first.report.read_text("utf-8").count("data:image/jpeg") == 3
