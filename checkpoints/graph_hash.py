"""Hashes the graph that makes a value: class types, literal inputs and wiring upstream of one link.

The walk is canonical: each node's digest is made of its class type and its inputs in order of their names, where a
link counts as the digest of its source. So node ids, positions, titles and the order of keys do not matter, a shared
node is hashed once, and the time is linear. Links whose value was hashed by content are cut: what lies behind them is
decided by the value alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .errors import FingerprintRefusedError
from .hashing import digest_parts
from .value_hash import hash_value

Link = tuple[str, int]
"""Source of an input: (node id, output slot)."""
GetNode = Callable[[str], Mapping]
"""Node by id: a mapping with `class_type` and `inputs`, as in ComfyUI's API prompt; raises when there is none."""


@dataclass(frozen=True)
class Constant:
    """What an output is known to give without running its node.

    Attributes:
        value: The value; hashed by content.
    """

    value: object


Redirect = Callable[[str, Mapping, int], "Link | Constant | None"]
"""(class type, inputs, output slot) -> what stands behind that output; None where the node itself does."""


@dataclass(frozen=True)
class GraphRules:
    """What the walk may leave out and what stands for a file.

    Attributes:
        ignore: (class type, input name) -> True where the input cannot change the result (tokens of the loop engine).
        redirect: Looks through nodes that only hand something on: the loop engine's own (`loop_links.py`), nodes that
            free memory or stamp the time. They then do not count.
        resolve_file: (class type, input name, value) -> the file that the value names, or None.
    """

    ignore: Callable[[str, str], bool] = field(default=lambda _class_type, _name: False)
    redirect: Redirect = field(default=lambda _class_type, _inputs, _slot: None)
    resolve_file: Callable[[str, str, object], Path | None] = field(default=lambda _class_type, _name, _value: None)


@dataclass(frozen=True)
class GraphHash:
    """Digests of a graph.

    Attributes:
        whole: Everything.
        wiring: Class types and links alone.
        literals: "ClassType.input" -> digest of all its values in this graph, wherever they stand.
        files: "ClassType.input" -> digest of all files it names.
    """

    whole: bytes
    wiring: bytes
    literals: Mapping[str, bytes]
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class _NodeDigest:
    whole: bytes
    wiring: bytes


def is_link(value: object) -> bool:
    """Whether an input of the API prompt is a link, by ComfyUI's own rule: a list of a text and a number."""
    return (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], (int, float))
        and not isinstance(value[1], bool)
    )


def hash_graph(
    get_node: GetNode,
    target: Link,
    *,
    cut: Mapping[Link, str],
    rules: GraphRules | None = None,
    hash_file: Callable[[Path], bytes],
) -> GraphHash:
    """Hashes what lies upstream of a link.

    Two separate nodes with equal inputs hash as one shared node does: a node is taken to be decided by its inputs.

    Args:
        get_node: Gives a node by its id, for example `dynprompt.get_node`.
        target: The link that feeds the checkpoint's `latent`.
        cut: Links whose values are hashed by content -> the name of the input that takes them.
        rules: What to ignore and what names a file; by default nothing.
        hash_file: Content digest of a file.

    Returns:
        The digests.

    Raises:
        FingerprintRefusedError: The graph has a cycle, a link to a missing node, a value that cannot be hashed or a
            file that cannot be read.
    """
    walk = _Walk(get_node, cut, rules or GraphRules(), hash_file)
    return walk.run(target)


