"""How a fingerprint reads a graph: which parts count, what stands for a file or a node's code, and the digests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...loop_engine.prompt_links import Link
from .named_files import NamedFiles

GetNode = Callable[[str], Mapping[str, Any]]
"""Node by id: a mapping with `class_type` and `inputs`, as in ComfyUI's API prompt; raises when there is none."""


@dataclass(frozen=True)
class Constant:
    """A value that an output gives, known without running its node.

    Attributes:
        value: The value; hashed by content.
    """

    value: object


Redirect = Callable[[str, Mapping[str, Any], int], "Link | Constant | None"]
"""(class type, inputs, output slot) -> what stands behind that output; None if the node itself does."""


@dataclass(frozen=True)
class Unproven:
    """Something about a graph that no hash can vouch for.

    Attributes:
        reason: In words, for the user.
        holds_in_session: Whether it stays as it is until ComfyUI ends; else nothing is known from one run to the next.
    """

    reason: str
    holds_in_session: bool


@dataclass(frozen=True)
class Code:
    """The code behind a node.

    Attributes:
        label: Whose it is, as the user knows it.
        digest: Of its content.
        doubt: Why the digest may not be that of the code that runs; "" if it is.
    """

    label: str
    digest: bytes
    doubt: str = ""


@dataclass(frozen=True)
class GraphRules:
    """Rules of the walk: what it may leave out, what stands for a file, and whose code runs.

    Attributes:
        ignore: (class type, input name) -> True if the input cannot change the result (tokens of the loop engine).
        redirect: Looks through nodes that only hand something on: the loop engine's own (`loop_links.py`), nodes that
            free memory or stamp the time. They then do not count.
        find_files: (class type, input name, text) -> the files that the text names.
        takes_file: (class type, input name) -> True if the input takes the name of a file, also over a link.
        code: Class type -> the code behind it; None if a version speaks for it.
        may_be_another: (file, what it would be loaded again for) -> True if ComfyUI may hold another content of the
            file than the one on disk (`loaded_files.py`).
    """

    ignore: Callable[[str, str], bool] = field(default=lambda _class_type, _name: False)
    redirect: Redirect = field(default=lambda _class_type, _inputs, _slot: None)
    find_files: Callable[[str, str, str], NamedFiles] = field(default=lambda _class_type, _name, _value: NamedFiles())
    takes_file: Callable[[str, str], bool] = field(default=lambda _class_type, _name: False)
    code: Callable[[str], Code | None] = field(default=lambda _class_type: None)
    may_be_another: Callable[[Path, bytes], bool] = field(default=lambda _path, _loaded_for: False)


@dataclass(frozen=True)
class GraphHash:
    """Digests of a graph.

    Attributes:
        whole: Everything.
        wiring: Class types and links alone.
        literals: "ClassType.input" -> digest of all its values in this graph, wherever they stand.
        files: "ClassType.input" -> digest of the contents of all files it names.
        changes: Class type -> digest of what its nodes say about a change (IS_CHANGED), if they say anything.
        code: Label -> digest of the code of other packs.
        unproven: What no hash can vouch for.
    """

    whole: bytes
    wiring: bytes
    literals: Mapping[str, bytes]
    files: Mapping[str, bytes]
    changes: Mapping[str, bytes] = field(default_factory=dict)
    code: Mapping[str, bytes] = field(default_factory=dict)
    unproven: frozenset[Unproven] = frozenset()
