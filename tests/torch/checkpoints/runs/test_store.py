"""Keeping, finding, choosing and pruning finished windows."""

from __future__ import annotations

import pytest
import torch

from audio_loop.checkpoints.errors import (
    CheckpointError,
)
from audio_loop.checkpoints.runs.selection import why_made_again
from audio_loop.files.names import UnsafeNameError

from .checkpoint_stores import files, fingerprint, latent, open_store, save, take, value_of


def test_a_finished_window_comes_back_in_another_process(tmp_path):
    store = open_store(tmp_path / "not" / "there")
    assert store.lookup(3, fingerprint("a")) is None
    assert not store.folder.exists()
    saved = save(store, 3, "a", seconds=2.5, components={"wiring": "0123456789ab"})
    again = open_store(tmp_path / "not" / "there").lookup(3, fingerprint("a"))
    assert value_of(again) == 3
    assert again.take == saved
    assert not again.locked
    assert open_store(tmp_path / "not" / "there").lookup(3, fingerprint("b")) is None
    assert open_store(tmp_path / "not" / "there").lookup(4, fingerprint("a")) is None


def test_the_plan_and_identity_are_kept_and_rebuilt(tmp_path):
    store = open_store(tmp_path)
    store.create({"fps": 25})
    assert open_store(tmp_path).manifest().plan == {"fps": 25}
    save(store, 0, "a")
    store.create({"fps": 24})
    save(store, 1, "b")
    (store.folder / "manifest.json").unlink()
    rebuilt = open_store(tmp_path).manifest()
    assert rebuilt.identity == "song"
    assert rebuilt.plan in ({"fps": 25}, {"fps": 24})
    assert [window.index for window in rebuilt.windows] == [0, 1]


def test_a_manifest_that_is_behind_catches_up(tmp_path):
    store = open_store(tmp_path)
    save(store, 0, "a", 1)
    behind = (store.folder / "manifest.json").read_bytes()
    save(store, 0, "b", 2)
    save(store, 1, "c", 3)
    expected = store.manifest()
    (store.folder / "manifest.json").write_bytes(behind)
    assert open_store(tmp_path).manifest().windows == expected.windows
    assert value_of(open_store(tmp_path).load_chosen(0)) == 2


def test_earlier_takes_are_kept_and_can_be_chosen(tmp_path):
    store = open_store(tmp_path)
    for name, value in (("a", 1), ("b", 2), ("c", 3)):
        save(store, 7, name, value)
    assert [each.fingerprint for each in store.takes(7)] == [fingerprint(name) for name in "abc"]
    assert value_of(store.load_chosen(7)) == 3
    store.choose(7, fingerprint("a")[:10])
    fresh = open_store(tmp_path)
    assert value_of(fresh.load_chosen(7)) == 1
    locked = fresh.lookup(7, fingerprint("c"))
    assert (value_of(locked), locked.locked) == (1, True)
    assert value_of(fresh.lookup(7, fingerprint("never made"))) == 1
    fresh.lock(7, False)
    assert value_of(fresh.lookup(7, fingerprint("b"))) == 2
    assert value_of(open_store(tmp_path).load_chosen(7)) == 2
    assert fresh.lookup(7, fingerprint("never made")) is None


def test_a_locked_segment_keeps_its_choice_when_another_take_is_saved(tmp_path):
    store = open_store(tmp_path)
    save(store, 2, "a", 1)
    store.lock(2)
    save(store, 2, "b", 2)
    assert value_of(store.load_chosen(2)) == 1
    assert len(store.takes(2)) == 2


def test_choices_that_cannot_be_made_are_refused(tmp_path):
    store = open_store(tmp_path)
    save(store, 1, "a")
    with pytest.raises(CheckpointError, match="window 2 has no take"):
        store.choose(2, "00")
    with pytest.raises(CheckpointError, match="window 2 has no take to lock"):
        store.lock(2)


