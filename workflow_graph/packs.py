"""Which node pack a file says that a node comes from."""

from __future__ import annotations

from collections.abc import Mapping


def pack_in_file(properties: object) -> str | None:
    """The pack in a node's properties: its name in the registry (`cnr_id`), else its repository (`aux_id`), else None."""
    if not isinstance(properties, Mapping):
        return None
    name = properties.get("cnr_id") or properties.get("aux_id")
    return name if isinstance(name, str) and name else None
