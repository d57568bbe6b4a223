"""The symbols of ComfyUI that the pack's own files name, and the forms in which they call them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOM = "comfyui_internals"
MODULES = frozenset(
    {
        *("api_server", "app", "comfy", "comfy_api", "comfy_execution", "comfy_extras", "comfyui_version", "execution"),
        *("folder_paths", "latent_preview", "node_helpers", "nodes", "protocol", "server"),
    }
)
"""ComfyUI's modules, by the first part of their names."""

NOT_LOADED = (
    "benchmarks",
    "build",
    "comfy_host",
    "compatibility",
    "demo",
    "dist",
    "docs",
    "scripts",
    "tests",
    "workflow_graph",
)
"""Folders of the pack that ComfyUI never loads."""

_SUBMODULES = {"comfy_api.latest.io", "comfy_api.latest.ui"}


@dataclass(frozen=True, order=True)
class CallForm:
    """A form in which a symbol is called.

    Attributes:
        positional: How many arguments have no name.
        keywords: The names of the others, sorted.
        is_open: Whether more are passed by `*` or `**`, of which the text does not say how many.
    """

    positional: int
    keywords: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True)
class Use:
    """One symbol that the pack names.

    Attributes:
        symbol: `module.name`, `module.Class.name`; `.name` for an attribute of an object, whatever it is of.
        files: Those that name it.
        calls: The different forms in which it is called.
        overrides: The parameters of methods that the pack writes over, by `Class.method`'s symbol of its own.
    """

    symbol: str
    files: tuple[str, ...] = ()
    calls: tuple[CallForm, ...] = ()
    overrides: tuple[str, ...] | None = None


def loaded_files(pack: Path) -> Iterator[Path]:
    """The pack's files that ComfyUI loads, sorted."""
    for path in sorted(pack.rglob("*.py")):
        first = path.relative_to(pack).parts[0]
        if len(path.relative_to(pack).parts) > 1 and first not in NOT_LOADED and not first.startswith("."):
            yield path


def uses_of_pack(pack: Path) -> tuple[Use, ...]:
    """Every symbol that files of the pack name: those of modules anywhere, attributes of objects in one room."""
    found: list[Use] = []
    for path in loaded_files(pack):
        name = path.relative_to(pack).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        found += uses_of_file(tree, name)
        if name.startswith(f"{ROOM}/"):
            found += attributes_of_file(tree, name)
    return merged(found)


def uses_of_file(tree: ast.Module, file: str = "") -> Iterator[Use]:
    """The symbols of ComfyUI's modules that a file names."""
    aliases: dict[str, str] = {}  # a module's ends with a dot
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in MODULES:
                    aliases[alias.asname or alias.name] = f"{alias.name}."
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in MODULES:
            for alias in node.names:
                symbol = f"{node.module}.{alias.name}"
                aliases[alias.asname or alias.name] = f"{symbol}." if symbol in _SUBMODULES else symbol
                if symbol not in _SUBMODULES:
                    yield Use(f"{node.module}.{alias.name}", (file,))
    yield from _named(tree, aliases, file)


def _named(tree: ast.Module, aliases: Mapping[str, str], file: str) -> Iterator[Use]:
    forms = {id(node.func): (call_form(node),) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)) and id(node) not in inner:
            symbol, is_whole = _symbol(_dotted(node), aliases)
            if symbol and (isinstance(node, ast.Attribute) or id(node) in forms):
                yield Use(symbol, (file,), forms.get(id(node), ()) if is_whole else ())
        elif isinstance(node, ast.ClassDef):
            for base in node.bases:
                symbol, _ = _symbol(_dotted(base), aliases)
                if symbol and "." not in _dotted(base):
                    yield from _overrides(node, symbol, file)


def _overrides(written: ast.ClassDef, base: str, file: str) -> Iterator[Use]:
    for node in written.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names = tuple(each.arg for each in (*node.args.posonlyargs, *node.args.args))
            yield Use(f"{base}.{node.name}", (file,), (), names)


def _symbol(dotted: str, aliases: Mapping[str, str]) -> tuple[str, bool]:
    """The symbol that a dotted name begins with, up to the first name of a value; whether that is all of it."""
    for local in sorted(aliases, key=len, reverse=True):
        if dotted == local or dotted.startswith(f"{local}."):
            symbol = aliases[local].rstrip(".")
            rest = [part for part in dotted[len(local) :].split(".") if part]
            holds_names = aliases[local].endswith(".") or _is_class(symbol.rpartition(".")[2])
            while rest and holds_names:
                symbol = f"{symbol}.{rest.pop(0)}"
                holds_names = _is_class(symbol.rpartition(".")[2])
            return symbol, not rest
    return "", False


def _is_class(name: str) -> bool:
    return name.lstrip("_")[:1].isupper()


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def attributes_of_file(tree: ast.Module, file: str = "") -> Iterator[Use]:
    """Every attribute that a file asks of an object, also by `getattr` and `hasattr`, as `.name`; not those of modules."""
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0)
        for alias in node.names
    }
    forms = {id(node.func): (call_form(node),) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _dotted(node.value) not in imported:
            yield Use(f".{node.attr}", (file,), forms.get(id(node), ()))
        elif isinstance(node, ast.Call) and _dotted(node.func) in ("getattr", "hasattr") and len(node.args) > 1:
            name = node.args[1]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield Use(f".{name.value}", (file,))


def call_form(node: ast.Call) -> CallForm:
    """The form of one call."""
    is_open = any(isinstance(each, ast.Starred) for each in node.args) or any(each.arg is None for each in node.keywords)
    positional = sum(not isinstance(each, ast.Starred) for each in node.args)
    return CallForm(positional, tuple(sorted(each.arg for each in node.keywords if each.arg is not None)), is_open)


def merged(uses: Iterable[Use]) -> tuple[Use, ...]:
    """One use for each symbol, sorted."""
    groups: dict[str, list[Use]] = {}
    for use in uses:
        groups.setdefault(use.symbol, []).append(use)
    return tuple(
        Use(
            symbol,
            tuple(sorted({file for use in group for file in use.files})),
            tuple(sorted({form for use in group for form in use.calls})),
            next((use.overrides for use in group if use.overrides is not None), None),
        )
        for symbol, group in sorted(groups.items())
    )
