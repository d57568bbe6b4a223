"""A case of what somebody has on disk: a video or a run's folder, and perhaps a workflow, a song and a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ..loop_control.audio_facts import AudioFacts
from ..loop_control.errors import PlanError
from ..loop_control.plan import LoopPlan
from ..loop_control.rates import fps_text, seconds_text
from ..loop_control.stored_plan import plan_from_json
from ..preflight.listening import listen_to
from ..preflight.song import read_song
from ..prompting.checking.extraction import ExtractionError, extract
from ..watching.watch import watch
from ..watching.watched_video import WatchedVideo
from ..workflow_graph.document import Document, DocumentError
from ..workflow_graph.reading.flow import Flow, FlowNode
from ..workflow_graph.schemas import Schemas
from .case import Case
from .finding_files import CaseError, FoundVideo, find_song, find_video, read_given_workflow, read_workflow, run_of_video
from .graph_of_video import GraphOfVideo
from .origin import Origin
from .run_facts import not_finite_windows

_SAVERS = ("StreamingVideoSave", "SaveVideo", "VHS_VideoCombine")
_HZ = 48_000
_LONGEST_SCHEDULE_BYTES = 4_000_000


@dataclass(frozen=True)
class GivenFiles:
    """The files that a user names.

    Attributes:
        subject: A video, or the folder of a run.
        workflow: A workflow; None for the one in the video.
        audio: The song; None for the one that the workflow names.
        schedule: The prompts over time, a text file; None for those in the workflow.
    """

    subject: Path
    workflow: Path | None = None
    audio: Path | None = None
    schedule: Path | None = None


@dataclass(frozen=True)
class OpenedCase:
    """A case and its origin."""

    case: Case
    origin: Origin


def open_case(files: GivenFiles, on_progress: Callable[[float], None] | None = None) -> OpenedCase:
    """Finds what belongs together, and watches the video.

    Args:
        files: What the user named.
        on_progress: Called now and then with the fraction of the video that was watched.

    Raises:
        CaseError: A file that was named is missing, or the run's video cannot be told.
        DocumentError: The workflow cannot be read.
        WatchError: The video cannot be watched.
        PlanError: The song that was named cannot be read.
    """
    for path in (files.workflow, files.audio, files.schedule):
        if path is not None and not path.is_file():
            raise CaseError(f"{path} is no file")
    given_schedule = None if files.schedule is None else _read_schedule(files.schedule)
    found = find_video(files.subject)
    found = found if found.run is not None else run_of_video(found.path)
    document = _workflow(files, found)
    graph = _graph(document, found.path)
    watched = watch(found.path, on_progress)
    song = files.audio or _song(graph, found)
    facts = None if song is None else _facts(song, is_given=files.audio is not None)
    plan, words_of_plan = _plan(found, graph, facts, watched)
    schedule = given_schedule or (None if graph is None else graph.schedule())
    heard = None if graph is None or files.audio is not None else graph.song()
    case = Case(watched, plan, song, schedule, 0.0 if heard is None else float(heard.start_seconds))
    names = {"SONG": song, "SCHEDULE": files.schedule, "FILE": files.workflow}
    return OpenedCase(
        case,
        Origin(
            workflow=document,
            listen=None if song is None else lambda _, start, end: listen_to(song, start, end),
            not_finite=() if found.run is None or found.manifest is None else not_finite_windows(found.run, found.manifest),
            names={name: str(path) for name, path in names.items() if path is not None},
            known=tuple(_known(files, found, document, song, words_of_plan, case)),
            not_looked_at=tuple(_unknown(case, document, song)),
        ),
    )


def _workflow(files: GivenFiles, found: FoundVideo) -> Document | None:
    if files.workflow is not None:
        return read_given_workflow(files.workflow)
    beside = None if found.run is None else found.run / "workflow.json"
    return read_given_workflow(beside) if beside is not None and beside.is_file() else read_workflow(found.path)


def _graph(document: Document | None, video: Path) -> GraphOfVideo | None:
    """The graph around the node that saved the video; None if there is none, or it cannot be followed."""
    try:
        flow = None if document is None else Flow(document, Schemas.load())
    except DocumentError:
        return None
    savers = [] if flow is None else flow.of_type(_SAVERS)
    if flow is None or not savers:
        return None
    return GraphOfVideo(flow, max(savers, key=lambda node: _likeness(flow, node, video)))


def _likeness(flow: Flow, saver: FlowNode, video: Path) -> int:
    """Letters of the saver's name that the video begins with: a draft and its finish have names of their own."""
    prefix = flow.value(saver, "filename_prefix")
    name = prefix.replace("\\", "/").rpartition("/")[2] if isinstance(prefix, str) else ""
    return len(name) if name and video.name.startswith(name) else 0


