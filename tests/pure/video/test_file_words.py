"""The line on a finished video."""

from __future__ import annotations

import pytest

from audio_loop.video.file_words import file_words


@pytest.mark.parametrize(
    ("subfolder", "folder"), [("video", "output/video"), ("", "output"), ("a\\b", "output/a/b"), ("a/b", "output/a/b")]
)
def test_a_file_is_told_by_name_folder_length_and_sizes(tmp_path, subfolder, folder):
    video = tmp_path / "song_00001_.mp4"
    video.write_bytes(b"x" * 1_260_000)
    assert file_words(video, subfolder, 185.4, 832, 448) == f"song_00001_.mp4 in {folder}: 3:05.40, 832 x 448, 1.3 MB"


def test_a_folder_of_pictures_is_as_large_as_they_are_together(tmp_path):
    pictures = tmp_path / "song_00001_"
    pictures.mkdir()
    for number in range(3):
        (pictures / f"{number}.png").write_bytes(b"x" * 500_000)
    assert file_words(pictures, "video", 0.12, 64, 64) == "song_00001_ in output/video: 0:00.12, 64 x 64, 1.5 MB"
