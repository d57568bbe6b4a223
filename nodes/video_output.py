"""The node that turns latents into a video file."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from comfy_api.latest import InputImpl, io, ui

from ..loop_engine import follow_song, shown_text
from ..video import target as video_target
from . import inputs
from .refusals import refuses

if TYPE_CHECKING:
    from ..video.save import SavedVideo

log = logging.getLogger(__name__)

_NOT_WIRED = object()


class StreamingVideoSave(io.ComfyNode):
    """Decodes and saves a video of any length in the memory of a short one."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        from ..video.formats import FORMATS

        return io.Schema(
            node_id="StreamingVideoSave",
            display_name="Streaming Video Save",
            category="Audio Loop/video",
            search_aliases=["save video", "music video", "long video", "video combine", "mp4", "export video", "webm"],
            description="Decodes a video latent piece by piece straight into the video file, with the original song. Memory "
            "does not grow with the length, and what is done when it is stopped can be played.",
            inputs=[
                io.Latent.Input(
                    "latent",
                    lazy=True,
                    tooltip="The whole video latent. Not asked for before everything else here is known to work.",
                ),
                io.Vae.Input("vae", lazy=True, tooltip="The video VAE."),
                io.Audio.Input("audio", optional=True, tooltip="The original song, put into the file once."),
                inputs.fps(),
                io.Int.Input(
                    "frames",
                    default=0,
                    min=0,
                    max=10_000_000,
                    tooltip="Frames in the file; wire the planner's frames, so that the video ends with the song. "
                    "0: all that the latent holds.",
                ),
                io.String.Input(
                    "filename_prefix",
                    default="video/audio_loop",
                    tooltip="Name and folder inside ComfyUI's output folder. %date:yyyy-MM-dd%, %Node.widget%, %width%, "
                    "%height%, %year% and so on are filled in, as in ComfyUI's own savers.",
                ),
                io.Combo.Input(
                    "format",
                    options=list(FORMATS),
                    default="h264-mp4",
                    tooltip="h264-mp4 plays everywhere; vp9-webm is free; prores-mov and png-16bit are for editing.",
                ),
                io.Int.Input(
                    "crf",
                    default=-1,
                    min=-1,
                    max=63,
                    tooltip="Quality for h264 (0..51) and vp9 (0..63): lower is better and larger. -1: the format's default.",
                ),
                io.Int.Input(
                    "audio_kbps",
                    advanced=True,
                    default=0,
                    min=0,
                    max=512,
                    optional=True,
                    tooltip="Bit rate of the sound in kb/s, for stereo. 0: the song as it is on disk (AAC and MP3 in h264-mp4, "
                    "Opus and Vorbis in vp9-webm), else 320 kb/s AAC or 256 kb/s Opus. prores-mov and png-16bit lose nothing "
                    "and have no such setting.",
                ),
            ],
            outputs=[io.Video.Output("video", tooltip="The saved file.")],
            hidden=[io.Hidden.prompt, io.Hidden.extra_pnginfo, io.Hidden.unique_id],
            is_output_node=True,
        )

    @classmethod
    @refuses("StreamingVideoSave")
    def check_lazy_status(
        cls,
        latent: Any = None,
        vae: Any = None,
        audio: Any = _NOT_WIRED,
        fps: float = 25,
        filename_prefix: str = "",
        format: str = "h264-mp4",
        crf: int = -1,
        audio_kbps: int = 0,
        **_: Any,
    ) -> list[str]:
        """Asks for the VAE only if the file can be written, and for the latent, and so the sampling, only if the VAE fits.

        Not done by `validate_inputs`: ComfyUI then leaves this node out and reports the rest of the graph as a success.
        """
        if latent is not None and vae is not None:
            return []
        from ..audio.finite import refuse_not_finite
        from ..loop_control.rates import parse_fps
        from ..video.audio_track import audio_layout
        from ..video.refused_path import check_writable
        from ..video.video_vae import VideoVae

        video_target.encoding_of(format, crf, audio_kbps)
        parse_fps(fps)
        if audio is None:
            raise ValueError("what is wired to audio has no sound; choose another file, or disconnect audio to save without")
        if audio is not _NOT_WIRED:
            audio_layout(audio)
            refuse_not_finite(audio["waveform"], audio["sample_rate"])
        check_writable(video_target.target(filename_prefix, format, cls.hidden.prompt)[0])
        if vae is None:
            return ["vae"]
        VideoVae(vae)
        return ["latent"]

    @classmethod
    @refuses("StreamingVideoSave")
    def execute(
        cls,
        latent: dict[str, Any],
        vae: Any,
        fps: float,
        frames: int = 0,
        filename_prefix: str = "video/audio_loop",
        format: str = "h264-mp4",
        crf: int = -1,
        audio: dict[str, Any] | None = None,
        audio_kbps: int = 0,
    ) -> io.NodeOutput:
        from ..loop_control.rates import parse_fps
        from ..video.content import VideoContent
        from ..video.save import save_stream
        from ..video.video_latent import video_latent
        from ..video.video_vae import VideoVae

        size = VideoVae(vae).size_px(video_latent(latent))
        path, subfolder = video_target.target(filename_prefix, format, cls.hidden.prompt, size)
        progress = _Progress(cls.hidden.unique_id, frames)
        sound_files = video_target.sound_files(cls.hidden.prompt, cls.hidden.unique_id)
        saved = save_stream(
            latent,
            vae,
            path,
            VideoContent(parse_fps(fps), _frames_to_make(frames, latent, vae), audio, cls._metadata(), sound_files),
            video_target.encoding_of(format, crf, audio_kbps),
            browser_copy=video_target.copy_path(path),
            on_progress=progress,
            check_interrupt=_throw_if_interrupted,
        )
        return _output(saved, subfolder, progress, _length_word(frames or saved.frames, fps, audio))

    @classmethod
    def _metadata(cls) -> dict[str, Any] | None:
        from ..comfyui_internals.machine import option

        if option("disable_metadata", True):
            return None
        found = dict(cls.hidden.extra_pnginfo or {})
        return found | {"prompt": cls.hidden.prompt} if cls.hidden.prompt is not None else found or None