class _Walk:
    def __init__(
        self, get_node: GetNode, cut: Mapping[Link, str], rules: GraphRules, hash_file: Callable[[Path], bytes]
    ) -> None:
        self._get_node = get_node
        self._rules = rules
        self._hash_file = hash_file
        self._nodes: dict[str, tuple[str, Mapping]] = {}
        self._done: dict[str, _NodeDigest] = {}
        self._literals: dict[str, list[bytes]] = {}
        self._files: dict[str, list[bytes]] = {}
        self._sources: dict[Link, Link | Constant] = {}
        self._cut: dict[Link, str] = {}
        for link, name in sorted(cut.items(), key=lambda item: item[1]):
            source = self._source((link[0], int(link[1])))
            if not isinstance(source, Constant):
                self._cut.setdefault(source, name)

    def run(self, target: Link) -> GraphHash:
        source = self._source((target[0], int(target[1])))
        if not isinstance(source, Constant) and source not in self._cut:
            self._visit(source[0])
        whole, wiring = self._link_digests(source)
        return GraphHash(
            whole=whole,
            wiring=wiring,
            literals={name: digest_parts("literals", *sorted(found)) for name, found in self._literals.items()},
            files={name: digest_parts("files", *sorted(found)) for name, found in self._files.items()},
        )

    def _visit(self, start: str) -> None:
        # An explicit stack: 600 iterations chained behind each other are deeper than Python's own.
        stack: list[tuple[str, Iterator[Link]]] = [(start, self._links(start))]
        on_path = {start}
        while stack:
            node_id, links = stack[-1]
            for source in links:
                child = source[0]
                if child in on_path:
                    raise FingerprintRefusedError(f"the graph has a cycle through node {child}; it cannot be hashed")
                if child not in self._done:
                    on_path.add(child)
                    stack.append((child, self._links(child)))
                    break
            else:
                self._done[node_id] = self._digest(node_id)
                on_path.discard(node_id)
                stack.pop()

    def _links(self, node_id: str) -> Iterator[Link]:
        class_type, inputs = self._node(node_id)
        for name in sorted(inputs):
            if is_link(inputs[name]) and not self._rules.ignore(class_type, name):
                source = self._source((inputs[name][0], int(inputs[name][1])))
                if not isinstance(source, Constant) and source not in self._cut:
                    yield source

    def _digest(self, node_id: str) -> _NodeDigest:
        class_type, inputs = self._node(node_id)
        whole: list[bytes] = []
        wiring: list[bytes] = []
        for name in sorted(inputs):
            if self._rules.ignore(class_type, name):
                continue
            value = inputs[name]
            if is_link(value):
                link_whole, link_wiring = self._link_digests(self._source((value[0], int(value[1]))))
                whole.append(digest_parts("input", name, link_whole))
                wiring.append(digest_parts("input", name, link_wiring))
            else:
                whole.append(digest_parts("input", name, self._literal(class_type, name, value)))
                wiring.append(digest_parts("input", name))
        return _NodeDigest(
            digest_parts("node", class_type, *whole),
            digest_parts("node", class_type, *wiring),
        )

    def _link_digests(self, source: Link | Constant) -> tuple[bytes, bytes]:
        if isinstance(source, Constant):
            return digest_parts("constant", hash_value(source.value, name="constant")), digest_parts("constant")
        if source in self._cut:
            marker = digest_parts("cut", self._cut[source])
            return marker, marker
        node_id, slot = source
        digests = self._done[node_id]
        return digest_parts("link", str(slot), digests.whole), digest_parts("link", str(slot), digests.wiring)

    def _literal(self, class_type: str, name: str, value: object) -> bytes:
        label = f"{class_type}.{name}"
        path = self._rules.resolve_file(class_type, name, value)
        if path is None:
            digest = hash_value(value, name=label)
            self._literals.setdefault(label, []).append(digest)
            return digest
        try:
            content = self._hash_file(path)
        except OSError as error:
            raise FingerprintRefusedError(f"{label} names the file {path}, which cannot be read: {error}") from error
        digest = digest_parts("file", hash_value(value, name=label), content)
        self._files.setdefault(label, []).append(digest)
        return digest

    def _node(self, node_id: str) -> tuple[str, Mapping]:
        if node_id not in self._nodes:
            try:
                node = self._get_node(node_id)
            except Exception as error:  # a plain mapping and ComfyUI's own prompt raise different classes
                raise FingerprintRefusedError(f"a link leads to node {node_id}, which the graph lacks") from error
            self._nodes[node_id] = (str(node["class_type"]), node.get("inputs", {}))
        return self._nodes[node_id]

    def _source(self, link: Link) -> Link | Constant:
        if link not in self._sources:
            self._sources[link] = self._follow(link)
        return self._sources[link]

    def _follow(self, link: Link) -> Link | Constant:
        seen = {link}
        while True:
            class_type, inputs = self._node(link[0])
            behind = self._rules.redirect(class_type, inputs, link[1])
            if behind is None:
                return link
            if isinstance(behind, Constant):
                return behind
            link = (behind[0], int(behind[1]))
            if link in seen:
                raise FingerprintRefusedError(f"the graph has a cycle through node {link[0]}; it cannot be hashed")
            seen.add(link)