def _song(graph: GraphOfVideo | None, found: FoundVideo) -> Path | None:
    heard = None if graph is None else graph.song()
    return None if heard is None else find_song(heard.name, found.path, found.run)


def _facts(song: Path, *, is_given: bool) -> AudioFacts | None:
    try:
        return read_song(song)
    except PlanError:
        if is_given:
            raise
        return None


def _plan(
    found: FoundVideo, graph: GraphOfVideo | None, facts: AudioFacts | None, watched: WatchedVideo
) -> tuple[LoopPlan | None, str]:
    """The plan and where it comes from."""
    if found.manifest is not None and found.manifest.plan is not None:
        try:
            return plan_from_json(found.manifest.plan), f"of the run {found.run.name if found.run else ''}"
        except PlanError:
            pass
    if graph is None:
        return None, ""
    if facts is not None:
        return graph.plan(facts), "of the workflow, for the whole song"
    heard = graph.song()
    cut = Fraction(0) if heard is None else heard.start_seconds
    seconds = Fraction(len(watched.frames)) / watched.fps + cut
    return graph.plan(AudioFacts(1, 2, round(seconds * _HZ), _HZ)), "of the workflow, for a song as long as the video"


def _read_schedule(path: Path) -> str:
    try:
        text = path.read_bytes()[:_LONGEST_SCHEDULE_BYTES].decode("utf-8-sig")
        return extract(text).text
    except UnicodeDecodeError:
        raise CaseError(f"{path} is no UTF-8 text; save the schedule as UTF-8") from None
    except ExtractionError as error:
        raise CaseError(f"{path} holds no schedule: {error}; {error.nearest}") from None


def _known(
    files: GivenFiles, found: FoundVideo, document: Document | None, song: Path | None, words_of_plan: str, case: Case
) -> list[str]:
    told = []
    if found.run is not None:
        told.append(f"Run: {found.run.name}.")
    if document is not None and files.workflow is None:
        told.append(
            "Workflow: the one in the video. "
            f"python scripts/extract_workflow_from_png.py {found.path.name} writes it to a file, for FILE below."
        )
    elif document is not None:
        told.append(f"Workflow: {files.workflow}.")
    if song is not None:
        told.append(f"Song: {song.name}.")
    plan, video = case.plan, case.video
    if plan is not None:
        count = len(plan.windows)
        told.append(
            f"Plan: {count} window{'s' if count > 1 else ''} of {seconds_text(plan.window)}, every "
            f"{seconds_text(plan.stride)}, {words_of_plan}."
        )
        if plan.fps != video.fps:
            told.append(f"Plan and video disagree: {fps_text(plan.fps)} and {fps_text(video.fps)} frames per second.")
        elif plan.frames_delivered != len(video.frames):
            told.append(f"Plan and video disagree: {plan.frames_delivered} and {len(video.frames)} frames.")
    return told


def _unknown(case: Case, document: Document | None, song: Path | None) -> list[str]:
    told = []
    if case.video.damage:
        told.append(f"The rest of the video: {case.video.damage}.")
    if document is None:
        told.append("The workflow: the video holds none. --workflow F gives it.")
    if case.plan is None:
        told.append("Windows and cuts: no plan is known. --workflow F, with a planner in it, tells it.")
    if song is None:
        told.append("The sound against the song: the song's file is not known. --audio F gives it.")
    if case.schedule is None:
        told.append("The prompts: no schedule is known. --schedule F gives it.")
    return told
