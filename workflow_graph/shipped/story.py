"""The canvas as people meet it: a few nodes to set, *Render song*, and what comes out; inside it the chapters of the story.

The flat graph of a workflow stays what its Python says. Here is said which of its nodes belong to which chapter; a variant
says only what it adds or leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..document import Document
from ..folding.fold import Chapter, OpenInput, Setting, fold
from ..layout import Box, Point
from ..links import NodeId
from ..view import definitions
from . import notes
from .columns import Columns, put_below, put_right_of, take_out
from .stand import bend, stand, stand_at
from .video import DOCTOR

RENDER, MODELS, SONG, PROMPTS, FIRST, LOOP = 2400, 2401, 2402, 2403, 2404, 2405
JOIN = 1605
BEFORE_SETTING = "checkpoint"
"""Settings of a variant stand in front of this one: names of files are the last that people set."""

Names = Mapping[tuple[NodeId, int], str]


@dataclass(frozen=True)
class Part:
    """A chapter, the node that stands for it, and where its nodes stand inside, column by column."""

    chapter: Chapter
    node_id: int
    columns: Columns

    def changed(
        self,
        columns: Columns,
        settings: Sequence[Setting] = (),
        names: Names | None = None,
        before: str = BEFORE_SETTING,
    ) -> Part:
        """The chapter with other nodes, and further settings, in front of that called `before`, and names."""
        nodes = [node for column in columns for node in column]
        own = list(self.chapter.settings)
        place = next((at for at, each in enumerate(own) if each.name == before), len(own))
        merged = [*own[:place], *settings, *own[place:]]
        chapter = replace(self.chapter, nodes=nodes, settings=merged, names={**self.chapter.names, **(names or {})})
        return Part(chapter, self.node_id, columns)


@dataclass(frozen=True)
class Story:
    """How a workflow is told.

    Attributes:
        parts: Its chapters, those inside before those around them.
        front: Where the nodes of the front stand, in pixels.
        own: Nodes of the front that only this workflow has; they have a colour of their own.
        bends: Points that links of the front go through, by the nodes that they join.
    """

    parts: Sequence[Part]
    front: Mapping[int, Box]
    own: frozenset[int] = frozenset()
    bends: Mapping[tuple[int, int], Sequence[Point]] = field(default_factory=dict)

    def having(
        self,
        *node_ids: int,
        below: int,
        settings: Sequence[Setting] = (),
        names: Names | None = None,
        beside: bool = False,
        before: str = BEFORE_SETTING,
    ) -> Story:
        """The story with further nodes in a chapter, be they on the front so far.

        Args:
            *node_ids: Of the nodes.
            below: The node in whose column they stand, under it.
            settings: Widgets of theirs that stand on the chapter's node and on those around it.
            names: What inputs and outputs of the chapter are called.
            beside: Whether they are a column of their own, right of that node's.
            before: Name of the setting that theirs stand in front of.
        """
        put = put_right_of if beside else put_below
        inside = self._changed(below, lambda columns: put(columns, below, node_ids), settings, names, before)
        return inside.off_front(*node_ids)

    def with_chapter(self, added: Part, beside: int) -> Story:
        """The story with a further chapter, inside that of the node `beside`, in a column right of it."""
        around = next(each for each in self.parts if any(beside in column for column in each.columns))
        place = list(self.parts).index(around)
        wider = around.changed(put_right_of(around.columns, beside, [added.node_id]))
        return replace(self, parts=[*self.parts[:place], added, wider, *self.parts[place + 1 :]])

    def without(self, node_id: int) -> Story:
        """The story without a node that a variant does not have."""
        return self._changed(node_id, lambda columns: take_out(columns, node_id))

    def setting(self, name: str, node_id: int, widget: str, before: str = BEFORE_SETTING) -> Story:
        """The story with a widget of a node in a chapter among the settings, in front of that called `before`."""
        return self._changed(node_id, _unchanged, [Setting(name, [(node_id, widget)])], before=before)

    def naming(self, node_id: int, names: Names) -> Story:
        """The story with other names for the inputs and outputs of the chapter of a node."""
        return self._changed(node_id, _unchanged, (), names)

    def on_front(self, boxes: Mapping[int, Box], *, own: bool = False) -> Story:
        """The story with further nodes on the front, or with other places for those there; `own` ones get their colour."""
        return replace(self, front={**self.front, **boxes}, own=self.own | frozenset(boxes if own else ()))

    def off_front(self, *node_ids: int) -> Story:
        """The story whose front does not have these nodes."""
        return replace(self, front={node_id: box for node_id, box in self.front.items() if node_id not in node_ids})

    def with_front_chapter(self, added: Part, box: Box) -> Story:
        """The story with nodes of the front in a chapter that stands there in their place."""
        gone = self.off_front(*(node_id for column in added.columns for node_id in column))
        return replace(gone, parts=[*self.parts, added], front={**gone.front, added.node_id: box})

    def bent(self, ends: tuple[int, int], points: Sequence[Point]) -> Story:
        """The story with a link of the front led through points, around what lies between its two nodes."""
        return replace(self, bends={**self.bends, ends: points})

    def _changed(
        self,
        node_id: int,
        change: Callable[[Columns], Columns],
        settings: Sequence[Setting] = (),
        names: Names | None = None,
        before: str = BEFORE_SETTING,
    ) -> Story:
        parts = []
        at, edited, shown, named = node_id, change, settings, names
        for part in self.parts:
            if any(at in column for column in part.columns):
                parts.append(part.changed(edited(part.columns), shown, named, before))
                # On the node around it the setting is that of the node just made.
                at, edited, named = part.node_id, _unchanged, None
                shown = [Setting(each.name, [(at, each.name)]) for each in shown]
            else:
                parts.append(part)
        return replace(self, parts=parts)


def _unchanged(columns: Columns) -> Columns:
    return columns


def part(
    node_id: int,
    name: str,
    columns: Columns,
    settings: Sequence[Setting] = (),
    names: Names | None = None,
    sockets: Sequence[OpenInput] = (),
) -> Part:
    """A chapter of these nodes; see `Chapter`."""
    nodes = [node for column in columns for node in column]
    return Part(Chapter(name, nodes, settings, names or {}, node_id, sockets), node_id, columns)


def told(flat: Document, story: Story) -> Document:
    """The workflow with its chapters as subgraphs.

    Args:
        flat: Unchanged.
        story: Of its nodes.

    Raises:
        DocumentError: It has not the nodes of the story.
    """
    document = {**flat, "groups": []}
    for each in story.parts:
        document = fold(document, each.chapter)
    inner = {raw["name"]: raw for _, raw in definitions(document)}
    for each in story.parts:
        stand(inner[each.chapter.name], each.columns)
    stand_at(document, story.front)
    for (origin, target), points in story.bends.items():
        bend(document, origin, target, points)
    for node in document["nodes"]:
        if node["id"] in story.own:
            node["color"], node["bgcolor"] = notes.OWN_COLOR, notes.OWN_BACKGROUND
    return document


MODELS_PART = part(
    MODELS,
    "Models",
    [[414, 2014], [416, 1538], [268, 154, 1421], [2102]],
    [
        Setting("checkpoint", [(414, "ckpt_name"), (416, "ckpt_name"), (1538, "ckpt_name")]),
        Setting("distilled_lora", [(2014, "lora_name")]),
        Setting("distilled_lora_strength", [(2014, "strength_model")]),
        Setting("text_encoder", [(416, "text_encoder")]),
    ],
    {(268, 0): "model", (416, 0): "clip", (414, 2): "video_vae", (1538, 0): "audio_vae", (154, 0): "sampler"},
)

DRIVING_AUDIO = "driving_audio"
DRIVEN_SONG, DRIVEN = (OpenInput(DRIVING_AUDIO, node, DRIVING_AUDIO) for node in (2009, SONG))
"""A vocal stem may be wired to the front, through the chapter of the song, to what encodes it."""

_CHAPTERS = (
    MODELS_PART,
    part(
        SONG,
        "Song and plan",
        [[567, 526, 688, 2013, 1527], [1560], [2009, 2203, 2204], [1563], [2103]],
        [
            Setting("seed", [(1527, "value")]),
            Setting("window_seconds", [(688, "value")]),
            Setting("overlap_seconds", [(2013, "value")]),
        ],
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
        [DRIVEN_SONG],
    ),
    part(
        PROMPTS,
        "Prompts and guidance",
        [[1558, 507], [169], [164], [508], [2104]],
        [],
        {(508, 0): "model_guided", (1558, 0): "conditioning_list"},
    ),
    part(
        FIRST,
        "First window",
        [[1634, 447, 445], [446, 1617], [344, 531, 601], [571, 570, 350, 1322], [153, 161], [245, 1606, 2201]],
        [Setting("width", [(1634, "width")]), Setting("height", [(1634, "height")])],
        {(444, 0): "picture", (1617, 0): "guide_latent", (2201, 0): "first_window"},
    ),
    part(
        LOOP,
        "Loop: once per window",
        [[1539, 1269], [1582, 1616, 2012], [843], [2202], [1540]],
        [Setting("picture_guide_strength", [(1269, "value")])],
        {(1540, 0): "all_iterations"},
    ),
)
_RENDER = part(
    RENDER,
    "Render song",
    [*([each.node_id] for each in _CHAPTERS), [JOIN]],
    [
        Setting("width", [(FIRST, "width")]),
        Setting("height", [(FIRST, "height")]),
        Setting("seed", [(SONG, "seed")]),
        Setting("picture_guide_strength", [(LOOP, "picture_guide_strength")]),
        Setting("window_seconds", [(SONG, "window_seconds")]),
        Setting("overlap_seconds", [(SONG, "overlap_seconds")]),
        Setting("checkpoint", [(MODELS, "checkpoint")]),
        Setting("distilled_lora", [(MODELS, "distilled_lora")]),
        Setting("distilled_lora_strength", [(MODELS, "distilled_lora_strength")]),
        Setting("text_encoder", [(MODELS, "text_encoder")]),
    ],
    {(444, 0): "picture", (565, 0): "song", (1559, 0): "prompts", (JOIN, 0): "latent"},
    [DRIVEN],
)

DEFAULT = Story(
    (*_CHAPTERS, _RENDER),
    {
        2101: Box(0, 0, 380, 440),
        444: Box(430, 0, 350, 280),
        565: Box(430, 400, 350, 130),
        1559: Box(0, 610, 780, 550),
        RENDER: Box(840, 0, 330, 440),
        1564: Box(1230, 0, 390, 250),
        1604: Box(1230, 330, 390, 400),
        DOCTOR: Box(1665, 330, 260, 130),
    },
)

WITH_ABOUT = DEFAULT.on_front({2105: Box(840, 655, 330, 410)}, own=True)
"""With a note that says what the variant is for."""
