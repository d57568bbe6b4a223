"""Short films for detectors of frames: a texture that pans below a darker disc that sways, through a real encoder."""

from __future__ import annotations

import numpy as np

from audio_loop.doctor.case import Case
from audio_loop.loop_control.plan import make_plan
from audio_loop.tests.pure.watching.films import grey, texture, write_film
from audio_loop.watching.watch import watch

HEIGHT, WIDTH, FPS = 96, 160, 25
_BASE = texture(5, HEIGHT, 2 * WIDTH, 3.0)
_ROWS, _COLUMNS = np.mgrid[:HEIGHT, :WIDTH]


def moment(time, speed=2.0, sway=20.0):
    """(HEIGHT, WIDTH) luma at a time in frames: a pan of `speed` px a frame and a disc that sways by `sway` px."""
    place = speed * time
    whole, part = int(np.floor(place)), place % 1
    ground = np.roll(_BASE, -whole, 1) * (1 - part) + np.roll(_BASE, -whole - 1, 1) * part
    away = np.hypot(_COLUMNS - 80 - sway * np.sin(time / 7), _ROWS - 50)
    return ground[:, :WIDTH] * 0.8 + 0.1 - 0.25 / (1 + np.exp((away - 18) / 1.5))


def film_of(path, times, fps=FPS, **how):
    """A file that shows the moments."""
    return write_film(path, [grey(moment(time).clip(0, 1)) for time in times], fps, **how)


def case_of(path, windows=False):
    """The case of a file; with windows of 33 frames and 17 new ones each, if asked for."""
    video = watch(path)
    plan = None
    if windows:
        samples = round(len(video.frames) / video.fps * 8000)
        plan = make_plan(audio_samples=samples, sample_rate=8000, window_seconds="1.32", overlap_seconds="0.36", fps=video.fps)
    return Case(video, plan)


def only(seen):
    """The one symptom."""
    (symptom,) = seen.symptoms
    return symptom


def grainy(luma, seed, deviation=0.01):
    """A luma with grain, as a picture."""
    return grey((luma + np.random.default_rng(seed).normal(0, deviation, luma.shape)).clip(0, 1))
