"""Everything that would stop a run of a fixture, found before anything is rendered; each with what to do."""

from __future__ import annotations

import importlib.util
import os
import secrets
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .errors import HarnessError
from .filling import WORKFLOW, Filling, filled, read_prompt
from .fixture import TO_FILL_IN, Fixture, read_unchecked, schema_faults, to_fill_in
from .judge.version import judge_hash
from .run_job import RunJob, checked_run_id
from .settings import Nodes, apply_settings, shorten

MODULES = {"duckdb": "duckdb", "aiohttp": "aiohttp", "av": "av", "numpy": "numpy", "PIL": "pillow"}
"""Module that the harness needs -> its package."""
OUTPUT_VARIABLE = "COMFYUI_OUTPUT_DIR"


def problems(
    fixture_path: Path, workflow: Path | None, tier: int | None, settings: Mapping[str, Any], url: str
) -> Iterator[str]:
    """All that is wrong, one problem a text.

    Args:
        fixture_path: The fixture.
        workflow: The workflow in API form; None takes the fixture's, else the shipped one.
        tier: As given.
        settings: As given, beside the fixture's.
        url: The server's.
    """
    missing = [package for module, package in MODULES.items() if importlib.util.find_spec(module) is None]
    if missing:
        yield f"not installed: {', '.join(missing)}. pip install {' '.join(missing)} (or the group 'experiments')"
    yield from _run_id()
    try:
        fixture: Fixture | None = Fixture(fixture_path, read_unchecked(fixture_path))
    except HarnessError as error:
        fixture = None
        yield f"{error}. Copy autoresearch/fixtures/fixture_man_guitar.json and fill it in"
    prompt = None
    if fixture is not None:
        yield from schema_faults(fixture.document)
        yield from to_fill_in(fixture.document)
        yield from _files(fixture)
    try:
        prompt = read_prompt(_workflow(workflow, fixture))
    except HarnessError as error:
        yield f"{error}. --api-workflow names another one"
    asked = None
    if prompt is not None and fixture is not None:
        faults = tuple(_without_place(fixture, prompt, tier, settings))
        yield from faults
        asked = None if faults else _asked(fixture, prompt, tier, settings)
    is_there = _answers(url)
    if not is_there:
        yield f"no ComfyUI answers at {url}: start it (start_experiment.sh), or set COMFYUI_API_URL to where it is"
    yield from _output(url if is_there else None)
    nodes = _object_info(url) if is_there else None
    if asked is not None:
        yield from _server(asked, nodes, url)
        if nodes is None or not _missing_types(asked, nodes):
            yield from _pack(asked, fixture, nodes)


def _missing_types(prompt: Nodes, nodes: Mapping[str, Any]) -> list[str]:
    """Node classes that a workflow needs and a server does not have."""
    return sorted({node["class_type"] for node in prompt.values()} - set(nodes))


def _run_id() -> Iterator[str]:
    try:
        if os.environ.get("RUN_ID"):
            checked_run_id(os.environ["RUN_ID"])
    except HarnessError as error:
        yield str(error)


def _workflow(given: Path | None, fixture: Fixture | None) -> Path:
    if given is not None:
        return given
    named = None if fixture is None else fixture.document.get("workflow")
    return WORKFLOW if fixture is None or not isinstance(named, str) else fixture.file("workflow")


def _files(fixture: Fixture) -> Iterator[str]:
    for name, what, read in (("audio", "sound", _hear), ("image", "picture", _see)):
        given = fixture.document.get(name)
        if not isinstance(given, str) or given.lstrip().startswith(TO_FILL_IN):
            continue
        path = fixture.file(name)
        if not path.is_file():
            yield f"{name}: there is no file {path}"
            continue
        fault = read(path)
        if fault:
            yield f"{name}: {path} cannot be read as a {what}: {fault}"


def _hear(path: Path) -> str:
    from ..loop_control.errors import PlanError
    from ..preflight.song import read_song

    try:
        read_song(path)
    except PlanError as error:
        return str(error)
    except ImportError as error:
        return f"{error}"
    return ""


def _see(path: Path) -> str:
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        return str(error)
    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, UnidentifiedImageError, ValueError) as error:
        return str(error)
    return ""


