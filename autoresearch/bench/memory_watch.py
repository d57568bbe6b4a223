"""Memory of a server while it renders: what it says of itself, asked for every second or so."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SECONDS_BETWEEN_LOOKS = 1.0
MIB = 1 << 20


@dataclass(frozen=True)
class MemoryLook:
    """Memory taken at one moment.

    Attributes:
        seconds: Since the first look.
        ram_mib: Of the machine's memory.
        vram_mib: Of the device's memory; None on a CPU.
    """

    seconds: float
    ram_mib: float
    vram_mib: float | None


@dataclass(frozen=True)
class MachineFacts:
    """The machine that a server runs on.

    Attributes:
        device: Name of its device.
        vram_mib: Memory of it; None on a CPU.
        ram_mib: Memory of the machine.
        comfyui: Version.
        torch: Version.
    """

    device: str
    vram_mib: float | None
    ram_mib: float
    comfyui: str
    torch: str


def machine_of(stats: Mapping[str, Any]) -> MachineFacts:
    """The machine, from the answer of `/system_stats`."""
    system, device = stats["system"], stats["devices"][0]
    return MachineFacts(
        device=str(device["name"]),
        vram_mib=None if device["type"] == "cpu" else device["vram_total"] / MIB,
        ram_mib=system["ram_total"] / MIB,
        comfyui=str(system["comfyui_version"]),
        torch=str(system["pytorch_version"]),
    )


def look_of(stats: Mapping[str, Any], seconds: float) -> MemoryLook:
    """One look, from the answer of `/system_stats`."""
    system, device = stats["system"], stats["devices"][0]
    vram = None if device["type"] == "cpu" else (device["vram_total"] - device["vram_free"]) / MIB
    return MemoryLook(seconds, (system["ram_total"] - system["ram_free"]) / MIB, vram)


class MemoryWatch:
    """Looks at a server from a thread of its own, for the time of a `with` statement.

    Args:
        ask: Gives the answer of `/system_stats`; may raise OSError or ValueError if the server is too busy to answer.
        seconds_between: Pause between two looks.
    """

    def __init__(self, ask: Callable[[], Mapping[str, Any]], seconds_between: float = SECONDS_BETWEEN_LOOKS) -> None:
        self._ask, self._pause = ask, seconds_between
        self._looks: list[MemoryLook] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory-watch", daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def looks(self) -> tuple[MemoryLook, ...]:
        """Everything seen so far."""
        return tuple(self._looks)

    def _run(self) -> None:
        begun = time.monotonic()
        while True:
            # A look that fails leaves a hole in the curve; the render is not the worse for it.
            with contextlib.suppress(OSError, ValueError, KeyError, IndexError):
                self._looks.append(look_of(self._ask(), time.monotonic() - begun))
            if self._over.wait(self._pause):
                return
