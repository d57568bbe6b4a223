"""The loop's guide is made from the same prepared picture as the initial render, not from the raw one."""

from __future__ import annotations

from ...graph import Graph
from ...handles import GraphError, Input, Node, Output
from ..migration import Migration, MigrationError, Options
from ..trace import hops, nodes_of, origin

GUIDES = {
    "LTXVAddLatentGuide": ("guiding_latent",),
    "LatentGuide": ("guide_latent",),
    "LTXVAddGuide": ("image",),
    "LTXVAddGuideAdvanced": ("image",),
}
"""Guide nodes and the input by which the picture, or its latent, comes."""


def _upgrade(graph: Graph, _options: Options) -> None:
    prepared = {origin(node.input("image")): node for node in nodes_of(graph, "LTXVPreprocess")}
    prepared.pop(None, None)
    for guide in nodes_of(graph, *GUIDES):
        for name in GUIDES[guide.type]:
            way, raw = _picture(guide.input(name))
            preprocess = prepared.get(raw)
            if preprocess is not None:
                _through(graph, way, preprocess)


def _picture(target: Input) -> tuple[tuple[Input, ...], Output | None]:
    """The way from a guide back to the picture: through its encoder where it is a latent."""
    way, source = hops(target)
    encoder = source.node if source is not None else None
    if encoder is not None and encoder.type in ("VAEEncode", "VAEEncodeTiled"):
        return hops(encoder.input("pixels"))
    return way, source


def _through(graph: Graph, way: tuple[Input, ...], preprocess: Node) -> None:
    """Rewires the last input of the way that can be: a Set that the preparation itself reads would make a circle."""
    for target in reversed(way):
        if target.level != preprocess.level:
            continue
        try:
            graph.connect(preprocess.output(0), target)
        except GraphError:
            continue
        return
    raise MigrationError(f"the guide's picture cannot be led through {preprocess}: it lies in another subgraph")


migration = Migration(
    name="loop_guide_preprocess_symmetry",
    summary="make the loop's guide from the prepared picture (LTXVPreprocess) that the initial render starts from",
    upgrade=_upgrade,
    revision=4,
)
