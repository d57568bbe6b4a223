"""What ComfyUI hands to code that a model's options put around a sampling run, a pass through the model, or a step."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .contact import Contact

RUN_OPTIONS = Contact(
    "model options of a sampling run",
    "attention is neither counted nor traced, and guidance reads its prompt anew in each step",
)
MODEL_PASS = Contact("arguments of a pass through LTX", "the negative prompt of NAG has no effect")
GUIDED_CALLS = Contact("attention over LTX's prompt", "the negative prompt of NAG has no effect")
STREAMS = Contact("shapes of a latent's streams", "statistics are not matched in each step")
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
