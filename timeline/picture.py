"""The windows of a plan over its song, as a picture."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from ..loop_control.plan import LoopPlan
from ..loop_control.rates import clock_text

WIDTH_PX = 1024
MARGIN_PX = 12
ROW_PX = 34
GAP_PX = 10
FONT_PX = 20
MOST_ROWS = 40
"""Windows that get a row each; a longer song is drawn with as many, evenly chosen."""

BACKGROUND, SHARED, FRESH, TEXT, SONG = "#1d1f24", "#4a5568", "#4fa3ff", "#d8dde6", "#ffb454"


def timeline_image(plan: LoopPlan) -> torch.Tensor:
    """Draws one bar per window: what it shares with its neighbours, what it adds, and where the song ends.

    Returns:
        An IMAGE (1, H, W, 3) of float32 in 0..1.
    """
    windows = plan.windows
    step = -(-len(windows) // MOST_ROWS)
    shown = windows[::step]
    height = MARGIN_PX * 2 + ROW_PX * (len(shown) + 1)
    picture = Image.new("RGB", (WIDTH_PX, height), BACKGROUND)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(FONT_PX)
    scale = (WIDTH_PX - 2 * MARGIN_PX) / max(plan.frames_made, 1)

    def x(px: float) -> float:
        return MARGIN_PX + px * scale

    for row, window in enumerate(shown):
        top = MARGIN_PX + row * ROW_PX
        bottom = top + ROW_PX - GAP_PX
        stop_px = window.window_start_px + window.window_px
        draw.rectangle((x(window.window_start_px), top, x(stop_px), bottom), fill=SHARED)
        draw.rectangle((x(window.new_start_px), top, x(window.new_stop_px), bottom), fill=FRESH)
        label = f"{window.index}  {clock_text(window.new_start_px / plan.fps)}"
        wide = draw.textlength(label, font=font)
        behind, before = x(stop_px) + GAP_PX, x(window.window_start_px) - GAP_PX - wide
        if behind + wide <= WIDTH_PX - MARGIN_PX:
            left, colour = behind, TEXT
        elif before >= 0:
            left, colour = before, TEXT
        else:
            left, colour = x(window.new_start_px) + GAP_PX, BACKGROUND
        draw.text((left, top), label, fill=colour, font=font)
    song_end = min(x(float(plan.duration * plan.fps)), WIDTH_PX - 1)
    draw.line((song_end, 0, song_end, height), fill=SONG, width=2)
    caption = f"song ends {clock_text(plan.duration)}"
    draw.text((max(0, song_end - draw.textlength(caption, font=font) - GAP_PX), height - ROW_PX), caption, fill=SONG, font=font)
    return torch.from_numpy(np.asarray(picture, dtype=np.float32) / 255.0).unsqueeze(0)
