"""A started server and a connection to it, as one thing that is opened and closed together."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .client import ComfyClient, Prompt
from .events import Event
from .prompt_result import OutputFile, PromptResult
from .server import ComfyServer


class ComfySession:
    """Starts `server` and connects to it; use it in a `with` statement or call `close`.

    Raises:
        ServerError: ComfyUI did not start.
    """

    def __init__(self, server: ComfyServer) -> None:
        self.server = server.start()
        try:
            self.client = ComfyClient(server.url)
        except BaseException:
            server.stop()
            raise

    def __enter__(self) -> ComfySession:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection and the server."""
        try:
            self.client.close()
        finally:
            self.server.stop()

    @property
    def url(self) -> str:
        """Where the server answers."""
        return self.server.url

    @property
    def output_folder(self) -> Path:
        """Where the server writes."""
        return self.server.base / "output"

    @property
    def input_folder(self) -> Path:
        """Where the server reads pictures and sounds from."""
        return self.server.base / "input"

    def run(
        self,
        prompt: Prompt,
        extra_data: Mapping[str, Any] | None = None,
        on_event: Callable[[Event], None] | None = None,
        timeout: float | None = 120.0,
    ) -> PromptResult:
        """`ComfyClient.run`."""
        return self.client.run(prompt, extra_data, on_event, timeout)

    def path_of(self, output: OutputFile) -> Path:
        """The output file itself; the server runs on this machine."""
        return self.server.base / output.folder / output.subfolder / output.filename

    def add_input(self, path: Path) -> str:
        """Copies a file into the server's input folder and returns the name to use in `LoadImage` or `LoadAudio`."""
        shutil.copyfile(path, self.input_folder / path.name)
        return path.name
