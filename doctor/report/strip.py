"""The whole song as one strip: windows, prompts, and what was found where."""

from __future__ import annotations

from ..diagnosis import Diagnosis
from .plot import LEFT, RIGHT, WIDTH, time_axis, x_of
from .svg import Markup, element
from .words import NAMES, place

_ROW, _GAP = 20, 4
_MOST_NUMBERS = 40
_LEAST_WIDTH = 3.0
"""A moment would be too thin to be seen."""

_CHARACTER_WIDTH = 6.2
_PROMPT_COLOURS = 6


def strip(diagnosis: Diagnosis) -> Markup:
    """A row each for windows and prompts, as far as they are known, and for every symptom."""
    duration = diagnosis.duration_seconds
    rows: list[Markup] = []
    top = 2.0
    if diagnosis.windows:
        rows += _windows(diagnosis, top)
        top += _ROW + _GAP
    if len(diagnosis.sections) > 1:
        rows += _sections(diagnosis, top)
        top += _ROW + _GAP
    for symptom in diagnosis.symptoms:
        rows.append(_empty_row(top))
        for stretch in symptom.stretches:
            x = x_of(stretch.start_seconds, duration)
            width = max(x_of(stretch.end_seconds, duration) - x, _LEAST_WIDTH)
            title = element("title", f"{NAMES[symptom.kind]}: {place(stretch)}")
            rows.append(element("rect", title, x=x, y=top, width=width, height=_ROW, rx=2, class_="found"))
        rows.append(element("text", NAMES[symptom.kind], x=LEFT - 8, y=top + 14, text_anchor="end", class_="row"))
        top += _ROW + _GAP
    rows.append(time_axis(duration, top))
    # The names of the rows stand to the left of the plots' own edge.
    return element("svg", *rows, viewBox=f"-110 0 {WIDTH + 110} {top + 24:.0f}", role="img", aria_label="The song")


def _empty_row(top: float) -> Markup:
    return element("rect", x=LEFT, y=top, width=WIDTH - LEFT - RIGHT, height=_ROW, rx=2, class_="ground")


def _windows(diagnosis: Diagnosis, top: float) -> list[Markup]:
    duration, count = diagnosis.duration_seconds, len(diagnosis.windows)
    every = -(-count // _MOST_NUMBERS)
    rows = [element("text", "Windows", x=LEFT - 8, y=top + 14, text_anchor="end", class_="row")]
    for index, part in enumerate(diagnosis.windows):
        x, stop = x_of(part.start_seconds, duration), x_of(part.end_seconds, duration)
        shade = "window even" if index % 2 == 0 else "window"
        rows.append(element("rect", element("title", part.name), x=x, y=top, width=stop - x, height=_ROW, class_=shade))
        if index % every == 0 and stop - x >= _CHARACTER_WIDTH * (len(str(index)) + 1):
            rows.append(element("text", str(index), x=(x + stop) / 2, y=top + 14, text_anchor="middle", class_="tick"))
    return rows


def _sections(diagnosis: Diagnosis, top: float) -> list[Markup]:
    duration = diagnosis.duration_seconds
    rows = [element("text", "Prompts", x=LEFT - 8, y=top + 14, text_anchor="end", class_="row")]
    colours = {name: k % _PROMPT_COLOURS for k, name in enumerate(dict.fromkeys(each.name for each in diagnosis.sections))}
    for part in diagnosis.sections:
        x, stop = x_of(part.start_seconds, duration), x_of(part.end_seconds, duration)
        title = element("title", part.name)
        kind = f"prompt p{colours[part.name]}"
        rows.append(element("rect", title, x=x, y=top, width=max(stop - x - 1, 1.0), height=_ROW, rx=2, class_=kind))
        room = int((stop - x - 8) / _CHARACTER_WIDTH)
        if room >= 4:
            words = part.name if len(part.name) <= room else f"{part.name[: room - 1]}…"
            rows.append(element("text", words, x=x + 5, y=top + 14, class_="inside"))
    return rows
