"""Models, pictures and sounds that the graph names are there."""

from __future__ import annotations

from collections.abc import Iterator

from ...workflow_graph.audit.rule import ERR, Finding, rule
from ...workflow_graph.reading.flow import FlowNode
from ..subject import PlannedSubject

_MODELS = (".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".bin", ".gguf")
_MEDIA = {"LoadImage": "image", "LoadAudio": "audio"}

_FOLDERS = {
    "ckpt_name": "models/checkpoints",
    "lora_name": "models/loras",
    "text_encoder": "models/text_encoders",
    "clip_name": "models/text_encoders",
    "clip_name1": "models/text_encoders",
    "clip_name2": "models/text_encoders",
    "unet_name": "models/diffusion_models",
    "vae_name": "models/vae",
    "image": "input",
    "audio": "input",
}
"""Input -> the folder of ComfyUI that its files lie in."""


@rule(
    severity=ERR,
    summary="every model, picture and sound that the graph names is in ComfyUI's folders",
    seen="the render does not start: ComfyUI says that a value is not in a list",
    why="a loader takes only what lies in its folder",
    mend="put the file into the folder of its kind and press R, or choose one of the list",
)
def files_there(subject: PlannedSubject) -> Iterator[Finding]:
    """Looks at each value that is a file's name."""
    has_file = subject.machine.has_file
    if has_file is None:
        return
    users: dict[tuple[str, str], list[FlowNode]] = {}
    for node in subject.flow.nodes.values():
        for name, value in node.inputs.items():
            if not isinstance(value, str) or not value:
                continue
            is_file = value.lower().endswith(_MODELS) or _MEDIA.get(node.type) == name
            if is_file and has_file(node.type, name, value) is False:
                users.setdefault((name, value), []).append(node)
    for (name, value), (first, *others) in users.items():
        also = f"; {', '.join(map(str, others))} asks for it too" if others else ""
        folder = _FOLDERS.get(name)
        mend = f"put the file into {folder} of ComfyUI and press R there, or choose another in the node" if folder else None
        yield Finding(first, f"{name} is {value!r}, which is not there{also}", mend=mend)
