"""The doctor in ComfyUI's worker: a video that a render has just saved, with what its graph says of it."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..checkpoints.service.runs_used import run_of_video
from ..loop_control.errors import PlanError
from ..loop_control.plan import LoopPlan
from ..loop_engine.prompt_links import as_link
from ..preflight.inside_comfyui import inside_own_folders, listen_by_name
from ..preflight.song import read_song
from ..watching.watch import watch
from ..workflow_graph.document import Document, DocumentError
from ..workflow_graph.reading.flow import Flow
from ..workflow_graph.schemas import Schemas
from .case import Case
from .diagnosis import Diagnosis
from .graph_of_video import GraphOfVideo, SongInGraph
from .kept import KeptDiagnosis, keep
from .origin import Origin
from .service import diagnose

log = logging.getLogger(__name__)

SAVER, PICTURES_FORMAT = "StreamingVideoSave", "png-16bit"
WATCHED_SHARE = 0.85
"""Of the whole time, for the progress bar: what is heard and judged afterwards takes the rest."""


@dataclass(frozen=True)
class Given:
    """Values that are wired to the node; None for what is not.

    Attributes:
        plan: Of the windows.
        schedule: The prompts.
        audio: The song as ComfyUI's AUDIO, as it was put into the file.
    """

    plan: LoopPlan | None = None
    schedule: str | None = None
    audio: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Looked:
    """A video that was looked at.

    Attributes:
        diagnosis: All that is told.
        kept: Its files.
    """

    diagnosis: Diagnosis
    kept: KeptDiagnosis


def examine_video(
    video: Path, prompt: Document | None, node_id: str, given: Given, on_progress: Callable[[float], None]
) -> Looked:
    """Watches and hears a video, and keeps the diagnosis beside it.

    Args:
        video: The file.
        prompt: The graph as it was queued.
        node_id: The doctor in it.
        given: What is wired to him.
        on_progress: Called with the share that is done, 0 to 1. What it raises ends the examination.

    Raises:
        WatchError: The file is no video.
        OSError: It cannot be read, or the diagnosis cannot be written.
    """
    graph = _graph(prompt, node_id)
    song = None if graph is None else graph.song()
    watched = watch(video, lambda share: on_progress(share * WATCHED_SHARE))
    with tempfile.TemporaryDirectory(prefix="audio_loop_doctor_") as folder:
        plan = given.plan or _plan(graph, song)
        schedule = given.schedule or (None if graph is None else graph.schedule())
        sound, missing = _sound(given, song, Path(folder))
        # What is wired was cut already.
        start = 0.0 if song is None or given.audio is not None else float(song.start_seconds)
        case = Case(watched, plan, sound, schedule, start)
        diagnosis = diagnose(case, Origin(prompt, listen_by_name, known=_known(plan, song, schedule), not_looked_at=missing))
    on_progress(1.0)
    origin = {**_origin(video, prompt, graph, song, plan), "duration_seconds": float(diagnosis.duration_seconds)}
    return Looked(diagnosis, keep(video, diagnosis, _folder(video), origin))


def saves_pictures(prompt: Document | None, node_id: str) -> bool:
    """Whether what feeds the doctor's video saves pictures into a folder.

    Args:
        prompt: The graph as it was queued.
        node_id: The doctor in it.
    """
    graph = _graph(prompt, node_id)
    return graph is not None and graph.flow.value(graph.saver, "format") == PICTURES_FORMAT


def names_below_output(kept: KeptDiagnosis) -> tuple[str, str]:
    """Names of the data and of the report below ComfyUI's output folder, as the routes take them."""
    import folder_paths

    root = Path(folder_paths.get_output_directory()).resolve()
    return kept.data.resolve().relative_to(root).as_posix(), kept.report.resolve().relative_to(root).as_posix()


def _graph(prompt: Document | None, node_id: str) -> GraphOfVideo | None:
    """The graph around the node that saved the video; None if another pack's node did."""
    if prompt is None:
        return None
    try:
        flow = Flow(prompt, Schemas.load())
    except DocumentError as error:
        log.warning("LoopDoctor: the graph is not understood: %s", error)
        return None
    link = as_link(prompt.get(node_id, {}).get("inputs", {}).get("video"))
    saver = None if link is None else flow.nodes.get(link[0])
    return GraphOfVideo(flow, saver) if saver is not None and saver.type == SAVER else None


def _known(plan: LoopPlan | None, song: SongInGraph | None, schedule: str | None) -> tuple[str, ...]:
    told = [
        "" if plan is None else f"The plan: {plan.iterations + 1} windows, as the workflow has them.",
        "" if song is None else f"The song: {song.name}.",
        "" if schedule is None else "The schedule, as the workflow has it.",
    ]
    return tuple(filter(None, told))


def _plan(graph: GraphOfVideo | None, song: SongInGraph | None) -> LoopPlan | None:
    path = None if song is None else inside_own_folders(song.name)
    try:
        return None if graph is None or path is None else graph.plan(read_song(path))
    except PlanError:
        return None


def _sound(given: Given, song: SongInGraph | None, folder: Path) -> tuple[Path | None, tuple[str, ...]]:
    """A file with the song, whole or as it was wired, and what is not known of it."""
    if given.audio is not None:
        return _written(given.audio, folder), ()
    path = None if song is None else inside_own_folders(song.name)
    if song is None or path is None:
        return None, ("Sound against the song: wire the song to audio.",)
    return path, ()


def _written(audio: Mapping[str, Any], folder: Path) -> Path:
    from scipy.io import wavfile

    path = folder / "song.wav"
    wavfile.write(path, int(audio["sample_rate"]), np.ascontiguousarray(audio["waveform"][0].float().cpu().numpy().T))
    return path


def _origin(
    video: Path, prompt: Document | None, graph: GraphOfVideo | None, song: SongInGraph | None, plan: LoopPlan | None
) -> dict[str, Any]:
    """The facts by which a page finds the diagnosis again and fills in a retake."""
    import folder_paths

    root = Path(folder_paths.get_output_directory()).resolve()
    path = video.resolve()
    cut = song is not None and bool(song.start_seconds)
    return {
        "video": path.relative_to(root).as_posix() if path.is_relative_to(root) else video.name,
        "song": None if song is None else song.name,
        "song_start_seconds": float(song.start_seconds) if song is not None and cut else None,
        "song_duration_seconds": None if song is None or song.duration_seconds is None else float(song.duration_seconds),
        "picture": None if graph is None else graph.picture() or None,
        "run": None if prompt is None or graph is None else run_of_video(prompt, graph.saver.id) or None,
        "window_seconds": None if plan is None else float(plan.window),
    }


def _folder(video: Path) -> Path:
    """Where the files go: beside the video, or into the output folder if the video lies elsewhere."""
    import folder_paths

    root = Path(folder_paths.get_output_directory())
    return video.parent if video.resolve().is_relative_to(root.resolve()) else root
