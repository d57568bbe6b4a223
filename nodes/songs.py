"""Nodes that take the song."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..loop_control.plan import LoopPlan


class AudioDuration(io.ComfyNode):
    """How long a song is."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioDuration",
            display_name="Audio Duration",
            category="Audio Loop/audio",
            search_aliases=["song length", "song", "audio length", "seconds of audio", "get duration"],
            description="Length of an audio in seconds and in samples.",
            inputs=[io.Audio.Input("audio", tooltip="The song.")],
            outputs=[
                io.Float.Output("duration", tooltip="Length in seconds."),
                io.Int.Output("samples", tooltip="Length in samples of one channel."),
                io.Int.Output("sample_rate", tooltip="Samples per second."),
            ],
        )

    @classmethod
    @refuses("AudioDuration")
    def execute(cls, audio: Any) -> io.NodeOutput:
        from ..loop_control.audio_facts import audio_facts, read_audio

        waveform, sample_rate = read_audio(audio)
        facts = audio_facts(waveform.shape, sample_rate)
        return io.NodeOutput(float(facts.duration), facts.samples, facts.sample_rate)


class AudioPadToPlan(io.ComfyNode):
    """The song for the audio encoder."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioPadToPlan",
            display_name="Pad Audio to Plan",
            category="Audio Loop/audio",
            search_aliases=["pad audio", "add silence", "song", "lip sync", "audio length"],
            description="Adds silence up to the end of the last window and brings the song into the form that the audio "
            "encoder takes without moving it. Use it in front of LTXV Audio VAE Encode; the video gets the original song.",
            inputs=[io.Audio.Input("audio", tooltip="The song that the plan was made for."), inputs.plan()],
            outputs=[io.Audio.Output("audio", tooltip="The song with silence at its end; for LTXV Audio VAE Encode.")],
        )

    @classmethod
    @refuses("AudioPadToPlan")
    def execute(cls, audio: Any, plan: LoopPlan) -> io.NodeOutput:
        from ..audio.prepare import pad_to_plan
        from ..loop_control.audio_facts import read_audio

        waveform, sample_rate = pad_to_plan(*read_audio(audio), plan)
        return io.NodeOutput({"waveform": waveform, "sample_rate": sample_rate})


NODES = [AudioDuration, AudioPadToPlan]
