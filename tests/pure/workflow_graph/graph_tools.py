"""Every tool that reads or edits a graph, as a function of the document."""

from __future__ import annotations

from audio_loop.loop_control.audio_facts import AudioFacts
from audio_loop.preflight.check import preflight
from audio_loop.preflight.machine import Machine
from audio_loop.preflight.report import as_text
from audio_loop.workflow_graph.audit.engine import audit
from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.folding.unfold import unfold
from audio_loop.workflow_graph.frontend.to_api import convert
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.mending.mend import mend
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize
from audio_loop.workflow_graph.repair import repair
from audio_loop.workflow_graph.show import show

FOUR_MINUTES = AudioFacts(batch=1, channels=2, samples=240 * 44_100, sample_rate=44_100)
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
    "unfold": unfold,
    "preflight": lambda document: as_text(preflight(document, FOUR_MINUTES, Machine()), "workflow.json"),
}