def _without_place(fixture: Fixture, prompt: Nodes, tier: int | None, settings: Mapping[str, Any]) -> Iterator[str]:
    """Settings, tier, song, picture and video that the workflow has no place for."""
    given = {**fixture.settings, **settings}
    parts = [partial(apply_settings, prompt, {name: value}) for name, value in given.items()]
    if tier is not None:
        parts.append(partial(shorten, prompt, tier))
    parts.append(partial(filled, prompt, Filling("preflight", "song", "picture", {}, None)))
    for part in parts:
        try:
            part()
        except HarnessError as error:
            yield str(error)


def _asked(fixture: Fixture, prompt: Nodes, tier: int | None, settings: Mapping[str, Any]) -> Nodes:
    job = RunJob("preflight", fixture, prompt, "", {**fixture.settings, **settings}, tier)
    return job.prompt(_name(fixture, "audio"), _name(fixture, "image"))


def _name(fixture: Fixture, what: str) -> str:
    return Path(str(fixture.document.get(what, what))).name


def _answers(url: str) -> bool:
    from ..comfy_host.server import answers

    return answers(url)


def _object_info(url: str) -> Mapping[str, Any] | None:
    from ..comfy_host.client import ComfyClient
    from ..comfy_host.errors import ComfyError

    try:
        with ComfyClient(url) as client:
            return client.object_info()
    except ComfyError:
        return None


def _output(url: str | None) -> Iterator[str]:
    given = os.environ.get(OUTPUT_VARIABLE, "")
    if not given:
        yield f"{OUTPUT_VARIABLE} is not set: export it as the folder that ComfyUI writes its videos to"
        return
    folder = Path(given)
    if not folder.is_dir():
        yield f"{OUTPUT_VARIABLE} is {given!r}, which is no folder: set it to the folder that ComfyUI writes its videos to"
        return
    if url is not None and not _is_output_of(url, folder):
        yield f"{OUTPUT_VARIABLE} is {given!r}, which is not where the ComfyUI at {url} writes: set it to that server's folder"


def _is_output_of(url: str, folder: Path) -> bool:
    """Whether a server finds a file that was just put there."""
    from ..comfy_host.client import ComfyClient
    from ..comfy_host.errors import ComfyError

    probe = folder / f"audio_loop_preflight_{secrets.token_hex(8)}.txt"
    try:
        probe.write_text(judge_hash(), encoding="utf-8")
    except OSError:
        return False
    try:
        with ComfyClient(url) as client:
            where = urlencode({"filename": probe.name, "type": "output"})
            return client.get_bytes(f"/view?{where}") == probe.read_bytes()
    except ComfyError:
        return False
    finally:
        probe.unlink()


def _server(prompt: Nodes, nodes: Mapping[str, Any] | None, url: str) -> Iterator[str]:
    missing = [] if nodes is None else _missing_types(prompt, nodes)
    if missing:
        yield f"the ComfyUI at {url} has no nodes {', '.join(missing)}: install the packs that have them, and start it again"


def _pack(prompt: Nodes, fixture: Fixture | None, nodes: Mapping[str, Any] | None) -> Iterator[str]:
    """Errors that the pack's own check before Run finds in the filled workflow."""
    from ..loop_control.errors import PlanError
    from ..preflight.check import preflight
    from ..preflight.machine import Machine
    from ..preflight.song import read_song
    from ..workflow_graph.audit.rule import Severity

    try:
        song = None if fixture is None else read_song(fixture.file("audio"))
    except (PlanError, KeyError):
        song = None  # told already
    has_file = None if nodes is None else _Choices(nodes).has_file
    found = preflight(dict(prompt), song, Machine(has_file=has_file))
    for reported in found.audit.reported:
        if reported.severity is Severity.ERR:
            mend = reported.finding.mend or reported.rule.mend
            yield f"{reported.finding.where}: {reported.finding.message} [{reported.rule.code}]. {mend}"


class _Choices:
    """Files that a server offers in its nodes' lists."""

    def __init__(self, nodes: Mapping[str, Any]) -> None:
        self._nodes = nodes

    def has_file(self, node_type: str, name: str, value: str) -> bool | None:
        """Whether the server offers a file; None if the node has no such list."""
        if node_type in ("LoadAudio", "LoadImage"):
            return True  # the harness brings the fixture's own files
        schema = self._nodes.get(node_type, {}).get("input", {})
        spec = {**schema.get("optional", {}), **schema.get("required", {})}.get(name)
        if not spec:
            return None
        choices = spec[0] if isinstance(spec[0], list) else (spec[1] if len(spec) > 1 else {}).get("options")
        return value in choices if isinstance(choices, list) else None
