"""How far a whole song is: its windows, their sampling steps, the frames of the video. Pure; times are given by the caller.

Nothing is guessed: seconds come from what this render has measured, and are None before it has measured anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

DECODE_SHARE = 0.1
"""The part of the whole that decoding counts for. A convention, so that percent never goes back: what decoding takes is
known only when it runs. Seconds never come from it."""


@dataclass(frozen=True)
class PassSoFar:
    """One run of a sampler inside a window.

    Attributes:
        node: The sampler's id as it runs.
        done: Steps done.
        steps: Steps in all.
        first_done: Steps done when the first was told.
        first_told_at: When that was, in seconds of a monotonic clock.
    """

    node: str
    done: int
    steps: int
    first_done: int
    first_told_at: float


@dataclass(frozen=True)
class RenderProgress:
    """The part of its song that a render has done.

    Attributes:
        saves: Whether the render decodes and saves a video in the end.
        passes_expected: Sampling passes that a window has, as far as the graph says; a window may have more.
        windows: Windows in all; None until that is known.
        finished: The windows that exist, by their places in the order in which they are made.
        from_disk: Those of them that were read back.
        window: The window that is at work, None if it is not known which.
        began_at: When that window began.
        passes: Its sampling passes so far.
        usual_steps: Steps of the window that was sampled last.
        usual_seconds: What that one took.
        step_seconds: What a step took last.
        frames_done: Frames of the video that are written.
        frames: Frames of the video; 0 until it is being written.
        frames_seconds_left: What the writer expects.
        percent: Of the whole; never goes back.
        stages: Loops that make the whole song one behind the other: a draft, and its finish. All counts are of the one at work.
        stage: The one at work, from 0.
    """

    saves: bool = False
    passes_expected: int = 1
    windows: int | None = None
    finished: frozenset[int] = frozenset()
    from_disk: frozenset[int] = frozenset()
    window: int | None = None
    began_at: float = 0.0
    passes: tuple[PassSoFar, ...] = ()
    usual_steps: int | None = None
    usual_seconds: float | None = None
    step_seconds: float | None = None
    frames_done: int = 0
    frames: int = 0
    frames_seconds_left: float | None = None
    percent: float = 0.0
    stages: int = 1
    stage: int = 0

    def next_stage(self) -> RenderProgress:
        """A loop begins that makes the whole song once more, from what the one before has made."""
        return RenderProgress(
            self.saves,
            self.passes_expected,
            percent=self.percent,
            stages=max(self.stages, self.stage + 2),
            stage=self.stage + 1,
        )

    def with_windows(self, windows: int) -> RenderProgress:
        """It is known how many windows there will be: at first, or because the loop ends early."""
        return replace(self, windows=max(windows, len(self.finished)))._counted()

    def begin_window(self, index: int, now: float) -> RenderProgress:
        """A window is looked for on disk, and made if it is not there."""
        return replace(self, window=index, began_at=now, passes=())

    def step(self, node: str, done: int, steps: int, now: float) -> RenderProgress:
        """A sampler has done `done` of `steps`."""
        before = next((each for each in self.passes if each.node == node), None)
        if before is None or done < before.done:
            current, seconds = PassSoFar(node, done, steps, done, now), self.step_seconds
        else:
            current = replace(before, done=done, steps=steps)
            since = done - before.first_done
            seconds = (now - before.first_told_at) / since if since > 0 else self.step_seconds
        others = tuple(each for each in self.passes if each.node != node)
        return replace(self, passes=(*others, current), step_seconds=seconds)._counted()

    def finish_window(self, index: int, now: float, from_disk: bool = False) -> RenderProgress:
        """A window exists now: `index` is its place in the order in which they are made. Told of it again, nothing changes."""
        if index in self.finished:
            return self
        sampled = bool(self.passes) and not from_disk
        return replace(
            self,
            finished=self.finished | {index},
            from_disk=self.from_disk | {index} if from_disk else self.from_disk,
            window=None,
            began_at=now,
            passes=(),
            usual_steps=sum(each.steps for each in self.passes) if sampled else self.usual_steps,
            usual_seconds=now - self.began_at if sampled else self.usual_seconds,
        )._counted()

    def write(self, done: int, frames: int, seconds_left: float) -> RenderProgress:
        """`done` of `frames` frames of the video are written; no further window will come."""
        made = replace(self, windows=len(self.finished) or self.windows, window=None, passes=())
        made = replace(made, stages=self.stage + 1)
        return replace(made, saves=True, frames_done=done, frames=frames, frames_seconds_left=seconds_left)._counted()

    @property
    def window_share(self) -> float:
        """How much of the window that is at work is sampled, in [0, 1]."""
        steps = max(sum(each.steps for each in self.passes), self.usual_steps or 0)
        if not steps:
            return 0.0
        by_steps = sum(each.done for each in self.passes) / steps
        by_passes = sum(each.done / each.steps for each in self.passes if each.steps) / max(
            self.passes_expected, len(self.passes)
        )
        # A first pass that is over leaves room for the second, whose steps are not known yet.
        return min(by_steps, by_passes)

    def seconds_left(self, now: float) -> float | None:
        """Until the last window is made, or while the video is written, until it is.

        None if nothing was measured yet, or while a stage is at work that another one follows.
        """
        if self.frames:
            return self.frames_seconds_left
        if self.windows is None or self.windows == len(self.finished) or self.stage + 1 < self.stages:
            return None
        to_make = self.windows - len(self.finished)
        if self.usual_seconds is not None:
            at_work = self.window_share * self.usual_seconds if self.passes else now - self.began_at
            return max(0.0, to_make * self.usual_seconds - min(at_work, self.usual_seconds))
        steps = sum(each.steps for each in self.passes)
        if self.step_seconds is None or not steps:
            return None
        return (to_make - self.window_share) * steps * self.step_seconds

    def message(self, now: float) -> dict[str, Any]:
        """The numbers for the browser: whole numbers, and seconds rounded to what they are good for."""
        last = self.passes[-1] if self.passes else None
        left = self.seconds_left(now)
        return {
            "windows": self.windows,
            "finished": len(self.finished),
            "from_disk": len(self.from_disk),
            "window": self.window,
            "step": last.done if last else 0,
            "steps": last.steps if last else 0,
            "frame": self.frames_done,
            "frames": self.frames,
            "percent": round(self.percent, 1),
            "step_seconds": None if self.step_seconds is None else round(self.step_seconds, 3),
            "seconds_left": None if left is None else round(left, 1),
            "decode_follows": self.saves and not self.frames,
            **({"stage": self.stage + 1, "stages": self.stages} if self.stages > 1 else {}),
        }

    def _counted(self) -> RenderProgress:
        share = DECODE_SHARE if self.saves else 0.0
        if self.windows is None:
            made, share = 0.0, 1.0 if self.frames else share
        else:
            at_work = self.window_share if len(self.finished) < self.windows else 0.0
            made = (len(self.finished) + at_work) / self.windows if self.windows else 1.0
        made = (self.stage + made) / self.stages
        written = self.frames_done / self.frames if self.frames else 0.0
        return replace(self, percent=max(self.percent, 100 * ((1 - share) * made + share * written)))
