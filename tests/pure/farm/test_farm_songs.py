from __future__ import annotations

from pathlib import Path

import pytest

from audio_loop.farm.songs import SongRefusedError, songs_of


def test_what_lies_beside_a_song_belongs_to_it(tmp_path: Path) -> None:
    song = tmp_path / "My Song.mp3"
    song.write_bytes(b"sound")
    song.with_suffix(".jpg").write_bytes(b"picture")
    song.with_suffix(".txt").write_text("0:00 she sings\n0:20 she dances\n", encoding="utf-8")

    (found,) = songs_of([song])

    assert found.audio == song
    assert found.picture == song.with_suffix(".jpg")
    assert found.prompts == "0:00 she sings\n0:20 she dances\n"
    assert found.name == "My Song"


def test_a_song_alone_leaves_picture_and_prompts_to_the_workflow(tmp_path: Path) -> None:
    song = tmp_path / "a.wav"
    song.write_bytes(b"sound")

    (found,) = songs_of([song])

    assert (found.picture, found.prompts) == (None, None)


def test_the_run_is_named_by_content_so_that_new_prompts_find_old_windows(tmp_path: Path) -> None:
    song = tmp_path / "a.wav"
    song.write_bytes(b"sound")
    before = songs_of([song])[0].run
    song.with_suffix(".txt").write_text("0:00 something else", encoding="utf-8")
    assert songs_of([song])[0].run == before
    song.write_bytes(b"another sound")
    assert songs_of([song])[0].run != before


def test_songs_that_would_take_each_others_place_are_refused(tmp_path: Path) -> None:
    one, same, other = tmp_path / "a.wav", tmp_path / "x" / "a.wav", tmp_path / "y" / "A.mp3"
    for path, data in ((one, b"1"), (same, b"1"), (other, b"2")):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    with pytest.raises(SongRefusedError, match="the same song"):
        songs_of([one, same])
    with pytest.raises(SongRefusedError, match="videos of one name"):
        songs_of([one, other])


def test_a_song_that_is_not_there_and_prompts_that_say_nothing_are_refused(tmp_path: Path) -> None:
    song = tmp_path / "a.wav"
    with pytest.raises(SongRefusedError, match="there is no song"):
        songs_of([song])
    song.write_bytes(b"sound")
    song.with_suffix(".txt").write_text(" \n", encoding="utf-8")
    with pytest.raises(SongRefusedError, match="is empty"):
        songs_of([song])
    song.with_suffix(".txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SongRefusedError, match="UTF-8"):
        songs_of([song])
