"""PurgeVRAM before the decoder, for sessions in which ComfyUI trips over models that are already gone."""

from __future__ import annotations

from ...editing.graph import Graph
from ...editing.places import place
from ...node_kinds import DECODERS, SAMPLERS
from ...reading.trace import nodes_of, origin, upstream
from ..migration import Migration, Options, removal

PURGE = "PurgeVRAM"


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    for node in nodes_of(graph, *DECODERS):
        target = node.input(DECODERS[node.type])
        link, source = target.link, origin(target)
        if link is None or source is None or source.node is None or source.node.type == PURGE:
            continue
        if not any(found.type in SAMPLERS for found in upstream(node, target.name)):
            continue
        purge = graph.add(PURGE, level=node.level, pos=place(node, 0, -80))
        graph.splice(link.id, purge)
    return ()


migration = Migration(
    name="purge_vram",
    summary="put PurgeVRAM between the sampled latent and each node that decodes it",
    upgrade=_upgrade,
    downgrade=removal(PURGE),
)
