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
