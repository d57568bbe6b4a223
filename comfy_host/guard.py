"""Runs one command in a process group of its own and ends that group when the guard's standard input closes.

The starter keeps the other end of that pipe. The system closes it however the starter ends, a kill -9 included, so no
server outlives the demo or the tests that started it. Run as a file, standard library only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

GRACE_SECONDS = 5.0


def guard(command: Sequence[str]) -> int:
    """Runs `command` until it ends or standard input closes; the command's exit status (negative: the signal)."""
    group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # there is one on Windows only
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, creationflags=group, start_new_session=not group)
    watcher = threading.Thread(target=_end_when_orphaned, args=(child,), daemon=True)
    watcher.start()
    status = child.wait()
    _signal_group(child, hard=True)
    return status


def _end_when_orphaned(child: subprocess.Popen[bytes]) -> None:
    # Unbuffered: a thread that waits inside sys.stdin would keep its lock and make the interpreter abort at its end.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    _signal_group(child, hard=False)
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _signal_group(child, hard=True)


def _signal_group(child: subprocess.Popen[bytes], hard: bool) -> None:
    if sys.platform == "win32":
        if child.poll() is None:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(child.pid)], check=False, capture_output=True)
        return
    try:
        # The group is the child's own: it lives on after the child if the child left processes behind.
        os.killpg(child.pid, signal.SIGKILL if hard else signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return


if __name__ == "__main__":
    # Ctrl-C in a terminal reaches the whole foreground group; only the closed pipe ends the guard.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(abs(guard(sys.argv[1:])))
