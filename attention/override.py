"""The SageAttention dispatcher as a model patch: everything in `transformer_options` of a cloned ModelPatcher.

ComfyUI calls `transformer_options["optimized_attention_override"](func, q, k, v, heads, ...)` in place of every
attention call `func`. Ours asks `routing.route` for a kernel. It holds no tensor, so offloading cannot strand anything;
what it learns during a render lives in that render's own copy of the model options.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

import torch

from ..comfyui_internals.sampling import ATTENTION_OVERRIDE, makes_steps, options_of_run
from . import capabilities as machine
from . import option_keys
from .kernels import COMFY, KERNEL_NAMES
from .launch import call_shape, launch
from .render_record import RenderRecord
from .routing import (
    DEFAULT_MODE,
    GENERAL_MODES,
    CallShape,
    Capabilities,
    Decision,
    check_mode,
    offered_modes,
    route,
)
from .tracing import TracedAttention

log = logging.getLogger(__name__)


class AttentionDispatcher:
    """An attention override that sends each call to the kernel that `route` names.

    Args:
        mode: see `route`.
        capabilities: what the machine offers.
        fallback_on_error: False lets a kernel's exception end the render.
        skip_under_seq_len: see `route`.
        previous: an override that was there before. It is called first and gets this dispatcher as the attention
            function to call, so that what it does to queries, keys, values or the result still happens.
    """

    times_calls = True

    def __init__(
        self,
        mode: str,
        capabilities: Capabilities,
        *,
        fallback_on_error: bool = True,
        skip_under_seq_len: int = 0,
        previous: Callable[..., torch.Tensor] | None = None,
    ) -> None:
        self.mode = mode
        self.capabilities = capabilities
        self.fallback_on_error = fallback_on_error
        self.skip_under_seq_len = skip_under_seq_len
        self.previous = previous
        self._decisions: dict[CallShape, Decision] = {}
        self._outside_sampling = RenderRecord()

    # Compiled code must not bake in counters, timings or a kernel's own launch logic: it breaks its graph here instead.
    @torch.compiler.disable
    def __call__(self, func: Callable[..., torch.Tensor], *args: Any, **kwargs: Any) -> torch.Tensor:
        """Computes one attention call; `func` is ComfyUI's own attention, the rest are its arguments."""
        if self.previous is not None:
            return self.previous(functools.partial(self._attend, func), *args, **kwargs)
        return self._attend(func, *args, **kwargs)

    def _attend(
        self,
        func: Callable[..., torch.Tensor],
        q: torch.Tensor,
        k: torch.Tensor,
        v: torch.Tensor,
        heads: int,
        mask: torch.Tensor | None = None,
        attn_precision: torch.dtype | None = None,
        skip_reshape: bool = False,
        skip_output_reshape: bool = False,
        **kwargs: Any,
    ) -> torch.Tensor:
        options = kwargs.get("transformer_options") or {}
        record: RenderRecord = options.get(option_keys.RECORD, self._outside_sampling)
        trace = options.get(option_keys.TRACE)
        scale = kwargs.get("scale")
        call = call_shape(
            q,
            k,
            heads,
            mask=mask,
            skip_reshape=skip_reshape,
            scale=scale,
            # ComfyUI asks for full precision if a mask carries weights; a kernel that honours masks is not meant.
            low_precision=kwargs.get("low_precision_attention", True) is not False,
        )
        decision = self.decide(call)
        kernel, reason = decision.kernel, decision.reason
        if kernel is not COMFY and record.has_failed(kernel, call):
            kernel, reason = COMFY, "kernel failed before"
        started = trace.start(q) if trace is not None else None
        out = None
        if kernel is not COMFY:
            try:
                out = launch(
                    kernel,
                    machine.load(kernel),
                    call,
                    q,
                    k,
                    v,
                    mask=mask,
                    scale=scale,
                    skip_reshape=skip_reshape,
                    skip_output_reshape=skip_output_reshape,
                )
            except Exception as error:
                if not self.fallback_on_error:
                    raise
                if record.fail(kernel, call, reason=type(error).__name__):
                    log.warning("%s failed on %s (%s); using ComfyUI's attention there", kernel.name, call, error)
                kernel, reason = COMFY, f"kernel raised {type(error).__name__}"
        if out is None:
            out = func(
                q,
                k,
                v,
                heads,
                mask=mask,
                attn_precision=attn_precision,
                skip_reshape=skip_reshape,
                skip_output_reshape=skip_output_reshape,
                **kwargs,
            )
        record.count(kernel.name, reason)
        if trace is not None:
            trace.finish(started, call, mask, kernel.name, reason, options)
        return out

    def decide(self, call: CallShape) -> Decision:
        """`route` for this dispatcher's settings, remembered: a render repeats a few shapes thousands of times."""
        decision = self._decisions.get(call)
        if decision is None:
            decision = route(self.mode, self.capabilities, call, self.skip_under_seq_len)
            self._decisions[call] = decision
        return decision


