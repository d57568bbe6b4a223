"""The loop's pictures are made from the same prepared picture as the initial render, not from the raw one."""

from __future__ import annotations

from collections.abc import Iterator

from ...editing.graph import Graph
from ...editing.handles import GraphError, Input, Node, Output
from ...editing.places import place
from ...node_kinds import GUIDES, LOOP_OPENS, PICTURES, PREPROCESS, SAMPLERS, STARTS
from ...reading.trace import depends_on, feeding, has_input, hops, nodes_of, origin, runs, upstream
from ...reading.walk import walk
from ..migration import Migration, Options

_FOLLOWED = frozenset({"IMAGE", "LATENT", "*", "COMFY_MATCHTYPE_V3"})
_ENDS = SAMPLERS | LOOP_OPENS


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    model = _of_initial_render(graph)
    if model is None:
        return ()
    return tuple(
        remark
        for node in nodes_of(graph, *GUIDES, *STARTS)
        if depends_on(node, LOOP_OPENS)
        for name in [{**GUIDES, **STARTS}[node.type]]
        if has_input(node, name)
        for entry in list(_bare_entries(node.input(name)))
        for remark in _prepare(graph, entry, model)
    )


def _of_initial_render(graph: Graph) -> Node | None:
    """The LTXVPreprocess through which the initial render's first frame goes."""
    for start in nodes_of(graph, *STARTS):
        if not depends_on(start, LOOP_OPENS) and has_input(start, STARTS[start.type]):
            found = next((node for node in upstream(start, STARTS[start.type]) if node.type == PREPROCESS), None)
            if found is not None:
                return found
    return None


def _bare_entries(target: Input) -> Iterator[Input]:
    """The inputs at which pictures enter on the way to `target`, as far as a loaded picture comes unprepared there."""

    def before(slot: Input) -> Iterator[Input]:
        node = feeding(slot) if slot.type != "IMAGE" else None
        if node is not None and node.type not in _ENDS and runs(node):
            yield from (inner for inner in node.inputs if inner.type in _FOLLOWED and inner.link is not None)

    return (slot for slot in walk([target], before) if slot.type == "IMAGE" and _is_bare(slot))


def _carries_pictures(slot: Input) -> bool:
    return not _FOLLOWED.isdisjoint(slot.type.split(",")) if isinstance(slot.type, str) else False


def _is_bare(entry: Input) -> bool:
    def before(slot: Input) -> Iterator[Input]:
        node = feeding(slot)
        if node is not None and node.type != PREPROCESS and node.type not in _ENDS:
            yield from filter(_carries_pictures, node.inputs)

    return any(node is not None and node.type in PICTURES for node in map(feeding, walk([entry], before)))


def _prepare(graph: Graph, entry: Input, model: Node) -> Iterator[str]:
    """Leads an entry through the preparation of the same picture, or through one of its own with the same strength."""
    way, raw = hops(entry)
    ready = next((node for node in nodes_of(graph, PREPROCESS) if raw is not None and origin(node.input("image")) == raw), None)
    if ready is not None and _through(graph, way, ready.output(0)):
        return
    source = entry.source
    if source is None or entry.node is None:
        return
    values = {"img_compression": model.widgets["img_compression"]}
    own = graph.add(PREPROCESS, level=entry.level, pos=place(entry.node, -300.0, 0.0), widgets=values)
    graph.connect(source, own.input("image"))
    graph.connect(own.output(0), entry)
    yield f"{entry.node} gets its picture through a new {own}, as strong as {model} of the initial render"


def _through(graph: Graph, way: tuple[Input, ...], prepared: Output) -> bool:
    """Rewires the last input of the way that can be: a Set that the preparation itself reads would make a circle."""
    for target in reversed(way):
        if target.level != prepared.level:
            continue
        try:
            graph.connect(prepared, target)
        except GraphError:
            continue
        return True
    return False


migration = Migration(
    name="loop_guide_preprocess_symmetry",
    summary="make the loop's guide from the prepared picture (LTXVPreprocess) that the initial render starts from",
    upgrade=_upgrade,
    revision=4,
)
