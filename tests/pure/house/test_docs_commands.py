"""Scripts, sub-commands and flags that a page tells people to type are there."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from .doc_pages import DocPage, code_spans, pages
from .import_graph import REPOSITORY, imports_of, tracked

COMMAND = re.compile(r"\bpython3? (?P<script>(?:scripts|benchmarks)/[\w.]+|-m audio_loop[\w.]*|[\w/]+\.py)(?P<rest>[^\n`]*)")
SHORT = re.compile(r"`(?P<script>\w+\.py)(?P<rest> [^`]*)`")
FLAG = re.compile(r"(?<![\w-])--[a-z][\w-]*")
SUBCOMMAND = re.compile(r" ([a-z][a-z-]+)(?= |$)")

OTHERS_FLAGS = {
    "--reserve-vram": "ComfyUI",
    "--group": "uv",
    "--use-ck-attention": "ComfyUI",
    "--disable-metadata": "ComfyUI",
    "--bf16-unet": "ComfyUI",
}
"""Flags that no command of the pack takes, and whose they are."""


@functools.cache
def files() -> frozenset[Path]:
    """The pack's Python files, tests left out."""
    return frozenset(path for path in tracked() if path.parts[0] != "tests")


@functools.cache
def source_of(path: Path) -> str:
    """The text of a file."""
    return (REPOSITORY / path).read_text("utf-8")


@functools.cache
def strings_of(path: Path) -> frozenset[str]:
    """Short strings in a file, and the flags that its `Option("name", ...)` make."""
    source = source_of(path)
    options = re.findall(r"\bOption\(\s*\"([a-z-]+)\"", source)
    return frozenset(re.findall(r"[\"']((?:--)?[a-z][a-z0-9-]*)[\"']", source)) | {f"--{name}" for name in options}


@functools.cache
def imported_by(path: Path) -> frozenset[Path]:
    """Files of the pack that a file imports: by their names, or all beside it if it finds modules by name."""
    top = {"audio_loop": "", "_setup": "benchmarks/_setup", "_bootstrap": "scripts/_bootstrap"}
    found: set[Path] = set()
    for _, (first, *rest) in imports_of(path):
        if first == "" or first in top:
            for end in (rest, rest[:-1]):
                base = Path(top.get(first, ""), *end)
                found |= {each for each in (Path(f"{base}.py"), base / "__init__.py") if each in files()}
    if "import_module" in source_of(path):
        found |= {each for each in files() if each.is_relative_to(path.parent)}
    return frozenset(found)


@functools.cache
def taken_by(path: Path) -> frozenset[str]:
    """Strings of a command and of all that it imports: its flags and sub-commands are among them."""
    seen: set[Path] = set()
    todo = [path]
    while todo:
        file = todo.pop()
        if file not in seen:
            seen.add(file)
            todo += imported_by(file)
    return frozenset().union(*(strings_of(file) for file in seen))


@functools.cache
def all_flags() -> frozenset[str]:
    """Flags that any file of the pack names."""
    return frozenset(text for path in files() for text in strings_of(path) if text.startswith("--"))


def script_of(name: str) -> Path:
    """The file that a command runs."""
    if not name.startswith("-m"):
        return Path(name)
    folder = Path(*name.split()[1].split(".")[1:])
    return folder / "__main__.py" if (REPOSITORY / folder / "__main__.py").exists() else folder.with_suffix(".py")


def faults(page: DocPage) -> list[str]:
    """Commands of a page that cannot be typed, a line each."""
    wrong = []
    commands = [(match.start(), match["script"], match["rest"]) for match in COMMAND.finditer(page.text)]
    commands += [
        (match.start(), f"scripts/{match['script']}", match["rest"])
        for match in SHORT.finditer(page.text)
        if (REPOSITORY / "scripts" / match["script"]).exists()
    ]
    for position, name, rest in commands:
        script, place = script_of(name), page.place(position)
        if name == "main.py":  # ComfyUI's own
            continue
        if script not in files():
            wrong.append(f"{place} runs {name}, and there is no such file")
            continue
        known = taken_by(script)
        typed = FLAG.findall(rest)
        word = SUBCOMMAND.match(rest)
        typed += [word[1]] if word and not rest.startswith("  ") else []
        wrong += [
            f"{place} runs {name} with {each}, which it does not know"
            for each in typed
            if each not in known | OTHERS_FLAGS.keys()
        ]
    for place, span in code_spans(page):
        if span.startswith("--"):
            flag = re.split(r"[ =]", span)[0]
            if FLAG.fullmatch(flag) and flag not in all_flags() and flag not in OTHERS_FLAGS:
                wrong.append(f"{place} names {flag}, which no command takes; if another program does, say so in OTHERS_FLAGS")
    return wrong


def test_commands_can_be_typed():
    found = [fault for page in pages() for fault in faults(page)]
    assert not found, "\n" + "\n".join(found)


def test_wrong_commands_are_found():
    text = (
        "`python scripts/none.py`\n    python scripts/demo.py --nothing\n`python scripts/workflow.py burn FILE`\n"
        "    python -m audio_loop.farm SONG --nothing\n`python benchmarks/none.py`\n`--none-such`\n`workflow.py burn FILE`\n"
        "    python scripts/workflow.py audit FILE     what --nothing\n"
        "    python scripts/workflow.py mend FILE --revert\n`python -m audio_loop.autoresearch sweep F --fixture F`\n"
    )
    assert [fault.split()[0] for fault in sorted(faults(DocPage("docs/new.md", text)))] == [
        f"docs/new.md:{n}" for n in range(1, 9)
    ]
