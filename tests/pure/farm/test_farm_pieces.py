from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audio_loop.farm.errors import NoServerLeftError
from audio_loop.farm.importable import python_path
from audio_loop.farm.servers import Servers
from audio_loop.farm.shelf import Shelf


def test_a_server_does_one_job_at_a_time() -> None:
    servers = Servers(["a", "b"])
    assert {servers.lease("1"), servers.lease("2")} == {"a", "b"}
    assert servers.lease("3") is None
    servers.give_back("b")
    assert servers.lease("3") == "b"
    assert servers.busy() == {"a": "1", "b": "3"}


def test_a_server_that_went_away_is_not_asked_again() -> None:
    servers = Servers(["a", "b"])
    assert servers.lease("1") == "a"
    servers.lose("a", "the cable")
    servers.give_back("a")
    assert servers.lease("2") == "b"
    assert servers.lease("3") is None
    servers.lose("b", "the fuse")
    with pytest.raises(NoServerLeftError, match="a: the cable; b: the fuse"):
        servers.lease("3")


def test_the_shelf_is_found_again_and_counts_windows_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("song", "segment_0000_00.safetensors", b"a")
    shelf.put("song", "segment_0000_11.safetensors", b"another take")
    shelf.put("song finish", "segment_0000_00.safetensors", b"b")
    shelf.put("other", "segment_0000_00.safetensors", b"c")
    again = Shelf(tmp_path)
    assert again.hashes("song") == shelf.hashes("song")
    assert again.runs("song") == ["song", "song finish"]
    assert again.count("song") == 2
    assert again.get("song finish", "segment_0000_00.safetensors") == b"b"


def test_nothing_on_the_shelf_is_overwritten(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("song", "segment_0000_00.safetensors", b"first")
    shelf.put("song", "segment_0000_00.safetensors", b"second")
    assert shelf.get("song", "segment_0000_00.safetensors") == b"first"


def test_a_clone_can_be_imported_by_another_process(tmp_path: Path) -> None:
    path = python_path(tmp_path)
    assert path is not None, "the environment of the tests has no installed pack"
    code = "import audio_loop.farm.servers as s; print(s.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": path}, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().endswith("servers.py")
