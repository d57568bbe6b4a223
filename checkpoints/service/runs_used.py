"""The runs that checkpoints of this ComfyUI have asked for: which one a finished video was made from."""

from __future__ import annotations

from .project import CHECKPOINT_CLASS, Prompt, earlier_stages, upstream

MOST_REMEMBERED = 1000

_used: dict[str, str] = {}
"""Name of the run by the checkpoint's id on the canvas, the one that asked last behind the others."""


def note_run(node_id: str, run: str) -> None:
    """A checkpoint with this id on the canvas has asked for a window of this run."""
    _used.pop(node_id, None)
    _used[node_id] = run
    if len(_used) > MOST_REMEMBERED:
        del _used[next(iter(_used))]


def run_of_video(prompt: Prompt, node_id: str) -> str:
    """The run that a part of a video is made again in: that of its first stage, from which later ones are made anew.

    Args:
        prompt: The graph, in API form.
        node_id: The node that saved the video.

    Returns:
        Name of its folder; "" if no checkpoint lies upstream, or none was on.
    """
    nearest = next((each for each in upstream(prompt, node_id) if prompt[each].get("class_type") == CHECKPOINT_CLASS), None)
    if nearest is None:
        return ""
    first = [nearest, *earlier_stages(prompt, nearest)][-1]
    return _used.get(first, "")
