"""Blocks of code on pages are run, parsed, or say why not.

A block is run if each of its lines is a command of `RUN`, parsed if it is JSON, TOML or a schedule, executed if it is
Python. Any other has a comment before it, `<!-- not run: REASON -->` or `<!-- run by: tests/FILE.py::TEST -->`.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys

import av
import numpy as np
import pytest

from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import write_song
from audio_loop.schedule.parser import parse_schedule

from .doc_commands import BY_OTHERS, OUTPUTS, RUN, commands, key_of, script_and_arguments, substituted
from .doc_pages import CodeBlock, DocPage, code_blocks, pages
from .import_graph import REPOSITORY

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SCHEDULE_LINE = re.compile(r"\d+:\d\d(?:\.\d+)?(?:\+|-\d+:\d\d(?:\.\d+)?)?: .+")
REASON = re.compile(r"not run: \S+(?: \S+)+")
RUN_BY = re.compile(r"run by: (tests/[\w/]+\.py)::(test_\w+)")
SECONDS = 21


def is_schedule(block: CodeBlock) -> bool:
    """Whether a block's lines are entries of a schedule, comments, and lines that continue an entry."""
    lines = [line for line in block.lines if line.strip()]
    return any(map(SCHEDULE_LINE.match, lines)) and all(SCHEDULE_LINE.match(line) or line[0] in "# " for line in lines)


def fault(block: CodeBlock) -> str | None:
    """Why a block is neither run nor marked."""
    if block.mark.startswith("not run"):
        return (
            None
            if REASON.fullmatch(block.mark)
            else f"{block.place} says no reason: <!-- not run: REASON of two words or more -->"
        )
    if block.mark.startswith("run by"):
        return _missing_test(block.mark.removeprefix("run by: "), block.place)
    if block.language == "json":
        return _unreadable(json.loads, block)
    if block.language == "toml":
        return _unreadable(tomllib.loads, block)
    if block.language == "python":
        return None
    is_held = re.sub(r"(?:/zh)?\.md:\d+$", "", block.place) in OUTPUTS
    if is_schedule(block) and not is_held:
        return _unreadable(parse_schedule, block)
    typed = commands(block)
    if typed is None:
        return (
            None
            if is_held
            else f"{block.place} is no command, schedule, JSON, TOML or Python: put <!-- not run: REASON --> before it"
        )
    for command in typed:
        if key_of(*script_and_arguments(command)) is None:
            return f"{block.place} has {command!r}: add it to RUN, BY_OTHERS or NOT_RUN of doc_commands.py"
    return None


def _unreadable(read, block: CodeBlock) -> str | None:
    text = re.sub(r"\n +", " ", "\n".join(block.lines)) if read is parse_schedule else "\n".join(block.lines)
    try:
        read(text)
    except ValueError as error:
        return f"{block.place} cannot be read: {error}"
    return None


def _missing_test(name: str, place: str) -> str | None:
    path, _, test = name.partition("::")
    is_named = RUN_BY.fullmatch(f"run by: {name}") and (REPOSITORY / path).exists()
    if is_named and f"def {test}(" in (REPOSITORY / path).read_text("utf-8"):
        return None
    return f"{place} is run by {name}, and there is no such test"


def test_every_block_is_run_or_says_why_not():
    found = [said for page in pages() for block in code_blocks(page) if (said := fault(block))]
    found += [said for command, test in BY_OTHERS.items() if (said := _missing_test(test, command))]
    assert not found, "\n" + "\n".join(found)


def test_wrong_blocks_are_found():
    text = """
    python scripts/nothing.py FILE

text

    0:10-0:05: a singer is singing

<!-- not run: because -->

    output

text

    output

```json
{"a": 1,}
```

<!-- run by: tests/pure/none.py::test_none -->

    output

<!-- not run: what the command prints -->

    output

text

    python scripts/workflow.py show FILE    said of it

```json
{"a": 1}
```
"""
    said = [fault(block) for block in code_blocks(DocPage("docs/new.md", text))]
    assert [each.split()[0] for each in said if each] == [f"docs/new.md:{line}" for line in (16, 2, 6, 10, 14, 22)]


def run_here() -> dict[str, str]:
    """Command -> where it first stands."""
    found: dict[str, str] = {}
    for page in pages():
        for block in code_blocks(page):
            for command in (commands(block) or ()) if not block.mark and not block.language else ():
                if key_of(*script_and_arguments(command)) in RUN:
                    found.setdefault(command, block.place)
    return found


@pytest.fixture(scope="module")
def reader_folder(tmp_path_factory):
    """A folder with everything that commands of pages ask for."""
    folder = tmp_path_factory.mktemp("reader")
    workflow = REPOSITORY / "example_workflows" / "audio-loop-music-video_latent.json"
    flat = subprocess.run(
        [sys.executable, str(REPOSITORY / "scripts/workflow.py"), "unfold", str(workflow), "-o", str(folder / "flat.json")]
    )
    assert flat.returncode == 0
    shutil.copy(workflow, folder / "workflow.json")
    shutil.copy(REPOSITORY / "example_workflows" / "audio-loop_smoke.json", folder / "other.json")
    write_song(folder / "song.wav", SECONDS)
    picture = write_picture(folder / "picture.png")
    (folder / "answer.txt").write_text("0:00: a singer with red hair is singing, medium close-up\n", "utf-8")
    fixture = json.loads((REPOSITORY / "autoresearch/fixtures/fixture_man_guitar.json").read_text("utf-8"))
    fixture |= {"audio": str(folder / "song.wav"), "image": str(picture)}
    (folder / "fixture.json").write_text(json.dumps(fixture), "utf-8")
    with av.open(str(folder / "video.mp4"), "w") as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for number in range(50):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 3 * number, np.uint8), "rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return folder


@pytest.mark.parametrize("command", run_here())
def test_the_command_does_its_work(command, reader_folder, tmp_path):
    name, arguments = script_and_arguments(command)
    here = tmp_path / "here"
    shutil.copytree(reader_folder, here)
    if name == "workflow.py" and arguments[0] == "fold":  # ids of a flat graph
        shutil.copy(here / "flat.json", here / "workflow.json")
    if "NEW" in arguments and "-o" in arguments:
        (here / "other.json").unlink()
    chosen = RUN[key_of(name, arguments)]
    typed = [sys.executable, str(REPOSITORY / "scripts" / name), *substituted(arguments), *chosen.more.split()]
    result = subprocess.run(typed, cwd=here, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert result.returncode in chosen.statuses, (
        f"{run_here()[command]}: {shlex.join(typed[1:])}\n{result.stdout}{result.stderr}"
    )
    assert "Traceback" not in result.stderr


def test_python_blocks_run():
    for page in pages():
        for block in code_blocks(page):
            if block.language == "python" and not block.mark:
                exec(compile("\n".join(block.lines), block.place, "exec"), {})
