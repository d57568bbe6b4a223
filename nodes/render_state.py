"""The record of what the running render has shown.

ComfyUI sends each word and picture once. What output nodes have shown so far lies in its executor, out of reach of the
node API, so it is looked up there; where a ComfyUI is built differently, the pack's own words are all that is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from ..loop_control.shown_renders import Render, render_states, workflow_id_of


def of_render(prompt_id: str) -> Render | None:
    """The record of the render that runs now; None where it came from no workflow in a browser, or does not run."""
    from . import running_render

    item = running_render.queue_item(prompt_id) if prompt_id else None
    workflow_id = workflow_id_of(item) if item is not None else ""
    if not workflow_id:
        return None
    known = render_states.last(workflow_id)
    outputs = None if known is not None and known.prompt_id == prompt_id else _outputs_of_the_executor()
    return render_states.render(workflow_id, prompt_id, outputs)


def _outputs_of_the_executor() -> Mapping[str, Any] | None:
    for task in _tasks():
        frame = getattr(task.get_coro(), "cr_frame", None)
        outputs = frame.f_locals.get("ui_node_outputs") if frame is not None else None
        if isinstance(outputs, dict):
            return outputs
    return None


def _tasks() -> Iterable[asyncio.Task]:
    try:
        return asyncio.all_tasks()
    except RuntimeError:
        return ()
