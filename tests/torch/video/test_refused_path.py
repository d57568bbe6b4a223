"""Whether a file can be written is tried before anything is rendered; nothing is left of the trial."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from audio_loop.video.errors import VideoWriteError
from audio_loop.video.refused_path import check_writable


def test_a_file_that_can_be_written_leaves_only_its_folder(tmp_path):
    check_writable(tmp_path / "new" / "a.mp4")
    assert [path.name for path in tmp_path.rglob("*")] == ["new"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EROFS, "ComfyUI may not write to .*Make the folder writable"),
        (errno.EACCES, "ComfyUI may not write to .*begin filename_prefix with another folder"),
        (errno.ENOSPC, r"the disk is full\. Free some space"),
        (errno.EDQUOT, r"the disk is full\. Free some space"),
        (errno.EIO, "failed .*Check the output folder"),
    ],
)
def test_what_the_system_refuses_is_said_with_what_helps(tmp_path, monkeypatch, number, said):
    def refuse(*_, **__):
        raise OSError(number, "as the system says it")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(VideoWriteError, match=said) as caught:
        check_writable(tmp_path / "a.mp4")
    assert isinstance(caught.value.__cause__, OSError)


def test_a_disk_that_fills_up_during_the_trial_is_full_and_the_trial_is_taken_away(tmp_path, monkeypatch):
    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    opened = Path.open

    def fill(path, *arguments, **more):
        opened(path, "xb").close()
        return Full()

    monkeypatch.setattr(Path, "open", fill)
    with pytest.raises(VideoWriteError, match="the disk is full"):
        check_writable(tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_files_in_the_way_and_long_names_are_named(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(VideoWriteError, match=r"taken is in the way\. Move it away"):
        check_writable(tmp_path / "taken" / "a.mp4")
    with pytest.raises(VideoWriteError, match=r"a name of 312 bytes \(x{40}\.\.\.\) is too long"):
        check_writable(tmp_path / f"{'x' * 308}.mp4")
    with pytest.raises(VideoWriteError, match="a name of 300 bytes"):
        check_writable(tmp_path / ("y" * 300) / "a.mp4")
    assert (tmp_path / "taken").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_an_unfinished_video_of_that_name_is_not_taken_for_the_trial(tmp_path):
    (tmp_path / "a.partial.mp4").write_text("mine")
    with pytest.raises(VideoWriteError, match="in the way"):
        check_writable(tmp_path / "a.mp4")
    assert (tmp_path / "a.partial.mp4").read_text() == "mine"
