"""A song that is known by heart, and schedules for it that are right."""

from __future__ import annotations

import pytest

from audio_loop.audio.analysis.song_analysis import Voice, VoiceStretch
from audio_loop.loop_control.plan import make_plan
from audio_loop.prompting.checking.check import check_schedule
from audio_loop.prompting.checking.draft import Expected

SINGER = "A woman with silver hair in a red coat"
COMEDIAN = "A bald comedian with a grey beard, in a striped shirt"

MUSIC = f"""\
0:00.00-0:19.88: Style: cinematic. {SINGER} is playing the piano, medium shot, static camera, warm light, lips closed.
0:19.88-0:37.80: Style: cinematic. {SINGER} is singing softly, medium close-up, static camera, locked off shot, warm light.
0:37.80-0:55.72: Style: cinematic. {SINGER} is singing with raised arms, close-up, static camera, locked off shot, blue light.
0:55.72-1:13.64: Style: cinematic. {SINGER} is dancing slowly, medium shot, static camera, rain on the window behind her.
1:13.64-1:30.00: Style: cinematic. {SINGER} is turning to the window, medium shot, slow dolly out, fading to black.
"""
"""It sings from 19.88 to 55.72 s, as the song does."""

TALK = f"""\
0:00.00-0:19.88: {COMEDIAN} is looking over the audience, medium shot, static camera, warm spotlight.
0:19.88-0:37.80: {COMEDIAN} is telling a joke, medium close-up, static camera, locked off shot, warm spotlight.
0:37.80-0:55.72: {COMEDIAN} is delivering the punchline, close-up, static camera, locked off shot, warm spotlight.
0:55.72-1:30.00: {COMEDIAN} is pausing for the laugh, medium close-up, static camera, warm spotlight on his face.
"""


def plan(seconds=90.0, fps=25):
    samples = round(44100 * seconds)
    return make_plan(audio_samples=samples, sample_rate=44100, window_seconds=19.88, overlap_seconds=2.0, fps=fps)


def voice(kind="singing", start=20.0, end=55.0):
    stretches = (VoiceStretch(start, end, kind),) if end > start else ()
    return Voice(stretches, max(0.0, end - start) / 90.0, 220.0, 180.0, 330.0, 0.3)


MUSIC_FITS = Expected(plan(), voice(), subject=SINGER, style="cinematic", wants_variety=True)
TALK_FITS = Expected(plan(), voice("speech"), subject=COMEDIAN, wants_variety=True)


@pytest.fixture
def told():
    """(rule, severity, line) of everything that is found in a schedule for the song."""

    def check(text, expected=MUSIC_FITS):
        return [(each.rule.code, each.severity, each.finding.line) for each in check_schedule(text, expected).reported]

    return check
