"""Nodes that keep finished windows on disk and read them back."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io, ui

from ..checkpoints.errors import CheckpointError
from ..checkpoints.runs.after_update import AS_THE_RUN_NEEDS, CHOICES
from ..comfyui_internals.dynamic_prompt import graph_of
from ..loop_engine import follow_song, shown_text
from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..checkpoints.service.request import Request
    from ..loop_control.plan import LoopPlan

log = logging.getLogger(__name__)


class IterationCheckpoint(io.ComfyNode):
    """Keeps a window on disk, and reads it from there when nothing that decides it has changed."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="IterationCheckpoint",
            display_name="Iteration Checkpoint",
            category="Audio Loop/checkpoint",
            search_aliases=["resume", "save progress", "crash", "cache windows", "continue render", "loop"],
            description="Keeps each finished window on disk. Queue again after a crash or an edit, and only the windows that "
            "have changed are sampled.",
            inputs=[
                io.Latent.Input("latent", lazy=True, tooltip="The finished window. Not asked for if it is on disk."),
                inputs.plan(),
                inputs.current_iteration(),
                io.Latent.Input("previous_latent", tooltip="What this window starts from."),
                io.Conditioning.Input("conditioning", tooltip="This window's prompt, encoded."),
                io.Conditioning.Input("negative", tooltip="The negative prompt, encoded."),
                io.Latent.Input("audio_latent", tooltip="This window's part of the song."),
                io.Int.Input("seed_value", default=0, min=0, max=inputs.MAX_SEED, tooltip="This window's seed."),
                io.Boolean.Input("enabled", default=True, tooltip="Off: everything is sampled and nothing is kept."),
                io.String.Input(
                    "run_name",
                    default="",
                    optional=True,
                    tooltip="Folder inside output/audio_loop. Empty: song, date and a short code, found again by itself. A "
                    "second stage with the name of the first: NAME finish.",
                ),
                io.String.Input(
                    "locked",
                    default="",
                    optional=True,
                    tooltip="Windows that stay as they are whatever changes: '3, 5-7'.",
                ),
                io.String.Input(
                    "takes",
                    default="",
                    optional=True,
                    tooltip="Earlier takes to use again: '7: 2' is the second take of window 7. They stay until removed here.",
                ),
                io.Boolean.Input(
                    "preview",
                    default=True,
                    optional=True,
                    tooltip="Shows a few small frames of each finished window on this node, so that a bad render can be "
                    "stopped early. In real colours if a small decoder lies in models/vae_approx as taeltx_2*: it is used "
                    "by itself. Else in rough ones.",
                ),
                io.Vae.Input(
                    "preview_vae",
                    optional=True,
                    tooltip="A video decoder for the preview in place of the small one in models/vae_approx. The large VAE "
                    "works too, but it is loaded after every window and may push the model out of memory.",
                ),
                io.Int.Input(
                    "keep_takes",
                    advanced=True,
                    default=0,
                    min=0,
                    max=10_000,
                    optional=True,
                    tooltip="How many takes of each window stay on disk: the chosen one and the newest. 0: all of them.",
                ),
                io.Float.Input(
                    "limit_gb",
                    advanced=True,
                    default=0.0,
                    min=0.0,
                    max=1_000_000.0,
                    step=0.1,
                    optional=True,
                    tooltip="Gigabytes that this run may take on disk; the oldest takes that are not in the video go first, "
                    "chosen ones never. 0: no limit.",
                ),
                io.Latent.Input(
                    "guide_latent",
                    optional=True,
                    tooltip="The picture that guides this window, encoded. Wire it if windows have different pictures: "
                    "then another picture costs only the windows that show it and those behind them.",
                ),
                io.Boolean.Input(
                    "stop_on_nan",
                    advanced=True,
                    default=True,
                    optional=True,
                    tooltip="A window with NaN or Inf decodes to black. On: the render stops there and says which node it "
                    "came from. Off: it goes on. Such a window is never kept either way.",
                ),
                io.Combo.Input(
                    "after_update",
                    advanced=True,
                    options=list(CHOICES),
                    default=AS_THE_RUN_NEEDS,
                    optional=True,
                    tooltip="Windows on disk that another version of ComfyUI or Audio Loop made. As the run needs: an "
                    "unfinished run goes on with them, a finished one is made again. Locked windows and picked takes stay "
                    "in any case, and every version's takes stay on disk.",
                ),
            ],
            outputs=[
                io.Latent.Output("latent", tooltip="The finished window, from disk or freshly sampled."),
                io.String.Output("report", tooltip="How many windows came from disk."),
            ],
            hidden=[io.Hidden.unique_id, io.Hidden.dynprompt],
        )

    @classmethod
    @refuses("IterationCheckpoint")
    async def check_lazy_status(cls, latent: Any = None, enabled: bool = True, **given: Any) -> list[str]:
        if latent is not None:
            return []
        from ..checkpoints.service import finished_windows
        from ..checkpoints.service.finite_windows import require_finite_inputs

        request, node_id, graph = _request(given), cls.hidden.unique_id, graph_of(cls.hidden.dynprompt)
        follow_song.begin_window(request.index, len(request.plan.sequence))
        with cls._shown_refusals():
            require_finite_inputs(request, node_id, graph)
            if enabled and await finished_windows.look_up(request, node_id, graph):
                return []
        return ["latent"]

    @classmethod
    @refuses("IterationCheckpoint")
    def execute(cls, latent: Any = None, enabled: bool = True, **given: Any) -> io.NodeOutput:
        from ..checkpoints.service import finished_windows
        from ..checkpoints.service.finite_windows import refuse_not_finite
        from ..checkpoints.service.prompt_words import prompt_words
        from ..loop_control.windows_left import place_in_order

        request, node_id, graph = _request(given), cls.hidden.unique_id, graph_of(cls.hidden.dynprompt)
        with cls._shown_refusals():
            if enabled:
                result, report = finished_windows.keep_or_give(request, node_id, graph, latent)
            else:
                result, report = latent, "checkpoints are off" + refuse_not_finite(request, node_id, graph, latent)
        follow_song.finish_window(place_in_order(request.plan, request.index), from_disk=latent is None)
        shown = _preview(result, given.get("preview_vae")) if given.get("preview", True) else None
        words = report + prompt_words(request)
        return io.NodeOutput(result, report, ui=shown_text.with_text(words, shown))

    @classmethod
    @contextlib.contextmanager
    def _shown_refusals(cls) -> Iterator[None]:
        """Puts a refusal on the node too: ComfyUI's own message lies on the node that runs the loop."""
        try:
            yield
        except (ValueError, CheckpointError) as error:
            shown_text.show(graph_of(cls.hidden.dynprompt).get_display_node_id(cls.hidden.unique_id), str(error))
            raise


