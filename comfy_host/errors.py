"""Errors of a ComfyUI that runs somewhere else."""

from __future__ import annotations


class ComfyError(RuntimeError):
    """ComfyUI refused a prompt or failed while running it.

    Attributes:
        message: ComfyUI's own words.
        node_id: The node it happened in, None if it belongs to none.
        node_type: That node's class, None if it belongs to none.
        exception_type: Name of the exception that the node raised, "" if there was none.
        traceback: The server's traceback, "" if there was none.
    """

    def __init__(
        self,
        message: str,
        node_id: str | None = None,
        node_type: str | None = None,
        exception_type: str = "",
        traceback: str = "",
    ) -> None:
        where = f"node {node_id} ({node_type}): " if node_id else ""
        super().__init__(f"{where}{message}")
        self.message = message
        self.node_id = node_id
        self.node_type = node_type
        self.exception_type = exception_type
        self.traceback = traceback


class PromptRefusedError(ComfyError):
    """ComfyUI's validation refused the prompt before anything ran."""


class PromptInterruptedError(ComfyError):
    """Somebody stopped the prompt while it ran."""


class ServerError(ComfyError):
    """The server did not start, does not answer, or went away."""
