"""The memory of one run of a loop between its iterations. Pure bookkeeping; tensors are opaque here.

The state object travels as a literal input of the engine's nodes, so it lives exactly as long as the prompt that runs the
loop: an interrupted or failed run leaves nothing behind in a global, and every run has keys of its own in ComfyUI's caches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .body import LoopBody


class LoopRunError(RuntimeError):
    """An iteration gave something that the loop cannot go on with."""


@dataclass(frozen=True)
class LoopSettings:
    """The widgets of TensorLoopClose. Frames are in units of the joined axis: latent frames for a video latent."""

    accumulate: bool
    overlap_mode: str
    overlap_frames: int
    stop: bool


@dataclass(frozen=True)
class IterationResult:
    """The result of an iteration whose nodes are added only when it is due: the values at `processed` and at `stop`."""

    values: list[Any]
    stop: list[Any]


@dataclass
class LoopState:
    """One run of one loop. The engine's nodes read and advance it; nobody else does."""

    body: LoopBody
    settings: LoopSettings
    display_id: str
    """The node on the canvas that shows "k / N"."""
    count_frames: Callable[[Any], int]
    get_node: Callable[[str], Mapping[str, Any]]
    display_of: Callable[[str], str]
    check_part: Callable[[LoopState, Any], None] = lambda _state, _part: None
    """Refuses a part that could not be joined to those before it, so that it is not found out after the last one."""
    prompt_id: str = ""
    nested: bool = False
    """Whether the loop is inside another one."""
    initial_is_joined: bool = False
    """Whether the graph joins the initial value to the loop's result itself."""
    total: int | None = None
    """Iterations to run; None if the loop runs until `total_frames` are there."""
    total_frames: int = 0
    initial: list[Any] | None = None
    captured: dict[int, tuple[list[Any], ...]] = field(default_factory=dict)
    tapped: dict[tuple[int, int], tuple[list[Any], ...]] = field(default_factory=dict)
    copies: dict[int, tuple[str, ...]] = field(default_factory=dict)
    parts: list[Any] = field(default_factory=list)
    previous: list[Any] | None = None
    done: int = 0
    frames: int = 0
    begun: bool = False
    ended: bool = False
    shown_at: float = 0.0
    """When the progress bar was last drawn, in seconds of the monotonic clock."""

    @property
    def close_id(self) -> str:
        """The node that closes the loop."""
        return self.body.close_id

    def __repr__(self) -> str:
        return f"<loop run {self.done} / {self.total if self.total is not None else '?'}>"

    def begin(self, iterations: Any, total_frames: Any, initial: list[Any] | None) -> None:
        """Takes what is known only when the prompt runs.

        Args:
            iterations: Number of iterations, None if `total_frames` decides.
            total_frames: Frames to collect if `iterations` is None.
            initial: The initial value as ComfyUI keeps it (a list), None if nothing is wired.

        Raises:
            LoopRunError: A number is no whole number in range, or zero iterations have nothing to pass on.
        """
        if iterations is None:
            refuse_target(self.settings, "total_frames", total_frames, initial is not None)
            self.total_frames = total_frames
        else:
            refuse_target(self.settings, "iterations", iterations, initial is not None)
            self.total = iterations
        self.initial = initial
        self.begun = True
        self.ended = self.total == 0

    def outputs(self, iteration: int, index: int) -> list[list[Any]]:
        """The outputs of the `in` node `index` of an iteration, each a list as ComfyUI keeps outputs.

        Raises:
            LoopRunError: The iteration before has no result yet.
        """
        if iteration != self.done + 1:
            raise LoopRunError(f"iteration {iteration} was asked for while iteration {self.done + 1} is due")
        previous = self.initial if self.done == 0 else self.previous
        steps = [previous if previous is not None else [None], [self.frames], [iteration]]
        values = self.captured[index] if index >= 0 else self.tapped[iteration, -1 - index]
        return [*steps, *values]

    def finish(self, iteration: int, values: list[Any], stop: bool) -> None:
        """Takes the result of an iteration.

        Args:
            iteration: 1-based.
            values: What arrived at `processed`, as a list.
            stop: Whether the loop ends here although iterations are left.

        Raises:
            LoopRunError: Not exactly one value arrived.
        """
        if len(values) != 1:
            raise LoopRunError(
                f"iteration {iteration} gave a list of {len(values)} values at 'processed'; the loop needs one. "
                "Join them into one batch inside the loop."
            )
        frames = self.count_frames(values[0])
        if self.settings.accumulate:
            overlap = self.settings.overlap_frames if self.parts else 0
            if frames - overlap < 1:
                raise LoopRunError(
                    f"iteration {iteration} gave {frames} frames, of which {overlap} overlap the ones before: it "
                    f"adds none. Use overlap_frames below {frames}"
                )
            if self.parts:
                self.check_part(self, values[0])
            self.parts.append(values[0])
            frames = self.frames + frames - overlap
        self.frames = frames
        self.done = iteration
        self.previous = values
        self.tapped.clear()
        self.ended = stop or self.settings.stop or self.target_reached()

    def target_reached(self) -> bool:
        """Whether everything that the loop was to do is done."""
        return self.done >= self.total if self.total is not None else self.frames >= self.total_frames

    def release(self) -> None:
        """Drops everything that was kept for iterations to come."""
        self.captured.clear()
        self.tapped.clear()
        self.copies.clear()
        self.parts = []
        self.previous = self.initial = None


def refuse_target(settings: LoopSettings, name: str, value: Any, has_initial: bool) -> None:
    """Refuses a loop that has no way to its end.

    Args:
        settings: The widgets of TensorLoopClose.
        name: What ends the loop: "iterations" or "total_frames".
        value: How many.
        has_initial: Whether initial_value of TensorLoopOpen is wired.

    Raises:
        LoopRunError: The number is no whole number in range, zero iterations have nothing to pass on, or frames are to
            be counted that the settings do not keep.
    """
    least = 0 if name == "iterations" else 1
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise LoopRunError(f"{name} of TensorLoopOpen is {value!r}; it must be a whole number from {least} up")
    if name == "iterations" and value == 0 and not has_initial:
        raise LoopRunError(
            "0 iterations and no initial_value: the loop has nothing to give. Wire initial_value of TensorLoopOpen, "
            "or run at least 1 iteration"
        )
    if name == "total_frames" and not settings.accumulate:
        raise LoopRunError("the mode total_frames needs 'accumulate' on in TensorLoopClose; it counts what is joined")
    if name == "total_frames" and settings.overlap_mode == "end":
        raise LoopRunError("the mode total_frames cannot be used with overlap 'end'; use 'start' or iterations")
