"""Nodes that take the picture."""

from __future__ import annotations

import logging
from typing import Any

from comfy_api.latest import io

from ..loop_engine import shown_text
from .refusals import refuses

log = logging.getLogger(__name__)


class AudioLoopPicture(io.ComfyNode):
    """One picture, whatever the file holds."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="AudioLoopPicture",
            display_name="One Picture",
            category="Audio Loop/keyframes",
            search_aliases=["first frame", "single image", "animated image", "gif", "start picture"],
            description="Gives the first picture of what arrives, and says so if there are more. An animated WebP, GIF or APNG "
            "gives all its frames, which would start the video with a clip and guide every window with it. Leave this node out "
            "if a clip is meant.",
            inputs=[io.Image.Input("image", tooltip="From Load Image.")],
            outputs=[
                io.Image.Output("image", tooltip="One picture, a batch of one."),
                io.String.Output("report", tooltip="What was left out; empty if nothing was."),
            ],
        )

    @classmethod
    @refuses("AudioLoopPicture")
    def execute(cls, image: Any) -> io.NodeOutput:
        from ..video.one_picture import one_picture

        picture, report = one_picture(image)
        if report:
            log.warning("AudioLoopPicture: %s", report)
        return io.NodeOutput(picture, report, ui=shown_text.with_text(report))


NODES = [AudioLoopPicture]
