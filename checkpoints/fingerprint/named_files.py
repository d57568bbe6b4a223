"""Which files a value of the graph names, found by looking: in the folders that ComfyUI knows, never by a table of names.

A value may be the name of a file in a folder of models, of an upload, an absolute path, a folder, or an option that stands
for files (`taesd` for `taesd_encoder.*` and `taesd_decoder.*`). Text may refer to files too (`embedding:name`,
`<lora:name:0.8>`). If the same name lies in several folders that could be meant, all of them count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

LONGEST_NAME = 4096
_ANNOTATION = re.compile(r"^(.*\S)\s*\[(input|output|temp)\]$")
_REFERENCES = (("embeddings", re.compile(r"embedding:([^\s,:()<>]+)")), ("loras", re.compile(r"<lora:([^:<>]+)[:>]")))
_OPTIONS_THAT_NAME_NOTHING = 2
"""A list of folders may begin with "none" and "all"."""


@dataclass(frozen=True)
class Folders:
    """ComfyUI's folders.

    Attributes:
        registered: Kind of model ("loras") -> folders that are searched for it, in order.
        working: "input", "output", "temp" -> folder.
        models: The folder that holds the folders of models; packs make further ones in it without registering them.
        suffixes: Endings by which a name is taken for a file's, lower case with the dot.
    """

    registered: Mapping[str, Sequence[Path]]
    working: Mapping[str, Path]
    models: Path | None = None
    suffixes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class InputKind:
    """An input as its node's schema describes it.

    Attributes:
        options: What can be chosen; None for free text.
        upload: Whether files are uploaded into it or its options come from the server.
        multiline: Whether it is meant for text of several lines.
        names_folder: Whether free text in it is meant for the name of a folder.
        is_written: Whether free text in it is where the node writes.
        listed: Folders whose files the node's options were made from: kind of model -> names.
    """

    options: tuple[str, ...] | None = None
    upload: bool = False
    multiline: bool = False
    names_folder: bool = False
    is_written: bool = False
    listed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def takes_file(self) -> bool:
        """Whether what is put in is the name of a file: an upload, or one of the files of a list."""
        files = {file for names in self.listed.values() for file in names}
        return self.upload or (self.options is not None and not files.isdisjoint(self.options))


@dataclass(frozen=True)
class NamedFiles:
    """The files that a value names.

    Attributes:
        paths: Files and folders.
        stands_alone: Whether their contents say all that the value says; else the value itself counts too.
        missing: Whether it looks like a file's name, but there is none.
    """

    paths: tuple[Path, ...] = ()
    stands_alone: bool = True
    missing: bool = False


def find_named(value: str, kind: InputKind, folders: Folders) -> NamedFiles:
    """Finds what a text value names.

    Args:
        value: The value of an input.
        kind: What is known of the input.
        folders: Where to look.

    Returns:
        The files; empty if the value names none.
    """
    if not value or "\0" in value or len(value) > LONGEST_NAME:
        return NamedFiles()
    if "\n" not in value:
        files = _files(value, kind, folders)
        if files:
            return NamedFiles(files)
        stood_for = _stood_for(value, kind, folders)
        if stood_for:
            return NamedFiles(stood_for, stands_alone=False)
        inside = _folders_named(value, kind, folders)
        if inside:
            return NamedFiles(inside)
    mentioned = _mentioned(value, folders)
    if mentioned:
        return NamedFiles(mentioned, stands_alone=False)
    return NamedFiles(missing=_looks_like_a_file(value, kind, folders.suffixes))


def _files(value: str, kind: InputKind, folders: Folders) -> tuple[Path, ...]:
    annotated = _ANNOTATION.match(value)
    if annotated:
        path = _inside(folders.working.get(annotated[2]), annotated[1])
        return (path,) if path is not None and _is_there(path) else ()
    if _is_absolute(value):
        return (Path(value),) if _is_there(Path(value)) else ()
    listed = _first_hits(value, {name: folders.registered[name] for name in kind.listed if name in folders.registered})
    if listed:
        return listed
    found = _first_hits(value, folders.registered) + _first_hits(value, {"input": [folders.working["input"]]})
    return _distinct(found or _first_hits(value, _further(kind, folders)))


def _further(kind: InputKind, folders: Folders) -> dict[str, list[Path]]:
    """Folders that are looked into last: those of models that no list of ComfyUI's knows, and those with results."""
    try:
        own = sorted(path for path in folders.models.iterdir() if path.is_dir()) if folders.models else []
    except OSError:
        own = []
    # Free text that is the name of a file among the results is where a node writes (a log) rather than what it reads.
    results = ("output", "temp") if kind.options is not None or kind.upload else ()
    return {str(path): [path] for path in own} | {name: [folders.working[name]] for name in results}


