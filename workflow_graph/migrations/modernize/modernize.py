"""The whole of it, in order, and the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...document import Document
from ...editing.graph import Graph
from ...editing.handles import GraphError, Node
from ...frontend.loaded_view import BROWSER_ONLY
from ...packs import pack_in_file
from .. import chain
from ..chain import Outcome
from ..migration import Migration, Options
from ..steps import loop_cropguides_symmetry, sage_mode
from . import (
    broadcasts,
    helper_nodes,
    images,
    latents,
    loops,
    measuring,
    media,
    picture,
    planner,
    sinks,
    table,
    video,
    window,
)

_REPLACED = {
    **picture.REPLACED,
    **helper_nodes.REPLACED,
    **images.REPLACED,
    **latents.REPLACED,
    **loops.REPLACED,
    **media.REPLACED,
}

OUR_PACKS = frozenset({"comfy-core", "audio-loop"})


def modernize(document: Document) -> Outcome:
    """Brings a graph up to date and replaces other packs' nodes.

    Args:
        document: A UI document; unchanged.

    Returns:
        The new document; `remarks` says what could not be carried over.

    Raises:
        DocumentError: The document cannot be read.
    """
    return chain.migrate(document, MIGRATION)


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    return tuple(_all(graph))


def _all(graph: Graph) -> Iterator[str]:
    fed = {node for node in graph.nodes if any(output.links for output in node.outputs)}
    shown = sinks.fed(graph)
    yield from broadcasts.resolve(graph)
    yield from _crops(graph)
    yield from planner.provide(graph)
    for node in graph.nodes:
        yield from _one(graph, node)
    for node in graph.find(type="LTXVAudioVideoMask"):
        yield from _stays(graph, node, window.replace)
    yield from window.slices(graph)
    yield from measuring.replace(graph)
    yield from video.savers(graph)
    for kind in video.OTHER_DECODERS:
        for node in graph.find(type=kind):
            video.decode(graph, node)
    yield from sinks.remove(graph, shown)
    with graph.guard():
        _sweep(graph, fed)
    yield from _left(graph)


def _stays(graph: Graph, node: Node, work: Callable[[Graph, Node], Iterator[str]]) -> Iterator[str]:
    """Replaces one node; one that does not fit stays as it was and is named."""
    remarks: list[str] = []
    try:
        with graph.guard():
            remarks.extend(work(graph, node))
    except (GraphError, ValueError) as error:
        remarks = [f"{node} stays as it is: {error}"]
    yield from remarks


def _one(graph: Graph, node: Node) -> Iterator[str]:
    """Replaces or drops one node if its type alone says how; a node that does not fit stays and is named."""
    kind = node.type
    dropped = next((entry for entry in table.DROPPED if entry.type == kind), None)
    if dropped is not None:
        loss = dropped.loss(node)
        if loss:
            yield f"{node} is left out: {loss}"
        graph.remove(node, heal=True)
        return
    yield from _stays(graph, node, _replaced)


def _replaced(graph: Graph, node: Node) -> Iterator[str]:
    kind = node.type
    if kind in _REPLACED:
        yield from _REPLACED[kind](graph, node)
    elif kind == sage_mode.SWAP.old:
        kernel = str(node.widgets["sage_attention"])
        mode = table.SAGE_SWAP_MODES.get(kernel, sage_mode.MODES[0])
        if kernel not in (*table.SAGE_SWAP_MODES, "auto"):
            yield f"{node}: sage_attention {kernel!r} became mode {mode}, which picks the kernel for each call; set it there"
        sage_mode.SWAP.apply(graph, node).widgets["mode"] = mode
    else:
        swap = next((entry for entry in table.SWAPS if entry.old == kind), None)
        if swap is not None:
            swap.apply(graph, node)


def _crops(graph: Graph) -> Iterator[str]:
    if graph.find(type="LTXVCropGuidesNoLatent"):
        yield "the loop's guider reads conditioning with its guide positions again; without them windows end on the picture"
        loop_cropguides_symmetry.downgrade(graph)


def _sweep(graph: Graph, fed: set[Node]) -> None:
    """Removes what fed something before and feeds nothing now, and boundary inputs that nothing inside reads."""
    while True:
        idle = [node for node in graph.nodes if node in fed and not any(output.links for output in node.outputs)]
        idle = [node for node in idle if node.schema is not None and not node.schema.is_output]
        unread = [(level, slot) for level in graph.levels for slot in level.inputs if not slot.links]
        if not idle and not unread:
            return
        for node in idle:
            graph.remove(node)
        for level, slot in reversed(unread):
            graph.remove_input(level, slot.name)


def _left(graph: Graph) -> Iterator[str]:
    for node in graph.nodes:
        if node.type in BROWSER_ONLY or node.definition is not None:
            continue
        pack = node.schema.pack if node.schema is not None else pack_in_file(node.raw.get("properties"))
        if pack not in OUR_PACKS or node.schema is None:
            yield f"{node} of {pack or 'an unknown pack'} could not be carried over ({node.type}); the graph needs that pack"


MIGRATION = Migration(
    name="modernize",
    summary="replace other packs' nodes by those of ComfyUI and Audio Loop",
    upgrade=_upgrade,
)
