import errno
import os
import time

import pytest

from audio_loop.checkpoints.errors import DiskFullError, FolderNotWritableError, StoreWriteError
from audio_loop.checkpoints.write_errors import writing
from audio_loop.files import atomic_write
from audio_loop.files.atomic_write import publish_new, remove_stale_temporaries, write_atomically, write_new
from audio_loop.files.free_names import first_free, numbered

from ...system_calls import replace_os_function

CALLS = ("open", "write", "fsync", "close", "replace", "link", "unlink")


class ProcessDeadError(BaseException):
    """The process is gone: nothing it would have done afterwards happens either."""


def count_calls(monkeypatch, action):
    """Lets `action(number, name)` run before each file system call that changes something."""
    calls = []
    for name in CALLS:
        original = getattr(os, name)

        def wrapped(*arguments, _original=original, _name=name, **options):
            calls.append(_name)
            action(len(calls), _name)
            return _original(*arguments, **options)

        replace_os_function(name, wrapped, monkeypatch.setattr)
    return calls


def test_the_content_is_there_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    for content in (b"", b"one", b"x" * 100_000):
        write_atomically(path, content)
        assert path.read_bytes() == content
        assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_kill_at_any_call_leaves_the_old_content_or_the_new(tmp_path, monkeypatch):
    path = tmp_path / "file"
    monkeypatch.setattr(atomic_write, "_CHUNK_BYTES", 10)
    outcomes = []
    for step in range(1, 100):
        path.write_bytes(b"old")
        with monkeypatch.context() as patch:

            def die(number, name, step=step):
                if number >= step:
                    raise ProcessDeadError

            count_calls(patch, die)
            try:
                write_atomically(path, b"new content of 4 chunks in all")
                finished = True
            except ProcessDeadError:
                finished = False
        outcomes.append(path.read_bytes())
        if finished:
            break
    assert outcomes[0] == b"old"
    assert outcomes[-1] == b"new content of 4 chunks in all"
    assert set(outcomes) == {b"old", outcomes[-1]}
    assert len(outcomes) > 8


def test_the_data_is_synced_before_the_rename_and_the_folder_after(tmp_path, monkeypatch):
    calls = count_calls(monkeypatch, lambda number, name: None)
    write_atomically(tmp_path / "file", b"x")
    assert calls == ["open", "write", "fsync", "close", "replace", "open", "fsync", "close"]


@pytest.mark.parametrize("failing", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EROFS, FolderNotWritableError),
        (errno.EACCES, FolderNotWritableError),
        (errno.EIO, StoreWriteError),
    ],
)
def test_failures_are_named_and_leave_nothing_behind(tmp_path, monkeypatch, failing, code, expected):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(number, name):
        if name == failing:
            raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        count_calls(patch, fail)
        with pytest.raises(expected) as raised, writing(path, 3):
            write_atomically(path, b"new")
    assert type(raised.value) is expected
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    if expected is DiskFullError:
        assert "no space left while writing file" in str(raised.value)
        assert "MB are free" in str(raised.value)


def test_a_file_that_is_being_read_is_replaced_a_moment_later(tmp_path, monkeypatch):
    refusals = [PermissionError(errno.EACCES, "in use")] * 3
    original = os.replace

    def replace(source, target):
        if refusals:
            raise refusals.pop()
        original(source, target)

    replace_os_function("replace", replace, monkeypatch.setattr)
    write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert not refusals


def test_short_writes_are_continued(tmp_path, monkeypatch):
    original = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: original(descriptor, data[:3]))
    write_atomically(tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_a_write_that_takes_nothing_is_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "write", lambda descriptor, data: 0)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "file", b"x")


def test_only_own_old_temporaries_are_removed(tmp_path):
    old = time.time() - 2 * atomic_write.STALE_AFTER_SECONDS
    names = {
        ".audio_loop-0123456789abcdef.tmp": old,
        ".audio_loop-fedcba9876543210.tmp": time.time(),
        ".audio_loop-0123456789abcdef.tmp2": old,
        "mine.tmp": old,
    }
    for name, changed in names.items():
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (changed, changed))
    assert remove_stale_temporaries(tmp_path) == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(set(names) - {".audio_loop-0123456789abcdef.tmp"})
    assert remove_stale_temporaries(tmp_path / "missing") == 0


def test_a_new_file_is_never_written_over_another_and_comes_whole(tmp_path, monkeypatch):
    path = tmp_path / "file"
    for step in range(1, 100):
        path.unlink(missing_ok=True)
        with monkeypatch.context() as patch:

            def die(number, name, step=step):
                if number >= step:
                    raise ProcessDeadError

            calls = count_calls(patch, die)
            try:
                write_new(path, b"new")
                break
            except ProcessDeadError:
                assert not path.exists() or path.read_bytes() == b"new"
    assert calls == ["open", "write", "fsync", "close", "link", "unlink", "open", "fsync", "close", "unlink"]
    with pytest.raises(FileExistsError):
        write_new(path, b"other")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("folder", [True, False])
def test_what_is_finished_gets_the_first_free_name(tmp_path, monkeypatch, links, folder):
    if not links:
        monkeypatch.setattr(os, "link", lambda source, target: (_ for _ in ()).throw(OSError(errno.EPERM, "no links here")))
    source, names = tmp_path / "source", [tmp_path / name for name in "abc"]
    for path in (source, names[0]):
        path.mkdir() if folder else path.write_text(path.name)
    names[1].symlink_to(tmp_path / "nowhere")
    identity = source.stat().st_ino
    assert publish_new(source, names) == names[2]
    assert names[2].stat().st_ino == identity
    assert not source.exists()
    assert folder or names[0].read_text() == "a"
    assert names[1].is_symlink()
    with pytest.raises(FileExistsError):
        publish_new(names[2], names)
    assert names[2].exists()


def test_a_folder_gets_its_name_once_its_files_are_on_disk(tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    for name in "ab":
        (source / name).write_text(name)
    steps = []
    synced, renamed = os.fsync, os.rename
    monkeypatch.setattr(os, "fsync", lambda descriptor: (steps.append(os.fstat(descriptor).st_ino), synced(descriptor)))
    replace_os_function("rename", lambda *names: (steps.append("rename"), renamed(*names)), monkeypatch.setattr)
    inodes = {path.stat().st_ino for path in (source, *source.iterdir())}
    publish_new(source, (tmp_path / "name",))
    assert set(steps[:3]) == inodes
    assert steps[3:] == ["rename", tmp_path.stat().st_ino]


def test_a_replaced_file_keeps_its_permissions_and_a_new_one_has_the_users(tmp_path):
    path, beside = tmp_path / "file", tmp_path / "beside"
    beside.touch()
    write_atomically(path, b"one")
    assert path.stat().st_mode == beside.stat().st_mode
    path.chmod(0o640)
    write_atomically(path, b"two")
    assert path.stat().st_mode & 0o777 == 0o640


def test_an_interrupt_leaves_no_temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file", b"x")
    assert list(tmp_path.iterdir()) == []


def test_free_names_count_past_what_is_there(tmp_path):
    path = tmp_path / "song.mp4"
    assert first_free(numbered(path)) == path
    path.touch()
    (tmp_path / "song-2.mp4").symlink_to(tmp_path / "nowhere")
    assert first_free(numbered(path)).name == "song-3.mp4"
    assert first_free(numbered(path), lambda each: "4" not in each.stem).name == "song-4.mp4"
