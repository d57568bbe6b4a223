"""A run's folder that cannot be written to: read-only, or on a full disk."""

from __future__ import annotations

import errno
import logging
import os

import pytest

from audio_loop.checkpoints.errors import FolderNotWritableError
from audio_loop.checkpoints.runs import held_windows, run_writer
from audio_loop.checkpoints.segments import latent_file

from ....system_calls import replace_os_function
from .checkpoint_stores import files, fingerprint, open_store, save, value_of


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
        replace_os_function(name, refused, monkeypatch.setattr)


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


def room_for(monkeypatch, room_bytes):
    """Lets so many bytes more be written, then the disk is full."""
    original, left = os.write, [room_bytes]

    def write(descriptor, data):
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        count = original(descriptor, data[: left[0]])
        left[0] -= count
        return count

    monkeypatch.setattr(os, "write", write)


def test_a_full_disk_leaves_everything_before_it_whole_and_what_was_sampled_in_memory(tmp_path, monkeypatch, caplog):
    store = open_store(tmp_path)
    save(store, 0, "a", 1)
    names = sorted(each.name for each in store.folder.iterdir())
    for index, room in enumerate((0, 1, 100, 300), 1):
        with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
            room_for(patch, room)
            save(store, index, f"b{index}", 2)
            assert store.held == index
            assert value_of(store.lookup(index, fingerprint(f"b{index}"))) == 2
            assert value_of(store.load_chosen(index)) == 2
            assert not list(store.folder.glob(".audio_loop-*.tmp"))
            assert value_of(open_store(tmp_path).lookup(0, fingerprint("a"))) == 1
            assert open_store(tmp_path).lookup(index, fingerprint(f"b{index}")) is None
        assert names == sorted(each.name for each in store.folder.iterdir())
    (warning,) = [record for record in caplog.records if "run run" in record.message and "no space" in record.message]
    assert "written as soon as the folder takes them" in warning.message
    assert store.lookup(9, fingerprint("never made")) is None
    assert store.held == 0
    assert [value_of(open_store(tmp_path).lookup(index, fingerprint(f"b{index}"))) for index in (1, 2, 3, 4)] == [2] * 4
    assert [value_of(open_store(tmp_path).load_chosen(index)) for index in (1, 2, 3, 4)] == [2] * 4


@pytest.mark.parametrize("deny_code", [errno.EROFS, errno.ENOSPC])
@pytest.mark.parametrize("ask", ["lookup", "save", "create", "lock"])
def test_whatever_is_asked_next_writes_what_was_kept_in_memory(tmp_path, monkeypatch, deny_code, ask):
    store = open_store(tmp_path)
    with monkeypatch.context() as patch:
        deny(patch, deny_code)
        store.create({"fps": 25})
        for index in (0, 1):
            save(store, index, index, plan={"fps": 25})
    assert store.held == 2
    asked = {
        "lookup": lambda: store.lookup(7, fingerprint("x")),
        "save": lambda: save(store, 2, "c"),
        "create": lambda: store.create(),
        "lock": lambda: store.lock(1),
    }
    asked[ask]()
    assert store.held == 0
    fresh = open_store(tmp_path)
    assert [value_of(fresh.load_chosen(index)) for index in (0, 1)] == [0, 1]
    assert fresh.manifest().plan == {"fps": 25}
    assert fresh.manifest().window(1).locked == (ask == "lock")


def test_a_window_for_which_there_is_no_room_yet_waits_without_being_tried(tmp_path, monkeypatch):
    store = open_store(tmp_path)
    with monkeypatch.context() as patch:
        deny(patch, errno.ENOSPC)
        save(store, 0, "a", 1)
    tried = []
    with monkeypatch.context() as patch:
        patch.setattr(held_windows, "free_bytes", lambda _folder: 1000)
        patch.setattr(run_writer, "write_temporary", lambda *arguments: tried.append(arguments))
        assert value_of(store.lookup(0, fingerprint("a"))) == 1
    assert (tried, store.held) == ([], 1)
    assert value_of(store.lookup(0, fingerprint("a"))) == 1
    assert store.held == 0


def test_a_full_disk_after_the_segment_loses_nothing(tmp_path, monkeypatch):
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
        save(store, 1, "b", 2)
    assert value_of(open_store(tmp_path).lookup(1, fingerprint("b"))) == 2
    store.create()
    assert store.held == 0
    assert len(files(store)) == 2


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


def test_a_window_in_memory_is_written_beside_a_damaged_file_of_the_same_name(tmp_path, monkeypatch):
    store = open_store(tmp_path)
    save(store, 0, "a", 1)
    (store.folder / files(store)[0]).write_bytes(b"damaged")
    with monkeypatch.context() as patch:
        deny(patch, errno.ENOSPC)
        save(store, 0, "a", 1)
    store.create()
    assert store.held == 0
    assert len(files(store)) == 2
    assert value_of(open_store(tmp_path).lookup(0, fingerprint("a"))) == 1


def test_a_window_of_an_earlier_version_that_is_not_finite_is_made_again_beside_it(tmp_path, monkeypatch):
    store = open_store(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(latent_file, "not_finite", lambda _latent: "")
        save(store, 0, "a", float("nan"))
    again = open_store(tmp_path)
    assert again.lookup(0, fingerprint("a")) is None
    assert again.load_chosen(0) is None
    again.lock(0)
    assert again.lookup(0, fingerprint("a")) is None
    save(again, 0, "a", 1)
    for rebuilt in (False, True):
        if rebuilt:
            (store.folder / "manifest.json").unlink()
        assert value_of(open_store(tmp_path).lookup(0, fingerprint("a"))) == 1
        assert value_of(open_store(tmp_path).load_chosen(0)) == 1
    assert len(files(store)) == 2