def record_render(executor: Any, *args: Any, **kwargs: Any) -> Any:
    """Sampler wrapper: gives the run its own `RenderRecord` and logs its one-line summary, also when the run fails."""
    options = options_of_run(args)
    if options is None:
        return executor(*args, **kwargs)
    record = options[option_keys.RECORD] = RenderRecord()
    started = time.perf_counter()
    try:
        result = executor(*args, **kwargs)
        if not record.calls and makes_steps(args):
            ATTENTION_OVERRIDE.is_gone("no call of attention came to it")
        return result
    finally:
        log.info("%s, in %.1f s", record.summary(), time.perf_counter() - started)


def apply_sage_attention(
    model: Any,
    mode: str = DEFAULT_MODE,
    fallback_on_error: bool = True,
    skip_under_seq_len: int = 0,
    capabilities: Capabilities | None = None,
) -> Any:
    """A clone of the model whose attention goes through the dispatcher; the given model is not changed.

    Args:
        model: ComfyUI ModelPatcher.
        mode: one of `routing.MODES`.
        fallback_on_error: whether a kernel that raises is replaced by ComfyUI's attention, with one log line.
        skip_under_seq_len: calls with fewer queries or keys stay with ComfyUI's attention.
        capabilities: what the machine offers; probed when left out.

    Returns:
        The clone; the model itself if the mode changes nothing (disabled, or no SageAttention kernel runs here).

    Raises:
        AttentionModeError: an explicit kernel that this machine cannot run; with the way to install it.
        ValueError: a negative length.
    """
    if skip_under_seq_len < 0:
        raise ValueError(f"skip_under_seq_len is {skip_under_seq_len}; it must be 0 (skip nothing) or more")
    capabilities = machine.probe() if capabilities is None else capabilities
    check_mode(mode, capabilities)
    existing = model.model_options.get("transformer_options", {}).get(option_keys.OVERRIDE)
    # The dispatcher times its own calls and takes the place of an earlier one.
    ours = isinstance(existing, AttentionDispatcher | TracedAttention)
    previous = existing.previous if ours else existing
    works = mode != "disabled" and any(name in KERNEL_NAMES for name in offered_modes(capabilities))
    if not works:
        if mode != "disabled":
            _say_once(mode, "sageattention" in capabilities.versions)
        return _without_dispatcher(model, previous) if isinstance(existing, AttentionDispatcher) else model
    clone = model.clone()
    options = clone.model_options.setdefault("transformer_options", {})
    options[option_keys.OVERRIDE] = AttentionDispatcher(
        mode,
        capabilities,
        fallback_on_error=fallback_on_error,
        skip_under_seq_len=skip_under_seq_len,
        previous=previous,
    )
    # In the options rather than in `clone.wrappers`, so that the clone still counts as having the same weights.
    options.setdefault("wrappers", {}).setdefault("sampler_sample", {})[option_keys.DISPATCHER_WRAPPER] = [record_render]
    return clone


def _without_dispatcher(model: Any, previous: Callable[..., torch.Tensor] | None) -> Any:
    clone = model.clone()
    options = clone.model_options["transformer_options"]
    if previous is None:
        del options[option_keys.OVERRIDE]
    else:
        options[option_keys.OVERRIDE] = previous
    options.get("wrappers", {}).get("sampler_sample", {}).pop(option_keys.DISPATCHER_WRAPPER, None)
    return clone


@functools.cache
def _say_once(mode: str, installed: bool) -> None:
    why = "SageAttention has no kernel for this machine" if installed else "SageAttention is not installed"
    log.info("attention mode %s: %s, rendering with ComfyUI's own attention", mode, why)


__all__ = [
    "DEFAULT_MODE",
    "GENERAL_MODES",
    "AttentionDispatcher",
    "apply_sage_attention",
    "record_render",
]
