import errno
import hashlib
import json
import logging
import os
import shutil

import pytest
import safetensors.torch
import torch

from audio_loop.checkpoints.errors import (
    CheckpointError,
    DiskFullError,
    FolderNotWritableError,
    NewerManifestError,
    UnsafeNameError,
)
from audio_loop.checkpoints.segment_file import LatentCodec
from audio_loop.checkpoints.store import Store
from audio_loop.checkpoints.take import Take

CODEC = LatentCodec(list)


def fingerprint(name):
    return hashlib.sha256(str(name).encode()).hexdigest()


def latent(value):
    return {"samples": torch.full((1, 4, 2, 2, 2), float(value))}


def take(name, **fields):
    return Take(fingerprint(name), **({"prompt": f"prompt {name}", "seed": 5} | fields))


def open_store(root, run="run"):
    return Store(root, run, CODEC, identity="song")


def save(store, index, name, value=None, **fields):
    return store.save(index, latent(index if value is None else value), take(name, **fields))


def value_of(found):
    return None if found is None else found.latent["samples"].unique().item()


def files(store):
    return sorted(each.name for each in store.folder.iterdir() if each.name.startswith("segment"))


def test_a_finished_iteration_comes_back_in_another_process(tmp_path):
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
    assert [segment.index for segment in rebuilt.segments] == [0, 1]


def test_a_manifest_that_is_behind_catches_up(tmp_path):
    store = open_store(tmp_path)
    save(store, 0, "a", 1)
    behind = (store.folder / "manifest.json").read_bytes()
    save(store, 0, "b", 2)
    save(store, 1, "c", 3)
    expected = store.manifest()
    (store.folder / "manifest.json").write_bytes(behind)
    assert open_store(tmp_path).manifest().segments == expected.segments
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


def test_a_locked_segment_whose_file_is_damaged_is_made_again(tmp_path, caplog):
    store = open_store(tmp_path)
    save(store, 2, "a", 1)
    store.lock(2)
    (store.folder / files(store)[0]).write_bytes(b"damaged")
    assert store.lookup(2, fingerprint("b")) is None
    save(store, 2, "b", 2)
    assert value_of(open_store(tmp_path).load_chosen(2)) == 2


def test_choices_that_cannot_be_made_are_refused(tmp_path):
    store = open_store(tmp_path)
    save(store, 1, "a")
    with pytest.raises(CheckpointError, match="iteration 2 has no take"):
        store.choose(2, "00")
    with pytest.raises(CheckpointError, match="iteration 2 has no take to lock"):
        store.lock(2)


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
    newer = json.dumps({"format": "audio_loop.checkpoint_run", "version": 2, "anything": []})
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
        with pytest.raises(NewerManifestError, match="version 2"):
            action()
    assert path.read_text() == newer
    assert files(store) == names


def test_a_file_of_a_newer_version_is_reported_and_left_alone(tmp_path, caplog):
    store = open_store(tmp_path)
    save(store, 0, "a")
    path = store.folder / files(store)[0]
    path.write_bytes(path.read_bytes().replace(b'\\"version\\":1', b'\\"version\\":2'))
    with caplog.at_level(logging.WARNING):
        assert store.lookup(0, fingerprint("a")) is None
    assert "newer Audio Loop" in caplog.text


