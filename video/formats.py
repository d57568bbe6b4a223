"""The kinds of file a video is streamed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .errors import VideoError

AUDIO_KBPS_RANGE = (32, 512)
"""Inclusive range of bit rates for stereo sound, in kb/s."""


@dataclass(frozen=True)
class VideoFormat:
    """One kind of file and its encoders.

    Attributes:
        name: The user's choice.
        extension: File ending with its dot; "" for a folder of pictures.
        container: FFmpeg's name of the file format, None for a folder of pictures.
        video_codec: FFmpeg's name of the encoder.
        pixel_format: FFmpeg's name of the pixels that the encoder is given.
        bits: 8 or 16, per colour of the frames handed over.
        audio_codec: FFmpeg's name of the audio encoder.
        crf_range: Inclusive range of constant rate factors, None if the codec has none.
        crf_default: Used if no crf is given.
        audio_kbps: Bit rate of stereo sound if none is given; None for a codec that loses nothing and has none.
        copied_codecs: Sound that the container can hold as it is and that is worth copying.
        index_in_front: The muxer is FFmpeg's MOV, which can keep room for the index.
        plays_in_browsers: A browser shows it as it is.
        container_options: For FFmpeg's muxer.
        codec_options: For the video encoder, beside crf and key frame distance.
    """

    name: str
    extension: str
    container: str | None
    video_codec: Literal["libx264", "libvpx-vp9", "prores_ks", "png"]
    pixel_format: str
    bits: int
    audio_codec: Literal["aac", "libopus", "pcm_s24le"]
    crf_range: tuple[int, int] | None = None
    crf_default: int | None = None
    audio_kbps: int | None = None
    copied_codecs: frozenset[str] = frozenset()
    index_in_front: bool = False
    plays_in_browsers: bool = True
    container_options: dict[str, str] = field(default_factory=dict)
    codec_options: dict[str, str] = field(default_factory=dict)

    def checked_crf(self, crf: int | None) -> int | None:
        """`crf`, or the default if it is None.

        Raises:
            VideoError: the format has no crf, or the value is out of its range.
        """
        if crf is None:
            return self.crf_default
        if self.crf_range is None:
            raise VideoError(f"crf {crf} was given, but {self.name} has no such setting; leave it empty")
        low, high = self.crf_range
        if not low <= crf <= high:
            raise VideoError(f"crf {crf} is outside {low} to {high}, the range of {self.name}; lower is better quality")
        return crf

    def checked_audio_kbps(self, kbps: int | None) -> int | None:
        """`kbps` for stereo sound, or the default if it is None.

        Raises:
            VideoError: the format's sound has no bit rate, or the value is out of range.
        """
        if kbps is None:
            return self.audio_kbps
        if self.audio_kbps is None:
            raise VideoError(
                f"an audio bit rate of {kbps} kb/s was given, but the sound of {self.name} is not compressed; leave it empty"
            )
        low, high = AUDIO_KBPS_RANGE
        if not low <= kbps <= high:
            raise VideoError(f"an audio bit rate of {kbps} kb/s is outside {low} to {high}; {self.audio_kbps} is the default")
        return kbps


# `hybrid_fragmented` (FFmpeg 7.1): while it is written the file consists of fragments, so that what a killed process
# leaves plays; the trailer turns it into an ordinary one, whose index goes into the room that `moov_size` keeps in front.
# `delay_moov` waits for the first packets, without which the start times of AAC (priming) and of reordered frames are
# lost. Tags of any name need `use_metadata_tags`.
_QUICKTIME = {"movflags": "hybrid_fragmented+frag_keyframe+delay_moov+use_metadata_tags", "flush_packets": "1"}

FORMATS: dict[str, VideoFormat] = {
    item.name: item
    for item in (
        VideoFormat(
            "h264-mp4",
            ".mp4",
            "mp4",
            "libx264",
            "yuv420p",
            8,
            "aac",
            (0, 51),
            19,
            audio_kbps=320,
            copied_codecs=frozenset({"aac", "mp3"}),
            index_in_front=True,
            container_options=_QUICKTIME,
        ),
        VideoFormat(
            "vp9-webm",
            ".webm",
            "webm",
            "libvpx-vp9",
            "yuv420p",
            8,
            "libopus",
            (0, 63),
            28,
            audio_kbps=256,
            copied_codecs=frozenset({"opus", "vorbis"}),
            container_options={"cluster_time_limit": "2000", "flush_packets": "1"},
            # cpu-used 4 with row-mt: about ten times the speed of the default at nearly its quality.
            codec_options={"b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"},
        ),
        VideoFormat(
            "prores-mov",
            ".mov",
            "mov",
            "prores_ks",
            "yuv422p10le",
            16,
            "pcm_s24le",
            index_in_front=True,
            plays_in_browsers=False,
            container_options=_QUICKTIME,
            codec_options={"profile": "3", "vendor": "apl0"},
        ),
        VideoFormat("png-16bit", "", None, "png", "rgb48be", 16, "pcm_s24le", plays_in_browsers=False),
    )
}


def video_format(name: str) -> VideoFormat:
    """The format of this name.

    Raises:
        VideoError: there is none.
    """
    if name not in FORMATS:
        raise VideoError(f"there is no video format {name!r}; choose one of {', '.join(FORMATS)}")
    return FORMATS[name]
