"""The table of what is private in ComfyUI, and its page, hold exactly what the pack's files ask of ComfyUI."""

from __future__ import annotations

import ast

from audio_loop.compatibility.check import public_symbols
from audio_loop.compatibility.contacts import fallbacks_of
from audio_loop.compatibility.page import private_table
from audio_loop.compatibility.private import PRIVATE
from audio_loop.compatibility.usage import ROOM, uses_of_pack

from .import_graph import REPOSITORY
from .test_comfyui_internals import INSIDE, PUBLIC

USES = {use.symbol: use for use in uses_of_pack(REPOSITORY)}
SOURCES = {path.name: path.read_text("utf-8") for path in (REPOSITORY / ROOM).glob("*.py")}

NOT_COMFYUIS = {
    *("OutOfMemoryError", "lower", "mem_get_info", "memory_allocated", "memory_reserved"),
    *(
        "POSITIONAL_OR_KEYWORD",
        "VAR_POSITIONAL",
        "__func__",
        "__isabstractmethod__",
        "__module__",
        "__mro__",
        "__name__",
        "__qualname__",
        "add",
    ),
    *(
        "add_done_callback",
        "all_tasks",
        "append",
        "bind",
        "call_soon_threadsafe",
        "cancel",
        "clear",
        "cr_frame",
        "current_task",
    ),
    *("dilation", "element_size", "f_locals", "fromkeys", "get_coro", "get_device_name", "get_loop", "index", "is_closed"),
    *(
        "join",
        "kernel_size",
        "kind",
        "limit_denominator",
        "modules",
        "movedim",
        "named_modules",
        "out_channels",
        "parameters",
        "quote",
    ),
    *("is_file", "is_relative_to", "match_info", "partition", "replace", "resolve"),
    *("pop", "post", "setdefault", "shape", "startswith", "stride", "to", "type", "values", "wait", "warning"),
}
"""Names of Python's, torch's and aiohttp's objects."""
OF_NODE_CLASSES = {"INPUT_TYPES", "IS_CHANGED", "OUTPUT_NODE", "fingerprint_inputs"}
"""What ComfyUI's guide tells packs to write into a node class."""
OF_LATER = {"config", "function"}
"""Of the wish for an attention that a checkpoint may have in a ComfyUI newer than those that the page asks."""


def names_of_rows():
    return {row.places[0].replace("/", ".").replace(":", ".").rpartition(".")[2] for row in PRIVATE}


def own_names():
    found = set()
    for source in SOURCES.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                found.add(node.attr)
    return found


def test_every_symbol_without_a_row_is_promised():
    for symbol in public_symbols(USES):
        modules = [module for module in PUBLIC if symbol == module or symbol.startswith(f"{module}.")]
        names = [PUBLIC[module] for module in modules]
        assert any(each is None or symbol in PUBLIC or symbol.rpartition(".")[2] in each for each in names) or symbol in {
            "comfy.model_management"
        }, f"{symbol} is not promised: give it a row in compatibility/private.py"


def test_every_attribute_that_the_room_asks_for_has_a_row():
    asked = {symbol[1:] for symbol in USES if symbol.startswith(".")}
    assert asked - names_of_rows() - NOT_COMFYUIS - OF_NODE_CLASSES - OF_LATER - own_names() == set()
    assert {name for names in INSIDE.values() for name in names} - names_of_rows() - NOT_COMFYUIS - OF_NODE_CLASSES == set()


def test_every_row_is_of_something_that_the_room_names_and_says_what_happens_without_it():
    fallbacks = fallbacks_of(REPOSITORY)
    text = "".join(SOURCES.values())
    assert [row.symbol for row in PRIVATE if row.symbol.rpartition(".")[2] not in text] == []
    assert [row.symbol for row in PRIVATE if bool(row.contact) == bool(row.loss)] == []
    assert {name for row in PRIVATE for name in row.contact.split()} - set(fallbacks) == set()
    assert len({(row.symbol, row.places) for row in PRIVATE}) == len(PRIVATE)


def test_the_page_names_exactly_these_rows_and_fallbacks():
    page = (REPOSITORY / "docs" / "compatibility.md").read_text("utf-8")
    assert page.endswith(private_table()), "write it again: python scripts/check_compat.py FOLDERS --docs DATE"
