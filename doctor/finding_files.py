"""The files that belong together: a run's folder, its video, the workflow in it and the song."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..checkpoints.errors import CheckpointError
from ..checkpoints.runs.manifest import Manifest
from ..checkpoints.runs.run_folder import MANIFEST_NAME, read_manifest_file
from ..checkpoints.runs.run_name import default_run_name
from ..workflow_graph.document import Document, DocumentError, Kind, load
from ..workflow_graph.metadata import embedded
from ..workflow_graph.metadata.limits import MetadataError

VIDEOS = frozenset({".mp4", ".mov", ".mkv", ".webm"})
_RUNS = "audio_loop"
_MOST_VIDEOS = 2000
_KINDS = (Kind.WORKFLOW, Kind.PROMPT)


class CaseError(ValueError):
    """A case that cannot be opened. The message says what is missing and how to give it."""


@dataclass(frozen=True)
class FoundVideo:
    """A video and the run that it comes from.

    Attributes:
        path: The video.
        run: The folder of the run; None if it is not known.
        manifest: What is in that folder; None if it is not a checkpoint run.
    """

    path: Path
    run: Path | None = None
    manifest: Manifest | None = None


def find_video(given: Path) -> FoundVideo:
    """The video that is meant: the file itself, or the video of a run's folder.

    Raises:
        CaseError: There is none, or several that could be meant.
    """
    if given.is_file():
        return FoundVideo(given)
    if not given.is_dir():
        raise CaseError(f"{given} is neither a file nor a folder; give a video, or the folder of a run")
    manifest = _manifest(given)
    if manifest is None:
        return FoundVideo(_only_video(given), given)
    return FoundVideo(_video_of_run(given, manifest), given, manifest)


def run_of_video(video: Path) -> FoundVideo:
    """A video with the run that its own prompt names, if that lies where ComfyUI keeps runs."""
    output = output_folder_of(video)
    names = _values(video, "run_name")
    for folder in () if output is None else (output / _RUNS / name for name in names):
        if (manifest := _manifest(folder)) is not None:
            return FoundVideo(video, folder, manifest)
    return FoundVideo(video)


def read_workflow(video: Path) -> Document | None:
    """The workflow in a video, or the prompt if it holds no workflow; None if it holds neither."""
    try:
        held = embedded.read(video)
    except MetadataError:
        return None
    for kind in _KINDS:
        try:
            return held.document(kind)
        except DocumentError:
            continue
    return None


def read_given_workflow(path: Path) -> Document:
    """A workflow from a JSON file, or out of a picture or a video.

    Raises:
        DocumentError: It holds none.
    """
    if path.suffix.lower() == ".json":
        return load(path)
    document = read_workflow(path)
    if document is None:
        raise DocumentError(f"{path} holds no workflow; give the JSON file that ComfyUI saves")
    return document


def find_song(name: str | None, video: Path, run: Path | None) -> Path | None:
    """The song of that name: beside the video or the run, or in the input folder beside ComfyUI's output folder."""
    if not name:
        return None
    plain = name.removesuffix(" [input]").removesuffix(" [output]")
    folders = [video.parent, *([run] if run is not None else [])]
    for path in (video, video.resolve()):
        output = output_folder_of(path)
        if output is not None:
            folders += [output.parent / "input", output]
    found = (folder / each for folder in folders for each in (plain, Path(plain).name))
    return next((path for path in found if path.is_file()), None)


def output_folder_of(path: Path) -> Path | None:
    """ComfyUI's output folder that a path lies in; None if it lies in none."""
    return next((parent for parent in path.absolute().parents if parent.name == "output"), None)


def _manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest_file(folder / MANIFEST_NAME)
    except (OSError, CheckpointError):
        return None


def _only_video(folder: Path) -> Path:
    videos = sorted(path for path in folder.iterdir() if path.suffix.lower() in VIDEOS and path.is_file())
    linked = folder / "video.mp4.txt"
    if not videos and linked.is_file():
        videos = [path for line in linked.read_text("utf-8").splitlines() if (path := Path(line.strip())).is_file()]
    if len(videos) == 1:
        return videos[0]
    if not videos:
        raise CaseError(f"{folder} holds no video and no run; give the video itself")
    names = ", ".join(path.name for path in videos[:5])
    raise CaseError(f"{folder} holds {len(videos)} videos ({names}); give one of them")


def _video_of_run(folder: Path, manifest: Manifest) -> Path:
    """The newest video whose prompt names the run; else the newest that was saved after its windows and is of its song."""
    output = output_folder_of(folder)
    root = output if output is not None else folder.parent
    videos = list(_newest_first(root))
    for path in videos:
        if folder.name in _values(path, "run_name"):
            return path
    if manifest.identity:
        last = max((path.stat().st_mtime for path in folder.glob("segment_*.safetensors")), default=0.0)
        for path in videos:
            if path.stat().st_mtime >= last and any(is_run_of(folder, name) for name in _values(path, "audio")):
                return path
    where = f"no video in {root} names it in its workflow" if videos else f"{root} holds no video"
    raise CaseError(
        f"the video of the run {folder.name} cannot be told: {where}. Give the video itself; its plan comes from the workflow "
        "in it, or from --workflow"
    )


def is_run_of(folder: Path, song_name: str) -> bool:
    """Whether a run without a name of its own was made for a song: its folder begins with the song's name."""
    identity = folder.name.rpartition("_")[2]
    day = folder.name.split("_")[-2] if folder.name.count("_") > 1 else ""
    try:
        return folder.name == default_run_name(song_name, identity, datetime.date.fromisoformat(day))
    except (ValueError, CheckpointError):
        return False


def _newest_first(root: Path) -> Iterator[Path]:
    found = []
    for path in root.rglob("*"):
        if path.suffix.lower() in VIDEOS and _RUNS not in path.relative_to(root).parts[:1] and path.is_file():
            found.append(path)
            if len(found) >= _MOST_VIDEOS:
                break
    yield from sorted(found, key=lambda path: -path.stat().st_mtime)


def _values(video: Path, name: str) -> tuple[str, ...]:
    """The texts that the nodes of a video's prompt have for an input."""
    try:
        prompt = embedded.read(video).document(Kind.PROMPT)
    except DocumentError:
        return ()
    found = (inputs.get(name) for node in prompt.values() if isinstance(inputs := node.get("inputs"), dict))
    return tuple(dict.fromkeys(value.strip() for value in found if isinstance(value, str) and value.strip()))
