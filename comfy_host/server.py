"""Starts a ComfyUI on a free loopback port, waits until it answers, and stops what it started; nothing else."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import guard
from .base_directory import prepare_base_directory
from .errors import ServerError

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
READY_SECONDS = 180.0
POLL_SECONDS = 0.1
LOG_TAIL_LINES = 40
# Between choosing a free port and ComfyUI opening it, another program may take it.
PORT_ATTEMPTS = 3
PORT_TAKEN = "address already in use"


class ComfyServer:
    """One ComfyUI process of our own; use it in a `with` statement, or call `start` and `stop`.

    It ends with the process that started it, however that one ends.

    Attributes:
        url: Where it answers, set by `start`.
        base: Its base directory: `models/ input/ output/ user/ temp/ custom_nodes/`.
        log_path: What ComfyUI printed.
    """

    def __init__(
        self,
        comfyui: Path,
        base: Path,
        custom_nodes: Mapping[str, Path] | None = None,
        arguments: Sequence[str] = ("--cpu",),
        python: Path | str = sys.executable,
        environment: Mapping[str, str] | None = None,
        api_nodes: bool = False,
    ) -> None:
        """Only remembers; `start` makes folders and starts.

        Args:
            comfyui: The folder with ComfyUI's `main.py`.
            base: Base directory, see `prepare_base_directory`.
            custom_nodes: Node packs to link in, by name.
            arguments: Further arguments, such as `--cpu` or `--cache-none`.
            python: The Python that has ComfyUI's requirements.
            environment: Variables to set beside those of this process.
            api_nodes: Load the nodes that call paid services too; they ask nobody before they run.
        """
        self.url = ""
        self.comfyui = comfyui
        self.base = base.resolve()
        self.log_path = self.base / "comfyui.log"
        self._custom_nodes = dict(custom_nodes or {})
        self._arguments = tuple(arguments)
        self._python = str(python)
        self._environment = dict(environment or {})
        self._api_nodes = api_nodes
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ComfyServer:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self, ready_seconds: float = READY_SECONDS) -> ComfyServer:
        """Starts ComfyUI and returns when `/system_stats` answers.

        Raises:
            ServerError: ComfyUI ended or did not answer in time; the message holds the end of its log.
        """
        if self._guard is not None:
            raise ServerError(f"this server was started before, at {self.url}")
        prepare_base_directory(self.base, self._custom_nodes)
        for attempt in range(1, PORT_ATTEMPTS + 1):
            port = free_port()
            self.url = f"http://{LOOPBACK}:{port}"
            self._launch(port)
            try:
                self._wait_until_ready(ready_seconds)
            except ServerError:
                self.stop()
                if attempt == PORT_ATTEMPTS or PORT_TAKEN not in self.log_text():
                    raise
            except BaseException:
                self.stop()
                raise
            else:
                break
        return self

    def stop(self) -> None:
        """Ends the process group that `start` began, and waits for it; does nothing if there is none."""
        if self._guard is None:
            return
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        try:
            self._guard.wait(guard.GRACE_SECONDS * 2)
        except subprocess.TimeoutExpired:
            log.warning("ComfyUI at %s does not end; its log is %s", self.url, self.log_path)
            self._guard.kill()
            self._guard.wait()
        self._guard = None

    def kill(self) -> None:
        """Ends ComfyUI as a crash does, without a chance to write anything; `stop` still has to be called.

        Raises:
            ServerError: It does not run.
        """
        import psutil

        if self._guard is None or not self.running:
            raise ServerError(f"ComfyUI at {self.url} does not run")
        # The guard's only child. It notices and ends by itself.
        for child in psutil.Process(self._guard.pid).children():
            child.kill()
        self._guard.wait(guard.GRACE_SECONDS * 2)

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self._guard is not None and self._guard.poll() is None

    def log_text(self) -> str:
        """All that ComfyUI printed since the last start."""
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    def log_tail(self) -> str:
        """The end of the log, for error messages."""
        return "\n".join(self.log_text().splitlines()[-LOG_TAIL_LINES:])

    def _launch(self, port: int) -> None:
        command = [
            *(self._python, str(self.comfyui / "main.py")),
            *("--listen", LOOPBACK, "--port", str(port)),
            *("--base-directory", str(self.base)),
            # By default all servers of one checkout share one database file, and the second cannot open it.
            *("--database-url", f"sqlite:///{self.base / 'user' / 'comfyui.db'}"),
            *(() if self._api_nodes else ("--disable-api-nodes",)),
            "--disable-auto-launch",
            *self._arguments,
        ]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **self._environment}
        with self.log_path.open("wb") as output:
            self._guard = subprocess.Popen(
                [sys.executable, guard.__file__, *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.base,
                env=environment,
                start_new_session=True,
            )

    def _wait_until_ready(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.running:
                raise ServerError(f"ComfyUI ended while starting. {self._log_excerpt()}")
            if answers(self.url):
                return
            time.sleep(POLL_SECONDS)
        raise ServerError(f"ComfyUI does not answer at {self.url} after {seconds:g} s. {self._log_excerpt()}")

    def _log_excerpt(self) -> str:
        return f"The end of its log ({self.log_path}):\n{self.log_tail()}"


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    """True if a ComfyUI at `url` answers `/system_stats`."""
    # A proxy configured for the outside world must not be asked for the loopback interface.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/system_stats", timeout=5) as response:
            return "system" in json.load(response)
    except (urllib.error.URLError, OSError, ValueError):
        return False
