"""The video can be written where the graph says."""

from __future__ import annotations

from collections.abc import Iterator

from ...files.names import UnsafeNameError, clean_prefix
from ...workflow_graph.audit.rule import ERR, Finding, rule
from ..subject import PlannedSubject


@rule(
    severity=ERR,
    summary="the output folder can be written to, and the name of the video lies inside it",
    seen="no video at the end of the render",
    why="ComfyUI saves inside its output folder only, and needs the right to write there",
    mend="give ComfyUI a folder it may write to (--output-directory), or a filename_prefix such as video/my song",
)
def target_folder(subject: PlannedSubject) -> Iterator[Finding]:
    """Looks at the folder, and at the prefix of each node that saves."""
    folder = subject.machine.output_folder
    if folder is not None and not subject.machine.is_writable:
        yield Finding("the output folder", f"{folder} cannot be written to")
    for node in subject.flow.nodes.values():
        prefix = subject.flow.value(node, "filename_prefix")
        if not isinstance(prefix, str):
            continue
        try:
            clean_prefix(prefix)
        except UnsafeNameError as error:
            yield Finding(node, str(error))
