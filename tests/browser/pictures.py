"""Pictures of the page, small enough for the documentation.

`AUDIO_LOOP_TEST_PICTURES=docs/img` keeps them there; otherwise each test has a folder of its own that is thrown away. Those of
the newest frontend with Nodes 2.0 have plain names, because the documentation shows them; the others say what they are of.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

KEPT = os.environ.get("AUDIO_LOOP_TEST_PICTURES")
DOCUMENTED = "newest nodes2"
SCALE = 2 if KEPT else 1
"""Pixels for a point of the screen: text stays legible at the canvas' usual zoom."""

MARGIN_PX = 16
COLOURS = 256
LARGEST_BYTES = 250_000
MOVE_DOWN = """(px) => {
    const { ds } = window.app.canvas;
    ds.offset[1] += px / ds.scale;
    window.app.canvas.setDirty(true, true);
}"""
FREE_FROM_PX = 205
# On the screen, around all nodes of the level that is shown.
FRAME = """() => {
    const { ds, canvas, graph } = window.app.canvas, { left, top } = canvas.getBoundingClientRect();
    const edges = graph.nodes.map(({ boundingRect: [x, y, width, height] }) => [x, y, x + width, y + height]);
    const side = (index, pick, start) => start + (pick(...edges.map((each) => each[index])) + ds.offset[index % 2]) * ds.scale;
    const [x, y] = [side(0, Math.min, left), side(1, Math.min, top)];
    return { x, y, width: side(2, Math.max, left) - x, height: side(3, Math.max, top) - y };
}"""


@dataclass(frozen=True)
class Pictures:
    """Keeps pictures of one page.

    Attributes:
        page: Playwright's.
        folder: Where they go.
        suffix: Behind every name.
    """

    page: Any
    folder: Path
    suffix: str

    @classmethod
    def of(cls, page: Any, combination: str, folder: Path) -> Pictures:
        """Into the folder of `AUDIO_LOOP_TEST_PICTURES`, else into this one."""
        suffix = "" if combination == DOCUMENTED else f"_{combination.replace(' ', '_')}"
        return cls(page, Path(KEPT) if KEPT else folder, suffix)

    def of_nodes(self, name: str) -> Path:
        """All nodes that are shown, moved below what ComfyUI lays over its canvas."""
        minimap = self.page.get_by_role("button", name="Hide Minimap")
        if minimap.count():
            minimap.click()
        self.page.evaluate(MOVE_DOWN, FREE_FROM_PX - self.page.evaluate(FRAME)["y"])
        self.page.wait_for_timeout(200)
        return self.of_place(name, self.page.evaluate(FRAME))

    def of_element(self, name: str, locator: Any) -> Path:
        """One element of the page."""
        return self.of_place(name, locator.bounding_box())

    def of_place(self, name: str, box: dict[str, float]) -> Path:
        """A part of the page with a margin: x, y, width and height in its points."""
        size = self.page.viewport_size
        left, top = max(0, box["x"] - MARGIN_PX), max(0, box["y"] - MARGIN_PX)
        right = min(size["width"], box["x"] + box["width"] + MARGIN_PX)
        bottom = min(size["height"], box["y"] + box["height"] + MARGIN_PX)
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        return self._keep(name, self.page.screenshot(clip=clip))

    def of_file(self, name: str, url: str) -> Path:
        """A picture that the page shows, as the server gives it."""
        return self._keep(name, self.page.request.get(url).body())

    def _keep(self, name: str, data: bytes) -> Path:
        image = Image.open(io.BytesIO(data)).convert("RGB")
        path = self.folder / f"{name}{self.suffix}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        assert path.stat().st_size < LARGEST_BYTES, f"{path} takes {path.stat().st_size} bytes"
        return path
