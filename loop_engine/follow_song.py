"""Follows the render that runs through its whole song, and tells the browser how far it is: twice a second at most."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .render_progress import RenderProgress
from .running_loops import RunningLoop, running_loops
from .shown_renders import Render

EVENT = "audio_loop.progress"
HANDLER_NAME = "audio_loop.song"
INTERVAL_SECONDS = 0.5
SAVER = "StreamingVideoSave"
STAGES, DRAFT = "AudioLoopStages", "draft"


@dataclass
class _Followed:
    """The render that is followed."""

    prompt_id: str
    render: Render | None
    """The record for a page that is loaded again; None if no page would ask."""
    progress: RenderProgress
    told: RenderProgress | None = None
    told_at: float = 0.0
    loop_id: str = ""
    """The node of the loop that was told of last."""

    def message(self, now: float) -> dict[str, Any]:
        """The message for the browser, with the node of the loop."""
        loop = self.loop()
        return {"node": None if loop is None else loop.display_id, **self.progress.message(now)}

    def loop(self) -> RunningLoop | None:
        """The loop of the render that is at work, the first one before any is."""
        loops = running_loops.known(self.prompt_id)
        return next((loop for loop in loops if loop.display_id == self.loop_id), next(iter(loops), None))

    def begin_loop(self, loop_id: str) -> None:
        """A loop is told of: if it is another one and those before are over, a stage begins."""
        others = (loop for loop in running_loops.known(self.prompt_id) if loop.display_id != loop_id)
        if self.loop_id not in ("", loop_id) and all(loop.ended or not loop.begun for loop in others):
            self.progress = self.progress.next_stage()
        self.loop_id = loop_id


_followed: dict[str, _Followed] = {}
"""By prompt id; of the render that runs, or none."""


def follow() -> None:
    """Follows the running render from now on, so that windows which are not kept on disk count from their first step."""
    from ..comfyui_internals.running_prompt import prompt_id

    _of_render(prompt_id())


def plan_windows(windows: int, loop_id: str) -> None:
    """It is known how many windows the song has, or how many there will be because the loop of this node ends early."""
    from ..comfyui_internals.running_prompt import prompt_id

    followed = _of_render(prompt_id())
    if followed is not None:
        followed.begin_loop(loop_id)
    _happened(lambda progress, _: progress.with_windows(windows))


def begin_window(index: int, windows: int) -> None:
    """Window `index` of `windows` is looked for on disk."""
    _happened(lambda progress, now: progress.with_windows(windows).begin_window(index, now))


def finish_window(index: int, from_disk: bool = False, is_last: bool = False) -> None:
    """A window exists now; `index` is its place in the order in which they are made."""
    _happened(lambda progress, now: progress.finish_window(index, now, from_disk), at_once=is_last)


def write_frames(done: int, frames: int, seconds_left: float) -> None:
    """`done` of `frames` frames of the video are in the file."""
    _happened(lambda progress, _: progress.write(done, frames, seconds_left), at_once=done >= frames)


def _happened(change: Callable[[RenderProgress, float], RenderProgress], at_once: bool = False) -> None:
    from ..comfyui_internals.running_prompt import prompt_id

    followed, now = _of_render(prompt_id()), time.monotonic()
    if followed is None:
        return
    followed.progress = change(followed.progress, now)
    if followed.progress == followed.told:
        return
    if followed.render is not None:
        followed.render.progress = followed.message(now)
    if at_once or now - followed.told_at >= INTERVAL_SECONDS:
        followed.told, followed.told_at = followed.progress, now
        _tell(followed, now)


def _of_render(prompt_id: str) -> _Followed | None:
    if not prompt_id:
        return None
    if prompt_id not in _followed:
        from ..comfyui_internals.progress import follow_nodes
        from ..comfyui_internals.running_prompt import running_prompt, when_prompt_ends
        from .render_state import of_render

        running = running_prompt(prompt_id)
        nodes = [] if running is None else list(running.prompt.values())
        saves = any(node.get("class_type") == SAVER for node in nodes)
        # The initial window has its samplers, and the loop's body has as many or more.
        passes = max(1, (sum(map(_samples, nodes)) + 1) // 2)
        progress = RenderProgress(saves=saves, passes_expected=passes, stages=max(map(_stages, nodes), default=1))
        _followed[prompt_id] = _Followed(prompt_id, of_render(prompt_id), progress)
        follow_nodes(HANDLER_NAME, updated=_on_update)
        when_prompt_ends(lambda: _is_over(prompt_id))
    return _followed[prompt_id]


def _stages(node: Mapping[str, Any]) -> int:
    """How many loops make the song, as far as a node of a prompt says it."""
    return 2 if node.get("class_type") == STAGES and node.get("inputs", {}).get("stage") != DRAFT else 1


def _samples(node: Mapping[str, Any]) -> bool:
    """Whether a node of a prompt samples, and does not only choose a sampler."""
    inputs = node.get("inputs", {})
    return "sampler" in inputs or {"sampler_name", "steps"} <= set(inputs)


def _on_update(node_id: str, node: Mapping[str, Any], done: float, total: float) -> None:
    """A node's own bar moved. Samplers are those that are told which sampler to use, core's and other packs'."""
    if any(name in node.get("inputs", {}) for name in ("sampler", "sampler_name")):
        _happened(lambda progress, now: progress.step(node_id, int(done), int(total), now))


def _tell(followed: _Followed, now: float) -> None:
    import comfy.utils

    from ..comfyui_internals.prompt_server import send

    send(EVENT, {"prompt_id": followed.prompt_id, "progress": followed.message(now)})
    loop, progress = followed.loop(), followed.progress
    if loop is not None and loop.begun and not loop.ended and loop.total and progress.passes:
        # ComfyUI's own bar of the loop, which its panel and the nodes around the loop show, moves within a window too.
        comfy.utils.ProgressBar(loop.total, node_id=loop.display_id).update_absolute(loop.done + progress.window_share)


def _is_over(prompt_id: str) -> None:
    from ..comfyui_internals.prompt_server import send

    followed = _followed.pop(prompt_id, None)
    if followed is not None and followed.render is not None:
        followed.render.progress = None
    send(EVENT, {"prompt_id": prompt_id, "progress": None})