def _first_hits(value: str, folders: Mapping[str, Sequence[Path]]) -> tuple[Path, ...]:
    """The first file of that name for each kind of model, as ComfyUI searches."""
    hits: list[Path] = []
    for roots in folders.values():
        inside = (_inside(root, value) for root in roots)
        hit = next((path for path in inside if path is not None and _is_there(path)), None)
        if hit is not None:
            hits.append(hit)
    return _distinct(hits)


def _stood_for(value: str, kind: InputKind, folders: Folders) -> tuple[Path, ...]:
    if kind.options is None or value not in kind.options:
        return ()
    hits: list[Path] = []
    for name, files in kind.listed.items():
        same = [file for file in files if str(PurePosixPath(file).with_suffix("")) == value]
        halves = [[file for file in files if file.startswith(f"{value}_{half}coder.")] for half in ("en", "de")]
        pair = [*halves[0], *halves[1]] if all(halves) else []
        for file in (*same, *pair):
            hits += _first_hits(file, {name: folders.registered.get(name, ())})
    return _distinct(hits)


def _folders_named(value: str, kind: InputKind, folders: Folders) -> tuple[Path, ...]:
    if kind.multiline or value.strip(". /\\") == "":
        return ()
    if _is_absolute(value):
        path = Path(value)
        return (path,) if path != Path(path.anchor) and path.is_dir() else ()
    if kind.options is None and (not kind.names_folder or kind.is_written):
        return ()
    registered = {f"{name} {i}": root for name, roots in folders.registered.items() for i, root in enumerate(roots)}
    own = {name: roots[0] for name, roots in _further(kind, folders).items()}
    roots = {**registered, **own, "input": folders.working["input"]}.values()
    return _distinct(
        inside
        for root in roots
        if (inside := _inside(root, value)) is not None and inside.is_dir() and _lists_folders(kind.options, root)
    )


def _lists_folders(options: Sequence[str] | None, root: Path) -> bool:
    """Whether a list of options could be one of folders in this one."""
    if options is None:
        return True
    others = [option for option in options if not (root / option).is_dir()]
    return len(others) <= _OPTIONS_THAT_NAME_NOTHING


def _mentioned(text: str, folders: Folders) -> tuple[Path, ...]:
    hits: list[Path] = []
    for folder, pattern in _REFERENCES:
        roots = folders.registered.get(folder, ())
        for name in sorted(set(pattern.findall(text))):
            hits += _first_hits(name, {folder: roots}) or _with_any_suffix(name, roots, folders.suffixes)
    return _distinct(hits)


def _with_any_suffix(name: str, roots: Sequence[Path], suffixes: frozenset[str]) -> tuple[Path, ...]:
    return tuple(path for suffix in sorted(suffixes) for path in _first_hits(name + suffix, {"": roots}))


def _looks_like_a_file(value: str, kind: InputKind, suffixes: frozenset[str]) -> bool:
    if kind.multiline or "\n" in value:
        return False
    annotated = _ANNOTATION.match(value)
    name = annotated[1] if annotated else value
    if PurePosixPath(name.replace("\\", "/")).suffix.lower() not in suffixes:
        return False
    if kind.options is not None or kind.upload or annotated:
        return True
    return not kind.is_written and ("/" in name or "\\" in name or not any(character.isspace() for character in name))


def _inside(root: Path | None, name: str) -> Path | None:
    """A name below a folder, as ComfyUI reads it: what climbs out is not looked for."""
    if root is None or ".." in PurePosixPath(name.replace("\\", "/")).parts:
        return None
    return root / name.lstrip("/\\")


def _is_absolute(value: str) -> bool:
    return Path(value).is_absolute()


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _distinct(paths: Iterator[Path] | Sequence[Path]) -> tuple[Path, ...]:
    """Each file once, however many links lead to it."""
    found: dict[str, Path] = {}
    for path in paths:
        try:
            found.setdefault(str(path.resolve()), path)
        except OSError:
            found.setdefault(str(path), path)
    return tuple(found.values())
