"""How a store turns latents into files and back, and what it gives for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ..take import Take
from .header import SegmentInfo


class Codec(Protocol):
    """Turns latents into files and back; `latent_file.LatentCodec` is the real one."""

    def encode(self, latent: Any, info: SegmentInfo) -> bytes:
        """Returns the whole file of a latent; raises CheckpointError if it has no exact form."""

    def decode(self, path: Path, index: int, fingerprint: str) -> tuple[Any, SegmentInfo]:
        """Returns a file's latent and metadata; raises DamagedSegmentError if it must not be used."""

    def decode_bytes(self, data: bytes) -> Any:
        """Returns the latent of what `encode` made in this process."""


@dataclass(frozen=True)
class Found:
    """A finished window.

    Attributes:
        latent: As it was saved, on the CPU.
        take: How it was made.
        locked: Whether it was given because the window is locked, whatever the fingerprint.
        plan: The loop plan that it was made by, as JSON, or None.
    """

    latent: Any
    take: Take
    locked: bool
    plan: Mapping[str, Any] | None = None
