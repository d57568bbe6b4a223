"""Windows with values that are not finite: refused where they come up, with the node that gave them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from ...latent_ops.finite import conditioning_not_finite, not_finite
from ...loop_engine.prompt_links import as_link
from ..errors import NotFiniteError

if TYPE_CHECKING:
    from .request import Request

log = logging.getLogger(__name__)

_LATENTS = ("previous_latent", "audio_latent", "guide_latent")
_TEXTS = ("conditioning", "negative")
_CAUSES = (
    "Such a window decodes to black, and so does all that follows it. Usual causes: an overflow in fp16 (start ComfyUI with "
    "--bf16-unet or --fp32-unet), an attention kernel (use another, or none), a damaged model file. To go on all the same, "
    "switch 'stop_on_nan' off"
)


def require_finite_inputs(request: Request, node_id: str, graph: Any) -> None:
    """Refuses to sample a window from values that are not finite.

    Raises:
        NotFiniteError: One is; the message names the input and, if ComfyUI still knows, the first node that gave it.
    """
    if not request.stop_on_nan:
        return
    for name in (*_TEXTS, *_LATENTS):
        value = request.values.get(name)
        problem = conditioning_not_finite(value) if name in _TEXTS else not_finite(value)
        if problem:
            where = _origin(graph, node_id, name)
            raise NotFiniteError(
                f"window {request.index} is not sampled: its {name} is not finite ({problem}){where}. {_CAUSES}"
            )


def refuse_not_finite(request: Request, node_id: str, graph: Any, latent: Any) -> str:
    """Looks at a window that was made.

    Returns:
        "" if it is finite, else a phrase for the report.

    Raises:
        NotFiniteError: It is not, and the render is to stop then.
    """
    problem = not_finite(latent)
    if not problem:
        return ""
    where = _origin(graph, node_id, "latent")
    if request.stop_on_nan:
        raise NotFiniteError(f"window {request.index} is not finite ({problem}){where}; it is not kept. {_CAUSES}")
    text = f"window {request.index} is not finite ({problem}){where}"
    log.error("IterationCheckpoint: %s; it is not kept, and the render goes on because stop_on_nan is off", text)
    return f"; {text}"


def _origin(graph: Any, node_id: str, name: str) -> str:
    from .value_origin import origin_of

    found = origin_of(graph, as_link(graph.get_node(node_id)["inputs"].get(name)))
    return f", first seen at {found}" if found else ""
