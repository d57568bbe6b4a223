"""The canvas as people meet it: a few nodes to set, *Render song*, and what comes out; inside it the chapters of the story.

The flat graph of a workflow stays what its Python says; here is said which of its nodes belong to which chapter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..document import Document
from ..folding.fold import Chapter, Setting, fold
from ..layout import Box
from ..links import NodeId
from ..view import definitions
from .stand import Columns, stand, stand_at

RENDER, MODELS, SONG, PROMPTS, FIRST, LOOP = 2400, 2401, 2402, 2403, 2404, 2405
JOIN = 1605


@dataclass(frozen=True)
class Part:
    """A chapter and where its nodes stand inside, column by column."""

    chapter: Chapter
    columns: Columns


def _part(node_id: int, name: str, columns: Columns, settings: Sequence[Setting], names: dict[tuple[NodeId, int], str]) -> Part:
    return Part(Chapter(name, [node for column in columns for node in column], settings, names, node_id), columns)


PARTS = (
    _part(
        MODELS,
        "Models",
        [[414, 2014], [416, 1538], [268, 154, 1421], [2102]],
        [
            Setting("checkpoint", [(414, "ckpt_name"), (416, "ckpt_name"), (1538, "ckpt_name")]),
            Setting("distilled_lora", [(2014, "lora_name")]),
            Setting("text_encoder", [(416, "text_encoder")]),
        ],
        {(268, 0): "model", (416, 0): "clip", (414, 2): "video_vae", (1538, 0): "audio_vae", (154, 0): "sampler"},
    ),
    _part(
        SONG,
        "Song and plan",
        [[567, 526, 688, 2013, 1527], [1560], [568, 2009, 2203, 2204], [1563], [2103]],
        [Setting("seed", [(1527, "value")]), Setting("overlap_seconds", [(2013, "value")])],
        {
            **{(565, 0): "song", (1559, 0): "prompts", (567, 0): "audio", (526, 0): "fps", (2009, 0): "audio_latent"},
            **{
                (688, 0): "window_seconds",
                (2013, 0): "overlap",
                (1527, 0): "base_seed",
                (2203, 0): "keep",
                (2204, 0): "run_name",
            },
        },
    ),
    _part(
        PROMPTS,
        "Prompts and guidance",
        [[1558, 507], [169], [164], [508], [2104]],
        [],
        {(508, 0): "model_guided", (1558, 0): "conditioning_list"},
    ),
    _part(
        FIRST,
        "First window",
        [[1634, 447, 445], [446, 1617], [344, 531, 601], [571, 570, 350, 1322], [153, 161], [245, 1606, 2201]],
        [Setting("width", [(1634, "width")]), Setting("height", [(1634, "height")])],
        {(444, 0): "picture", (1617, 0): "guide_latent", (2201, 0): "first_window"},
    ),
    _part(
        LOOP,
        "Loop: once per window",
        [[1539, 1269], [1582, 1616, 2012], [843], [2202], [1540]],
        [Setting("picture_guide_strength", [(1269, "value")])],
        {(1540, 0): "all_iterations"},
    ),
)
OUTER = Chapter(
    "Render song",
    [*(part.chapter.node_id for part in PARTS if part.chapter.node_id is not None), JOIN],
    [
        Setting("width", [(FIRST, "width")]),
        Setting("height", [(FIRST, "height")]),
        Setting("seed", [(SONG, "seed")]),
        Setting("picture_guide_strength", [(LOOP, "picture_guide_strength")]),
        Setting("overlap_seconds", [(SONG, "overlap_seconds")]),
        Setting("checkpoint", [(MODELS, "checkpoint")]),
        Setting("distilled_lora", [(MODELS, "distilled_lora")]),
        Setting("text_encoder", [(MODELS, "text_encoder")]),
    ],
    {(444, 0): "picture", (565, 0): "song", (1559, 0): "prompts", (JOIN, 0): "latent"},
    RENDER,
)
FRONT: dict[int, Box] = {
    2101: Box(0, 0, 480, 560),
    444: Box(540, 0, 360, 380),
    565: Box(540, 460, 360, 140),
    1559: Box(0, 680, 900, 500),
    RENDER: Box(960, 0, 330, 420),
    1564: Box(1350, 0, 520, 320),
    1604: Box(1350, 404, 520, 620),
}
"""Where the nodes of the front stand, in pixels."""


def folded(flat: Document) -> Document:
    """The workflow with its chapters as subgraphs inside *Render song*.

    Args:
        flat: The default, or a workflow of the same nodes; unchanged.

    Raises:
        DocumentError: It has not the nodes of the default.
    """
    document = {**flat, "groups": []}
    for part in PARTS:
        document = fold(document, part.chapter)
    document = fold(document, OUTER)
    inner = {raw["name"]: raw for _, raw in definitions(document)}
    for part in PARTS:
        stand(inner[part.chapter.name], part.columns)
    stand(inner[OUTER.name], [[node] for node in OUTER.nodes])
    stand_at(document, FRONT)
    return document
