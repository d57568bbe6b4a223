"""The graph as it runs: subgraphs written out, Set/Get and reroutes followed, bypassed nodes left out.

Rules ask it by node type and reachability. A kind of data ("CONDITIONING") can be followed alone; a node whose output
takes any type counts for every kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ...loop_engine.prompt_links import as_link
from ..document import Document, DocumentError, Kind, kind
from ..frontend.to_api import Conversion, convert
from ..schemas import NodeSchema, Schemas
from . import values
from .walk import walk

_PAIRED = "CONDITIONING"
"""Nodes that take a positive and a negative of this type hand each on by itself."""

MOST_STEPS = 4_000_000
"""Most steps that all rules together take along links. A graph of 300 nodes needs some 100 000."""


class WayTooLongError(DocumentError):
    """There are more ways through the graph than an audit looks at."""


@dataclass(frozen=True)
class Source:
    """The output that feeds an input."""

    node: str
    slot: int


@dataclass(frozen=True, eq=False)
class FlowNode:
    """One node that runs.

    Attributes:
        id: Its id, with the instances that it lies in: "843:1519".
        type: Class name.
        title: The text of its title bar.
        inputs: Widget values, and a `Source` for each link that ends there.
        schema: Its entry in the snapshots.
        inside: The subgraph nodes that it lies in, in words: "Render song > First window"; their ids if the document is a
            prompt, which holds no more. "" at the top.
    """

    id: str
    type: str
    title: str
    inputs: Mapping[str, Any]
    schema: NodeSchema | None = field(repr=False)
    inside: str = ""

    def __str__(self) -> str:
        number = self.id.rsplit(":", 1)[-1]
        inside = f" inside {self.inside}" if self.inside else ""
        own = self.schema.title if self.schema is not None else self.type
        name = f"{self.type} {self.title!r}" if self.title not in (own, self.type) else self.type
        return f"node {number}{inside} ({name})"

    def sources(self) -> Iterator[tuple[str, Source]]:
        """(input name, output that feeds it) of each linked input."""
        for name, value in self.inputs.items():
            if isinstance(value, Source):
                yield name, value


class Flow:
    """All nodes that run: those that an output node needs. In a graph without any output node they all count.

    Args:
        document: A UI document, or the API prompt that the browser made of one; unchanged.
        schemas: Known node types.

    Raises:
        DocumentError: The document cannot be converted to a prompt, or is a prompt with a node that is none.
    """

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self.nodes: dict[str, FlowNode] = {}
        self._steps_left = MOST_STEPS
        is_prompt = kind(document) is Kind.PROMPT
        converted = Conversion(document, ()) if is_prompt else convert(document, schemas)
        prompt = converted.prompt
        for identity, entry in prompt.items():
            given, class_type = entry.get("inputs"), entry["class_type"]
            if not isinstance(given, Mapping) or not isinstance(class_type, str):
                raise DocumentError(f"node {identity} of the API prompt has no inputs, or its class_type is no text")
            inputs = {name: Source(*link) if (link := as_link(value)) else value for name, value in given.items()}
            inside = converted.inside.get(identity, ":".join(identity.split(":")[:-1]))
            self.nodes[identity] = FlowNode(identity, class_type, _title(entry), inputs, schemas.get(class_type), inside)
        self.nodes = self._needed() or self.nodes

    def _needed(self) -> dict[str, FlowNode]:
        """The nodes that ComfyUI runs: output nodes and all that feeds them; nodes that nothing reads are left alone by it."""
        read = {source.node for node in self.nodes.values() for _, source in node.sources()}
        starts = [node for node in self.nodes.values() if _is_output(node, node.id in read)]
        needed = {node.id for node in walk(starts, self._feeders)}
        return {identity: node for identity, node in self.nodes.items() if identity in needed}

    def _feeders(self, node: FlowNode) -> Iterator[FlowNode]:
        """The nodes that feed it."""
        self._step()
        return (self.nodes[source.node] for _, source in node.sources() if source.node in self.nodes)

    @cached_property
    def _readers(self) -> dict[str, list[tuple[FlowNode, str, Source]]]:
        found: dict[str, list[tuple[FlowNode, str, Source]]] = {}
        for node in self.nodes.values():
            for name, source in node.sources():
                found.setdefault(source.node, []).append((node, name, source))
        return found

    def of_type(self, *types: str | Collection[str]) -> list[FlowNode]:
        """The nodes of those types, in order of their ids in the prompt."""
        wanted = {name for item in types for name in ([item] if isinstance(item, str) else item)}
        return [node for node in self.nodes.values() if node.type in wanted]

    def feeding(self, node: FlowNode, name: str) -> FlowNode | None:
        """The node that feeds an input, None if a value does or nothing."""
        source = node.inputs.get(name)
        return self.nodes.get(source.node) if isinstance(source, Source) else None

    def data_type(self, source: Source) -> str:
        """The type of an output, "*" if it is not known."""
        node = self.nodes.get(source.node)
        outputs = node.schema.outputs if node is not None and node.schema is not None else ()
        return outputs[source.slot].type if source.slot < len(outputs) else "*"

    def output_name(self, source: Source) -> str:
        """The name of an output, its slot number if it is not known."""
        node = self.nodes.get(source.node)
        outputs = node.schema.outputs if node is not None and node.schema is not None else ()
        return outputs[source.slot].name if source.slot < len(outputs) else str(source.slot)

    def _carries(self, source: Source, kinds: Collection[str]) -> bool:
        return not kinds or self.data_type(source) in (*kinds, "*")

    def _step(self) -> None:
        self._steps_left -= 1
        if self._steps_left < 0:
            raise WayTooLongError(f"the graph has {len(self.nodes)} nodes and too many ways through them to look at each")

    def before(self, *types: str | Collection[str]) -> frozenset[str]:
        """Ids of the nodes that feed one of those types, however far away."""
        starts = [feeder for node in self.of_type(*types) for feeder in self._feeders(node)]
        return frozenset(node.id for node in walk(starts, self._feeders))

    def upstream(
        self,
        node: FlowNode,
        *names: str,
        kinds: Collection[str] = (),
        without: Collection[str] = (),
    ) -> list[FlowNode]:
        """Everything that an input (or any input) of a node depends on.

        Args:
            node: Where to start; it is not among the results unless the graph is circular.
            *names: Inputs to start from; all if none are given.
            kinds: Follow only data of these types.
            without: Node types that end the walk; they are not among the results.
        """

        def entered(sources: Iterable[Source]) -> Iterator[tuple[FlowNode, str]]:
            for source in sources:
                found = self.nodes.get(source.node)
                if found is not None and found.type not in without and self._carries(source, kinds):
                    yield found, self._only_input(found, source)

        def following(step: tuple[FlowNode, str]) -> Iterator[tuple[FlowNode, str]]:
            self._step()
            current, only = step
            sources = current.sources()
            return entered(source for name, source in sources if not only or name == only or self.data_type(source) != _PAIRED)

        starts = entered(source for name, source in node.sources() if not names or name in names)
        return list(dict.fromkeys(found for found, _ in walk(starts, following)))

    def _only_input(self, node: FlowNode, entered: Source) -> str:
        """The input that alone feeds an output of the same name, if a node passes several conditionings on; else ""."""
        name = self.output_name(entered)
        return name if self.data_type(entered) == _PAIRED and isinstance(node.inputs.get(name), Source) else ""

    def downstream(self, node: FlowNode, *, kinds: Collection[str] = (), without: Collection[str] = ()) -> list[FlowNode]:
        """Everything that depends on a node; arguments as in `upstream`."""

        def read_by(found: FlowNode) -> Iterator[FlowNode]:
            self._step()
            for reader, _, source in self.readers(found):
                if self._carries(source, kinds) and reader.type not in without:
                    yield reader

        return list(walk(read_by(node), read_by))

    def readers(self, node: FlowNode) -> list[tuple[FlowNode, str, Source]]:
        """The inputs that a node feeds: the reader, the input's name, and the output that it reads."""
        return self._readers.get(node.id, [])

    def _look(self, node: FlowNode, name: str) -> Any:
        self._step()
        found = node.inputs.get(name)
        return values.Fed(self.nodes.get(found.node), found.slot) if isinstance(found, Source) else found

    def value(self, node: FlowNode, name: str) -> Any:
        """The value of an input if it is written in the graph, through constants and sizes; else None."""
        return values.value(node, name, self._look)

    def written(self, node: FlowNode, name: str) -> values.Written[FlowNode] | None:
        """Where the value of an input is written, which is where a user changes it; None if the graph does not say it."""
        return values.written(node, name, self._look)

    def number(self, node: FlowNode, name: str) -> int | float | None:
        """The number of an input if it is written in the graph; else None."""
        return values.number(node, name, self._look)

    def origin(self, node: FlowNode, name: str) -> tuple[str, str] | None:
        """The node and output name that feed an input."""
        source = node.inputs.get(name)
        return (source.node, self.output_name(source)) if isinstance(source, Source) else None


def _title(entry: Mapping[str, Any]) -> str:
    """The title of a node in an API prompt; a program that writes one may leave it out."""
    meta = entry.get("_meta")
    title = meta.get("title") if isinstance(meta, Mapping) else None
    return title if isinstance(title, str) else str(entry["class_type"])


def _is_output(node: FlowNode, is_read: bool) -> bool:
    """Whether ComfyUI starts from a node; one of an unknown type that nothing reads may be a saver."""
    return node.schema.is_output if node.schema is not None else not is_read
