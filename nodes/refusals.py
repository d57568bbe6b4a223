"""Puts the node's name in front of a refusal, once, where the pure code meets ComfyUI."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ..checkpoints.errors import CheckpointError
from ..video.errors import VideoWriteError

Method = TypeVar("Method", bound=Callable[..., Any])


class RefusedError(ValueError):
    """A value that the pack refuses. Starts with the node's id."""


def refuses(node_id: str) -> Callable[[Method], Method]:
    """Decorates a node's method: what the code below refuses becomes a RefusedError that starts with the node's id."""

    def decorate(method: Method) -> Method:
        if inspect.iscoroutinefunction(method):
            # ComfyUI awaits only what it can see to be a coroutine function.
            @functools.wraps(method)
            async def named_later(*args: Any, **kwargs: Any) -> Any:
                with _named(node_id):
                    return await method(*args, **kwargs)

            return named_later  # type: ignore[return-value]

        @functools.wraps(method)
        def named(*args: Any, **kwargs: Any) -> Any:
            with _named(node_id):
                return method(*args, **kwargs)

        return named  # type: ignore[return-value]

    return decorate


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