def _preview(latent: dict[str, Any], decoder: Any) -> Any:
    """A few frames for the node; a preview that cannot be made must not cost the render."""
    from comfy.model_management import InterruptProcessingException

    from ..latent_ops.finite import not_finite
    from ..video.preview import preview_frames
    from ..video.tiny_decoder import tiny_decoder

    if problem := not_finite(latent):
        log.warning("IterationCheckpoint: no preview of this window: %s", problem)
        return None
    try:
        frames = preview_frames(latent, tiny_decoder() if decoder is None else decoder)
        if problem := not_finite(frames):
            log.warning("IterationCheckpoint: no preview of this window: the decoder gave values of which %s", problem)
            return None
        return ui.PreviewImage(frames)
    except InterruptProcessingException:
        raise
    except Exception:
        log.warning("IterationCheckpoint: no preview of this window", exc_info=True)
        return None


def _request(given: dict[str, Any]) -> Request:
    from ..checkpoints.service.request import Request

    values = {name: given[name] for name in ("previous_latent", "conditioning", "negative", "audio_latent")}
    if given.get("guide_latent") is not None:
        values["guide_latent"] = given["guide_latent"]
    return Request(
        plan=given["plan"],
        index=given["current_iteration"],
        values=values | {"seed_value": given["seed_value"]},
        run_name=given.get("run_name") or "",
        locked=given.get("locked") or "",
        takes=given.get("takes") or "",
        keep_takes=given.get("keep_takes") or 0,
        limit_gb=given.get("limit_gb") or 0.0,
        stop_on_nan=given.get("stop_on_nan", True),
        after_update=given.get("after_update") or AS_THE_RUN_NEEDS,
    )


