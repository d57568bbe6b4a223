"""Puts the node's name in front of a refusal, once, where the pure code meets ComfyUI."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar

from ..checkpoints.errors import CheckpointError
from ..video.errors import VideoWriteError

P = ParamSpec("P")
R = TypeVar("R")


class RefusedError(ValueError):
    """A value that the pack refuses. Starts with the node's id."""


def refuses(node_id: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorates a node's method: what the code below refuses becomes a RefusedError that starts with the node's id."""

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        if inspect.iscoroutinefunction(method):
            return _named_later(node_id, method)

        @functools.wraps(method)
        def named(*args: P.args, **kwargs: P.kwargs) -> R:
            with _named(node_id):
                return method(*args, **kwargs)

        return named

    return decorate


def _named_later(node_id: str, method: Callable[P, Any]) -> Callable[P, Any]:
    # ComfyUI awaits only what it can see to be a coroutine function.
    @functools.wraps(method)
    async def named(*args: P.args, **kwargs: P.kwargs) -> Any:
        with _named(node_id):
            return await method(*args, **kwargs)

    return named


@contextlib.contextmanager
def _named(node_id: str) -> Iterator[None]:
    try:
        yield
    except RefusedError:
        raise
    except (ValueError, CheckpointError) as error:
        raise RefusedError(f"{node_id}: {error}") from error
    except VideoWriteError as error:
        raise VideoWriteError(f"{node_id}: {error}", error.partial, error.frames_written) from error
