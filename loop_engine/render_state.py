"""The record of what the running render has shown: ComfyUI sends each word and picture once."""

from __future__ import annotations

from .shown_renders import Render, render_states, workflow_id_of


def of_render(prompt_id: str) -> Render | None:
    """The record of the render that runs now; None if it came from no workflow in a browser, or does not run."""
    from ..comfyui_internals.executor import shown_outputs
    from ..comfyui_internals.running_prompt import running_prompt

    running = running_prompt(prompt_id) if prompt_id else None
    workflow_id = workflow_id_of(running.extra_data) if running is not None else ""
    if not workflow_id:
        return None
    known = render_states.last(workflow_id)
    outputs = None if known is not None and known.prompt_id == prompt_id else shown_outputs()
    return render_states.render(workflow_id, prompt_id, outputs)