class LoadLoopCheckpoint(io.ComfyNode):
    """A finished or unfinished run, without any model."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoadLoopCheckpoint",
            display_name="Load Loop Checkpoint",
            category="Audio Loop/checkpoint",
            search_aliases=["resume", "load run", "finish video", "restore render", "music video"],
            description="Joins the windows that a run has on disk. Decode and save them without sampling anything.",
            inputs=[
                io.String.Input(
                    "run_name", default="", tooltip="Folder inside output/audio_loop. Empty: the run that was changed last."
                ),
                io.Int.Input("first", default=0, min=0, max=100_000, tooltip="First window; 0 is the initial render."),
                io.Int.Input(
                    "last", default=-1, min=-1, max=100_000, tooltip="Last window; -1: all that follow and belong to it."
                ),
                io.String.Input(
                    "takes",
                    default="",
                    optional=True,
                    tooltip="Takes to join in place of the chosen ones: '7: 2' is the second take of window 7. The windows "
                    "before it are those that it was made from.",
                ),
            ],
            outputs=[
                io.Latent.Output("latent", tooltip="The windows joined into one video latent."),
                inputs.Plan.Output("plan", tooltip="The plan that the run was made with."),
                io.Int.Output("frames", tooltip="Frames of the video: the plan's, or fewer if windows are missing."),
                io.Float.Output("fps", tooltip="Frames per second of the run."),
                io.String.Output("report", tooltip="Which windows and takes were joined, and what is missing."),
                io.Float.Output("start_seconds", tooltip="Second of the song at which the first frame is shown."),
                io.String.Output("run_name", tooltip="Folder of the run."),
            ],
        )

    @classmethod
    def fingerprint_inputs(cls, run_name: str, **_: Any) -> str:
        folder = _run_folder(run_name)
        manifest = folder / "manifest.json"
        return f"{folder.name} {manifest.stat().st_mtime_ns if manifest.exists() else 0}"

    @classmethod
    @refuses("LoadLoopCheckpoint")
    def execute(cls, run_name: str, first: int, last: int, takes: str = "") -> io.NodeOutput:
        from ..checkpoints.runs.assemble import assemble
        from ..checkpoints.service.open_runs import open_store
        from ..loop_control.index_sets import parse_takes

        store = open_store(_run_folder(run_name).name)
        found = assemble(store, first, None if last < 0 else last, parse_takes(takes))
        plan: LoopPlan = found.plan
        start_seconds = float(found.start_px / plan.fps)
        if found.is_incomplete:
            log.warning("LoadLoopCheckpoint: %s", found.report)
        shown = shown_text.with_text(found.report)
        fps = float(plan.fps)
        return io.NodeOutput(found.latent, plan, found.frames, fps, found.report, start_seconds, store.run, ui=shown)


def _run_folder(run_name: str) -> Path:
    from ..checkpoints.folders import runs_folder
    from ..checkpoints.runs.on_disk import last_changed_run
    from ..files.names import clean_name

    root = runs_folder()
    if run_name.strip():
        return root / clean_name(run_name)
    name = last_changed_run(root)
    if name is None:
        raise ValueError(f"there is no run in {root}; render one first, or give the name of a folder there")
    return root / name


NODES = [IterationCheckpoint, LoadLoopCheckpoint]
