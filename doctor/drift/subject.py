"""The subject of a video, followed by its pictures alone: what stays in the middle while the background moves.

The middle of the first sample is looked for in the next ones (by phase correlation). A person who sings is found near the
middle again and again; a background over which the camera pans wanders off. What changes is asked twice, at the place it
was followed to and in the middle itself: a pan changes only the middle, and one who was taken for the background only the
other. Both are asked again of pictures that are enlarged as far as the picture will grow, in which a zoom changes nothing.
Colours in small cells are the signature: skin, hair and clothes, and their places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..case import Case
from .lab import Floats
from .pairs import ZOOM_TIMES, SharedContent, correlation, displacement, is_plain, shared_content, zoom_until
from .parts import scene_changes_px

TOP, BOTTOM, LEFT, RIGHT = 0.15, 1.0, 0.32, 0.68
"""The middle, as parts of the height and the width: head and shoulders of somebody who is framed for a song."""

MOST_AWAY = 0.22
"""Part of the width or height; what is farther from where it began is not the subject, or has left."""

LEAST_ZOOM = 0.01
"""Growth that moves nothing by as much as a cell."""

CELL_PX = 4
LEAST_LIKENESS = 0.75
LOST_LIKENESS = 0.35


def subject_of(case: Case) -> tuple[NDArray[np.float64], ...]:
    """Readings of the subject's signature over the samples of a video; another subject changes all of them.

    Returns:
        (M, K, 3) L*a*b* of K cells, less what became of the whole picture: of cells that follow the subject and of cells that
        stay in the middle; both again with the zoom undone, if there is any. NaN if it was lost or the picture is plain.
    """
    chain = shared_content(case)
    sections = np.searchsorted(scene_changes_px(case), chain.frames, side="right")
    until = zoom_until(case.video)
    ways = [np.zeros_like(until)] + ([until, ZOOM_TIMES * until] if np.ptp(until) > LEAST_ZOOM else [])
    undone = [_undone(chain, index) for index in range(len(chain.labs))]
    return tuple(reading for way in ways for reading in _readings(chain, undone, sections, np.exp(way.max() - way)))


def _readings(
    chain: SharedContent, undone: list[Floats], sections: NDArray[np.int64], scales: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(M, K, 3) that follow, and that stay in the middle, of pictures that are enlarged by a scale each."""
    shown = [_enlarged(lab, scale) for lab, scale in zip(undone, scales, strict=True)]
    middle = np.array([_cells(_crop(lab, (0, 0))) for lab in shown], np.float64)
    followed = np.full_like(middle, np.nan)
    for index, place in enumerate(_followed(chain, sections, scales)):
        if is_plain(chain.labs[index]):
            middle[index] = np.nan
        elif place is not None:
            followed[index] = _cells(_crop(shown[index], place))
    return followed, middle


def _undone(chain: SharedContent, index: int) -> Floats:
    """A sample without what became of the whole picture's colours since the first."""
    lab = chain.labs[index] - chain.shift[index]
    middle = lab.reshape(-1, 3).mean(0)
    gains = np.exp(-np.array([chain.luma_gain[index], chain.chroma_gain[index], chain.chroma_gain[index]]))
    undone: Floats = middle + (lab - middle) * gains
    return undone


def _enlarged(picture: NDArray[np.floating], scale: float) -> NDArray[np.floating]:
    """A picture's middle, `scale` times as large: what a camera that zooms in will see."""
    height, width = picture.shape[:2]
    rows = np.rint((np.arange(height) - (height - 1) / 2) / scale + (height - 1) / 2).astype(int)
    columns = np.rint((np.arange(width) - (width - 1) / 2) / scale + (width - 1) / 2).astype(int)
    enlarged: NDArray[np.floating] = picture[rows][:, columns]
    return enlarged


def _followed(chain: SharedContent, sections: NDArray[np.int64], scales: NDArray[np.float64]) -> list[tuple[int, int] | None]:
    """Displacement (down, right) of the subject in each sample; None if it is not there."""
    lights = [_enlarged(lab[..., 0], scale) for lab, scale in zip(chain.labs, scales, strict=True)]
    height, width = lights[0].shape
    places: list[tuple[int, int] | None] = [(0, 0)]
    key, at = 0, (0, 0)
    for index in range(1, len(lights)):
        if sections[index] != sections[index - 1] or is_plain(chain.labs[key]):
            key, at = index, (0, 0)
            places.append(at)
            continue
        last = places[-1]
        if last is None or is_plain(chain.labs[index]):
            places.append(last)
            continue
        moved = displacement(_crop(lights[key], at), _crop(lights[index], last))
        place = last[0] + moved[0], last[1] + moved[1]
        likeness = correlation(_crop(lights[key], at), _crop(lights[index], place))
        if likeness < LEAST_LIKENESS and key != index - 1 and not is_plain(chain.labs[index - 1]):
            key, at = index - 1, last
            moved = displacement(_crop(lights[key], at), _crop(lights[index], last))
            place = last[0] + moved[0], last[1] + moved[1]
            likeness = correlation(_crop(lights[key], at), _crop(lights[index], place))
        away = abs(place[0]) > MOST_AWAY * height or abs(place[1]) > MOST_AWAY * width
        places.append(None if away or likeness < LOST_LIKENESS else place)
    return places


def _crop(picture: NDArray[np.floating], place: tuple[int, int]) -> NDArray[np.floating]:
    """The middle of a picture, displaced; beyond the edge the edge goes on."""
    height, width = picture.shape[:2]
    rows = np.arange(round(TOP * height), round(BOTTOM * height)) + place[0]
    columns = np.arange(round(LEFT * width), round(RIGHT * width)) + place[1]
    cut: NDArray[np.floating] = picture[np.clip(rows, 0, height - 1)][:, np.clip(columns, 0, width - 1)]
    return cut


def _cells(crop: NDArray[np.floating]) -> NDArray[np.floating]:
    """(K, 3) means of cells."""
    edge = max(1, min(CELL_PX, *crop.shape[:2]))
    rows, columns = crop.shape[0] // edge, crop.shape[1] // edge
    cells: NDArray[np.floating] = crop[: rows * edge, : columns * edge].reshape(rows, edge, columns, edge, 3).mean((1, 3))
    return cells.reshape(-1, 3)
