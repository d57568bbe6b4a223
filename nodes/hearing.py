"""Nodes that make a song ready for the audio encoder."""

from __future__ import annotations

from typing import Any

from comfy_api.latest import io, ui

from .refusals import refuses
from .songs import SamplesProgress

PRESETS = ["speech", "singing", "podcast", "bass-heavy", "add-room-tone", "off"]
"""Names of `audio.preparing.presets.PRESETS`, which is imported when a song is prepared."""


class AudioPreprocessForLTX(io.ComfyNode):
    """The sound that LTX reads lips from best."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioPreprocessForLTX",
            display_name="Prepare Audio for LTX",
            category="Audio Loop/audio",
            search_aliases=[
                "preprocess audio",
                "eq",
                "equalizer",
                "loudness",
                "lufs",
                "normalize audio",
                "limiter",
                "true peak",
                "sibilance",
                "lip sync",
                "song",
            ],
            description="Makes a song or a talk ready for LTX's audio encoder: takes boom away, brings consonants out, and "
            "sets loudness and true peak. Rate, length and every onset stay, so wire it to driving_audio of Encode Song and "
            "keep the original for plan and video.",
            inputs=[
                io.Audio.Input("audio", tooltip="The song or the talk."),
                io.Combo.Input(
                    "preset",
                    options=PRESETS,
                    default="speech",
                    tooltip="speech: talks, and songs whose words must be seen. singing: a finished mix, half as strong. "
                    "podcast: a close microphone. bass-heavy: beats that bury the voice. add-room-tone: speech from a "
                    "synthesiser, whose silence gives a still picture. off: loudness and peaks only.",
                ),
                io.Float.Input(
                    "target_lufs",
                    default=-16.0,
                    min=-40.0,
                    max=-5.0,
                    step=0.5,
                    tooltip="Integrated loudness in LUFS, after ITU-R BS.1770-4.",
                ),
                io.Float.Input(
                    "true_peak_dbtp",
                    default=-2.0,
                    min=-20.0,
                    max=0.0,
                    step=0.5,
                    tooltip="Highest true peak in dB relative to full scale; a limiter holds it.",
                ),
            ],
            outputs=[
                io.Audio.Output("audio", tooltip="As long as before, at the same rate; for driving_audio of Encode Song."),
                io.String.Output("report", tooltip="Loudness, true peak and bands before and after."),
                io.Image.Output("picture", tooltip="Spectrum and loudness over time before and after."),
            ],
        )

    @classmethod
    @refuses("AudioPreprocessForLTX")
    def execute(cls, audio: Any, preset: str, target_lufs: float, true_peak_dbtp: float) -> io.NodeOutput:
        import torch

        from ..audio.preparing.in_memory import prepared_song
        from ..audio.preparing.preparation import Settings
        from ..loop_control.audio_facts import audio_facts, read_audio

        waveform, sample_rate = read_audio(audio)
        audio_facts(waveform.shape, sample_rate)
        settings = Settings(preset, target_lufs, true_peak_dbtp)
        made = prepared_song(waveform[0].float().cpu().numpy(), sample_rate, settings, SamplesProgress())
        out = {"waveform": torch.from_numpy(made.samples)[None], "sample_rate": sample_rate}
        return io.NodeOutput(out, made.report, torch.from_numpy(made.picture), ui=ui.PreviewText(made.report))


NODES = [AudioPreprocessForLTX]
