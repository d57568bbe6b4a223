"""One question for a window at its checkpoint: what its fingerprint is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...comfyui_internals.change_answers import change_answers
from ...loop_engine.prompt_links import Link, as_link
from ..errors import FingerprintRefusedError
from ..fingerprint import prompt_files
from ..fingerprint.fingerprint import Fingerprint
from ..fingerprint.graph_hash import upstream_nodes
from ..fingerprint.loaded_files import FileWatch
from ..fingerprint.machine import machine
from ..fingerprint.node_schemas import says_changes
from ..fingerprint.plan_part import plan_part
from ..fingerprint.window_fingerprint import fingerprint_window

if TYPE_CHECKING:
    from .request import Request

VALUE_INPUTS = ("previous_latent", "conditioning", "negative", "audio_latent", "guide_latent", "seed_value", "plan")
"""Inputs that are hashed by value; the graph is cut behind them if they are wired."""


@dataclass(frozen=True)
class Question:
    """One question of a checkpoint.

    Attributes:
        request: What the node was given.
        graph: ComfyUI's dynamic prompt.
        inputs: The node's inputs in it, links among them.
        changes: Node id -> what nodes upstream say about a change.
        watch: Hashes the files; tells later whether one was replaced.
    """

    request: Request
    graph: Any
    inputs: Mapping[str, Any]
    changes: Mapping[str, Any]
    watch: FileWatch

    def fingerprint(self, previous_latent: bytes) -> Fingerprint:
        """The fingerprint of the window, if it begins with a latent of this content hash.

        Raises:
            FingerprintRefusedError: Something cannot be hashed with certainty.
        """
        request = self.request
        return fingerprint_window(
            values=dict(request.values) | {"plan": plan_part(request.plan, request.index)},
            value_links=_value_links(request, self.inputs),
            latent_link=_latent_link(self.inputs),
            get_node=self.graph.get_node,
            rules=prompt_files.graph_rules(self.watch),
            hash_file=self.watch.hash_file,
            versions=prompt_files.versions(),
            digests={"previous_latent": previous_latent},
            changes=self.changes,
            machine=machine(),
        )


async def ask(request: Request, node_id: str, graph: Any) -> Question:
    """Puts a question together; nodes upstream are asked about changes, as ComfyUI asks them for its own cache.

    Raises:
        FingerprintRefusedError: The graph upstream cannot be walked.
    """
    inputs = graph.get_node(node_id)["inputs"]
    cut = _value_links(request, inputs).values()
    upstream = upstream_nodes(graph.get_node, _latent_link(inputs), cut=cut, rules=prompt_files.graph_rules())
    changes = await change_answers(graph, [each for each in upstream if says_changes(graph.get_node(each)["class_type"])])
    return Question(request, graph, inputs, changes, FileWatch(prompt_files.file_hashes(), prompt_files.loaded_files))


def _latent_link(inputs: Mapping[str, Any]) -> Link:
    link = as_link(inputs["latent"])
    if link is None:
        raise FingerprintRefusedError(f"latent is {inputs['latent']!r}, not a wire; connect what makes the window to it")
    return link


def _value_links(request: Request, inputs: Mapping[str, Any]) -> dict[str, Link]:
    links = {name: as_link(inputs.get(name)) for name in VALUE_INPUTS if name in request.values or name == "plan"}
    return {name: link for name, link in links.items() if link is not None}
