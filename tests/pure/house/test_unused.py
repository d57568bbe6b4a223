"""What the repository holds is used in it: names by vulture, parameters by every call. What only tests use is not used."""

from __future__ import annotations

import ast
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from vulture import Vulture

REPOSITORY = Path(__file__).resolve().parents[3]

COMFYUI_CALLS = "ComfyUI calls or reads it by this name"
COMFYUI_READS = "ComfyUI reads it on the server or the settings that it is given"
FFMPEG_READS = "PyAV hands it to the codec or the scaler"
TESTS_DRIVE = "comfy_host starts and drives ComfyUI for tests too"

USED_FROM_OUTSIDE = {
    **dict.fromkeys(("WEB_DIRECTORY", "comfy_entrypoint", "on_load", "get_node_list"), COMFYUI_CALLS),
    **dict.fromkeys(("define_schema", "check_lazy_status"), COMFYUI_CALLS),
    **dict.fromkeys(("start_handler", "finish_handler", "update_handler", "send_progress_text"), COMFYUI_CALLS),
    **dict.fromkeys(("last_node_id", "last_prompt_id", "sockets_metadata"), COMFYUI_READS),
    **dict.fromkeys(("base_directory", "cache_none", "disable_api_nodes"), COMFYUI_READS),
    **dict.fromkeys(("pix_fmt", "sample_aspect_ratio", "thread_type"), FFMPEG_READS),
    **dict.fromkeys(("color_primaries", "color_trc", "colorspace"), FFMPEG_READS),
    **dict.fromkeys(("newest_frontend",), TESTS_DRIVE),
    "AS_SAVED_IN_APRIL": "the graph with every old setting that rules and migrations are tested on",
    "HASHED_AS": "read by its name in text, of any class",
}
"""Name -> who uses it, if no code but that of tests does."""

TESTS_STAND_IN = "tests give an environment, a machine or a folder of their own"
DECODED_IN_PARTS = "tests cut a clip where they like; the VAE's own measure decides for users"

PASSED_FROM_OUTSIDE = {
    **dict.fromkeys(("cache_root(environ)", "ensure_comfyui(environ)", "find_chromium(environ)"), TESTS_STAND_IN),
    **dict.fromkeys(("find_chromium(platform)", "newest_frontend(cache)"), TESTS_STAND_IN),
    "apply_sage_attention(capabilities)": TESTS_STAND_IN,
    **dict.fromkeys(("object_info(node_class)", "tiny_server(arguments)", "tiny_server(custom_nodes)"), TESTS_DRIVE),
    **dict.fromkeys(("show_empty_graph(nodes_2)", "compare(titles)"), TESTS_DRIVE),
    **dict.fromkeys(("decode_spans(piece_latents)", "decode_spans(halo)"), DECODED_IN_PARTS),
    "send_progress_text(sid)": COMFYUI_CALLS,
}
"""function(parameter) -> who passes it, if no call but those of tests does."""

NAMED_BY_COMFYUI = {"execute", "check_lazy_status", "fingerprint_inputs"}
"""A node's methods: ComfyUI passes inputs by name, and the defaults are for those that are not connected."""


def sources():
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    found = (Path(name) for name in names if name and (REPOSITORY / name).exists())
    return {path: (REPOSITORY / path).read_text("utf-8") for path in found if path.parts[0] != "tests"}


@pytest.fixture(scope="module")
def code():
    return sources()


def names_nobody_uses(code):
    """`name` -> file and line of what is defined and never named again."""
    vulture = Vulture(ignore_decorators=["@rule", "@cause"])  # a rule or a cause is found by its decorator
    for path, text in code.items():
        vulture.scan(text, filename=str(path))
    return {str(item.name): f"{item.filename}:{item.first_lineno}" for item in vulture.get_unused_code(min_confidence=60)}


def test_every_name_is_used(code):
    found = names_nobody_uses(code)
    assert {name: place for name, place in found.items() if name not in USED_FROM_OUTSIDE} == {}
    assert USED_FROM_OUTSIDE.keys() - found.keys() == set(), "the list still excuses what is used or gone"


