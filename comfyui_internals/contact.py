"""A thing inside ComfyUI that its node API does not promise, and the one warning of a render that finds it gone."""

from __future__ import annotations

import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)


class ComfyUIChangedError(RuntimeError):
    """The pack cannot go on without something that this ComfyUI no longer has."""


@dataclass(frozen=True)
class Contact:
    """One thing inside ComfyUI that the pack uses.

    Attributes:
        name: The thing, as words that fit behind "ComfyUI's".
        loss: What is worse for the user without it.
    """

    name: str
    loss: str

    def is_gone(self, why: object) -> None:
        """Warns, once in a render; outside a render, or if nobody knows which one it is, once in a process."""
        render = executing_prompt_id() or ""
        if self in _said and render in ("", _said[self]):
            return
        _said[self] = render
        log.warning("%s", self._text(why))

    def refusal(self, why: object) -> ComfyUIChangedError:
        """The error to raise if there is no way on."""
        return ComfyUIChangedError(self._text(why))

    def _text(self, why: object) -> str:
        reason = f"{type(why).__name__}: {why}" if isinstance(why, BaseException) else why
        return f"Audio Loop does not find ComfyUI's {self.name} in ComfyUI {_version()} ({reason}): {self.loss}"


_said: dict[Contact, str] = {}
"""The render in which each contact was last missed."""


def executing_prompt_id() -> str | None:
    """The id of the render that the calling node belongs to; "" outside a node, None if this ComfyUI does not tell."""
    try:
        from comfy_execution.utils import get_executing_context

        context = get_executing_context()
        return context.prompt_id if context is not None else ""
    except (ImportError, AttributeError):
        return None


def _version() -> str:
    try:
        from comfyui_version import __version__
    except ImportError:
        return "of an unknown version"
    return __version__
