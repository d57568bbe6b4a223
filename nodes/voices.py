"""Nodes that listen for voices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.plan import LoopPlan


class AudioPitchDetect(io.ComfyNode):
    """Whether somebody sings or speaks in a part of the song, and how high."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioPitchDetect",
            display_name="Detect Voice and Pitch",
            category="Audio Loop/audio",
            search_aliases=["pitch", "f0", "voice activity", "vad", "vocals", "singing", "speech", "song", "voice range"],
            description="Hears whether somebody sings or speaks in a part of the song, and how high. That there is a voice is "
            "decided, not assumed: drums, strings and silence are none. With a plan the report has a line for each window.",
            inputs=[
                io.Audio.Input("audio", tooltip="The song, or its vocal stem."),
                io.Float.Input(
                    "start_seconds",
                    default=0.0,
                    min=0.0,
                    max=86400.0,
                    step=0.01,
                    tooltip="Second of the song at which the part begins.",
                ),
                io.Float.Input(
                    "window_seconds",
                    default=19.88,
                    min=0.1,
                    max=86400.0,
                    step=0.01,
                    tooltip="Length of the part in seconds; it ends where the song does at the latest.",
                ),
                io.Float.Input(
                    "freq_low",
                    default=85.0,
                    min=50.0,
                    max=2000.0,
                    step=1.0,
                    tooltip="Lowest pitch that is sought, in Hz. 85: deep speech; 65: a bass who sings.",
                ),
                io.Float.Input(
                    "freq_high",
                    default=400.0,
                    min=50.0,
                    max=2000.0,
                    step=1.0,
                    tooltip="Highest pitch that is sought, in Hz. 400: speech and most songs; 1050: a soprano.",
                ),
                io.Boolean.Input(
                    "is_stem",
                    default=False,
                    optional=True,
                    tooltip="On: the audio is a voice alone, as a stem or a plain talk. Off: other sounds go on beside it.",
                ),
                inputs.Plan.Input(
                    "plan",
                    optional=True,
                    tooltip="From Audio Loop Planner. The whole song is heard then, and the report tells of every window.",
                ),
            ],
            outputs=[
                io.Float.Output("median_f0", tooltip="Median pitch of the voice in Hz; 0 if there is none."),
                io.Boolean.Output("has_vocals", tooltip="Whether somebody sings or speaks for at least half a second."),
                io.Boolean.Output("is_male_range", tooltip="Whether the median pitch is below 160 Hz."),
                io.Boolean.Output("is_female_range", tooltip="Whether it is 160 Hz or higher."),
                io.Float.Output("vocal_fraction", tooltip="Part of the time in which somebody sings or speaks, 0 to 1."),
                io.Float.Output("voiced_fraction", tooltip="Part of the time in which the voice has a pitch, 0 to 1."),
                io.Float.Output("low_f0", tooltip="5 % of the voice's moments are lower than this, in Hz; 0 without a voice."),
                io.Float.Output("high_f0", tooltip="5 % are higher than this, in Hz; 0 without a voice."),
                io.String.Output("report", tooltip="The same in words; with a plan also a table of its windows."),
            ],
        )

    @classmethod
    @refuses("AudioPitchDetect")
    def execute(
        cls,
        audio: Any,
        start_seconds: float,
        window_seconds: float,
        freq_low: float,
        freq_high: float,
        is_stem: bool = False,
        plan: LoopPlan | None = None,
    ) -> io.NodeOutput:
        from ..audio.analysis.voice_report import hear_part
        from ..audio.reading.song_source import SongArray
        from ..loop_control.audio_facts import audio_facts, read_audio

        waveform, sample_rate = read_audio(audio)
        audio_facts(waveform.shape, sample_rate)
        heard = hear_part(
            SongArray(waveform[0].float().cpu().numpy(), sample_rate),
            start_seconds,
            window_seconds,
            low_hz=freq_low,
            high_hz=freq_high,
            is_stem=is_stem,
            plan=plan,
        )
        voice = heard.voice
        return io.NodeOutput(
            voice.median_f0_hz or 0.0,
            heard.has_vocals,
            heard.is_low,
            heard.is_high,
            voice.fraction,
            voice.voiced_fraction,
            voice.low_f0_hz or 0.0,
            voice.high_f0_hz or 0.0,
            heard.report,
        )


NODES = [AudioPitchDetect]
