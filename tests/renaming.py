"""ComfyUI as it would be if something inside it had another name: its own code, compiled again with that name."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType

import pytest


def hide(monkeypatch: pytest.MonkeyPatch, module_name: str, name: str) -> None:
    """Takes a name out of a module for all who import it from now on; ComfyUI's own code goes on with it."""
    module = importlib.import_module(module_name)
    others = ModuleType(module_name)
    vars(others).update({key: value for key, value in vars(module).items() if key != name})
    assert hasattr(module, name)
    monkeypatch.setitem(sys.modules, module_name, others)


def renamed(function: Callable, **names: str) -> Callable:
    """A function with other names for its variables, attributes or parameters."""
    found: dict[str, Callable] = {}
    source = _renamed(textwrap.dedent(inspect.getsource(function)), names)
    exec(compile(source, function.__code__.co_filename, "exec"), function.__globals__, found)
    return found[names.get(function.__name__, function.__name__)]


def renamed_module(module: ModuleType, **names: str) -> ModuleType:
    """A module with other names in it."""
    other = ModuleType(module.__name__)
    other.__file__ = module.__file__
    exec(compile(_renamed(inspect.getsource(module), names), module.__file__, "exec"), vars(other))
    return other


def _renamed(source: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        source, count = re.subn(rf"\b{old}\b", new, source)
        assert count, f"ComfyUI has no {old} there"
    return source


def hide_place(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Takes `module:name`, or `module:Class.name` from all objects of the class, out of ComfyUI for the pack alone."""
    module_name, _, path = place.partition(":")
    owner, _, name = path.rpartition(".")
    if not owner:
        hide(monkeypatch, module_name, name)
        return
    found = getattr(importlib.import_module(module_name), owner)
    for asking in ("__getattribute__", "__getattr__"):
        if hasattr(found, asking):
            monkeypatch.setattr(found, asking, _without(getattr(found, asking), name))


def _without(ask: Callable, name: str) -> Callable:
    def answer(self: object, wanted: str) -> object:
        asking = sys._getframe(1)
        while asking.f_globals is globals() and asking.f_back is not None:
            asking = asking.f_back  # another hidden name of the same class
        if wanted == name and re.search(r"\.comfyui_internals\.(?!test_)", asking.f_globals["__name__"]):
            raise AttributeError(f"{type(self).__name__} has no {name}")
        return ask(self, wanted)

    return answer
