from __future__ import annotations

from dataclasses import replace

import pytest

from audio_loop.autoresearch.run_folder import RunContents, read_metrics, write_run_folder

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