def test_the_same_window_is_written_once(tmp_path):
    first, second = open_store(tmp_path), open_store(tmp_path)
    kept = save(first, 0, "a", 1, seconds=1.0)
    assert save(second, 0, "a", 1, seconds=9.0) == kept
    assert len(files(first)) == 1


def test_takes_are_pruned_only_when_asked_and_only_whole_own_ones(tmp_path):
    store = open_store(tmp_path)
    for name, value in (("a", 1), ("b", 2), ("c", 3), ("d", 4)):
        save(store, 0, name, value)
    save(store, 1, "e")
    foreign = store.folder / "segment_0000_0123456789abcdef.safetensors"
    foreign.write_bytes(b"mine")
    damaged = store.folder / next(
        each.file for each in store.manifest().window(0).takes if each.take.fingerprint == fingerprint("b")
    )
    damaged.write_bytes(b"damaged")
    deleted = store.prune(keep_takes=2)
    assert len(deleted) == 1
    assert fingerprint("a")[:16] in deleted[0]
    assert foreign.read_bytes() == b"mine"
    assert damaged.read_bytes() == b"damaged"
    assert value_of(store.lookup(0, fingerprint("c"))) == 3
    store.lookup(0, fingerprint("d"))
    assert len(store.prune(limit_bytes=0)) == 1
    assert value_of(open_store(tmp_path).load_chosen(0)) == 4
    assert value_of(open_store(tmp_path).load_chosen(1)) == 1
    assert store.prune(keep_takes=1, limit_bytes=0) == ()


def test_why_a_window_is_sampled(tmp_path):
    store = open_store(tmp_path)
    base = {"value conditioning": "0" * 12, "value seed": "1" * 12}
    save(store, 0, "a", components=base)
    save(store, 0, "b", components=base | {"value conditioning": "2" * 12, "value seed": "3" * 12})
    assert why_made_again(store.manifest().window(0), base | {"value conditioning": "4" * 12}) == ("conditioning changed",)
    assert why_made_again(store.manifest().window(0), base) == ()
    assert why_made_again(store.manifest().window(1), base) == ()


@pytest.mark.parametrize("run", ["../out", "/etc", "a/b", "..", "", "con", "x" * 300])
def test_no_run_name_leaves_the_root(tmp_path, run):
    store = open_store(tmp_path / "root", run)
    save(store, 0, "a")
    assert store.folder.parent == (tmp_path / "root").resolve()
    assert value_of(open_store(tmp_path / "root", run).lookup(0, fingerprint("a"))) == 0


@pytest.mark.parametrize("run", ["file_hashes.json", "File_Hashes.JSON", " file_hashes.json "])
def test_no_run_takes_the_place_of_the_packs_own_file(tmp_path, run):
    with pytest.raises(UnsafeNameError, match="would work"):
        open_store(tmp_path, run)
    assert open_store(tmp_path, "file_hashes").run == "file_hashes"


def test_a_run_folder_that_is_a_link_out_of_the_root_is_refused(tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "run").symlink_to(tmp_path)
    with pytest.raises(UnsafeNameError):
        open_store(tmp_path / "root")


def test_prompts_that_cannot_be_written_do_not_cost_the_window(tmp_path):
    store = open_store(tmp_path)
    store.save(0, latent(1), take("a", prompt="half \ud800" + "x" * 200_000))
    assert open_store(tmp_path).takes(0)[0].prompt.startswith("half ?xxx")


def test_a_latent_that_cannot_be_kept_is_refused(tmp_path):
    with pytest.raises(CheckpointError):
        open_store(tmp_path).save(0, {"samples": torch.zeros(1), "thing": object()}, take("a"))
    with pytest.raises(CheckpointError):
        open_store(tmp_path).save(0, latent(0), take("a", seed=-1))
    with pytest.raises(CheckpointError):
        open_store(tmp_path).save(0, latent(0), take("a"), plan={"x": object()})
    assert not list(tmp_path.rglob("segment_*"))
