"""Small pictures before, at and after the moments at which something was found, decoded from the video."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...watching.video_file import WatchError, open_video
from ..diagnosis import Diagnosis
from ..kinds import Kind
from ..seen import Stretch, Symptom

_HEARD: frozenset[Kind] = frozenset({"audio_offset", "audio_drift", "dull_audio"})
"""Symptoms of which nothing is to be seen."""

MOST_OF_A_SYMPTOM, MOST_IN_ALL = 3, 14
"""Places that get pictures."""

_LONG_EDGE_PX = 320
_QUALITY = 80
_MOMENT_SECONDS = 0.2
"""A stretch up to here is a moment: what counts is the frame before it and its first."""

_WHOLE = 0.8
"""A stretch of more of the video than that has little before or after it: its start and its end are shown."""

_BESIDE_FRAMES = 2
_AFTER_SECONDS = 0.5


@dataclass(frozen=True)
class Thumbnail:
    """One picture.

    Attributes:
        label: "before", "there" or "after"; "start", "there" or "end" of a whole video.
        seconds: Its moment.
        data_uri: A JPEG.
    """

    label: str
    seconds: float
    data_uri: str


@dataclass(frozen=True)
class ShownPlace:
    """The pictures of one place.

    Attributes:
        kind: The symptom.
        stretch: The place.
        thumbnails: In order of time.
    """

    kind: Kind
    stretch: Stretch
    thumbnails: tuple[Thumbnail, ...]


def pictures_of(video: Path, diagnosis: Diagnosis) -> tuple[ShownPlace, ...]:
    """The pictures of the worst places; none if the video cannot be read any more.

    Args:
        video: The file.
        diagnosis: What was found in it.
    """
    places = list(_places(diagnosis.symptoms))
    step = 1 / diagnosis.fps
    moments = {(place, label): at for place in places for label, at in _moments(place[1], step, diagnosis.duration_seconds)}
    taken = _taken(video, sorted(set(moments.values())), step)
    return tuple(
        ShownPlace(
            kind,
            stretch,
            tuple(
                Thumbnail(label, at, taken[at])
                for (place, label), at in moments.items()
                if place == (kind, stretch) and at in taken
            ),
        )
        for kind, stretch in places
    )


def _places(symptoms: tuple[Symptom, ...]) -> Iterator[tuple[Kind, Stretch]]:
    """Of each symptom its worst place first, so that one with many does not leave none for the others."""
    seen = [each for each in symptoms if each.kind not in _HEARD]
    chosen: list[tuple[Kind, Stretch]] = []
    for rank in range(MOST_OF_A_SYMPTOM):
        chosen += [(each.kind, each.stretches[rank]) for each in seen if rank < len(each.stretches)]
    kept = chosen[:MOST_IN_ALL]
    yield from (place for each in seen for place in kept if place[0] == each.kind)


def _moments(stretch: Stretch, step: float, duration: float) -> Iterator[tuple[str, float]]:
    start, end, last = stretch.start_seconds, stretch.end_seconds, max(duration - step, 0.0)
    if end - start > _WHOLE * duration:
        yield from (("start", start), ("there", (start + end) / 2), ("end", min(end, last)))
        return
    is_moment = end - start <= _MOMENT_SECONDS
    before = start - (step if is_moment else _BESIDE_FRAMES * step)
    if before >= 0:
        yield "before", before
    yield "there", min(start if is_moment else (start + end) / 2, last)
    after = end + (_AFTER_SECONDS if is_moment else _BESIDE_FRAMES * step)
    if after <= last:
        yield "after", after


def _taken(video: Path, moments: list[float], step: float) -> dict[float, str]:
    """JPEGs by the moments that were asked for."""
    found: dict[float, str] = {}
    try:
        with open_video(video) as file:
            base = float(file.stream.time_base or 1 / 1000)
            first = float((file.stream.start_time or 0) * base)
            for at in moments:
                frame = _frame_at(file, first + at, base, step)
                if frame is not None:
                    found[at] = _jpeg(frame)
    except WatchError:
        return found
    return found


def _frame_at(file: Any, seconds: float, base: float, step: float) -> Any:
    """The frame that is shown at a moment; the last one if there is none so late."""
    file.container.seek(max(int((seconds - step) / base), 0), stream=file.stream, backward=True)
    last = None
    for frame in file.container.decode(file.stream):
        if frame.pts is None:
            return frame
        if frame.pts * base > seconds + step / 4:
            return last or frame
        last = frame
    return last


def _jpeg(frame: Any) -> str:
    from PIL import Image

    scale = min(1.0, _LONG_EDGE_PX / max(frame.width, frame.height))
    width, height = (max(1, round(edge * scale)) for edge in (frame.width, frame.height))
    pixels = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA").to_ndarray()
    held = io.BytesIO()
    picture = Image.fromarray(pixels)
    picture.rotate(frame.rotation, expand=True).save(held, "JPEG", quality=_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(held.getvalue()).decode("ascii")
