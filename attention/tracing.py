"""An opt-in trace of attention calls: one JSON line per call, timed without stopping the GPU.

Off, nothing of this is in the model options and nothing is paid. On, a call costs two clock readings (on CUDA: two
events) and one small object; text is made and written when a sampling run ends.

Each line: iteration, block, call (within its model pass), q and kv tokens, heads, head_dim, dtype, mask (the shape of the one
that the kernel was given, or null), kernel, reason, microseconds. Nothing of the prompt.
"""

from __future__ import annotations

import functools
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from ..comfyui_internals.sampling import block_count, options_of_run
from ..measuring.trace_files import ATTENTION_FILE
from . import option_keys
from .launch import call_shape
from .routing import CallShape

log = logging.getLogger(__name__)

_encode = json.JSONEncoder(separators=(",", ":")).encode


class AttentionTrace:
    """Collects calls and appends them to `folder/attention.jsonl`.

    Args:
        folder: where the file goes; made when first written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = Path(folder) / ATTENTION_FILE
        self._rows: list[tuple[Any, ...]] = []
        self._pass_start = 0

    def start(self, q: torch.Tensor) -> Any:
        """The moment before a call: a recorded CUDA event, or a clock reading on other devices."""
        if not q.is_cuda:
            return time.perf_counter()
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event

    def finish(
        self,
        started: Any,
        call: CallShape,
        mask: torch.Tensor | None,
        kernel: str,
        reason: str,
        options: dict[str, Any],
    ) -> None:
        """Adds the call that began at `started` and has just been made (on CUDA: queued)."""
        if isinstance(started, float):
            ended: Any = time.perf_counter()
        else:
            ended = torch.cuda.Event(enable_timing=True)
            ended.record()
        shape = None if mask is None else tuple(mask.shape)
        where = (options.get(option_keys.ITERATION), options.get(option_keys.BLOCK), len(self._rows) - self._pass_start)
        self._rows.append((where, call, shape, kernel, reason, started, ended))

    def begin_pass(self) -> None:
        """Numbers calls from 0 again: a new pass through the model begins."""
        self._pass_start = len(self._rows)

    def discard(self) -> list[tuple[Any, ...]]:
        """Forgets what was collected, and returns it."""
        rows, self._rows, self._pass_start = self._rows, [], 0
        return rows

    def flush(self) -> int:
        """Writes what was collected and forgets it; returns the number of lines."""
        rows = self.discard()
        if not rows:
            return 0
        if not isinstance(rows[-1][-1], float):
            rows[-1][-1].synchronize()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as handle:
                handle.writelines(_encode(_line(row)) + "\n" for row in rows)
        except OSError as error:
            # A full disk must not end the render that is being watched.
            log.warning("cannot write %s: %s", self.path, error)
            return 0
        return len(rows)


def _line(row: tuple[Any, ...]) -> dict[str, Any]:
    (iteration, block, number), call, mask, kernel, reason, started, ended = row
    seconds = ended - started if isinstance(started, float) else started.elapsed_time(ended) / 1e3
    return {
        "iteration": iteration,
        "block": block,
        "call": number,
        "q": call.q_len,
        "kv": call.kv_len,
        "heads": call.heads,
        "head_dim": call.head_dim,
        "dtype": call.dtype,
        "mask": mask,
        "kernel": kernel,
        "reason": reason,
        "microseconds": round(seconds * 1e6, 1),
    }


class TracedAttention:
    """An attention override that only times; for models without the dispatcher, which times its calls itself.

    Args:
        previous: an override that was there before; it still computes the calls.
    """

    times_calls = True

    def __init__(self, previous: Callable[..., torch.Tensor] | None) -> None:
        self.previous = previous

    @torch.compiler.disable
    def __call__(self, func: Callable[..., torch.Tensor], *args: Any, **kwargs: Any) -> torch.Tensor:
        """Computes one attention call; `func` is ComfyUI's own attention, the rest are its arguments."""
        options = kwargs.get("transformer_options") or {}
        trace = options.get(option_keys.TRACE)
        attend = func if self.previous is None else functools.partial(self.previous, func)
        if trace is None:
            return attend(*args, **kwargs)
        q, k, _, heads = args[:4]
        mask = args[4] if len(args) > 4 else kwargs.get("mask")
        call = call_shape(q, k, heads, mask=mask, skip_reshape=bool(kwargs.get("skip_reshape", False)))
        started = trace.start(q)
        out = attend(*args, **kwargs)
        name, reason = ("comfy", "no dispatcher") if self.previous is None else ("other", "another override")
        trace.finish(started, call, mask, name, reason, options)
        return out


@torch.compiler.disable(recursive=False)
def number_blocks(executor: Any, *args: Any, **kwargs: Any) -> Any:
    """Diffusion-model wrapper: tells each block its number, through a block replacement that calls what was there."""
    position = next((i for i, value in enumerate(args) if isinstance(value, dict) and option_keys.TRACE in value), None)
    options = args[position] if position is not None else kwargs.get("transformer_options", {})
    trace = options.get(option_keys.TRACE)
    if trace is None:
        return executor(*args, **kwargs)
    trace.begin_pass()
    replacements = options.get("patches_replace", {})
    blocks = dict(replacements.get("dit", {}))
    for index in range(block_count(executor)):
        key = ("double_block", index)
        blocks[key] = functools.partial(_numbered_block, index, blocks.get(key))
    options = {**options, "patches_replace": {**replacements, "dit": blocks}}
    if position is None:
        return executor(*args, **{**kwargs, "transformer_options": options})
    return executor(*args[:position], options, *args[position + 1 :], **kwargs)


def _numbered_block(index: int, previous: Callable[..., Any] | None, args: dict[str, Any], extra: dict[str, Any]) -> Any:
    args = {**args, "transformer_options": {**args["transformer_options"], option_keys.BLOCK: index}}
    return extra["original_block"](args) if previous is None else previous(args, extra)


def flush_after_sampling(executor: Any, *args: Any, **kwargs: Any) -> Any:
    """Sampler wrapper: writes the trace when a sampling run ends, also when it fails."""
    try:
        return executor(*args, **kwargs)
    finally:
        trace = (options_of_run(args) or {}).get(option_keys.TRACE)
        if trace is not None:
            trace.flush()


def stamp_iteration(model: Any, iteration: int, folder: Path | None = None) -> Any:
    """A clone of the model that knows which window it renders, and traces its attention if a folder is given.

    Args:
        model: ComfyUI ModelPatcher; not changed.
        iteration: Number of the window; 0 is the initial render.
        folder: trace folder of this run; None stamps only.

    Raises:
        ValueError: `iteration` is negative.
    """
    if iteration < 0:
        raise ValueError(f"iteration is {iteration}; the initial render is 0 and the windows after it count from 1")
    clone = model.clone()
    options = clone.model_options.setdefault("transformer_options", {})
    options[option_keys.ITERATION] = iteration
    if folder is None:
        return clone
    options[option_keys.TRACE] = AttentionTrace(folder)
    existing = options.get(option_keys.OVERRIDE)
    if not getattr(existing, "times_calls", False):
        options[option_keys.OVERRIDE] = TracedAttention(existing)
    wrappers = options.setdefault("wrappers", {})
    wrappers.setdefault("diffusion_model", {})[option_keys.TRACE_WRAPPER] = [number_blocks]
    wrappers.setdefault("sampler_sample", {})[option_keys.TRACE_WRAPPER] = [flush_after_sampling]
    return clone
