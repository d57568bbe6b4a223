"""What the pack can never do, read from the syntax of all that ComfyUI loads, and that docs/security.md says what it serves.

Exceptions are named with their reason; one that no longer exists is a failure too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ...registry_files import REPOSITORY, packed
from .import_graph import imports_of

OUTSIDE = {"autoresearch", "comfy_host", "demo", "farm", "scripts", "start_experiment.py"}
"""Commands that people start by hand; ComfyUI loads none of them. docs/security.md tells of them."""

NETWORK = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "urllib",
    "urllib3",
    "websocket",
    "websockets",
}
PROCESSES = {"multiprocessing", "pty", "subprocess"}
OBJECTS_FROM_BYTES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
FORBIDDEN_MODULES = NETWORK | PROCESSES | OBJECTS_FROM_BYTES | {"code", "ctypes", "runpy"}
FORBIDDEN_CALLS = {"__import__", "compile", "eval", "exec", "os.popen", "os.system", "torch.hub.load", "torch.load"}
FORBIDDEN_STARTS = ("asyncio.create_subprocess", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile")

EXCEPTIONS = {
    ("comfyui_internals/folder_served.py", "aiohttp.web"): "answers of the routes",
    ("comfyui_internals/folder_served.py", "urllib.parse"): "the form of an address; opens nothing",
    ("memory/host_memory.py", "ctypes"): "asks the C library to give freed memory back (malloc_trim)",
    ("nodes/doctor_routes.py", "aiohttp.web"): "answers of the routes",
    ("nodes/preflight_route.py", "aiohttp.web"): "answers of the routes",
    ("nodes/routes.py", "aiohttp.web"): "answers of the routes",
    ("nodes/timeline_routes.py", "aiohttp.web"): "answers of the routes",
    ("nodes/window_routes.py", "aiohttp.web"): "answers of the routes",
    ("workflow_graph/folding/app_fields.py", "urllib.parse"): "the form of an address; opens nothing",
}

ROUTE = re.compile(r"^\| (GET|POST) \| `(/[^`]+)` \|", re.MULTILINE)
PAGE = (REPOSITORY / "docs" / "security.md").read_text("utf-8")


def loaded() -> list[Path]:
    """The Python files that ComfyUI can load."""
    return sorted(path for path in packed() if path.suffix == ".py" and path.parts[0] not in OUTSIDE)


def forbidden(source: str) -> Iterator[str]:
    """Every module and function that may not be used, by its name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in FORBIDDEN_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = node.module or ""
            names = [f"{module}.{alias.name}" for alias in node.names]
            if module.split(".")[0] in FORBIDDEN_MODULES:
                # `from urllib.parse import quote` is of the module, `from aiohttp import web` of a module inside.
                yield from ([module] if "." in module else names)
            yield from (name for name in names if is_forbidden_call(name))
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if is_forbidden_call(name):
                yield name
            elif name.endswith("import_module") and is_forbidden_module(node.args[0]):
                yield ast.literal_eval(node.args[0])
            if any(keyword.arg in {"allow_pickle", "shell"} and not is_false(keyword.value) for keyword in node.keywords):
                yield f"{name} with allow_pickle or shell"


def is_forbidden_module(name: ast.expr) -> bool:
    return isinstance(name, ast.Constant) and str(name.value).split(".")[0] in FORBIDDEN_MODULES


def is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def is_forbidden_call(name: str) -> bool:
    return name.removeprefix("builtins.") in FORBIDDEN_CALLS or name.startswith(FORBIDDEN_STARTS)


def test_nothing_that_comfyui_loads_opens_connections_starts_programs_or_runs_bytes():
    files = loaded()
    assert len(files) > 300
    found = {(path.as_posix(), name) for path in files for name in forbidden((REPOSITORY / path).read_text("utf-8"))}
    assert found - EXCEPTIONS.keys() == set()
    assert EXCEPTIONS.keys() - found == set(), "exceptions that nothing needs any more"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import socket", "socket"),
        ("import urllib.request as asked", "urllib.request"),
        ("def f():\n    from aiohttp import ClientSession", "aiohttp.ClientSession"),
        ("from urllib.request import urlopen", "urllib.request"),
        ("import pickle", "pickle"),
        ("from os import system", "os.system"),
        ("eval(text)", "eval"),
        ("builtins.exec(text)", "builtins.exec"),
        ("os.execv(a, b)", "os.execv"),
        ("torch.load(path)", "torch.load"),
        ("np.load(path, allow_pickle=True)", "np.load with allow_pickle or shell"),
        ("importlib.import_module('subprocess')", "subprocess"),
        ("from subprocess import run", "subprocess.run"),
    ],
)
def test_each_way_is_seen(source, name):
    assert list(forbidden(source)) == [name]


