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


class AudioLoopEncodeSong(io.ComfyNode):
    """The whole song as audio latents, in the memory of a short one."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopEncodeSong",
            display_name="Encode Song",
            category="Audio Loop/audio",
            search_aliases=["encode audio", "audio vae encode", "song latent", "song", "audio to latent", "out of memory"],
            description="Encodes a whole song piece by piece, once, before the loop. The result is that of LTXV Audio VAE "
            "Encode in one piece, but memory does not grow with the song. With a plan it also adds the silence that the last "
            "window needs.",
            inputs=[
                io.Audio.Input("audio", tooltip="The whole song. With a plan: the song that the plan was made for."),
                io.Vae.Input("audio_vae", tooltip="From Load LTXV Audio VAE."),
                inputs.Plan.Input(
                    "plan",
                    optional=True,
                    tooltip="From Audio Loop Planner. Without it up to 93 ms of the song are cut, half of them at its front, "
                    "as LTXV Audio VAE Encode does.",
                ),
                io.Audio.Input(
                    "driving_audio",
                    optional=True,
                    tooltip="Heard by the model instead of the song: a vocal stem, or the song from AudioPreprocessForLTX. "
                    "As long as the song, up to 0.1 s; any sample rate. The video keeps the original song.",
                ),
            ],
            outputs=[
                io.Latent.Output("audio_latent", tooltip="The whole song, 25 latents per second; for Audio Latent Window."),
                io.String.Output("report", tooltip="How it was encoded: length, pieces, what was added or cut."),
            ],
        )

    @classmethod
    @refuses("AudioLoopEncodeSong")
    def execute(cls, audio: Any, audio_vae: Any, plan: LoopPlan | None = None, driving_audio: Any = None) -> io.NodeOutput:
        from ..audio.driving import driven_by
        from ..audio.encode_song import encode_song
        from ..audio.prepare import cropped_song, padded_song
        from ..loop_control.audio_facts import read_audio

        waveform, sample_rate = read_audio(audio)
        song = cropped_song(waveform, sample_rate) if plan is None else padded_song(waveform, sample_rate, plan)
        if driving_audio is not None:
            song = driven_by(song, *read_audio(driving_audio))
        encoded = encode_song(song, audio_vae, on_progress=SamplesProgress())
        return io.NodeOutput({"samples": encoded.latents}, encoded.report)


class SamplesProgress:
    """The bar on the node, and the place where a stop is heard."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        import comfy.model_management
        import comfy.utils

        comfy.model_management.throw_exception_if_processing_interrupted()
        self._bar = self._bar or comfy.utils.ProgressBar(total)
        self._bar.update_absolute(done)


NODES = [AudioDuration, AudioPadToPlan, AudioLoopEncodeSong]
