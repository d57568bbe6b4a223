from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from audio_loop.autoresearch.run_folder import RunContents, read_metrics, remove_unfinished, write_run_folder

CONTENTS = RunContents({"1": {"class_type": "A", "inputs": {}}}, {"name": "f"}, {"status": "complete", "m": 1.5})


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_holds_all_that_was_given_and_a_way_to_the_video(tmp_path):
    video = tmp_path / "LTX-2_a_00001_.mp4"
    video.write_bytes(b"frames")
    folder = tmp_path / "runs" / "a"
    write_run_folder(folder, replace(CONTENTS, traces={"attention.jsonl": b"{}\n"}, video=video))
    assert names(folder) == ["attention.jsonl", "fixture.json", "metrics.json", "video.mp4", "workflow.json"]
    assert (folder / "video.mp4").is_symlink()
    assert (folder / "video.mp4").read_bytes() == b"frames"
    assert read_metrics(folder) == {"status": "complete", "m": 1.5}
    assert names(folder.parent) == ["a"]


def test_a_video_that_is_nobody_elses_is_moved_in(tmp_path):
    video = tmp_path / "fetched.webm"
    video.write_bytes(b"frames")
    write_run_folder(tmp_path / "runs" / "a", replace(CONTENTS, video=video, keep_video=True))
    assert not video.exists()
    assert (tmp_path / "runs" / "a" / "video.webm").read_bytes() == b"frames"


def test_what_cannot_be_written_leaves_nothing_and_the_earlier_folder_stays(tmp_path):
    folder = tmp_path / "runs" / "a"
    write_run_folder(folder, CONTENTS)
    with pytest.raises(OSError, match="gone"):
        write_run_folder(folder, replace(CONTENTS, video=tmp_path / "gone.mp4", keep_video=True))
    assert names(folder.parent) == ["a"]
    assert read_metrics(folder) == CONTENTS.metrics


def test_an_earlier_folder_of_the_name_is_kept_beside_it(tmp_path):
    folder = tmp_path / "runs" / "a"
    write_run_folder(folder, replace(CONTENTS, metrics={"status": "failed"}))
    write_run_folder(folder, CONTENTS)
    assert len(names(folder.parent)) == 2
    assert read_metrics(folder) == CONTENTS.metrics
    assert read_metrics(tmp_path / "other") is None


def test_only_what_crashed_writers_left_long_ago_is_removed(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("audio_loop.autoresearch.run_folder.shutil.rmtree", lambda *_arguments, **_options: None)
    monkeypatch.setattr("audio_loop.autoresearch.run_folder._fill", fail)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            write_run_folder(tmp_path / "a", CONTENTS)
    monkeypatch.undo()
    old, young = sorted(tmp_path.iterdir())
    (tmp_path / "kept").mkdir()
    for path in (old, tmp_path / "kept"):
        os.utime(path, (1, 1))
    remove_unfinished(tmp_path)
    assert names(tmp_path) == sorted([young.name, "kept"])


def test_without_links_a_text_says_where_the_video_is(tmp_path, monkeypatch):
    def refuse(_path, _target):
        raise OSError("a right that few have")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    video = tmp_path / "video.mp4"
    video.touch()
    write_run_folder(tmp_path / "runs" / "a", replace(CONTENTS, video=video))
    assert (tmp_path / "runs" / "a" / "video.mp4.txt").read_text(encoding="utf-8") == f"{video.resolve()}\n"


def test_metrics_that_are_no_table_are_none(tmp_path):
    (tmp_path / "metrics.json").write_text("[1]", encoding="utf-8")
    assert read_metrics(tmp_path) is None
