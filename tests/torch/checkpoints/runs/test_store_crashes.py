"""Kills at any instant, several writers on one folder."""

import os
import random
import signal
import time

import pytest
import torch

from audio_loop.checkpoints.runs import run_lock
from audio_loop.checkpoints.runs.store import Store
from audio_loop.checkpoints.segments.latent_file import LatentCodec
from audio_loop.checkpoints.take import Take

from ....system_calls import replace_os_function
from .checkpoint_stores import fingerprint

CODEC = LatentCodec(list)
# Calls that change what the next process finds; a kill around fsync or close is no different from one beside them.
FILE_SYSTEM_CALLS = ("open", "write", "replace", "unlink", "mkdir")


def value_for(name):
    return int(fingerprint(name)[:4], 16)


def open_store(root):
    return Store(root, "run", CODEC, identity="song")


def save(store, index, name):
    store.save(index, {"samples": torch.full((1, 4, 2, 2, 2), float(value_for(name)))}, Take(fingerprint(name)))


def loads(store, index, name):
    """Whether a take is there; a wrong one fails."""
    found = store.lookup(index, fingerprint(name))
    if found is None:
        return False
    if not found.locked:
        assert found.take.fingerprint == fingerprint(name)
        assert found.latent["samples"].unique().item() == value_for(name)
    return True


SAVED = [(0, "a"), (1, "b"), (1, "c"), (2, "d")]
STEPS = [
    lambda store: store.create({"fps": 25}),
    lambda store: save(store, 0, "a"),
    lambda store: save(store, 1, "b"),
    lambda store: save(store, 1, "c"),
    lambda store: store.choose(1, fingerprint("b")),
    lambda store: save(store, 2, "d"),
    lambda store: store.lock(2),
]


def summary(store):
    manifest = store.manifest()
    return manifest.plan, [
        (each.index, each.chosen, each.locked, sorted(stored.take.fingerprint for stored in each.takes))
        for each in manifest.windows
    ]


def in_child(action):
    """Runs an action in a forked process; returns (exit status, what it wrote to its pipe)."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reading)
            action(writing)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), told


def run_steps(root, pipe, die_at):
    """Goes through the steps and is killed in front of the file system call number `die_at`."""
    tell = os.write
    calls = 0

    for name in FILE_SYSTEM_CALLS:
        original = getattr(os, name)

        def wrapped(*arguments, _original=original, **options):
            nonlocal calls
            calls += 1
            if calls == die_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return _original(*arguments, **options)

        replace_os_function(name, wrapped)
    store = open_store(root)
    for step in STEPS:
        step(store)
        tell(pipe, b".")


def test_a_kill_before_any_file_system_call_loses_nothing_finished(memory_folder):
    uninterrupted = memory_folder / "uninterrupted"
    assert in_child(lambda pipe: run_steps(uninterrupted, pipe, 0)) == (0, b"." * len(STEPS))
    expected = summary(open_store(uninterrupted))
    died = 0
    for die_at in range(1, 1000):
        root = memory_folder / str(die_at)
        status, told = in_child(lambda pipe, root=root, die_at=die_at: run_steps(root, pipe, die_at))
        store = open_store(root)
        finished = len(told)
        takes_finished = [take for step, take in zip((1, 2, 3, 5), SAVED, strict=True) if step < finished]
        for index, name in takes_finished:
            assert loads(store, index, name), (die_at, index, name)
        if finished > 4:
            assert store.manifest().window(1).chosen == fingerprint("b")
        if die_at % 3 == 0 or status == 0:
            for step in STEPS:
                step(store)
            assert summary(open_store(root)) == expected
            assert len(list(store.folder.glob("segment_*"))) == len(SAVED)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        died += 1
    assert status == 0
    assert died > 40


def test_kills_at_random_moments(tmp_path):
    rng = random.Random(20260301)
    store = open_store(tmp_path)
    done = set()
    for round_number in range(12):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            child = open_store(tmp_path)
            for index in range(1000):
                name = f"{round_number}-{index}"
                save(child, index % 7, name)
                os.write(writing, f"{index % 7} {name}\n".encode())
            os._exit(0)
        os.close(writing)
        told = os.read(reading, 1).decode()
        time.sleep(rng.uniform(0.005, 0.2))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with os.fdopen(reading) as pipe:
            told += pipe.read()
        done |= {tuple(line.split()) for line in told[: told.rfind("\n") + 1].splitlines()}
        for index, name in done:
            assert loads(store, int(index), name)
    assert len(done) >= 12
    rebuilt = summary(store)[1]
    (store.folder / "manifest.json").unlink()
    assert [(index, takes) for index, _, _, takes in summary(open_store(tmp_path))[1]] == [
        (index, takes) for index, _, _, takes in rebuilt
    ]


def test_two_servers_lose_nothing_of_each_other(tmp_path):
    rounds = 12

    def server(name):
        def work(pipe):
            store = open_store(tmp_path)
            for index in range(rounds):
                save(store, index, f"{name}{index}")
                save(store, 100 + index, "same")
                if index % 2 == (name == "a"):
                    store.lock(index)

        return work

    children = []
    for name in ("a", "b", "c"):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                server(name)(None)
                status = 0
            finally:
                os._exit(status)
        children.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0, 0, 0]
    manifest = open_store(tmp_path).manifest()
    for index in range(rounds):
        kept = {stored.take.fingerprint for stored in manifest.window(index).takes}
        assert kept == {fingerprint(f"{name}{index}") for name in "abc"}
        assert manifest.window(index).locked
        assert len(manifest.window(100 + index).takes) == 1
    assert len(list((tmp_path / "run").glob("segment_01*"))) == rounds
    assert not list((tmp_path / "run").glob(".audio_loop-*.tmp"))


def test_a_killed_server_does_not_keep_the_lock(tmp_path):
    def hold(pipe):
        store = open_store(tmp_path)
        store.create()
        with run_lock.run_lock(store.folder, lambda message: None):
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(hold)[0] == -signal.SIGKILL
    started = time.monotonic()
    save(open_store(tmp_path), 0, "a")
    assert time.monotonic() - started < 5


def test_a_stuck_server_is_named(tmp_path, monkeypatch):
    from audio_loop.checkpoints.errors import StoreBusyError
    from audio_loop.checkpoints.runs import run_lock

    monkeypatch.setattr(run_lock, "LOCK_SECONDS", 0.2)
    store = open_store(tmp_path)
    store.create()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        with run_lock.run_lock(store.folder, lambda message: None):
            os.write(writing, b".")
            time.sleep(60)
        os._exit(0)
    try:
        os.read(reading, 1)
        with pytest.raises(StoreBusyError, match="second server"):
            save(store, 0, "a")
        assert not list(store.folder.glob(".audio_loop-*.tmp"))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    save(store, 0, "a")
    assert loads(store, 0, "a")


def test_a_file_system_without_locks_warns_once(tmp_path, monkeypatch, caplog):
    import filelock

    def unsupported(self, *arguments, **options):
        raise NotImplementedError("no flock here")

    monkeypatch.setattr(filelock.FileLock, "acquire", unsupported)
    store = open_store(tmp_path)
    save(store, 0, "a")
    save(store, 1, "b")
    assert loads(store, 0, "a")
    assert loads(store, 1, "b")
    assert len(caplog.records) == 1
    assert "without locks" in caplog.text
