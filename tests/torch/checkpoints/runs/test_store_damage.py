"""Damaged, foreign, missing and newer files in a run's folder: reported, left alone, made again."""

from __future__ import annotations

import json
import logging
import shutil

import pytest
import safetensors.torch
import torch

from audio_loop.checkpoints.errors import (
    NewerManifestError,
)

from .checkpoint_stores import files, fingerprint, open_store, save, value_of


def test_a_locked_segment_whose_file_is_damaged_is_made_again(tmp_path, caplog):
    store = open_store(tmp_path)
    save(store, 2, "a", 1)
    store.lock(2)
    (store.folder / files(store)[0]).write_bytes(b"damaged")
    assert store.lookup(2, fingerprint("b")) is None
    save(store, 2, "b", 2)
    assert value_of(open_store(tmp_path).load_chosen(2)) == 2


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "foreign", "folder", "swapped"])
def test_a_damaged_file_is_reported_once_and_made_again_beside_it(tmp_path, caplog, damage):
    store = open_store(tmp_path)
    save(store, 7, "a", 1)
    save(store, 8, "b", 2)
    path = store.folder / files(store)[0]
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[-1] ^= 1
        path.write_bytes(content)
    elif damage == "truncate":
        path.write_bytes(content[:-5])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "foreign":
        safetensors.torch.save_file({"samples": torch.zeros(1)}, path)
    elif damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        shutil.copy(store.folder / files(store)[1], path)
    before = None if damage == "folder" else path.read_bytes()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert store.lookup(7, fingerprint("a")) is None
            store.manifest()
    assert len(caplog.records) == 1
    assert path.name in caplog.text
    assert "run run" in caplog.text
    save(store, 7, "a", 3)
    assert value_of(store.lookup(7, fingerprint("a"))) == 3
    assert path.name.replace(".safetensors", "_2.safetensors") in files(store)
    assert before is None or path.read_bytes() == before
    (store.folder / "manifest.json").unlink()
    assert value_of(open_store(tmp_path).lookup(7, fingerprint("a"))) == 3
    assert value_of(open_store(tmp_path).lookup(8, fingerprint("b"))) == 2


def test_a_whole_file_under_the_name_of_another_take_is_not_used(tmp_path, caplog):
    store = open_store(tmp_path)
    save(store, 7, "a", 1)
    save(store, 7, "b", 2)
    store.lock(7)
    first, second = files(store)
    shutil.copy(store.folder / first, store.folder / second)
    (store.folder / f"segment_0007_{fingerprint('c')[:16]}.safetensors").write_bytes((store.folder / first).read_bytes())
    with caplog.at_level(logging.WARNING):
        fresh = open_store(tmp_path)
        assert len(fresh.takes(7)) == 2
        fresh.lock(7, False)
    assert "named for another take" in caplog.text
    assert "manifest.json" not in caplog.text
    found = {value_of(fresh.lookup(7, fingerprint(name))) for name in "ab"}
    assert found in ({1, None}, {2, None})
    assert open_store(tmp_path).manifest() == fresh.manifest()


def test_a_missing_file_is_made_again_under_its_name(tmp_path):
    store = open_store(tmp_path)
    save(store, 7, "a", 1)
    names = files(store)
    (store.folder / names[0]).unlink()
    assert store.lookup(7, fingerprint("a")) is None
    save(store, 7, "a", 2)
    assert files(store) == names
    assert value_of(store.lookup(7, fingerprint("a"))) == 2


def test_a_damaged_manifest_is_kept_aside_and_rebuilt(tmp_path, caplog):
    store = open_store(tmp_path)
    save(store, 0, "a", 1)
    manifest = store.folder / "manifest.json"
    manifest.write_text("{ edited by hand")
    with caplog.at_level(logging.WARNING):
        fresh = open_store(tmp_path)
        assert value_of(fresh.lookup(0, fingerprint("a"))) == 1
        fresh.manifest()
    assert len(caplog.records) == 1
    assert manifest.read_text() == "{ edited by hand"
    save(fresh, 1, "b", 2)
    kept = list(store.folder.glob("manifest.damaged-*.json"))
    assert [each.read_text() for each in kept] == ["{ edited by hand"]
    assert value_of(open_store(tmp_path).load_chosen(0)) == 1


def test_a_newer_manifest_is_refused_and_left_alone(tmp_path):
    store = open_store(tmp_path)
    save(store, 0, "a")
    path = store.folder / "manifest.json"
    newer = json.dumps({"format": "audio_loop.checkpoint_run", "version": 5, "anything": []})
    path.write_text(newer)
    names = files(store)
    fresh = open_store(tmp_path)
    for action in (
        lambda: fresh.lookup(0, fingerprint("a")),
        lambda: save(fresh, 1, "b"),
        lambda: fresh.create(),
        lambda: fresh.prune(keep_takes=1),
        lambda: fresh.lock(0),
    ):
        with pytest.raises(NewerManifestError, match="version 5"):
            action()
    assert path.read_text() == newer
    assert files(store) == names


def test_a_file_of_a_newer_version_is_reported_and_left_alone(tmp_path, caplog):
    store = open_store(tmp_path)
    save(store, 0, "a")
    path = store.folder / files(store)[0]
    path.write_bytes(path.read_bytes().replace(b'\\"version\\":2', b'\\"version\\":5'))
    with caplog.at_level(logging.WARNING):
        assert store.lookup(0, fingerprint("a")) is None
    assert "newer Audio Loop" in caplog.text
