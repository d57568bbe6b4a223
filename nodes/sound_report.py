"""The node that says what is wrong with a song's sound."""

from __future__ import annotations

from typing import Any

from comfy_api.latest import io, ui

from .refusals import refuses


class AudioSpectralReport(io.ComfyNode):
    """The faults of a song's sound, and what mends them."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioSpectralReport",
            display_name="Audio Report",
            category="Audio Loop/audio",
            search_aliases=["spectrum", "sibilance", "clipping", "noise", "loudness", "lufs", "true peak", "song", "lip sync"],
            description="Measures the sound of a song as the LTX audio encoder hears it, and says in words what is wrong and "
            "what mends it: dull, boomy, noisy, clipped, quiet, silent.",
            inputs=[io.Audio.Input("audio", tooltip="The song, whole or trimmed.")],
            outputs=[
                io.String.Output("report", tooltip="Verdicts with figure, threshold and remedy, and all figures; for people."),
                io.Image.Output("picture", tooltip="Levels in five bands with the limit, and the level over time."),
                io.Boolean.Output("is_fine", tooltip="True if nothing is wrong; hints may be left."),
                io.Float.Output("sibilance_gap_db", tooltip="How far 4 - 8 kHz lies below the loudest band of a voice, in dB."),
                io.Float.Output(
                    "snr_db", tooltip="How far all else lies above a noise that never stops, in dB; 120 without one."
                ),
                io.Float.Output("clipped_fraction", tooltip="Part of the samples where peaks were cut off, 0 to 1."),
                io.Float.Output("loudness_lufs", tooltip="Integrated loudness in LUFS (ITU-R BS.1770-4); -120 for silence."),
                io.Float.Output("true_peak_dbtp", tooltip="True peak in dBTP (ITU-R BS.1770-4); -120 for silence."),
            ],
        )

    @classmethod
    @refuses("AudioSpectralReport")
    def execute(cls, audio: Any) -> io.NodeOutput:
        import torch

        from ..audio.reading.song_source import SongArray
        from ..audio.sound_report.for_graphs import graph_values
        from ..audio.sound_report.measure import measure
        from ..audio.sound_report.picture import report_image
        from ..audio.sound_report.words import as_text
        from ..loop_control.audio_facts import audio_facts, read_audio

        waveform, sample_rate = read_audio(audio)
        audio_facts(waveform.shape, sample_rate)
        report = measure(SongArray(waveform[0].float().cpu().numpy(), sample_rate))
        text = as_text(report)
        picture = torch.from_numpy(report_image(report)).unsqueeze(0)
        return io.NodeOutput(text, picture, *graph_values(report), ui=ui.PreviewText(text))


NODES = [AudioSpectralReport]
