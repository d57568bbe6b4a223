"""The song is heard from its beginning."""

from __future__ import annotations

from collections.abc import Iterator

from ...node_kinds import SONG_LOADERS
from ..rule import WARN, Finding, rule
from ..subject import Subject

_OLD_DEFAULT = (5, 300)


@rule(
    severity=WARN,
    summary="the outer audio trim begins at 0",
    seen="the first seconds of the song are missing",
    why="older files were saved with start 5 and duration 300",
    mend="set start_index to 0, or leave it if the cut is meant",
)
def audio_trim_default(subject: Subject) -> Iterator[Finding]:
    """Looks at trims right behind a loaded song."""
    flow = subject.flow
    for node in flow.of_type("TrimAudioDuration"):
        source = flow.feeding(node, "audio")
        start, duration = flow.number(node, "start_index"), flow.number(node, "duration")
        if source is None or source.type not in SONG_LOADERS or not start:
            continue
        rest = f" and everything after {start + duration:g} s" if (start, duration) == _OLD_DEFAULT and duration else ""
        yield Finding(node, f"start_index is {start:g}: the first {start:g} s{rest} of the song are cut off")
