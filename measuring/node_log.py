"""An opt-in log of which node ran for how long: one JSON line per node, from ComfyUI's own progress handlers.

ComfyUI tells every registered handler when a node starts and finishes, nodes of an expanded loop included. Logged are
the node's id, the id people see, its class and the seconds; no input, so no prompt text.
"""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

from ..comfyui_internals.progress import follow_nodes
from .trace_files import EXECUTION_FILE

log = logging.getLogger(__name__)

HANDLER_NAME = "audio_loop.execution_log"


class ExecutionLog:
    """Turns start and finish events into lines of `folder/execution.jsonl`.

    Args:
        folder: where the file goes; made when first written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = Path(folder) / EXECUTION_FILE
        self._started: dict[str, float] = {}

    def start(self, node_id: str) -> None:
        """A node begins; of several begins before its end the first counts, as lazy inputs make a node begin again."""
        self._started.setdefault(node_id, time.perf_counter())

    def finish(self, node_id: str, display_id: str, class_type: str) -> None:
        """A node has ended; one that never began here is left out."""
        started = self._started.pop(node_id, None)
        if started is None:
            return
        row = {
            "node": node_id,
            "display_node": display_id,
            "class": class_type,
            "seconds": round(time.perf_counter() - started, 6),
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as handle:
                handle.write(json.dumps(row, separators=(",", ":")) + "\n")
        except OSError as error:
            # A full disk must not end the render that is being watched.
            log.warning("cannot write %s: %s", self.path, error)


def attach_execution_log(folder: Path) -> None:
    """Registers a log with the prompt that is being executed; ComfyUI drops it when the next prompt begins.

    Called again during the same prompt, the newer log takes over.
    """
    execution_log = ExecutionLog(folder)
    follow_nodes(HANDLER_NAME, execution_log.start, execution_log.finish)
