"""Numbers and names that saved nodes are written with."""

from __future__ import annotations

import re

ALWAYS, MUTED, BYPASSED = 0, 2, 4
"""Modes: a node runs; it and what needs it do not; its inputs pass to outputs of the same type."""

IDLE = frozenset({MUTED, BYPASSED})
"""Modes of nodes that do not run; a node of any other mode does."""

LIST_SHAPE, OPTIONAL_SHAPE = 6, 7
"""Shapes of slots: an output that gives a list, an input that need not be given."""

ROLE = "audio_loop.role"
"""The node property that says what a node is for; rules and migrations find nodes by it."""

_SUBGRAPH_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_subgraph_id(node_type: str) -> bool:
    """Whether a node's type is the id of a subgraph definition, as the frontend makes them, and no class name."""
    return _SUBGRAPH_ID.fullmatch(node_type) is not None
