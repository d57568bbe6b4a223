"""Puts a function in the place of one of `os`, for pathlib too."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable
from typing import Any


def replace_os_function(name: str, function: Callable[..., Any], setattr: Callable[..., None] = setattr) -> None:
    """Sets `os.NAME`, and on Python 3.10 also what pathlib took from `os` when it was imported.

    Args:
        name: As in `os`.
        function: Called in its place.
        setattr: `monkeypatch.setattr` if it is to be undone.
    """
    taken = getattr(pathlib, "_NormalAccessor", None)
    if getattr(taken, name, None) is getattr(os, name):
        setattr(taken, name, staticmethod(function))
    setattr(os, name, function)
