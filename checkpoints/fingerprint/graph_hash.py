"""Hashes the graph that makes a value: class types, literal inputs and wiring upstream of one link.

The walk is canonical: each node's digest is made of its class type and its inputs in order of their names, where a
link counts as the digest of its source. So node ids, positions, titles and the order of keys do not matter, a shared
node is hashed once, and the time is linear. Links whose value was hashed by content are cut: what lies behind them is
decided by the value alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...files.hashing import digest_parts
from ...loop_engine.prompt_links import Link, as_link
from ..errors import FingerprintRefusedError
from .change_value import hash_change
from .file_content import FileContent, digest_of, files_in
from .graph_rules import Constant, GetNode, GraphHash, GraphRules, Unproven
from .value_hash import DEEPEST_NESTING, hash_plain_value


@dataclass(frozen=True)
class _NodeDigest:
    whole: bytes
    wiring: bytes
    names_file: bool = False
    """Whether a value of the node, or of one upstream of it, names a file."""


def hash_graph(
    get_node: GetNode,
    target: Link,
    *,
    cut: Mapping[Link, str],
    rules: GraphRules | None = None,
    hash_file: Callable[[Path], bytes],
    changes: Mapping[str, object] | None = None,
) -> GraphHash:
    """Hashes what lies upstream of a link.

    Two separate nodes with equal inputs hash as one shared node does: a node is taken to be decided by its inputs, and by
    what it says itself about a change.

    Args:
        get_node: Gives a node by its id, for example `dynprompt.get_node`.
        target: The link that feeds the checkpoint's `latent`.
        cut: Links whose values are hashed by content -> the name of the input that takes them.
        rules: What to ignore and what names a file; by default nothing.
        hash_file: Content digest of a file.
        changes: Node id -> what the node says about a change, for those that say anything (`upstream_nodes`).

    Returns:
        The digests.

    Raises:
        FingerprintRefusedError: The graph has a cycle, a link to a missing node, a value that cannot be hashed or a
            file that cannot be read.
    """
    walk = _GraphWalk(get_node, cut, rules or GraphRules(), hash_file, changes or {})
    return walk.run(target)


def upstream_nodes(get_node: GetNode, target: Link, *, cut: Iterable[Link], rules: GraphRules) -> tuple[str, ...]:
    """Ids of the nodes that `hash_graph` would hash.

    Raises:
        FingerprintRefusedError: As there, but for values and files, which are not looked at.
    """
    walk = _GraphWalk(get_node, dict.fromkeys(cut, ""), rules, lambda _path: b"", {}, looks_only=True)
    walk.run(target)
    return walk.visited()


class _GraphWalk:
    def __init__(
        self,
        get_node: GetNode,
        cut: Mapping[Link, str],
        rules: GraphRules,
        hash_file: Callable[[Path], bytes],
        changes: Mapping[str, object],
        *,
        looks_only: bool = False,
    ) -> None:
        self._get_node = get_node
        self._rules = rules
        self._hash_file = hash_file
        self._changes = changes
        self._looks_only = looks_only
        self._said: dict[str, list[bytes]] = {}
        self._code: dict[str, bytes] = {}
        self._unproven: set[Unproven] = set()
        self._nodes: dict[str, tuple[str, Mapping[str, object]]] = {}
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
            changes={name: digest_parts("changes", *sorted(found)) for name, found in self._said.items()},
            code=self._code,
            unproven=frozenset(self._unproven),
        )

    def visited(self) -> tuple[str, ...]:
        return tuple(self._done)

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
            link = as_link(inputs[name])
            if link is not None and not self._rules.ignore(class_type, name):
                source = self._source(link)
                if not isinstance(source, Constant) and source not in self._cut:
                    yield source

    def _digest(self, node_id: str) -> _NodeDigest:
        if self._looks_only:
            return _NodeDigest(b"", b"")
        class_type, inputs = self._node(node_id)
        whole: list[bytes] = []
        wiring: list[bytes] = []
        named: list[Path] = []
        names_file = False
        for name in sorted(inputs):
            if self._rules.ignore(class_type, name):
                continue
            link = as_link(inputs[name])
            if link is not None:
                source = self._source(link)
                link_whole, link_wiring = self._link_digests(source)
                from_file = self._names_file(source)
                if not from_file and self._rules.takes_file(class_type, name):
                    reason = f"{class_type}.{name} takes a file's name that other nodes put together; the file is not known"
                    self._unproven.add(Unproven(reason, True))
                names_file = names_file or from_file
                whole.append(digest_parts("input", name, link_whole))
                wiring.append(digest_parts("input", name, link_wiring))
            else:
                whole.append(digest_parts("input", name, self._literal(class_type, name, inputs[name], named)))
                wiring.append(digest_parts("input", name))
        whole += self._what_it_says(node_id, class_type, named)
        self._look_at_code(class_type)
        return _NodeDigest(
            digest_parts("node", class_type, *whole),
            digest_parts("node", class_type, *wiring),
            names_file or bool(named),
        )

    def _names_file(self, source: Link | Constant) -> bool:
        # A value that was hashed, or is known, is no name that nobody knows.
        return isinstance(source, Constant) or source in self._cut or self._done[source[0]].names_file

    def _what_it_says(self, node_id: str, class_type: str, named: list[Path]) -> list[bytes]:
        """The node's own word on a change; notes if its files may be others than those in memory."""
        said = hash_change(self._changes[node_id], named) if node_id in self._changes else None
        if node_id in self._changes and said is None:
            self._unproven.add(Unproven(f"{class_type} says that it gives something else at every run", False))
        for path in named:
            if self._rules.may_be_another(path, b"" if said is None else said[0]):
                reason = (
                    f"{path.name} was replaced while ComfyUI was running, which may still hold the one before "
                    f"({class_type}); restart ComfyUI to be sure of the new one"
                )
                self._unproven.add(Unproven(reason, False))
        if said is None:
            return []
        self._said.setdefault(class_type, []).append(said[1])
        return [digest_parts("said", said[1])]

    def _look_at_code(self, class_type: str) -> None:
        code = self._rules.code(class_type)
        if code is not None:
            self._code[code.label] = code.digest
            if code.doubt:
                self._unproven.add(Unproven(code.doubt, True))

    def _link_digests(self, source: Link | Constant) -> tuple[bytes, bytes]:
        if isinstance(source, Constant):
            return digest_parts("constant", hash_plain_value(source.value, name="constant")), digest_parts("constant")
        if source in self._cut:
            marker = digest_parts("cut", self._cut[source])
            return marker, marker
        node_id, slot = source
        digests = self._done[node_id]
        return digest_parts("link", str(slot), digests.whole), digest_parts("link", str(slot), digests.wiring)

    def _literal(self, class_type: str, name: str, value: object, named: list[Path]) -> bytes:
        label = f"{class_type}.{name}"
        before = len(named)
        digest = hash_plain_value(self._with_contents(class_type, name, value, named), name=label)
        kinds = self._literals if len(named) == before else self._files
        kinds.setdefault(label, []).append(digest)
        return digest

    def _with_contents(self, class_type: str, name: str, value: object, named: list[Path], depth: int = 0) -> object:
        """The value with what names a file replaced by the file's content, however deep it lies."""
        if depth > DEEPEST_NESTING:
            return value
        if isinstance(value, Mapping):
            return {key: self._with_contents(class_type, name, item, named, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._with_contents(class_type, name, item, named, depth + 1) for item in value]
        if not isinstance(value, str):
            return value
        found = self._rules.find_files(class_type, name, value)
        label = f"{class_type}.{name}"
        if found.missing:
            reason = f"{label} seems to name a file, but there is no {Path(value).name}"
            self._unproven.add(Unproven(reason, True))
        if not found.paths:
            return value
        try:
            contents = {digest_of(path, self._hash_file) for path in found.paths}
            named += (file for path in found.paths for file in files_in(path))
        except OSError as error:
            raise FingerprintRefusedError(f"{label} names the file {value}, which cannot be read: {error}") from error
        return FileContent(digest_parts("files", *sorted(contents)), None if found.stands_alone else value)

    def _node(self, node_id: str) -> tuple[str, Mapping[str, object]]:
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
