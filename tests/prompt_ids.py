"""API prompts under other node ids."""

from __future__ import annotations


def renamed_nodes(prompt, name):
    """A prompt with another id for each node, in links as well."""

    def value(given):
        return [name(given[0]), given[1]] if isinstance(given, list) and given and given[0] in prompt else given

    return {
        name(identity): {**node, "inputs": {key: value(given) for key, given in node["inputs"].items()}}
        for identity, node in prompt.items()
    }


def short(prompt, ids=None):
    """A prompt with the last part of each id, as without subgraphs, or the id that `ids` gives."""
    return renamed_nodes(prompt, lambda identity: str((ids or {}).get(identity, identity.split(":")[-1])))
