from __future__ import annotations

import json

import pytest

from audio_loop.autoresearch.errors import HarnessError
from audio_loop.autoresearch.fixture import read_fixture, read_unchecked, schema_faults, to_fill_in
from audio_loop.comfy_host.environment import REPOSITORY

EXAMPLE = REPOSITORY / "autoresearch" / "fixtures" / "fixture_man_guitar.json"


def test_the_example_asks_for_its_two_files_and_for_nothing_else():
    document = json.loads(EXAMPLE.read_text("utf-8"))
    assert list(schema_faults(document)) == []
    faults = list(to_fill_in(document))
    assert [fault.split()[0] for fault in faults] == ["audio", "image"]
    with pytest.raises(HarnessError, match=r"audio is still to be filled in.*image is still to be filled in"):
        read_fixture(EXAMPLE)


def test_a_filled_in_example_is_read_and_its_paths_begin_at_its_folder(tmp_path):
    document = json.loads(EXAMPLE.read_text("utf-8")) | {"audio": "song.wav", "image": "/else/where.png"}
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(document), "utf-8")
    fixture = read_fixture(path)
    assert (fixture.audio, fixture.image.as_posix()) == (tmp_path / "song.wav", "/else/where.png")
    assert fixture.settings["seed"] == 42
    assert fixture.settings["overlap_seconds"] == 2.0
    assert fixture.settings["schedule"].startswith("0:00+")


def test_every_fault_is_told_at_once():
    faults = list(schema_faults({"name": 3, "seed": -1, "colour": "red", "settings": {"a": []}, "image": "x.png"}))
    assert len(faults) == 5
    for part in ("lacks 'audio'", "name is 3", "seed is -1", "unknown key 'colour'", "settings.'a' is []"):
        assert any(part in fault for fault in faults), part


@pytest.mark.parametrize(("text", "said"), [("[1]", "JSON object"), ("{", "truncated"), ('{"a": 1, "a": 2}', "twice")])
def test_what_is_no_fixture_is_refused(tmp_path, text, said):
    path = tmp_path / "f.json"
    path.write_text(text, "utf-8")
    with pytest.raises(HarnessError, match=said):
        read_fixture(path)
    with pytest.raises(HarnessError, match="cannot be read"):
        read_fixture(tmp_path / "none.json")


def test_unchecked_reading_takes_any_object_and_nothing_else(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"no": "fixture"}', "utf-8")
    assert read_unchecked(path) == {"no": "fixture"}
    path.write_text("[1]", "utf-8")
    with pytest.raises(HarnessError, match=r"mine\.json holds no JSON object"):
        read_unchecked(path)
