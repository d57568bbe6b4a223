"""A run's folder that cannot be written to: read-only, or on a full disk."""

from __future__ import annotations

import errno
import logging
import os

import pytest

from audio_loop.checkpoints.errors import (
    DiskFullError,
    FolderNotWritableError,
)

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
