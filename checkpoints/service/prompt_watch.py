"""Facts that are noted from the start of ComfyUI on: when the packs were loaded, and which files prompts have named since."""

from __future__ import annotations

import logging
from typing import Any

from ..fingerprint import load_time  # noqa: F401  its time is that of its import

log = logging.getLogger(__name__)


def watch_prompts() -> None:
    """Notes the files of every prompt before it runs, so that a model that is replaced later is known to be another."""
    from ...comfyui_internals.prompt_server import on_prompt

    on_prompt(_note)


def _note(request: dict[str, Any]) -> dict[str, Any]:
    from ..fingerprint.prompt_files import note_files

    try:
        note_files(request.get("prompt") or {})
    except Exception:
        # Whatever stands in somebody's prompt, it must not be kept from running here.
        log.debug("the files of a prompt could not be noted", exc_info=True)
    return request
