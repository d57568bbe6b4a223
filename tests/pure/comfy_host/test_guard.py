"""The guard ends what it started when its starter goes away, however it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audio_loop.comfy_host import guard

# Writes its process id, then that of a child in the same group, and waits.
CHILD = """
import os, subprocess, sys, time
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
with open(sys.argv[1] + ".part", "w") as out:
    out.write(f"{os.getpid()} {inner.pid}")
os.replace(sys.argv[1] + ".part", sys.argv[1])
{ignore}
time.sleep(300)
"""
STARTER = """
import subprocess, sys, time
subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)
time.sleep(300)
"""


def running(pid):
    """Whether a process still works; one that only waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text("utf-8").rpartition(")")[2].split()[0] != "Z"


def wait_until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def guarded_command(pids, ignore=""):
    return [sys.executable, guard.__file__, sys.executable, "-c", CHILD.replace("{ignore}", ignore), str(pids)]


def read_pids(path):
    wait_until(path.exists)
    return [int(word) for word in path.read_text("utf-8").split()]


@pytest.mark.parametrize("ignore", ["", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
def test_closing_the_pipe_ends_the_whole_group(tmp_path, monkeypatch, ignore):
    started = subprocess.Popen(guarded_command(tmp_path / "pids", ignore), stdin=subprocess.PIPE)
    pids = read_pids(tmp_path / "pids")
    assert all(running(pid) for pid in pids)
    started.stdin.close()
    started.wait(30)
    wait_until(lambda: not any(running(pid) for pid in pids))


def test_a_starter_that_is_killed_takes_the_group_with_it(tmp_path):
    starter = subprocess.Popen([sys.executable, "-c", STARTER, *guarded_command(tmp_path / "pids")])
    pids = read_pids(tmp_path / "pids")
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    wait_until(lambda: not any(running(pid) for pid in pids))


def test_a_command_that_ends_by_itself_passes_on_its_status():
    command = [sys.executable, guard.__file__, sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.Popen(command, stdin=subprocess.PIPE).wait(30) == 7
