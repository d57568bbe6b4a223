"""What a folder of ComfyUI says of its symbols without being run."""

from __future__ import annotations

import pytest

from audio_loop.compatibility.call_fits import why_not
from audio_loop.compatibility.comfyui_text import ComfyUIText, UntoldError
from audio_loop.compatibility.usage import CallForm

FILES = {
    "comfyui_version.py": '__version__ = "9.9.9"\n',
    "comfy/tools.py": """
try:
    import torch
    def measure(a, b=1, *, wide): ...
except ImportError:
    pass
class Base:
    flag = True
    def __init__(self, size):
        self.size = size
    @property
    def area(self): ...
class Box(Base):
    shared = None
    @staticmethod
    def free(a): ...
    @classmethod
    def made(cls, a): ...
    def run(self, a, **more): ...
def work():
    inner = 1
""",
    "comfy/odd.py": """
import numpy.random
import torch, torch.nn as nn
from dataclasses import dataclass
one = two
two = one
value = 3
class Bare:
    def run(self): ...
class OfValue(value):
    def run(self): ...
class OfNothing(value_of_elsewhere):
    def run(self): ...
class OfUntold(value.deeper):
    def run(self): ...
@dataclass
class Settings:
    'Not a field.'
    name: str
    kept[0]: int = 1
    size: int = 1
    def run(self): ...
""",
    "comfy_api/latest/__init__.py": "from . import _io_public as io\nfrom comfy.tools import Box as Case\n",
    "comfy_api/latest/_io_public.py": "from ._io import *\n",
    "comfy_api/latest/_io.py": """
from dataclasses import dataclass
@dataclass
class Schema:
    node_id: str
    name: str = ""
class Kept:
    Alias = Schema
""",
}


@pytest.fixture
def text(tmp_path):
    for name, source in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    return ComfyUIText(tmp_path)


def test_the_version(text):
    assert text.version() == "9.9.9"


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("comfy.tools", "measure"),  # under a try
        ("comfy.tools", "Box.size"),  # of a base, given in its __init__
        ("comfy.tools", "Box.flag"),
        ("comfy_api.latest", "Case.run"),  # under another name
        ("comfy_api.latest", "io.Schema"),  # through a star
        ("comfy_api.latest", "io.Schema.node_id"),
        ("comfy_api.latest", "io.Kept.Alias.name"),
    ],
)
def test_what_is_there_is_found(text, module, path):
    assert text.find(module, path) is not None
    assert text.find(module, f"{path.rpartition('.')[0]}.no_such".lstrip(".")) is None


def test_a_module_that_is_not_there(text):
    assert text.find("comfy.other", "Box") is None
    assert text.module_of("comfy.tools.Box.run") == ("comfy.tools", "Box.run")
    assert text.module_of("elsewhere.Box") == ("", "elsewhere.Box")


def test_a_variable_of_a_function(text):
    assert text.local("comfy.tools", "work", "inner") is not None
    assert text.local("comfy.tools", "Box.run", "more") is not None
    assert text.local("comfy.tools", "work", "outer") is None
    assert text.local("comfy.tools", "no_such", "inner") is None


@pytest.mark.parametrize(
    ("path", "form", "reason"),
    [
        ("tools:measure", CallForm(1, ("wide",)), ""),
        ("tools:measure", CallForm(1), "wants wide too"),
        ("tools:measure", CallForm(3, ("wide",)), "takes 2 in order, is given 3"),
        ("tools:measure", CallForm(1, ("b", "deep", "wide")), "takes no deep"),
        ("tools:measure", CallForm(0, (), True), ""),
        ("tools:Box", CallForm(1), ""),
        ("tools:Box", CallForm(0, ("width",)), "takes no width"),
        ("tools:Box.free", CallForm(1), ""),
        ("tools:Box.made", CallForm(1), ""),
        ("tools:Box.run", CallForm(1, ("any",)), ""),
        ("tools:Box.run", CallForm(0), "wants a too"),
    ],
)
def test_calls_against_parameters(text, path, form, reason):
    module, _, name = path.partition(":")
    found = text.find(f"comfy.{module}", name)
    assert why_not(form, text.parameters(found)) == reason


def test_fields_of_a_dataclass_are_its_parameters(text):
    taken = text.parameters(text.find("comfy_api.latest", "io.Schema"))
    assert why_not(CallForm(0, ("name", "node_id")), taken) == ""
    assert why_not(CallForm(0, ("name",)), taken) == "wants node_id too"
    assert why_not(CallForm(0, ("node_id", "new")), taken) == "takes no new"


@pytest.mark.parametrize("name", ["Box.area", "Box.shared"])
def test_what_the_text_does_not_say_is_not_claimed(text, name):
    found = text.find("comfy.tools", name)
    assert found is not None
    with pytest.raises(UntoldError):
        text.parameters(found)
    if name == "Box.shared":
        with pytest.raises(UntoldError):
            text.find("comfy.tools", f"{name}.deeper")


def test_a_class_whose_making_is_written_nowhere_is_not_claimed(text):
    with pytest.raises(UntoldError, match="no __init__ in its text"):
        text.parameters(text.find("comfy.odd", "Bare"))


def test_what_is_no_field_of_a_dataclass_is_none_of_its_parameters(text):
    taken = text.parameters(text.find("comfy.odd", "Settings"))
    assert [each.arg for each in taken.args] == ["name", "size"]
    assert why_not(CallForm(1), taken) == ""


def test_a_base_that_is_no_class_of_comfyuis_text_is_left_out(text):
    for name in ("Bare", "OfValue", "OfNothing", "OfUntold"):
        assert text.find("comfy.odd", f"{name}.run") is not None
        assert text.find("comfy.odd", f"{name}.other") is None


def test_a_module_imported_by_its_own_name_is_there(text):
    for name in ("numpy", "torch", "nn"):
        assert text.find("comfy.odd", name) is not None
    assert text.find("comfy.odd", "random") is None


def test_a_name_that_stands_for_itself_is_left_as_it_is(text):
    assert text.find("comfy.odd", "one").module == "comfy.odd"