def test_what_is_only_like_it_is_left_alone():
    assert list(forbidden("model.eval()\nre.compile(x)\nimport pickled\nfrom .socket import a\nnp.load(path)")) == []


def test_weights_are_read_without_objects_by_the_commands_too():
    calls = [
        (path.as_posix(), {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords})
        for path in sorted(packed())
        if path.suffix == ".py"
        for node in ast.walk(ast.parse((REPOSITORY / path).read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load"
    ]
    assert calls
    assert [path for path, settings in calls if settings.get("weights_only") != "True"] == []


def test_the_page_lists_every_route_that_is_registered():
    assert set(ROUTE.findall(PAGE)) == set(registered()) != set()


def registered() -> Iterator[tuple[str, str]]:
    """Method and path of each entry of the dictionaries that a module's `register` gives to `add_routes`."""
    for path in sorted((REPOSITORY / "nodes").glob("*.py")):
        for function in ast.parse(path.read_text("utf-8")).body:
            if not (isinstance(function, ast.FunctionDef) and function.name == "register"):
                continue
            inside = list(ast.walk(function))
            tables = {ast.unparse(node.targets[0]): node.value for node in inside if isinstance(node, ast.Assign)}
            (call,) = (node for node in inside if isinstance(node, ast.Call) and ast.unparse(node.func) == "add_routes")
            for keyword in call.keywords:
                table = tables.get(ast.unparse(keyword.value), keyword.value)
                assert isinstance(table, ast.Dict), f"{path.name}: routes as {ast.unparse(keyword.value)}"
                yield from (((keyword.arg or "").upper(), value_of(key, path)) for key in table.keys)


def value_of(name: ast.expr | None, path: Path) -> str:
    """The text that a constant of a module has: `NAME` of this one, or `module.NAME` of the one beside it."""
    module, _, constant = ast.unparse(name).rpartition(".")
    source = path.with_name(f"{module}.py") if module else path
    (value,) = (
        node.value.value
        for node in ast.parse(source.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == constant
    )
    return value


def test_every_exception_that_does_more_than_answer_is_told_in_the_page():
    for word in ("malloc_trim", "weights_only", *sorted(OUTSIDE - {"start_experiment.py"})):
        assert word in PAGE, word


def test_routes_are_added_only_by_the_functions_that_the_page_is_compared_with():
    elsewhere = set()
    for path in loaded():
        for function in ast.parse((REPOSITORY / path).read_text("utf-8")).body:
            names = {ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Attribute | ast.Name)}
            adds = {
                name for name in names if name.split(".")[-1] in {"add_routes", "add_route", "add_static", "router", "routes"}
            }
            if adds and getattr(function, "name", "") != "register" and path.name != "prompt_server.py":
                elsewhere.add((path.as_posix(), *sorted(adds)))
    # The pack's own pages, by addresses that ComfyUI has for any other folder.
    assert elsewhere == {("nodes/__init__.py", "routes"), ("comfyui_internals/folder_served.py", "add_routes")}


def test_nothing_that_comfyui_loads_imports_a_command_of_people():
    wrong = [
        f"{path}:{line}"
        for path in loaded()
        for line, (first, *name) in imports_of(path)
        if first == "" and name and name[0] in OUTSIDE
    ]
    assert wrong == []


def test_pages_ask_only_the_server_that_they_came_from():
    asks = re.compile(
        r"(?<![.\w])fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|https?://|\beval\(|new Function|importScripts"
    )
    files = [path for path in sorted((REPOSITORY / "web").rglob("*")) if path.suffix in {".js", ".mjs"}]
    assert files
    assert asks.search("await fetch(url)")
    assert not asks.search("api.fetchApi(path)")
    assert [path.name for path in files if asks.search(path.read_text("utf-8"))] == []
