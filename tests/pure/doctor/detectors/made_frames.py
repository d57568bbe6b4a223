"""Numbers of frames as a lively video has them, made without pictures: content that moves, scene changes, flashes to a beat."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from audio_loop.doctor.case import Case
from audio_loop.loop_control.plan import make_plan
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS, FrameFacts, WatchedVideo

LEVELS = {"luma": 0.42, "contrast": 0.2, "blue": 0.02, "red": 0.01, "colourfulness": 0.08, "sharpness": 0.03}
"""A usual value of each level; the noise of a frame is half a percent of it, its wandering ten times that."""

ERROR = 0.05
"""Share of each level by which tiles are off: 5 of 255 levels of luma."""


def _wander(rng, frames, seconds, fps=25):
    keep = 1 - 1 / (seconds * fps)
    return lfilter([np.sqrt(1 - keep**2)], [1, -keep], rng.standard_normal(frames))


def lively(frames, seed, scenes=4, flash_bpm=0.0, fps=25):
    """Numbers of `frames` frames: AR wandering and grain, bursts of motion, `scenes` scene changes, flashes to a beat."""
    rng = np.random.default_rng(seed)
    scene = np.zeros(frames, int)
    for at in rng.integers(20, max(21, frames), scenes):
        scene[at:] += 1
    levels = {}
    for name, usual in LEVELS.items():
        jumps = np.concatenate(([0.0], rng.normal(0, 0.25, scene[-1])))
        content = 0.05 * _wander(rng, frames, 4) + 0.002 * rng.standard_normal(frames) + jumps[scene]
        levels[name] = usual * (1 + content)
    if flash_bpm:
        beat = 60 * fps / flash_bpm
        since = (np.arange(frames) - rng.uniform(0, beat)) % beat
        levels["luma"] += 0.03 * np.exp(-np.floor(since) / 4)
    change = 0.012 * np.exp(0.5 * _wander(rng, frames, 0.6) + 0.08 * rng.standard_normal(frames))
    change += np.abs(np.diff(levels["luma"], prepend=levels["luma"][0]))
    change[1:][np.diff(scene) > 0] += 0.15
    change[0] = 0
    cells = 0.12 * rng.standard_normal((1, CELL_ROWS, CELL_COLUMNS)) + levels["luma"][:, None, None]
    return FrameFacts(
        seconds=np.arange(frames) / fps,
        **{name: value.astype(np.float32) for name, value in levels.items()},
        change=change.astype(np.float32),
        change_peak=(3 * change).astype(np.float32),
        zoom_per_second=(0.004 * _wander(rng, frames, 1)).astype(np.float32),
        shift_x_per_second=(0.01 * _wander(rng, frames, 1)).astype(np.float32),
        shift_y_per_second=(0.01 * _wander(rng, frames, 1)).astype(np.float32),
        cell_luma=np.rint(np.clip(cells, 0, 1) * 255).astype(np.uint8),
        cell_change=np.repeat(change[:, None, None], CELL_ROWS * CELL_COLUMNS, 1).reshape(cells.shape).astype(np.float16),
        key=np.arange(frames) % 250 == 0,
    )


def stepped(facts, at, sizes):
    """The frames with `sizes` (name of a level to share of its usual value) added from frame `at` on."""
    changed = {}
    for name, size in sizes.items():
        values = getattr(facts, name).copy()
        values[at:] += size * LEVELS[name]
        changed[name] = values
    change = facts.change.copy()
    if at < len(change):
        change[at] += abs(sizes.get("luma", 0)) * LEVELS["luma"]
    cells = facts.cell_luma.copy()
    cells[at:] = np.clip(cells[at:] + np.rint(255 * sizes.get("luma", 0) * LEVELS["luma"]), 0, 255).astype(np.uint8)
    return replace(facts, **changed, change=change, cell_luma=cells)


def tiled(stride, frames, seed=0, first=None, flash_bpm=0.0, error=ERROR, key_frames=250):
    """Lively frames with a tile every `stride` ones, each of whose levels are off by about `error` of the usual ones."""
    rng = np.random.default_rng(stride + 7 * seed)
    facts = lively(frames, seed, scenes=3, flash_bpm=flash_bpm)
    for at in range(stride if first is None else first, frames, stride):
        signs = rng.choice((-1, 1), len(LEVELS)) * rng.uniform(0.6, 1.4, len(LEVELS))
        facts = stepped(facts, at, dict(zip(LEVELS, error * signs, strict=True)))
    return replace(facts, key=(np.arange(frames) % key_frames == 0) if key_frames else np.zeros(frames, bool))


def lit(facts):
    """The frames with the steps of light and colour that watching finds in pictures like these."""
    told = {"light": facts.luma, "blue": facts.blue, "red": facts.red}
    return replace(facts, **{f"{name}_step": np.diff(level, prepend=level[:1]) for name, level in told.items()})


def case_of(facts, fps=25, plan=None, schedule=None, song=None):
    """A case of these frames."""
    video = WatchedVideo(Path("made.mp4"), 832, 448, Fraction(fps), "h264", facts, (), False)
    return Case(video, plan, song, schedule)


def between(facts, start, stop):
    """Some of the frames."""
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return FrameFacts(**{name: None if value is None else value[start:stop] for name, value in values.items()})


def planned(seconds, window=6, overlap=1, fps=25):
    """A plan of windows of so many seconds."""
    return make_plan(
        audio_samples=round(seconds * 8000), sample_rate=8000, window_seconds=window, overlap_seconds=overlap, fps=fps
    )