class Parameters(ast.NodeVisitor):
    """Parameters with a default, of all functions and frozen dataclasses of some files, and what calls pass."""

    def __init__(self):
        self.defaulted = []  # (name that is called, function as shown, index or None, parameter, place)
        self.calls = defaultdict(list)
        self.handed_on = set()
        self.path, self.classes, self.names = Path(), [], {}

    def read(self, path, tree):
        self.path = path
        imported = [name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names]
        self.names = {name.asname or name.name: name.name for name in imported}
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.FunctionDef):
                inside = (item.name for item in node.body if isinstance(item, ast.FunctionDef | ast.ClassDef))
                self.names.update((name, name) for name in inside)
        self.visit(tree)

    def visit_ClassDef(self, node):
        if any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list):
            fields = [
                item for item in node.body if isinstance(item, ast.AnnAssign) and "ClassVar" not in ast.unparse(item.annotation)
            ]
            for index, item in enumerate(fields):
                if item.value is not None:
                    self.defaulted.append((node.name, node.name, index, item.target.id, f"{self.path}:{item.lineno}"))
        self.classes.append(node.name)
        self.generic_visit(node)
        self.classes.pop()

    def visit_FunctionDef(self, node):
        if node.name == "__init__" or not (node.name.startswith("__") or node.name in NAMED_BY_COMFYUI):
            method = bool(self.classes) and not any(ast.unparse(item) == "staticmethod" for item in node.decorator_list)
            called = self.classes[-1] if node.name == "__init__" else node.name
            positional = [*node.args.posonlyargs, *node.args.args][method:]
            first = len(positional) - len(node.args.defaults)
            listed = [(index, item.arg) for index, item in enumerate(positional) if index >= first]
            listed += [
                (None, item.arg) for item, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if default
            ]
            self.defaulted += [(called, node.name, index, name, f"{self.path}:{node.lineno}") for index, name in listed]
        classes, self.classes = self.classes, []
        self.generic_visit(node)
        self.classes = classes

    def visit_AsyncFunctionDef(self, node):
        self.visit_FunctionDef(node)

    def visit_Call(self, node):
        name = self.called_name(node.func)
        self.calls[name].append((node.args, node.keywords))
        if name == "partial":
            self.calls[self.called_name(node.args[0])].append((node.args[1:], node.keywords))
        if isinstance(node.func, ast.Attribute):
            self.visit(node.func.value)
        elif not isinstance(node.func, ast.Name):
            self.visit(node.func)
        for child in [*node.args[name == "partial" :], *node.keywords]:
            self.visit(child)

    def visit_Name(self, node):
        if node.id in self.names:
            self.handed_on.add(self.names[node.id])

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}:
            self.handed_on.add(node.attr)
        self.visit(node.value)

    def called_name(self, function):
        if isinstance(function, ast.Name):
            return self.names.get(function.id, function.id)
        return getattr(function, "attr", "")

    def is_passed(self, called, index, parameter):
        if any(keyword.arg == parameter for _, keywords in self.calls["replace"] for keyword in keywords):
            return True
        for args, keywords in self.calls[called]:
            if any(keyword.arg in (None, parameter) for keyword in keywords):
                return True
            if any(isinstance(item, ast.Starred) for item in args) or (index is not None and len(args) > index):
                return True
        return False

    def nobody_passes(self):
        return {
            f"{shown}({parameter})": place
            for called, shown, index, parameter, place in self.defaulted
            if called not in self.handed_on and not self.is_passed(called, index, parameter)
        }


def unused_parameters(code):
    found = Parameters()
    for path, text in code.items():
        found.read(path, ast.parse(text))
    return found.nobody_passes()


def test_every_default_is_changed_by_some_call(code):
    found = unused_parameters(code)
    assert {name: place for name, place in found.items() if name not in PASSED_FROM_OUTSIDE} == {}
    assert PASSED_FROM_OUTSIDE.keys() - found.keys() == set(), "the list still excuses what is passed or gone"


def test_the_checks_find_what_nothing_uses():
    code = {
        Path("a.py"): "def used(one, two=2, *, three=3): return one\ndef idle(): used(1, three=4)",
        Path("b.py"): "from a import used as other\nimport functools\nprint(functools.partial(other, 1), other)",
        Path("c.py"): "@dataclass(frozen=True)\nclass Value:\n    one: int\n    two: int = 2\nValue(1)\n",
    }
    assert names_nobody_uses(code) == {"idle": "a.py:2", "three": "a.py:1", "two": "c.py:4"}
    assert unused_parameters(code) == {"Value(two)": "c.py:4"}, "what is handed on may be called with anything"
    del code[Path("b.py")]
    assert unused_parameters(code) == {"Value(two)": "c.py:4", "used(two)": "a.py:1"}
