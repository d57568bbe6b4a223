import datetime
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.checkpoints.fingerprint.value_hash import hash_plain_value
from audio_loop.checkpoints.runs.manifest import Manifest, dump_manifest
from audio_loop.checkpoints.runs.run_name import choose_run, default_run_name, find_run, run_identity
from audio_loop.files.names import clean_name

TODAY = datetime.date(2026, 3, 1)
IDENTITY = run_identity({"song": hash_plain_value("song"), "window": hash_plain_value(497)})


def make_run(root, name, identity, created="2026-03-01T10:00:00.000000+00:00"):
    (root / name).mkdir(parents=True, exist_ok=True)
    (root / name / "manifest.json").write_bytes(dump_manifest(Manifest(name, identity, created)))


@pytest.mark.parametrize(
    ("song", "expected"),
    [
        ("My Song.mp3", "My Song"),
        ("audio/My Song.flac", "My Song"),
        ("C:\\music\\Song.wav", "Song"),
        ("Mr. Blue", "Mr. Blue"),
        ("Mr. Blue Sky", "Mr. Blue Sky"),
        ("", "untitled"),
        ("../..", "song"),
        ("_.mp3", "song"),
        ("é" * 60, "é" * 24),
    ],
)
def test_default_names(song, expected):
    assert default_run_name(song, IDENTITY, TODAY) == f"{expected}_2026-03-01_{IDENTITY[:8]}"


@settings(deadline=None)
@given(st.text(max_size=100))
def test_default_names_are_clean(song):
    name = default_run_name(song, IDENTITY, TODAY)
    assert clean_name(name) == name
    assert name.endswith(f"_2026-03-01_{IDENTITY[:8]}")


def test_a_run_is_found_on_another_day(tmp_path):
    root = tmp_path / "audio_loop"
    assert find_run(root, IDENTITY) is None
    name = choose_run(root, "song.mp3", IDENTITY, TODAY)
    make_run(root, name, IDENTITY)
    assert choose_run(root, "song.mp3", IDENTITY, TODAY + datetime.timedelta(days=40)) == name
    assert choose_run(root, "song.mp3", run_identity({}), TODAY) != name


def test_the_latest_of_several_is_taken(tmp_path):
    make_run(tmp_path, "b", IDENTITY, "2026-03-01T10:00:00.000000+00:00")
    make_run(tmp_path, "a", IDENTITY, "2026-03-02T10:00:00.000000+00:00")
    assert find_run(tmp_path, IDENTITY) == "a"


def test_folders_that_cannot_be_read_are_passed_over(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "manifest.json").write_bytes(b"{")
    (tmp_path / "newer").mkdir()
    newer = dump_manifest(Manifest("newer", IDENTITY)).replace(b'"version": 2', b'"version": 5')
    (tmp_path / "newer" / "manifest.json").write_bytes(newer)
    (tmp_path / "file").write_bytes(b"")
    outside = tmp_path.parent / f"{tmp_path.name}_outside"
    make_run(outside, "run", IDENTITY)
    (tmp_path / "way_out").symlink_to(outside / "run")
    assert find_run(tmp_path, IDENTITY) is None
    make_run(tmp_path, "good", IDENTITY)
    assert find_run(tmp_path, IDENTITY) == "good"


def test_the_identity_does_not_depend_on_order():
    parts = {"song": hash_plain_value("x"), "fps": hash_plain_value(25)}
    assert run_identity(parts) == run_identity(dict(reversed(parts.items())))
    assert run_identity(parts) != run_identity(parts | {"fps": hash_plain_value(24)})
    assert run_identity({"a": parts["song"], "b": parts["fps"]}) != run_identity({"a": parts["fps"], "b": parts["song"]})


def test_a_run_whose_manifest_is_lost_or_damaged_is_found_by_its_name(tmp_path):
    name = default_run_name("song", IDENTITY, datetime.date(2026, 3, 1))
    (tmp_path / name).mkdir()
    assert find_run(tmp_path, IDENTITY) == name
    (tmp_path / name / "manifest.json").write_bytes(b"{")
    assert find_run(tmp_path, IDENTITY) == name
    make_run(tmp_path, "whole", IDENTITY)
    assert find_run(tmp_path, IDENTITY) == "whole"


def test_a_pipe_in_place_of_a_manifest_is_passed_over(tmp_path):
    (tmp_path / "run").mkdir()
    os.mkfifo(tmp_path / "run" / "manifest.json")
    assert find_run(tmp_path, IDENTITY) is None


def test_a_manifest_that_changed_is_read_again(tmp_path):
    make_run(tmp_path, "run", IDENTITY)
    assert find_run(tmp_path, IDENTITY) == "run"
    make_run(tmp_path, "run", "another identity")
    assert find_run(tmp_path, IDENTITY) is None
