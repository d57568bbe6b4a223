"""ComfyUI's own files, read as text: the place of a symbol and its parameters."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef


class UntoldError(Exception):
    """The text alone does not say it."""


@dataclass(frozen=True)
class Definition:
    """The place at which a symbol is defined.

    Attributes:
        module: The module that defines it.
        node: The function, class or statement; the module itself for a module.
        owner: The class that it is a member of; None for one of a module.
    """

    module: str
    node: ast.AST
    owner: ast.ClassDef | None = None


class ComfyUIText:
    """A folder of ComfyUI.

    Args:
        folder: The one with `main.py` in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tree = functools.lru_cache(maxsize=None)(self._read)

    def version(self) -> str:
        """As its `comfyui_version.py` says; "?" if there is none."""
        found = self.find("comfyui_version", "__version__")
        value = getattr(found.node, "value", None) if found else None
        return str(value.value) if isinstance(value, ast.Constant) else "?"

    def module_of(self, symbol: str) -> tuple[str, str]:
        """The longest beginning of a dotted symbol that is a module, and the rest; ("", symbol) if none is."""
        parts = symbol.split(".")
        for count in range(len(parts), 0, -1):
            if self._tree(".".join(parts[:count])) is not None:
                return ".".join(parts[:count]), ".".join(parts[count:])
        return "", symbol

    def find(self, module: str, path: str) -> Definition | None:
        """The definition of `Class.name` in a module; None if it is not there.

        Raises:
            UntoldError: The text does not say.
        """
        tree = self._tree(module)
        if tree is None:
            return None
        found: Definition | None = Definition(module, tree)
        for part in path.split(".") if path else ():
            found = self._member(found, part) if found else None
        return found

    def local(self, module: str, function: str, name: str) -> Definition | None:
        """A local variable, or parameter, of a function."""
        found = self.find(module, function)
        for node in ast.walk(found.node) if found else ():
            if (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)) or (
                isinstance(node, ast.arg) and node.arg == name
            ):
                return Definition(module, node)
        return None

    def parameters(self, found: Definition) -> ast.arguments:
        """The parameters that a call of it takes, without `self` or `cls`.

        Raises:
            UntoldError: It is neither a function nor a class whose making is written down.
        """
        if isinstance(found.node, ast.ClassDef):
            made = self._member(found, "__init__")
            if made is not None and isinstance(made.node, Function):
                return _without_first(made.node.args)
            if any("dataclass" in ast.unparse(each) for each in found.node.decorator_list):
                return self._fields(found)
            raise UntoldError("no __init__ in its text")
        if not isinstance(found.node, Function):
            raise UntoldError("a value")
        decorators = [ast.unparse(each) for each in found.node.decorator_list]
        if any(each.endswith("property") for each in decorators):
            raise UntoldError("a property")
        is_free = found.owner is None or "staticmethod" in decorators
        return found.node.args if is_free else _without_first(found.node.args)

    def _fields(self, found: Definition) -> ast.arguments:
        fields: dict[str, ast.expr | None] = {}
        for base in reversed(self._line(found)):
            assert isinstance(base.node, ast.ClassDef)
            for node in base.node.body:
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    fields[node.target.id] = node.value
        values = [value for value in fields.values() if value is not None]
        return ast.arguments([], [ast.arg(name) for name in fields], None, [], [], None, values)

    def _line(self, found: Definition) -> list[Definition]:
        """A class and its bases, as far as ComfyUI's text holds them."""
        line = [found]
        for base in found.node.bases if isinstance(found.node, ast.ClassDef) else ():
            try:
                other = self.find(found.module, ast.unparse(base))
            except UntoldError:
                continue
            if other is not None and isinstance(other.node, ast.ClassDef) and other.node is not found.node:
                line += self._line(other)
        return line

    def _member(self, found: Definition, name: str) -> Definition | None:
        if isinstance(found.node, ast.Module):
            return self._in_module(found.module, found.node, name)
        if not isinstance(found.node, ast.ClassDef):
            raise UntoldError(f"{name} of a value")
        for each in self._line(found):
            assert isinstance(each.node, ast.ClassDef)
            inside = _in_class(each.node, name)
            if inside is not None:
                return self._followed(Definition(each.module, inside, each.node))
        return None

    def _followed(self, found: Definition) -> Definition:
        """The definition behind an assignment of one name to another, as in `Image = ImageInput`."""
        value = found.node.value if isinstance(found.node, (ast.Assign, ast.AnnAssign)) else None
        if isinstance(value, (ast.Name, ast.Attribute)) and ast.unparse(value).split(".")[0] not in ("self", "cls"):
            try:
                return self.find(found.module, ast.unparse(value)) or found
            except (UntoldError, RecursionError):
                return found
        return found

    def _in_module(self, module: str, tree: ast.Module, name: str) -> Definition | None:
        stars: list[str] = []
        for node in reversed(list(_statements(tree.body))):
            if isinstance(node, (ast.ClassDef, *Function.__args__)) and node.name == name:  # type: ignore[attr-defined]  # a union
                return Definition(module, node)
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and name in _targets(node):
                return self._followed(Definition(module, node))
            if isinstance(node, ast.ImportFrom):
                source = self._source(module, node)
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        return self._imported(source, alias.name) or Definition(module, node)
                    if alias.name == "*":
                        stars.append(source)
            elif isinstance(node, ast.Import) and any((each.asname or each.name.split(".")[0]) == name for each in node.names):
                return Definition(module, node)
        for source in stars:
            found = self.find(source, name)
            if found is not None:
                return found
        submodule = self._tree(f"{module}.{name}")
        return Definition(f"{module}.{name}", submodule) if submodule is not None else None

    def _imported(self, source: str, name: str) -> Definition | None:
        submodule = self._tree(f"{source}.{name}")
        return Definition(f"{source}.{name}", submodule) if submodule is not None else self.find(source, name)

    def _source(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        is_package = (self.folder.joinpath(*module.split(".")) / "__init__.py").exists()
        parts = module.split(".") if is_package else module.split(".")[:-1]
        parts = parts[: len(parts) - (node.level - 1)]
        return ".".join((*parts, *(node.module.split(".") if node.module else ())))

    def _read(self, module: str) -> ast.Module | None:
        path = self.folder.joinpath(*module.split("."))
        for file in (path / "__init__.py", path.with_name(f"{path.name}.py")):
            if file.is_file():
                return ast.parse(file.read_text("utf-8"))
        # A folder without __init__.py is a package of nothing but modules.
        return ast.parse("") if module and path.is_dir() else None


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a module, also those under `if`, `try` and `with`."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With, ast.For)):
            for part in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from _statements(handler.body)


def _targets(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {ast.unparse(each) for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])}


def _in_class(owner: ast.ClassDef, name: str) -> ast.AST | None:
    for node in _statements(owner.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == name:
            return node
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and name in _targets(node):
            return node
    for inner in ast.walk(owner):
        if isinstance(inner, (ast.Assign, ast.AnnAssign)) and _targets(inner) & {
            f"self.{name}",
            f"cls.{name}",
            f"{owner.name}.{name}",
        }:
            return inner
    return None


def _without_first(found: ast.arguments) -> ast.arguments:
    return ast.arguments(
        found.posonlyargs[1:], found.args if found.posonlyargs else found.args[1:], found.vararg, found.kwonlyargs,
        found.kw_defaults, found.kwarg, found.defaults,
    )  # fmt: skip
