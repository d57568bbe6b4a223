"""A walk along wires."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def walk(starts: Iterable[T], following: Callable[[T], Iterable[T]]) -> Iterator[T]:
    """The starts and everything that they lead to, nearest first, each once.

    Args:
        starts: Where to begin.
        following: Gives what one of them leads to directly.
    """
    waiting = deque(dict.fromkeys(starts))
    seen = set(waiting)
    while waiting:
        current = waiting.popleft()
        yield current
        for each in following(current):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
