"""Nodes that write prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..audio.reading.song_source import SongArray
    from ..loop_control.plan import LoopPlan


class AutoPromptSchedule(io.ComfyNode):
    """Hears a song and writes its schedule."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        from ..prompting.wishes import DEFAULT_DIVERSITY, DIVERSITIES, KINDS, STYLES

        return io.Schema(
            node_id="AutoPromptSchedule",
            display_name="Write Prompts From Song",
            category="Audio Loop/prompts",
            search_aliases=["auto prompt", "schedule", "prompt generator", "song sections", "verse chorus", "write schedule"],
            description="Hears the song and writes a schedule for it: a prompt for each part, placed where the picture can "
            "change, "
            "singing only where somebody sings, the subject the same to the letter. The same song gives the same text.",
            inputs=[
                io.Audio.Input("audio", tooltip="The song, trimmed as it is for the planner."),
                io.String.Input(
                    "subject",
                    default="",
                    multiline=True,
                    tooltip="Who is seen, in words that stand in every prompt to the letter: a woman with silver hair in a "
                    "red coat. "
                    "An instrument that is named is played. Empty: the beginning of image_description, or the person in the "
                    "picture.",
                ),
                io.Combo.Input(
                    "style",
                    options=list(STYLES),
                    default="cinematic",
                    tooltip="The look of the picture. Every prompt begins with it, and negative_prompt names its opposite. "
                    "none: neither.",
                ),
                io.Combo.Input(
                    "diversity",
                    options=list(DIVERSITIES),
                    default=DEFAULT_DIVERSITY,
                    tooltip="What changes from prompt to prompt. 1: the action; 2: and the face; 3: and the framing; 4: and "
                    "the light; "
                    "5: and what moves behind; 6: and the place. a: a chorus looks like the chorus before it; b: each part is "
                    "its own.",
                ),
                inputs.Plan.Input(
                    "plan",
                    optional=True,
                    tooltip="From Audio Loop Planner: the windows that prompts are placed on. Without it, those of its "
                    "defaults.",
                ),
                io.String.Input(
                    "image_description",
                    default="",
                    multiline=True,
                    optional=True,
                    tooltip="What else the picture shows, such as: on an old stage with red curtains. It stands in every "
                    "prompt.",
                ),
                io.Combo.Input(
                    "kind",
                    options=list(KINDS),
                    default="auto",
                    optional=True,
                    tooltip="What is heard: music, standup or dialogue decide the actions. auto: the song decides.",
                ),
                io.Boolean.Input(
                    "montage",
                    default=False,
                    optional=True,
                    tooltip="On: a long part changes about every 12 seconds, each time with a framing of its own. Off: about "
                    "every 20. Never faster than the windows.",
                ),
                io.Audio.Input(
                    "vocals",
                    optional=True,
                    tooltip="The song's voices alone, as long as the song, if they were separated: tells better who sings "
                    "when.",
                ),
                io.Int.Input(
                    "variation",
                    default=0,
                    min=0,
                    max=1_000_000,
                    optional=True,
                    tooltip="Another number, from 0 up, takes other words for everything.",
                ),
            ],
            outputs=[
                io.String.Output(
                    "schedule", tooltip="The schedule, one line for each part; wire it to Prompts Over Time or encode it."
                ),
                io.String.Output(
                    "first_prompt", tooltip="The prompt of its first line, for a graph that has a first prompt of its own."
                ),
                io.String.Output(
                    "negative_prompt", tooltip="What must not be seen: the opposite of the style, and usual faults."
                ),
                io.String.Output("report", tooltip="What was heard, where each section is seen, and what was decided."),
            ],
        )

    @classmethod
    @refuses("AutoPromptSchedule")
    def execute(
        cls,
        audio: Any,
        subject: str,
        style: str,
        diversity: str,
        plan: LoopPlan | None = None,
        image_description: str = "",
        kind: str = "auto",
        montage: bool = False,
        vocals: Any = None,
        variation: int = 0,
    ) -> io.NodeOutput:
        from ..audio.analysis.analyse import analyse_song
        from ..loop_control.audio_facts import read_audio
        from ..prompting.default_plan import DEFAULTS_HOLD, default_plan
        from ..prompting.report import written_report
        from ..prompting.wishes import make_wishes
        from ..prompting.write import write_schedule

        wishes = make_wishes(
            subject=subject,
            image_description=image_description,
            style=style,
            diversity=diversity,
            montage=montage,
            kind=kind,
            variation=variation,
        )
        song = _source(audio)
        grid = plan
        if grid is None:
            waveform, sample_rate = read_audio(audio)
            grid = default_plan(waveform.shape[-1], sample_rate)
        analysis = analyse_song(song, voice_source=None if vocals is None else _source(vocals))
        written = write_schedule(analysis, grid, wishes)
        report = written_report(analysis, grid, written)
        return io.NodeOutput(
            written.text,
            written.first_prompt,
            written.negative_prompt,
            report if plan is not None else f"{DEFAULTS_HOLD}\n{report}",
        )


def _source(audio: Any) -> SongArray:
    from ..audio.reading.song_source import SongArray
    from ..loop_control.audio_facts import audio_facts, read_audio

    waveform, sample_rate = read_audio(audio)
    audio_facts(waveform.shape, sample_rate)
    return SongArray(waveform[0].float().cpu().numpy(), sample_rate)


NODES = [AutoPromptSchedule]
