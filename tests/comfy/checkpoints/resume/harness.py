"""Starts `runner.py` and asks it for runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio_loop.comfy_host.environment import find_comfyui

ANSWER = "@@"


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    killed: bool
    answers: list[dict[str, Any]]
    instants: dict[str, int]
    run_reads: int = 0
    """How often the folder of a run was read."""

    @property
    def total_instants(self) -> int:
        """Moments at which the run could have been killed."""
        return sum(self.instants.values())


class Runner:
    """A process that runs prompts in children of its own."""

    def __init__(self, base: Path, models: Path, packs: Sequence[Path] = ()) -> None:
        self.base = base
        for kind in ("input", "output", "temp", "user", "custom_nodes"):
            (base / kind).mkdir(parents=True, exist_ok=True)
        self.log = (base / "runner.log").open("w")
        command = [sys.executable, str(Path(__file__).with_name("runner.py")), str(base), str(models), str(find_comfyui())]
        command += map(str, packs)
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, bufsize=1
        )
        self._answer()

    def run(
        self,
        output: Path,
        prompts: list[dict[str, Any]],
        outputs: list[str],
        kill_at: int | None = None,
        cache: str = "default",
        full_after: tuple[str, int] | None = None,
        settings: dict[str, Any] | None = None,
        free_bytes: int | None = None,
        swaps: Sequence[Sequence[Sequence[str]]] = (),
        swap_at: Sequence[str] = (),
        versions: dict[str, str] | None = None,
    ) -> Outcome:
        """Runs prompts one after the other in a new process.

        Args:
            output: Folder of its output.
            prompts: API prompts.
            outputs: Ids of output nodes.
            kill_at: The moment of its death.
            cache: ComfyUI's cache.
            full_after: A kind of moment and how often it may pass before the disk is full.
            settings: ComfyUI's command line, by the names of its own settings.
            free_bytes: What the disk says is free.
            swaps: For each prompt, files that are copied over others before it, with their dates: (from, to).
            swap_at: (node id, from, to): the same, at the moment at which a node begins.
            versions: "comfyui" and "audio-loop" -> what they say their version is.
        """
        request = {"base": str(output), "prompts": prompts, "outputs": outputs, "kill_at": kill_at, "cache": cache}
        request |= {"full_after": full_after, "settings": settings or {}, "free_bytes": free_bytes}
        request |= {"swaps": swaps, "swap_at": swap_at, "versions": versions or {}}
        self.process.stdin.write(json.dumps(request) + "\n")
        answer = self._answer()
        if not answer["killed"] and answer["status"] != 0:
            raise AssertionError(f"the run ended with status {answer['status']}:\n{self._tail()}")
        return Outcome(answer["killed"], answer["answers"], answer["instants"], answer.get("run_reads", 0))

    def close(self) -> None:
        """Ends the process."""
        self.process.stdin.close()
        self.process.wait(30)
        self.log.close()

    def _answer(self) -> dict[str, Any]:
        for line in self.process.stdout:
            if line.startswith(ANSWER):
                return json.loads(line[len(ANSWER) :])
        raise AssertionError(f"the runner ended:\n{self._tail()}")

    def _tail(self) -> str:
        self.log.flush()
        return (self.base / "runner.log").read_text()[-4000:]
