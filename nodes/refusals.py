"""Puts the node's name in front of a refusal, once, where the pure code meets ComfyUI."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from ..checkpoints.errors import CheckpointError
from ..video.errors import VideoWriteError

Method = TypeVar("Method", bound=Callable[..., Any])


class RefusedError(ValueError):
    """A value that the pack refuses. Starts with the node's id."""


def refuses(node_id: str) -> Callable[[Method], Method]:
    """Decorates a node's method: what the code below refuses becomes a RefusedError that starts with the node's id."""

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def named(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except RefusedError:
                raise
            except (ValueError, CheckpointError) as error:
                raise RefusedError(f"{node_id}: {error}") from error
            except VideoWriteError as error:
                raise VideoWriteError(f"{node_id}: {error}", error.partial, error.frames_written) from error

        return named  # type: ignore[return-value]

    return decorate
