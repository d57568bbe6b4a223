"""A video from a seed: its content, its windows, what is wrong with it, and its file."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from audio_loop.doctor.kinds import Kind
from audio_loop.loop_control.plan import make_plan

from .clips import Clip, clip_fps
from .encoding import Encoder, draw_encoder, encode
from .injecting import inject, tiles, with_way
from .scenes import Mood, Scene
from .sounds import SOUND_HZ, SoundKind, make_sound, write_wav
from .takes import NEUTRAL, Take
from .values import Defect, Footage, Joins

VERSION = 2
"""Of what seeds mean: another one makes other videos of the same seeds."""

_MAKERS = ("making", "takes", "scenes", "figure", "textures", "clips", "sounds", "encoding", "values", "injecting/*")
"""Files that decide what a video shows."""

FPS = (Fraction(24), Fraction(25), Fraction(24), Fraction(30_000, 1001), Fraction(30))
WINDOWS = ((3.88, 1.0), (3.2, 0.64), (4.4, 1.32), (2.92, 0.68), (3.56, 1.0))
PROMPTS = (
    "A singer in a coloured shirt is singing, medium close-up, static camera, locked off shot.",
    "A singer in a coloured shirt is leaning on a wall at night, medium close-up, static camera, locked off shot.",
    "A singer in a coloured shirt is standing in a garden, medium close-up, static camera, locked off shot.",
    "A singer in a coloured shirt is sitting in a bright kitchen, medium close-up, static camera, locked off shot.",
)
MOVING: frozenset[Kind] = frozenset(
    ("frozen_start", "frozen_window", "duplicated_frames", "missing_frames", "odd_window", "zoom_creep", "visible_cut")
)
DRAWN_ONLY: frozenset[Kind] = frozenset(("style_drift", "identity_drift", "lip_sync"))
JERKY: frozenset[Kind] = frozenset(("duplicated_frames", "missing_frames"))
ONE_PLACE: frozenset[Kind] = frozenset(
    (
        "visible_cut",
        "odd_window",
        "colour_drift",
        "contrast_drift",
        "sharpness_drift",
        "style_drift",
        "identity_drift",
        "zoom_creep",
    )
)


@dataclass(frozen=True)
class Wishes:
    """What is chosen and not left to the seed; None leaves it. With `clips` the places are real ones, see `clips.CLIPS`."""

    seconds: float | None = None
    size: tuple[int, int] | None = None
    sound: SoundKind | None = None
    mood: Mood | None = None
    places: int | None = None
    clips: tuple[str, ...] = ()


def make_footage(seed: int, defects: Iterable[Defect] = (), *, folder: Path, wishes: Wishes | None = None) -> Footage:
    """A video with the defects, or a clean one; the same pictures and sound each time, but for what x264 makes of them.

    A file that is there already is not made again.

    Args:
        seed: Below 1000 for tuning, from 21000 up unseen.
        defects: What is wrong with it.
        folder: Where it is written, with its song.
        wishes: What else is chosen.

    Raises:
        ValueError: A defect has no such way, or the video has no window for it.
    """
    defects, wishes = tuple(defects), wishes or Wishes()
    random = np.random.default_rng([seed, VERSION])
    defects = tuple(replace(each, way=with_way(each, random)) for each in defects)
    kinds = {each.kind for each in defects}
    if wishes.clips and not kinds.isdisjoint(DRAWN_ONLY):
        raise ValueError(f"real footage cannot show {kinds & DRAWN_ONLY}")
    fps = FPS[random.integers(len(FPS))]
    fps = clip_fps(wishes.clips[0]) if wishes.clips else fps
    defects = tuple(_with_stride(each, random) for each in defects)
    seconds = wishes.seconds or _length(defects, fps, random)
    size = wishes.size or ((448, 832) if random.random() < 0.05 and seconds < 20 else (176, 320))
    mood = Mood(1.0, False, False, 0, False) if wishes.clips else wishes.mood or _draw_mood(seed, defects, random)
    sound_kind: SoundKind = wishes.sound or _draw_sound(kinds, mood, wishes, random)
    window, overlap = WINDOWS[random.integers(len(WINDOWS))]
    samples = round(seconds * SOUND_HZ)
    plan = make_plan(
        audio_samples=samples, sample_rate=SOUND_HZ, window_seconds=window, overlap_seconds=overlap, fps=fps, base_seed=seed
    )
    starts = [each.new_start_px for each in plan.windows]
    joins = Joins((*(start for start in starts if start < plan.frames_delivered), plan.frames_delivered), fps)
    places = _places(kinds, joins, wishes, random)
    encoder = draw_encoder(random)
    name = _name(seed, defects, wishes)
    path, song_path = folder / f"{name}{encoder.suffix}", folder / f"{name}.song.wav"
    traits = wishes.clips + _traits(mood, sound_kind, len(places), size, encoder)
    take = _take(seed, size, mood, sound_kind, seconds, joins, places, wishes.clips, random)
    injected = tuple(inject(take, each, random) for each in defects)
    if not (path.exists() and song_path.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        write_wav(song_path, take.song)
        half_done = path.with_name(f"half.{os.getpid()}.{path.name}")
        encode(half_done, take.frames(), size, fps, take.muxed, encoder)
        half_done.rename(path)
    return Footage(path, plan, song_path, _schedule(take.entries), injected, traits, seed)


def _with_stride(defect: Defect, random: np.random.Generator) -> Defect:
    if defect.kind != "decode_tile_pulse" or defect.stride_px:
        return defect
    return replace(defect, stride_px=tiles.draw_stride(random, 300 if random.random() < 0.1 else 70))


def _length(defects: tuple[Defect, ...], fps: Fraction, random: np.random.Generator) -> float:
    seconds = random.uniform(12.0, 19.0)
    for defect in defects:
        if defect.kind == "audio_drift":
            seconds = random.uniform(30.0, 40.0)
        if defect.stride_px:
            seconds = max(seconds, 5.2 * defect.stride_px / float(fps))
    return round(seconds, 2)


def _draw_mood(seed: int, defects: tuple[Defect, ...], random: np.random.Generator) -> Mood:
    kinds = {each.kind for each in defects}
    liveliness = float(random.choice([0.0, 0.3, 0.7, 1.0, 1.5, 2.0]))
    if kinds & MOVING:
        liveliness = max(liveliness, 0.8 if kinds.isdisjoint(JERKY) else 1.2)
    drawn = "style_drift" in kinds or random.random() < 0.15
    needs_person = bool(kinds & {"lip_sync", "identity_drift"}) or any(each.way == "identity" for each in defects)
    person = needs_person or random.random() < 0.6
    flashes = liveliness >= 1 and random.random() < 0.3
    # A jerk is seen only if something moves; some clean videos pan as fast.
    pans = not kinds.isdisjoint(JERKY) or (not kinds and seed % 8 == 3)
    pan_px = float(np.random.default_rng([seed, 77]).uniform(16, 34)) if pans else 0.0
    return Mood(liveliness, drawn, person, int(random.integers(1, 3)), flashes, pan_px)


def _draw_sound(kinds: set[Kind], mood: Mood, wishes: Wishes, random: np.random.Generator) -> SoundKind:
    if wishes.clips:
        # Nobody in a real clip speaks our words.
        return "instrumental"
    if "lip_sync" in kinds:
        return "speech" if random.random() < 0.6 else "speech over music"
    if not mood.person:
        return "music"
    draw = random.random()
    return "speech" if draw < 0.5 else ("speech over music" if draw < 0.8 else "music")


def _places(kinds: set[Kind], joins: Joins, wishes: Wishes, random: np.random.Generator) -> list[int]:
    """Numbers of the windows with which another place begins, 0 first."""
    number = wishes.places
    if number is None:
        number = 1
        if "schedule_timing" in kinds or (not kinds & ONE_PLACE and random.random() < (0.2 if kinds else 0.35)):
            number = int(random.integers(2, 4))
    number = min(number, 1 + (joins.windows - 1) // 2)
    # A line that is written early still needs the line before it.
    candidates = np.arange(2 if "schedule_timing" in kinds else 1, joins.windows - 1)
    later = np.sort(random.choice(candidates, min(number - 1, len(candidates)), replace=False))
    return [0, *map(int, later)]


def _take(
    seed: int,
    size: tuple[int, int],
    mood: Mood,
    sound_kind: SoundKind,
    seconds: float,
    joins: Joins,
    places: list[int],
    clips: tuple[str, ...],
    random: np.random.Generator,
) -> Take:
    height, width = size
    sound = make_sound(seed, sound_kind, seconds)
    frame_seconds = np.arange(joins.frames) / float(joins.fps)
    shots = {name: np.full(joins.frames, value) for name, value in NEUTRAL.items()}
    shots["seconds"] = frame_seconds.copy()
    shots["mouth"] = sound.openness(frame_seconds)
    shots["grain"] = np.arange(joins.frames, dtype=float)
    for number, window in enumerate(places):
        shots["scene"][joins.edges[window] :] = number
    other = make_sound(seed + 500_000, "speech", seconds) if mood.person else sound
    entries = [(float(joins.edges[window] / joins.fps), PROMPTS[number]) for number, window in enumerate(places)]
    has_schedule = len(places) > 1 or random.random() < 0.3
    grain = random.uniform(0.001, 0.003) if mood.drawn else random.uniform(0.004, 0.011)
    scenes: list[Scene | Clip]
    foreign: Scene | Clip
    if clips:
        scenes = [Clip(clips[number % len(clips)], height, width, joins.fps) for number in range(len(places))]
        foreign = Clip(clips[-1], height, width, joins.fps)
        grain = 0.0
    else:
        scenes = [Scene(seed * 10 + number, height, width, mood, seed) for number in range(len(places))]
        foreign = Scene(seed * 10 + 9, height, width, replace(mood, drawn=False), seed + 1)
    return Take(
        scenes=scenes,
        foreign=foreign,
        shots=shots,
        shown=np.ones(joins.frames, bool),
        joins=joins,
        song=sound.samples,
        muxed=sound.samples,
        entries=[(start, text) for start, text in entries] if has_schedule else [],
        grain_level=float(grain),
        other_mouth=other.openness(frame_seconds),
        seed=seed,
    )


def _schedule(entries: list[tuple[float, str]]) -> str | None:
    lines = [f"{int(start // 60)}:{start % 60:05.2f}: {text}" for start, text in entries]
    return "\n".join(lines) + "\n" if lines else None


def _traits(mood: Mood, sound: SoundKind, places: int, size: tuple[int, int], encoder: Encoder) -> tuple[str, ...]:
    words = {"still": mood.liveliness < 0.5, "lively": mood.liveliness > 1.2, "drawn": mood.drawn, "person": mood.person}
    words |= {
        "pan": mood.pan_px > 0,
        "flashes": mood.flashes,
        f"{places} places": places > 1,
        f"{size[1]}x{size[0]}": True,
        sound: True,
    }
    return (*(word for word, holds in words.items() if holds), encoder.words)


def _name(seed: int, defects: tuple[Defect, ...], wishes: Wishes) -> str:
    parts = [f"v{VERSION}", str(seed)]
    for each in defects:
        parts.append(f"{each.kind}-{each.way.replace(' ', '')}-{each.strength:g}")
        parts += [f"{letter}{value}" for letter, value in (("w", each.window), ("s", each.stride_px)) if value is not None]
    if wishes != Wishes():
        wished = json.dumps(asdict(wishes), sort_keys=True, default=str)
        parts.append(hashlib.sha256(wished.encode()).hexdigest()[:8])
    parts += [_code()]
    return "_".join(parts) if defects else "_".join([parts[0], parts[1], "clean", *parts[2:]])


@functools.cache
def _code() -> str:
    """Short hash of the code that makes videos: what earlier code made is not found by a later one."""
    digest, folder = hashlib.sha256(), Path(__file__).parent
    for pattern in _MAKERS:
        for path in sorted(folder.glob(f"{pattern}.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
