"""Every tool that reads or edits a graph, as a function of the document."""

from __future__ import annotations

from audio_loop.workflow_graph.audit.engine import audit
from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.frontend.to_api import convert
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.mending.mend import mend
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize
from audio_loop.workflow_graph.repair import repair
from audio_loop.workflow_graph.show import show

TOOLS = {
    "show": show,
    "check": check,
    "audit": audit,
    "repair": repair,
    "to-api": convert,
    "diff": lambda document: diff(document, document),
    "migrate": chain.migrate,
    "modernize": modernize,
    "mend": mend,
}


def short(prompt, ids=None):
    """A prompt with the last part of each id, or the id that `ids` gives."""

    def name(identity):
        return str((ids or {}).get(identity, identity.split(":")[-1]))

    def value(given, known):
        return [name(given[0]), given[1]] if isinstance(given, list) and given and given[0] in known else given

    return {
        name(identity): {**node, "inputs": {key: value(given, prompt) for key, given in node["inputs"].items()}}
        for identity, node in prompt.items()
    }
