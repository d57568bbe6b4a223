"""What goes wrong with whole windows: visible_cut, odd_window, black_window.

Strength 1 of visible_cut, at one join or at all of them:
- brightness: a step of 2.5 % of the light (Weber's fraction for luminance is near 2 % in a still field).
- colour: a chroma step of 0.015 of full scale, about a CIE dE of 4 (2.3 is just noticed side by side, Mahy et al. 1994).
- position: the picture jumps by 1 % of its width, a third of a degree at three picture heights; a few arc minutes are seen.
- identity: the person is by a third of the way another one (0.33; halfway is what morphed faces are told apart by, Beale and
  Keil 1995), only with a person.
- motion: the camera moves on by 4 % of the width a second differently, several times the speed that is told from none.
Strength 1 of odd_window:
- blend: a quarter of the light is from another scene.
- texture: fine detail is half as strong again, with 7 % other contrast, 5 % other light and another tint.
- motion: everything moves 2.5 times as fast. A tenth is told in the laboratory (McKee 1981), but what sways in a scene
  doubles its speed by itself.
A black_window cannot be missed: it is whole at any strength.
"""

from __future__ import annotations

import numpy as np

from ..takes import Take
from ..values import Defect, Injected

CUT_WAYS = ("brightness", "colour", "position", "identity", "motion", "splice")
ODD_WAYS = ("blend", "texture", "motion")
SPLICE = "splice"
"""A way of visible_cut too: from the join on it is another place, and no schedule says so. At any strength."""
BLACK_WAYS = ("black", "flat", "garbage")


def visible_cut(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    joins = take.joins
    # What follows the cut must last long enough to be seen.
    last = joins.windows if joins.edges[-1] - joins.edges[-2] > joins.fps else joins.windows - 1
    everywhere = defect.window is None and defect.way not in ("identity", SPLICE) and random.random() < 0.4
    windows = range(1, last) if everywhere else (defect.window or int(random.integers(1, last)),)
    shots, width = take.shots, take.scenes[0].width
    sign = random.choice([-1.0, 1.0])
    offset, angle = 0.0, random.uniform(0, 2 * np.pi)
    for window in windows:
        start = joins.edges[window]
        behind = np.arange(joins.frames) >= start
        step = sign * defect.strength * random.uniform(1.0, 1.2)
        offset += step
        # Back and forth: steps that add up would be a drift.
        sign = -np.sign(offset) if everywhere else sign
        if defect.way == "brightness":
            shots["gain"][behind] = 1 + 0.025 * offset
        elif defect.way == "colour":
            shots["blue"][behind], shots["red"][behind] = 0.015 * offset * np.cos(angle), 0.015 * offset * np.sin(angle)
        elif defect.way == "position":
            shots["pan_x"][behind] += 0.01 * width * step
        elif defect.way == SPLICE:
            shots["mix"][behind] = 1.0
        elif defect.way == "identity":
            shots["identity"][behind] = min(1.0, 0.33 * abs(offset))
        else:
            past = np.where(behind, (np.arange(joins.frames) - start) / float(joins.fps), 0.0)
            shots["pan_x"] += 0.04 * width * past * step
    moments = tuple((float(joins.edges[each] / joins.fps), float((joins.edges[each] + 1) / joins.fps)) for each in windows)
    return Injected(defect.kind, defect.strength, defect.way, moments, tuple(windows))


def odd_window(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    joins, shots = take.joins, take.shots
    window = defect.window or int(random.integers(1, joins.windows - 1))
    start, stop = joins.edges[window], joins.edges[window + 1]
    frame = np.arange(joins.frames)
    fade = float(random.choice([1, 4, 9]))
    share = np.clip((frame - start + 1) / fade, 0, 1) * np.clip((stop - frame) / fade, 0, 1)
    if defect.way == "blend":
        shots["mix"] = np.maximum(shots["mix"], share * min(0.75, 0.25 * defect.strength))
    elif defect.way == "texture":
        sign = random.choice([-1, 1])
        shots["sharpen"] = shots["sharpen"] + share * 0.5 * defect.strength
        shots["contrast"] *= 1 + sign * share * 0.07 * defect.strength
        shots["gain"] *= 1 - sign * share * 0.05 * defect.strength
        shots["blue"] += share * 0.015 * defect.strength * random.choice([-1, 1])
    else:
        faster = 1.5 * defect.strength
        seconds = np.diff(shots["seconds"], prepend=shots["seconds"][0])
        shots["seconds"] = shots["seconds"][0] + np.cumsum(seconds * (1 + faster * share))
    return Injected(defect.kind, defect.strength, defect.way, (joins.seconds(window),), (window,))


def black_window(take: Take, defect: Defect, random: np.random.Generator) -> Injected:
    joins = take.joins
    window = int(random.integers(0, joins.windows - 1)) if defect.window is None else defect.window
    frames = slice(joins.edges[window], joins.edges[window + 1])
    take.shots["ruin"][frames] = 1 + BLACK_WAYS.index(defect.way)
    return Injected(defect.kind, defect.strength, defect.way, (joins.seconds(window),), (window,))
