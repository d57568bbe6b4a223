"""Formats and limits on docs/video.md are those of the code; what needs torch is held in `tests/torch/house`."""

from __future__ import annotations

import pytest

from audio_loop.video.audio_track import _LAYOUTS
from audio_loop.video.formats import FORMATS

from .phrases import check, told

MP4, WEBM = FORMATS["h264-mp4"], FORMATS["vp9-webm"]
ONE, STEREO, SURROUND = _LAYOUTS

FIGURES = told(
    "docs/video.md",
    [
        ("| H.264, {} bit 4:2:0, crf {} | AAC, {} kb/s |", MP4.bits, MP4.crf_default, MP4.audio_kbps),
        ("| VP9, {} bit 4:2:0, crf {} | Opus, {} kb/s |", WEBM.bits, WEBM.crf_default, WEBM.audio_kbps),
        ("| ProRes 422 HQ, {} bit |", FORMATS["prores-mov"].pixel_format.removeprefix("yuv422p").removesuffix("le")),
        ("| a folder of PNG files, {} bit |", FORMATS["png-16bit"].bits),
        ("| PCM, {} bit |", FORMATS["prores-mov"].audio_codec.removeprefix("pcm_s").removesuffix("le")),
        ("sound with other than {}, {} or {} channels", ONE, STEREO, SURROUND),
    ],
)


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_of_the_page_are_those_of_the_code(figure):
    check(figure)
