"""A diagnosis as one HTML page: no script, no link, nothing that is not in the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..diagnosis import Cause, Diagnosis
from ..seen import Figure, Symptom
from .plot import plot
from .strip import strip
from .svg import Markup, element, joined
from .thumbnails import ShownPlace
from .words import NAMES, clock, number, place, with_unit

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_LEAST_OF_VIDEO = 0.6
_LEGEND = "Dotted: cuts between windows. Dashed: the limit. Triangles: what was found."


def as_page(diagnosis: Diagnosis, pictures: tuple[ShownPlace, ...] = ()) -> str:
    """The page.

    Args:
        diagnosis: What is told.
        pictures: Of the places at which something was found; see `pictures_of`.
    """
    style = Path(__file__).with_name("report.css").read_text("utf-8")
    title = f"{diagnosis.video}: {diagnosis.verdict}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Markup(style)),
    )
    body = element("body", joined(_body(diagnosis, pictures)))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _body(diagnosis: Diagnosis, pictures: tuple[ShownPlace, ...]) -> Iterator[Markup]:
    yield element("h1", diagnosis.video)
    size = f"{diagnosis.width} × {diagnosis.height}, {diagnosis.fps:g} frames per second, {diagnosis.frames} frames"
    yield element("p", f"{clock(diagnosis.duration_seconds)}, {size}, {diagnosis.codec}", class_="faint")
    for sentence in diagnosis.known:
        yield element("p", sentence, class_="faint")
    yield element("p", diagnosis.verdict, class_="verdict bad" if diagnosis.symptoms else "verdict good")
    if diagnosis.causes:
        yield element("h2", "Causes, the most likely first")
        entries = [_cause(cause, is_first=k == 0) for k, cause in enumerate(diagnosis.causes)]
        yield element("ol", *entries, class_="causes")
    if diagnosis.windows or diagnosis.symptoms:
        yield element("h2", "On the song")
        yield element("div", strip(diagnosis), class_="wide")
    if diagnosis.symptoms:
        yield element("h2", "Seen and heard")
        yield from (_symptom(symptom, pictures) for symptom in diagnosis.symptoms)
    if diagnosis.curves:
        yield element("h2", "Over time")
        yield element("p", _LEGEND, class_="faint")
        yield from _plots(diagnosis)
    if diagnosis.figures:
        yield element("h2", "Every figure")
        yield element("div", _figures(diagnosis), class_="wide")
    if diagnosis.not_looked_at:
        yield element("h2", "Not looked at")
        yield element("ul", *(element("li", sentence) for sentence in diagnosis.not_looked_at))


def _cause(cause: Cause, *, is_first: bool) -> Markup:
    certainty = element("span", "backed by evidence", class_="tag shown") if cause.is_backed else _tag("possible")
    mend = cause.mend
    is_command = mend.startswith("python ")
    return element(
        "li",
        element("h3", cause.title, _tag(cause.layer), certainty),
        element("ul", *(element("li", sentence) for sentence in cause.evidence)),
        *([element("p", f"at {cause.where}", class_="faint")] if cause.where else []),
        element("div", element("b", "Mend"), element("code", mend) if is_command else mend, class_="mend"),
        class_="first" if is_first else None,
    )


def _tag(text: str) -> Markup:
    return element("span", text, class_="tag")


def _symptom(symptom: Symptom, pictures: tuple[ShownPlace, ...]) -> Markup:
    strength = _tag(f"{symptom.strength:.1f} × what is noticed")
    places = ", ".join(place(each) for each in symptom.stretches[:6])
    more = f" and {len(symptom.stretches) - 6} more" if len(symptom.stretches) > 6 else ""
    shown = [_place(each) for each in pictures if each.kind == symptom.kind and each.thumbnails]
    return element(
        "div",
        element("h3", NAMES[symptom.kind], strength),
        element("p", symptom.words),
        element("p", f"At {places}{more}.", class_="faint"),
        *([element("div", *shown, class_="pictures")] if shown else []),
        class_="symptom",
    )


def _place(shown: ShownPlace) -> Markup:
    figures = (
        element(
            "figure",
            element("img", src=each.data_uri, alt=f"{each.label}, {clock(each.seconds)}"),
            element("figcaption", f"{each.label}, {clock(each.seconds)}"),
            class_=each.label,
        )
        for each in shown.thumbnails
    )
    return element("div", element("p", place(shown.stretch)), element("div", *figures), class_="place")


def _plots(diagnosis: Diagnosis) -> Iterator[Markup]:
    cuts = [part.start_seconds for part in diagnosis.windows[1:]]
    for curve in diagnosis.curves:
        unit = [element("span", f", {curve.unit}")] if curve.unit else []
        # What ends early is no curve over time: a period, say, on an axis of its own.
        is_over_time = not curve.seconds or max(curve.seconds) > _LEAST_OF_VIDEO * diagnosis.duration_seconds
        drawn = plot(curve, cuts, diagnosis.duration_seconds) if is_over_time else plot(curve, (), max(curve.seconds))
        yield element("div", element("h3", curve.title, *unit), element("div", drawn, class_="wide"), class_="plot")


def _figures(diagnosis: Diagnosis) -> Markup:
    beyond = {name for symptom in diagnosis.symptoms for name in symptom.figures}
    heads = ("figure", "value", "limit", "what it is", "where the limit comes from")
    header = element("tr", *(element("th", head) for head in heads))
    return element("table", header, *(_figure(each, each.name in beyond) for each in diagnosis.figures))


def _figure(figure: Figure, is_beyond: bool) -> Markup:
    if figure.value is None:
        value = element("td", f"not measured: {figure.not_measured}")
    else:
        value = element("td", with_unit(figure.value, figure.unit), class_="value")
    return element(
        "tr",
        element("td", element("code", figure.name)),
        value,
        element("td", number(figure.threshold), class_="number"),
        element("td", figure.meaning),
        element("td", figure.source),
        class_="beyond" if is_beyond else None,
    )