def deny(monkeypatch, code):
    """Makes every attempt to create, rename or remove a file fail, as a read-only mount does."""
    original = os.open

    def refused(*arguments, **options):
        raise OSError(code, os.strerror(code))

    def open_for_reading(path, flags, *arguments, **options):
        if flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
            refused()
        return original(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", open_for_reading)
    for name in ("replace", "unlink", "mkdir"):
        monkeypatch.setattr(os, name, refused)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("exists", [True, False])
def test_a_read_only_folder_lets_the_render_go_on(tmp_path, monkeypatch, caplog, code, exists):
    if exists:
        save(open_store(tmp_path), 0, "a", 1)
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        deny(patch, code)
        store = open_store(tmp_path)
        store.create()
        assert value_of(store.lookup(0, fingerprint("a"))) == (1 if exists else None)
        for index in (1, 2, 3):
            save(store, index, index)
        assert [value_of(store.lookup(index, fingerprint(index))) for index in (1, 2, 3)] == [1, 2, 3]
        assert [value_of(store.load_chosen(index)) for index in (1, 2, 3)] == [1, 2, 3]
        with pytest.raises(FolderNotWritableError):
            store.lock(1)
    assert len(caplog.records) == 1
    assert "render goes on" in caplog.text
    assert open_store(tmp_path).lookup(1, fingerprint(1)) is None


def test_a_read_only_folder_by_its_permissions(tmp_path, caplog):
    """The real thing, in a child that is nobody: root may write anywhere."""
    save(open_store(tmp_path), 0, "a", 1)
    folder = open_store(tmp_path).folder
    folder.chmod(0o555)
    try:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                for parent in folder.parents:
                    if parent.owner() == "root" and str(parent).startswith("/tmp/"):
                        parent.chmod(0o755)
                if os.getuid() == 0:
                    os.setuid(65534)
                store = open_store(tmp_path)
                save(store, 1, "b", 2)
                good = value_of(store.lookup(0, fingerprint("a"))) == 1
                good = good and value_of(store.lookup(1, fingerprint("b"))) == 2
                status = 0 if good and len(files(store)) == 1 else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        folder.chmod(0o755)


def test_a_full_disk_leaves_everything_before_it_whole(tmp_path, monkeypatch):
    store = open_store(tmp_path)
    save(store, 0, "a", 1)
    names = sorted(each.name for each in store.folder.iterdir())
    original = os.write
    for room in (0, 1, 100, 700):
        left = room

        def write(descriptor, data):
            nonlocal left
            if not left:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            count = original(descriptor, data[:left])
            left -= count
            return count

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", write)
            with pytest.raises(DiskFullError, match="no space left while writing"):
                save(store, 1, f"b{room}", 2)
        assert not list(store.folder.glob(".audio_loop-*.tmp"))
        assert value_of(open_store(tmp_path).lookup(0, fingerprint("a"))) == 1
    assert set(names) <= {each.name for each in store.folder.iterdir()}
    save(store, 1, "b", 2)
    assert value_of(open_store(tmp_path).lookup(1, fingerprint("b"))) == 2


def test_a_full_disk_after_the_segment_loses_only_the_manifest(tmp_path, monkeypatch):
    store = open_store(tmp_path)
    save(store, 0, "a", 1)
    original, calls = os.write, []

    def write(descriptor, data):
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(DiskFullError, match=r"manifest\.json"):
            save(store, 1, "b", 2)
    assert value_of(open_store(tmp_path).lookup(1, fingerprint("b"))) == 2


def test_reading_goes_on_where_the_choice_cannot_be_written(tmp_path, monkeypatch, caplog):
    store = open_store(tmp_path)
    save(store, 0, "a", 1)
    save(store, 0, "b", 2)

    def full(descriptor, data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(os, "write", full)
        assert value_of(store.lookup(0, fingerprint("a"))) == 1
        assert value_of(store.lookup(0, fingerprint("a"))) == 1
    assert len(caplog.records) == 1


def test_the_same_iteration_is_written_once(tmp_path):
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
        each.file for each in store.manifest().segment(0).takes if each.take.fingerprint == fingerprint("b")
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


def test_why_an_iteration_is_sampled(tmp_path):
    store = open_store(tmp_path)
    base = {"value conditioning": "0" * 12, "value seed": "1" * 12}
    save(store, 0, "a", components=base)
    save(store, 0, "b", components=base | {"value conditioning": "2" * 12, "value seed": "3" * 12})
    assert store.why_sampled(0, base | {"value conditioning": "4" * 12}) == ("conditioning changed",)
    assert store.why_sampled(0, base) == ()
    assert store.why_sampled(1, base) == ()


@pytest.mark.parametrize("run", ["../out", "/etc", "a/b", "..", "", "con", "x" * 300])
def test_no_run_name_leaves_the_root(tmp_path, run):
    store = open_store(tmp_path / "root", run)
    save(store, 0, "a")
    assert store.folder.parent == (tmp_path / "root").resolve()
    assert value_of(open_store(tmp_path / "root", run).lookup(0, fingerprint("a"))) == 0


def test_a_run_folder_that_is_a_link_out_of_the_root_is_refused(tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "run").symlink_to(tmp_path)
    with pytest.raises(UnsafeNameError):
        open_store(tmp_path / "root")


def test_prompts_that_cannot_be_written_do_not_cost_the_iteration(tmp_path):
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
