"""Every node type is known."""

from __future__ import annotations

from collections.abc import Iterator

from ...frontend.loaded_view import BROWSER_ONLY
from ...node_format import is_subgraph_id
from ...packs import pack_in_file
from ...view import NodeView
from ..rule import ERR, WARN, Finding, rule
from ..subject import Subject

_ORIGINAL = "audioloophelper"
"""Pack of the nodes that only older graphs have."""


@rule(
    severity=WARN,
    summary="every node type is known to ComfyUI, Audio Loop or the packs that classic graphs use",
    seen="a red node, and a render that does not start, if its pack is not installed",
    why="what such a node does cannot be looked at, so other rules may miss something around it",
    mend="install its pack, or python scripts/modernize_workflow.py FILE -o NEW",
    by_hand="install its pack",
    needs_flow=False,
)
def missing_nodes(subject: Subject) -> Iterator[Finding]:
    """Looks for node types that no snapshot knows, and for those of the pack that Audio Loop replaces."""
    for level in subject.view.levels():
        for node in level.nodes.values():
            if node.type in BROWSER_ONLY or subject.view.is_instance(node):
                continue
            schema = subject.schemas.get(node.type)
            if schema is None and is_subgraph_id(node.type):
                yield Finding(
                    f"node {node.id} ({node.title or 'a subgraph'})",
                    f"stands for the subgraph {node.type}, which the file does not hold",
                    severity=ERR,
                    seen="a red node, and a render that does not start",
                    why="what a subgraph holds is saved in the file, in 'definitions', and there it is missing",
                    mend="take an earlier copy of the file; what stood in the subgraph is in no other place",
                )
            elif schema is None:
                yield Finding(f"node {node.id} ({node.type})", f"unknown node type{_pack(node)}")
            elif schema.pack == _ORIGINAL:
                yield Finding(
                    f"node {node.id} ({node.type})",
                    "comes from ComfyUI-AudioLoopHelper; Audio Loop does its work otherwise",
                )


def _pack(node: NodeView) -> str:
    name = pack_in_file(node.properties)
    return f", from {name}" if name else ""
