"""A model is distilled once: by its own file or by a LoRA, not by both."""

from __future__ import annotations

from collections.abc import Iterator

from ..rule import WARN, Finding, rule
from ..subject import Subject


@rule(
    severity=WARN,
    summary="the distilled LoRA goes with the dev model, and the distilled model goes without it",
    seen="a look that the model was not trained for, such as hard contrast and burnt colours",
    why="what the LoRA adds is in the distilled file already, so it is added twice",
    mend="set strength_model of the LoRA to 0, or load the dev model",
)
def distilled_once(subject: Subject) -> Iterator[Finding]:
    """Looks at the files that each sampling's model is made from."""
    parts = subject.parts
    told: set[str] = set()
    for sampler in parts.samplers:
        distilled = [file for file in parts.model_files(sampler) if "distil" in file.name]
        model = next((file for file in distilled if not file.is_lora), None)
        for lora in distilled:
            if model is not None and lora.is_lora and lora.node.id not in told:
                told.add(lora.node.id)
                yield Finding(lora.node, f"adds a distilled LoRA to {model.name}, which {model.node} loads")
