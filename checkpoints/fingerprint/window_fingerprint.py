"""Fingerprint of a window as a checkpoint node sees it: values on its inputs, graph behind its lazy one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from ...loop_engine.prompt_links import Link
from .fingerprint import Fingerprint, make_fingerprint
from .graph_hash import hash_graph
from .graph_rules import GetNode, GraphRules
from .tensor_hash import hash_value


def fingerprint_window(
    *,
    values: Mapping[str, object],
    value_links: Mapping[str, Link],
    latent_link: Link,
    get_node: GetNode,
    rules: GraphRules,
    hash_file: Callable[[Path], bytes],
    versions: Mapping[str, str],
    digests: Mapping[str, bytes] = MappingProxyType({}),
    changes: Mapping[str, object] = MappingProxyType({}),
    machine: Mapping[str, str] = MappingProxyType({}),
) -> Fingerprint:
    """Hashes the values that decide a window and the graph that turns them into its latent.

    Args:
        values: Input name -> value, as the node receives it.
        value_links: Input name -> the link it comes from, for those inputs that are linked; the graph is cut there.
        latent_link: The link that feeds the lazy latent.
        get_node: Node by id.
        rules: What in the graph does not count and what names a file.
        hash_file: Content digest of a file (`FileHashes.digest`).
        versions: Software name -> version, at least of this pack and of ComfyUI.
        digests: Input name -> content hash of its value, if it is known already.
        changes: Node id -> what the node says about a change, for those upstream that say anything.
        machine: What numbers come from besides the graph.

    Returns:
        The fingerprint.

    Raises:
        FingerprintRefusedError: A value, the graph or a file cannot be hashed with certainty.
        ValueError: A link is given for a value that is not; cutting there would lose a part of the fingerprint.
    """
    unknown = sorted(value_links.keys() - values.keys())
    if unknown:
        raise ValueError(f"links are given for {unknown}, but no values; each cut link needs its hashed value")
    cut: dict[Link, str] = {}
    for name in sorted(value_links):
        cut.setdefault((value_links[name][0], int(value_links[name][1])), name)
    known = {name: digests.get(name) or hash_value(value, name=name) for name, value in values.items()}
    graph = hash_graph(get_node, latent_link, cut=cut, rules=rules, hash_file=hash_file, changes=changes)
    return make_fingerprint(known, graph, versions, machine)