class _Progress:
    """The bar and the remaining time on the node."""

    def __init__(self, node_id: str, wanted: int) -> None:
        self._node_id = node_id
        self._wanted = wanted
        self._bar: Any = None
        self._shown_at = 0.0

    def __call__(self, done: int, total: int, seconds_left: float) -> None:
        import comfy.utils

        now = time.monotonic()
        if done < total and now - self._shown_at < 0.2:
            return
        self._shown_at = now
        self._bar = self._bar or comfy.utils.ProgressBar(total, node_id=self._node_id)
        self._bar.update_absolute(done)
        follow_song.write_frames(done, total, seconds_left)
        self.say(f"frame {done} / {total}, {seconds_left:.0f} s left" if done < total else self.last_word(total))

    def say(self, text: str) -> None:
        """Shows a text on the node."""
        shown_text.show(self._node_id, text)

    def last_word(self, total: int, is_counted: bool = False) -> str:
        """How much was saved, and whether that is all; empty if it is and another word counts it."""
        if self._wanted > total:
            return f"{total} of {self._wanted} frames: the rest was not rendered"
        return "" if is_counted else f"{total} frames"


def _throw_if_interrupted() -> None:
    import comfy.model_management

    comfy.model_management.throw_exception_if_processing_interrupted()


def _frames_to_make(wanted: int, latent: dict[str, Any], vae: Any) -> int:
    """The number that is asked for, or that there is: a loop that was stopped early still gives its video."""
    from ..video.video_latent import video_latent
    from ..video.video_vae import VideoVae

    there = VideoVae(vae).frames(video_latent(latent).shape[2])
    if wanted > there:
        log.warning("StreamingVideoSave: %d of %d frames exist; the video ends before the song does", there, wanted)
    return min(wanted or there, there)


def _length_word(frames: int, fps: float, audio: dict[str, Any] | None) -> str:
    """Says if what was asked for is not as long as the song. Frames that a stopped render lacks count as if they were there."""
    from ..loop_control.rates import parse_fps
    from ..video.length_check import length_word

    word = "" if audio is None else length_word(frames, parse_fps(fps), audio["waveform"].shape[-1], audio["sample_rate"])
    if word:
        log.info("StreamingVideoSave: %s", word)
    return word


def _output(saved: SavedVideo, subfolder: str, progress: _Progress, length: str) -> io.NodeOutput:
    from ..video.file_words import file_words

    place = "/".join(part for part in (subfolder.replace("\\", "/"), saved.path.name) if part)
    shown, told = ui.SavedResult(saved.path.name, subfolder, io.FolderType.output), ""
    if saved.browser_copy is not None:
        shown = ui.SavedResult(saved.browser_copy.name, "", io.FolderType.temp)
        told = f"saved as {place}; shown is a small copy"
    if saved.path.is_dir():
        told = f"{saved.frames} pictures in {place}"
    if saved.inexact_because:
        told = f"{told or f'saved as {place}'}; frames can differ from a decode in one piece: {saved.inexact_because}"
    if saved.smaller_because:
        told = f"{told or f'saved as {place}'}; {saved.smaller_because}"
    preview = {} if saved.path.is_dir() and saved.browser_copy is None else ui.PreviewVideo([shown]).as_dict()
    words = "; ".join(filter(None, (progress.last_word(saved.frames, is_counted=saved.path.is_dir()), told, length)))
    words = f"{words}\n{file_words(saved.path, subfolder, saved.seconds, saved.width, saved.height)}".strip()
    progress.say(words)
    preview = shown_text.with_text(words, preview)
    if not saved.path.is_dir():
        return io.NodeOutput(InputImpl.VideoFromFile(str(saved.path)), ui=preview)
    # ComfyUI blocks what follows only if there is a result beside the block.
    return io.NodeOutput(
        None,
        ui=preview,
        block_execution=f"StreamingVideoSave: {saved.frames} pictures in {place} are no video file; save as another format "
        "than png-16bit",
    )


NODES = [StreamingVideoSave]
