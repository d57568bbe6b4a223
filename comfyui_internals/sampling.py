"""Arguments of ComfyUI for code that a model's options put around a sampling run, a pass through the model, or a step."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from .contact import Contact

RUN_OPTIONS = Contact(
    "model options of a sampling run",
    "attention is neither counted nor traced, and guidance reads its prompt anew in each step",
)
MODEL_PASS = Contact("arguments of a pass through LTX", "the negative prompt of NAG has no effect")
GUIDED_CALLS = Contact("attention over LTX's prompt", "the negative prompt of NAG has no effect")
ATTENTION_OVERRIDE = Contact("override of attention", "SageAttention is not used, and guides keep their mask")
STREAMS = Contact("shapes of a latent's streams", "statistics are not matched in each step")
STEP_CONDITIONS = Contact("conditions of a sampling step", "statistics are not matched in each step")
BLOCKS = Contact("blocks of an LTX model", "the trace does not number them")
LTX_MODULE = "comfy.ldm.lightricks"
PASS_ARGUMENTS = ("x", "context", "attention_mask", "transformer_options")
"""Those that guidance reads or replaces."""
PASS_ORDER = (
    "x",
    "timestep",
    "context",
    "attention_mask",
    "frame_rate",
    "transformer_options",
    "keyframe_idxs",
    "denoise_mask",
)


def options_of_run(arguments: Sequence[Any]) -> dict[str, Any] | None:
    """The `transformer_options` of this sampling run's own clone of the model options; None if they are not found.

    Args:
        arguments: What a sampler wrapper gets: guider, sigmas, extra_args, ...
    """
    try:
        options: dict[str, Any] = arguments[2]["model_options"].setdefault("transformer_options", {})
    except (LookupError, TypeError, AttributeError) as error:
        RUN_OPTIONS.is_gone(error)
        return None
    return options


def makes_steps(arguments: Sequence[Any]) -> bool:
    """Whether a sampling run has at least one step; `arguments` as in `options_of_run`."""
    return len(arguments) > 1 and isinstance(arguments[1], torch.Tensor) and len(arguments[1]) > 1


@dataclass(frozen=True)
class ModelPass:
    """The arguments of one pass through a diffusion model, by name.

    Attributes:
        model: The diffusion model.
        names: Of the parameters, in order.
        args: As ComfyUI passed them.
        kwargs: As ComfyUI passed them.
    """

    model: Any
    names: tuple[str, ...]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def get(self, name: str) -> Any:
        """The value of an argument; None if it was not passed."""
        index = self.names.index(name)
        return self.args[index] if index < len(self.args) else self.kwargs.get(name)

    def replaced(self, values: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments with other values, each passed in the way that it was."""
        args, kwargs = list(self.args), dict(self.kwargs)
        for name, value in values.items():
            index = self.names.index(name)
            if index < len(args):
                args[index] = value
            else:
                kwargs[name] = value
        return args, kwargs


def is_ltx(diffusion_model: Any) -> bool:
    """Whether a diffusion model is one of ComfyUI's for LTX."""
    return any(base.__module__.startswith(LTX_MODULE) for base in type(diffusion_model).__mro__)


def has_ltx_parts(diffusion_model: Any) -> bool:
    """Whether an LTX model has what guidance asks of it: `_prepare_attention_mask` and `inner_dim`."""
    missing = [name for name in ("_prepare_attention_mask", "inner_dim") if not hasattr(diffusion_model, name)]
    if missing:
        MODEL_PASS.is_gone(f"{type(diffusion_model).__name__} has no {', '.join(missing)}")
    return not missing


def model_pass(executor: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> ModelPass | None:
    """The arguments that a wrapper of LTX's diffusion model got; None if their names are not those that it takes."""
    try:
        original, model = executor.original, executor.class_obj
        names = _parameters(getattr(original, "__func__", original))
    except (AttributeError, TypeError, ValueError) as error:
        MODEL_PASS.is_gone(error)
        return None
    missing = [name for name in PASS_ARGUMENTS if name not in names]
    if missing or model is None or len(args) > len(names):
        MODEL_PASS.is_gone(f"{', '.join(missing) or 'the model'} not among {', '.join(names)}")
        return None
    return ModelPass(model, names, args, kwargs)


@functools.lru_cache(maxsize=16)
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    parameters = inspect.signature(function).parameters.values()
    if any(p.kind == p.VAR_POSITIONAL for p in parameters):
        # Another pack's function around the model's own, which says nothing.
        return PASS_ORDER
    return tuple(p.name for p in parameters if p.kind == p.POSITIONAL_OR_KEYWORD and p.name != "self")


def block_count(executor: Any) -> int:
    """How many transformer blocks the model of a diffusion-model wrapper has; 0 if it has no such list."""
    model = getattr(executor, "class_obj", None)
    blocks = getattr(model, "transformer_blocks", None)
    if blocks is None and (model is None or is_ltx(model)):
        BLOCKS.is_gone("no transformer_blocks")
    return len(blocks or ())


def step_conditions(cond: Sequence[Mapping[str, Any]] | None) -> dict[str, torch.Tensor] | None:
    """The tensors that the model is told beside a step's latent, by name; None if they are not found.

    Args:
        cond: The conditioning of a pass as the sampler has it; its first entry says what the model is told.
    """
    try:
        told = cond[0]["model_conds"] if cond else {}
        values = {name: value.cond for name, value in told.items() if hasattr(value, "cond")}
        if told and not values:
            raise AttributeError("cond")
    except (LookupError, AttributeError, TypeError) as error:
        STEP_CONDITIONS.is_gone(error)
        return None
    return {name: value for name, value in values.items() if isinstance(value, torch.Tensor)}


def stream_shapes(arguments: Mapping[str, Any]) -> list[Any] | None:
    """Shapes of the streams (video, sound) that a step's latent is packed from, one for a latent of one; None if unknown.

    Args:
        arguments: What a `sampler_post_cfg_function` gets.
    """
    try:
        return list(arguments["model"].latent_shapes or [arguments["denoised"].shape])
    except (LookupError, AttributeError, TypeError) as error:
        STREAMS.is_gone(error)
        return None
