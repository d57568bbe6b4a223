"""The doctor at the end of a workflow: the finished video, looked at."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from ..loop_engine import shown_text
from . import inputs

if TYPE_CHECKING:
    from ..doctor.inside_comfyui import Looked
    from ..loop_control.plan import LoopPlan

log = logging.getLogger(__name__)

MOST_CAUSES = 3
PICTURES = "not looked at: a folder of pictures is no video; save as another format than png-16bit"
OFF = "off: switch enabled on to have the finished video looked at"


class LoopDoctor(io.ComfyNode):
    """A finished video, its symptoms, and their causes."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="LoopDoctor",
            display_name="Loop Doctor",
            category="Audio Loop/video",
            search_aliases=[
                "doctor",
                "check video",
                "quality",
                "diagnose",
                "flicker",
                "visible cut",
                "lip sync",
                "music video",
            ],
            description="Looks at the finished video and listens to it: visible cuts, pulsing, frozen or odd windows, drift of "
            "colours and faces, late sound, lips. Says where, why, and what mends it. Off by default; samples nothing.",
            inputs=[
                io.Video.Input(
                    "video", lazy=True, tooltip="The finished video, from Streaming Video Save. It is read where it lies."
                ),
                io.Boolean.Input(
                    "enabled",
                    default=False,
                    tooltip="Off: costs nothing, the video passes through. On: the video is looked at once it is saved, in "
                    "about a tenth of its length, and a report (.doctor.html) is put beside it.",
                ),
                inputs.Plan.Input(
                    "plan",
                    optional=True,
                    tooltip="From Audio Loop Planner: where the windows lie. Not wired: read from this workflow.",
                ),
                io.Audio.Input(
                    "audio",
                    optional=True,
                    tooltip="The song as it was put into the video, to compare the sound with. Not wired: Load Audio's file.",
                ),
                io.String.Input(
                    "schedule",
                    force_input=True,
                    optional=True,
                    tooltip="The prompts over time. Not wired: read from this workflow.",
                ),
            ],
            outputs=[
                io.String.Output("report", tooltip="Verdict, symptoms with their places in seconds, causes; for people."),
                io.Boolean.Output("ok", tooltip="False if something is wrong. True as well if it was not looked at."),
                io.Int.Output("symptoms", tooltip="Number of findings; 0 is nothing wrong, or not looked at."),
                io.Video.Output("video", tooltip="The video, unchanged."),
            ],
            hidden=[io.Hidden.prompt, io.Hidden.unique_id],
            is_output_node=True,
        )

    @classmethod
    def check_lazy_status(cls, video: Any = None, **_: Any) -> list[str]:
        """Asks for the video, but not for a folder of pictures: that is no VIDEO, and asking would end in an error."""
        return [] if video is not None or cls._is_of_pictures() else ["video"]

    @classmethod
    def _is_of_pictures(cls) -> bool:
        from ..doctor.inside_comfyui import saves_pictures

        return saves_pictures(cls.hidden.prompt, cls.hidden.unique_id)

    @classmethod
    def execute(
        cls,
        video: Any = None,
        enabled: bool = False,
        plan: LoopPlan | None = None,
        audio: Mapping[str, Any] | None = None,
        schedule: str | None = None,
    ) -> io.NodeOutput:
        from comfy.model_management import InterruptProcessingException

        if not enabled:
            return io.NodeOutput(OFF, True, 0, video, ui=shown_text.with_text("off"))
        if video is None:
            return io.NodeOutput(PICTURES, True, 0, None, ui=shown_text.with_text(PICTURES))
        try:
            looked = cls._examined(video, plan, audio, schedule)
        except InterruptProcessingException:
            raise
        except Exception as error:
            # A render of an hour must not be lost because its video cannot be looked at.
            log.warning("LoopDoctor: the video was not looked at", exc_info=True)
            words = f"not looked at: {error}"
            return io.NodeOutput(words, True, 0, video, ui=shown_text.with_text(words))
        return _output(looked, video)

    @classmethod
    def _examined(cls, video: Any, plan: Any, audio: Any, schedule: str | None) -> Looked:
        from ..doctor.inside_comfyui import Given, examine_video

        progress = _BarOfDoctor(cls.hidden.unique_id)
        with _file_of(video) as path:
            given = Given(plan, schedule, audio)
            return examine_video(path, cls.hidden.prompt, cls.hidden.unique_id, given, progress)


class _BarOfDoctor:
    """The bar on the node; lets Cancel through."""

    def __init__(self, node_id: str) -> None:
        import comfy.utils

        self._bar = comfy.utils.ProgressBar(100, node_id=node_id)
        self._shown_at = 0.0

    def __call__(self, share: float) -> None:
        import comfy.model_management

        comfy.model_management.throw_exception_if_processing_interrupted()
        now = time.monotonic()
        if share >= 1 or now - self._shown_at >= 0.2:
            self._shown_at = now
            self._bar.update_absolute(round(100 * share))


@contextmanager
def _file_of(video: Any) -> Iterator[Path]:
    """The file of a VIDEO in its place; a video that is in memory, or a cut of a file, is written into a file for as long."""
    source = video.get_stream_source()
    if isinstance(source, str) and getattr(video, "get_active_trim_window", lambda: (0.0, 0.0))() == (0.0, 0.0):
        yield Path(source)
        return
    with tempfile.TemporaryDirectory(prefix="audio_loop_doctor_") as folder:
        path = Path(folder) / "video.mp4"
        video.save_to(str(path))
        yield path


def _output(looked: Looked, video: Any) -> io.NodeOutput:
    from ..doctor.inside_comfyui import names_below_output
    from ..doctor.report.text import as_text

    found = looked.diagnosis
    causes = [f"{number}. {each.title}" for number, each in enumerate(found.causes[:MOST_CAUSES], 1)]
    data, report = names_below_output(looked.kept)
    words = "\n".join([found.verdict, *causes, report])
    told = {"audio_loop_doctor": [{"data": data, "report": report, "examined": time.time()}]}
    count = len(found.symptoms)
    return io.NodeOutput(as_text(found), count == 0, count, video, ui=shown_text.with_text(words, told))


NODES = [LoopDoctor]
