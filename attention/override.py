"""The attention dispatcher as a model patch: everything in `transformer_options` of a cloned ModelPatcher.

ComfyUI calls `transformer_options["optimized_attention_override"](func, q, k, v, heads, ...)` in place of every
attention call `func`. Ours asks `routing.route` for a kernel, and `merge_routing.merge_route` for calls with a mask. It holds
no tensor, so offloading cannot strand anything; what it learns during a render lives in that render's own copy of the
model options.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

import torch

from ..comfyui_internals.attention_choice import is_backend_node, preferred_attention
from ..comfyui_internals.sampling import ATTENTION_OVERRIDE, makes_steps, options_of_run
from . import capabilities as machine
from . import option_keys
from .core_backends import CoreBackend, backend_of
from .kernels import COMFY, KERNEL_NAMES
from .key_groups import KeyGroup
from .launch import call_shape, launch
from .log_sum_exp import attend_merged
from .merge_routing import AUTOMATIC, NOT_PER_KEY, merge_route, merges, routing_words
from .render_record import RenderRecord
from .routing import (
    DEFAULT_MODE,
    GENERAL_MODES,
    QUANTIZED_GUIDES,
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
        self._merges: dict[tuple[CallShape, str], Decision] = {}
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
        call = call_shape(
            q,
            k,
            heads,
            mask=mask,
            skip_reshape=skip_reshape,
            scale=kwargs.get("scale"),
            # ComfyUI asks for full precision if a mask carries weights; a kernel that honours masks is not meant.
            low_precision=kwargs.get("low_precision_attention", True) is not False,
        )
        decision, groups = self._decide_with_mask(call, mask, backend_of(func), record)
        kernel, reason = decision.kernel, decision.reason
        if kernel is not COMFY and record.has_failed(kernel, call):
            kernel, reason = COMFY, "kernel failed before"
        started = trace.start(q) if trace is not None else None
        out = None
        if kernel is not COMFY:
            shaped: dict[str, Any] = {
                "scale": kwargs.get("scale"),
                "skip_reshape": skip_reshape,
                "skip_output_reshape": skip_output_reshape,
            }
            try:
                function = machine.load(kernel)
                if groups is None:
                    out = launch(kernel, function, call, q, k, v, mask=mask, **shaped)
                else:
                    out = attend_merged(kernel, function, call, q, k, v, groups, **shaped)
            except Exception as error:
                if not self.fallback_on_error:
                    raise
                if record.fail(kernel, call, reason=type(error).__name__):
                    log.warning("%s failed on %s (%s); using ComfyUI's attention there", kernel.name, call, error)
                kernel, reason = COMFY, f"kernel raised {type(error).__name__}"
        if out is None:
            groups = None
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
            trace.finish(started, call, mask if groups is None else None, kernel.name, reason, options)
        return out

    def _decide_with_mask(
        self, call: CallShape, mask: torch.Tensor | None, backend: CoreBackend, record: RenderRecord
    ) -> tuple[Decision, tuple[KeyGroup, ...] | None]:
        """The kernel of a call, and the groups of keys that it merges; None if it is given the mask, or there is none."""
        kept = self.mode in AUTOMATIC and backend.keeps_calls and call.on_cuda
        if kept and record.says(backend.name):
            log.info(
                "attention is left to %s, chosen by %s; a masked call there: %s",
                backend.name,
                backend.chosen_by,
                backend.masked,
            )
        decision = Decision(COMFY, f"left to {backend.name}") if kept else self.decide(call)
        # In an automatic mode a kernel that honours the mask is as good as one that merges; a named one never sees a mask.
        if mask is None or (decision.kernel is not COMFY and self.mode in AUTOMATIC and self.mode != QUANTIZED_GUIDES):
            return decision, None
        merging = self.decide_merge(call, backend)
        if merging.kernel is COMFY:
            return decision, None
        groups = record.key_groups.of(mask)
        if groups is not None:
            return merging, groups
        if record.says(NOT_PER_KEY):
            log.info("a mask of shape %s is not one bias per key (a mask of pixels): its calls stay masked", tuple(mask.shape))
        return (Decision(COMFY, NOT_PER_KEY) if decision.kernel is COMFY else decision), None

    def decide_merge(self, call: CallShape, backend: CoreBackend) -> Decision:
        """`merge_route` for this dispatcher's settings, remembered as `decide` does."""
        decision = self._merges.get((call, backend.name))
        if decision is None:
            decision = merge_route(self.mode, self.capabilities, call, backend, self.skip_under_seq_len)
            self._merges[call, backend.name] = decision
        return decision

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
        if not record.calls and makes_steps(args) and not is_backend_node(options.get(option_keys.OVERRIDE)):
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
        The clone; the model itself if the mode changes nothing: disabled, no kernel that gains something runs here, or an
        automatic mode meets an attention that ComfyUI's own node or the checkpoint chose.

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
    wish = "Model Attention Backend" if is_backend_node(previous) else _wish_of_checkpoint(model)
    gains = any(name in KERNEL_NAMES for name in offered_modes(capabilities)) or merges(mode, capabilities)
    if mode == "disabled" or (mode in AUTOMATIC and (wish or not gains)):
        if mode != "disabled":
            _say_once(mode, f"{wish} chose the attention" if wish else _why_nothing(capabilities))
        return _without_dispatcher(model, previous) if isinstance(existing, AttentionDispatcher) else model
    if is_backend_node(previous):
        previous = None  # it calls its own backend and never what it is given, and a kernel was named after it
    _say_once(mode, routing_words(mode, capabilities))
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


def _wish_of_checkpoint(model: Any) -> str | None:
    wish = preferred_attention(model.get_model_object("diffusion_model"))
    return f"the checkpoint ({wish})" if wish else None


def _why_nothing(capabilities: Capabilities) -> str:
    installed = "sageattention" in capabilities.versions
    why = "SageAttention has no kernel for this machine" if installed else "SageAttention is not installed"
    return f"{why}, rendering with ComfyUI's own attention"


@functools.cache
def _say_once(mode: str, words: str) -> None:
    log.info("attention mode %s: %s", mode, words)


__all__ = [
    "DEFAULT_MODE",
    "GENERAL_MODES",
    "AttentionDispatcher",
    "apply_sage_attention",
    "record_render",
]
