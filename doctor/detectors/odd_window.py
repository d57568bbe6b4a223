"""One window that differs from both its neighbours, while these are like each other: made with mixed prompts."""

from __future__ import annotations

from ..case import Case
from ..seen import Figure, Seen, Stretch, Symptom
from ..signals.window_looks import FEWEST_WINDOWS, odd_windows

_SOURCE = (
    "1 is what a viewer tells from window to window, if it comes and goes at the window's joins and the windows on both sides "
    "differ by less than two thirds of it: 3 % of luma, 1.2 % of colour or a quarter of detail; or a pace that even in calm "
    "moments is a quarter faster than the lively moments of all other windows"
)


def look(case: Case) -> Seen:
    """Looks for the window that is least like its neighbours."""
    windows = len(case.windows_px())
    if case.plan is None or windows < FEWEST_WINDOWS:
        known = f"{windows} windows; among fewer than {FEWEST_WINDOWS} none is odd"
        return Seen((_figure(None, "it is not known where the windows lie" if case.plan is None else known),))
    oddness, by = odd_windows(case)
    window = int(oddness.argmax())
    figure = _figure(float(oddness[window]))
    if oddness[window] < 1:
        return Seen((figure,))
    start, stop = case.windows_px()[window]
    fps = float(case.video.fps)
    words = (
        f"Window {window}, {start / fps:.2f} to {stop / fps:.2f} s, differs from both its neighbours by "
        f"{oddness[window]:.1f} times what is told, most in {by[window]}; the neighbours are alike."
    )
    stretch = Stretch(start / fps, stop / fps, window)
    symptom = Symptom("odd_window", float(oddness[window]), words, (stretch,), (figure.name,), (("window", float(window)),))
    return Seen((figure,), (symptom,))


def _figure(value: float | None, why: str = "") -> Figure:
    meaning = (
        "Difference of the oddest window to the nearer of its neighbours, in light, colour, detail, motion or structure, "
        "where these are like each other; the first and the last window have one neighbour and are not judged."
    )
    return Figure("window_oddness", value, "times what is told", 1.0, _SOURCE, meaning, why)
