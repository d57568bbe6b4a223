"""Shows a running loop: "k / N" on the open node, a line in the log, and which iteration a failed loop was in."""

from __future__ import annotations

import logging
import time

from ..comfyui_internals.prompt_server import send
from ..comfyui_internals.running_prompt import when_prompt_ends
from . import follow_song, shown_text
from .running_loops import running_loops
from .state import LoopState

log = logging.getLogger(__name__)

BAR_INTERVAL_SECONDS = 0.1
"""ComfyUI's progress message lists every node that ran so far: in a loop of many short iterations it would take most of
the time."""


def label(run: LoopState) -> str:
    """The text "7 / 10" while iteration 7 of 10 runs, "10 / 10" at the end; frames if their number is the target."""
    if run.total is None:
        return f"{run.frames} / {run.total_frames} frames"
    return f"{run.done if run.ended else run.done + 1} / {run.total}"


def show(run: LoopState) -> None:
    """Brings the display up to date after the loop started or an iteration finished."""
    import comfy.utils

    done, total = (run.done, run.total) if run.total else (run.frames, run.total_frames)
    now = time.monotonic()
    if run.ended or now - run.shown_at >= BAR_INTERVAL_SECONDS:
        run.shown_at = now
        comfy.utils.ProgressBar(total, node_id=run.display_id).update_absolute(min(done, total))
    shown_text.show(run.display_id, label(run), run.prompt_id)
    _tell_song(run)
    if not run.ended:
        log.info("loop %s: iteration %s", run.display_id, label(run))
    elif run.total is not None and run.done < run.total:
        log.info("loop %s: stopped after iteration %s", run.display_id, label(run))


def _tell_song(run: LoopState) -> None:
    """Counts a loop's iterations as windows, for a graph that keeps none of them on disk too."""
    if run.nested or run.total is None:
        return
    # A value that is only handed on holds the whole video: the loop makes its first window too.
    before = 1 if run.initial is not None and run.settings.accumulate else 0
    follow_song.plan_windows(before + (run.done if run.ended else run.total), run.display_id)
    if run.done or before:
        follow_song.finish_window(before + run.done - 1, is_last=run.ended)


def watch(run: LoopState) -> None:
    """Follows a loop until its render is over, and says in which iteration it was if ComfyUI gave it up.

    ComfyUI reports an error in an expanded node under the id of the node that expanded it, with nothing that tells
    iterations apart.
    """
    running_loops.expect(run)
    if not run.nested:
        follow_song.follow()
        # Whatever an earlier render left on the nodes of the loop is no longer so.
        members = [*run.body.nodes, *(node_id for tap in run.body.taps for node_id in tap.node_ids)]
        shown_text.clear([run.display_id, *dict.fromkeys(map(run.display_of, members))])
    when_prompt_ends(lambda: _render_is_over(run))


def _render_is_over(run: LoopState) -> None:
    running_loops.forget(run)
    if run.begun and not run.ended:
        _report_unfinished(run)
    run.release()


def _report_unfinished(run: LoopState) -> None:
    log.error("loop %s ended early, in iteration %s", run.display_id, label(run))
    shown_text.show(run.display_id, f"ended early in {label(run)}", run.prompt_id)
    detail = {
        "prompt_id": run.prompt_id,
        "node": run.display_id,
        "iteration": run.done + 1,
        "of": run.total,
    }
    send("audio_loop.unfinished", detail)
