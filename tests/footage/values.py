"""Values of synthetic footage: a defect that is asked for, one that was put in, and the video with its truth."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from audio_loop.doctor.kinds import Kind
from audio_loop.loop_control.plan import LoopPlan


@dataclass(frozen=True)
class Defect:
    """A defect to put into a video; whatever is not chosen follows from the video's seed.

    Attributes:
        kind: Which.
        strength: 1 is what a viewer begins to notice; the file that injects the kind says what that is, and why.
        way: One of the ways in which the kind shows; "" draws one. `WAYS` lists them.
        window: Window that it sits in or at whose join it begins, if the kind has one.
        stride_px: Period of `decode_tile_pulse` in frames.
    """

    kind: Kind
    strength: float = 2.0
    way: str = ""
    window: int | None = None
    stride_px: int | None = None


@dataclass(frozen=True)
class Injected:
    """A defect as it was put in.

    Attributes:
        kind: Which.
        strength: In the unit of `Defect.strength`.
        way: How it shows.
        stretches: (start, end) in seconds of the video.
        windows: Numbers of the windows that it sits in or begins with; empty if it is all over.
        facts: Numbers by name, such as period_px.
    """

    kind: Kind
    strength: float
    way: str
    stretches: tuple[tuple[float, float], ...]
    windows: tuple[int, ...] = ()
    facts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Footage:
    """A video with its truth.

    Attributes:
        path: The video.
        plan: Where its windows lie.
        song: Sound that it was made for, a WAV file.
        schedule: Its prompts over time; None if it was made from a single prompt.
        defects: What was put in; empty for a clean one.
        traits: What is in it, for tables of misses: as "still", "face", "scenes", "flashes", "h264 crf 23", "real".
        seed: It was made from.
    """

    path: Path
    plan: LoopPlan
    song: Path
    schedule: str | None
    defects: tuple[Injected, ...]
    traits: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Joins:
    """Where the new frames of each window lie in a video of `frames` frames at `fps`.

    Attributes:
        edges: First frame of each window's new frames, from 0, and the number of frames.
        fps: Frames per second.
    """

    edges: tuple[int, ...]
    fps: Fraction

    @property
    def frames(self) -> int:
        return self.edges[-1]

    @property
    def windows(self) -> int:
        return len(self.edges) - 1

    def seconds(self, window: int) -> tuple[float, float]:
        return float(self.edges[window] / self.fps), float(self.edges[window + 1] / self.fps)

    @property
    def stretches(self) -> tuple[tuple[float, float], ...]:
        return tuple(self.seconds(window) for window in range(self.windows))
