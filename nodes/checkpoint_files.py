"""Where checkpoints lie in ComfyUI's folders, and which files a graph names."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..checkpoints.file_hashes import FileHashes
from ..checkpoints.graph_hash import GraphRules
from ..checkpoints.loop_links import follow_loop
from ..checkpoints.names import clean_name
from ..checkpoints.segment_file import LatentCodec
from ..checkpoints.store import Store
from ..loop_control.loop_body import as_link
from ..loop_control.version import VERSION

MODEL_FOLDERS = {
    "ckpt_name": "checkpoints",
    "lora_name": "loras",
    "vae_name": "vae",
    "unet_name": "diffusion_models",
    "text_encoder": "text_encoders",
    "clip_name": "text_encoders",
    "clip_name1": "text_encoders",
    "clip_name2": "text_encoders",
    "control_net_name": "controlnet",
    "model_name": "latent_upscale_models",
}
"""Input names that core loaders use for files, and ComfyUI's folder for each."""

INPUT_FILES = {("LoadImage", "image"), ("LoadAudio", "audio"), ("LoadVideo", "file"), ("LoadLatent", "latent")}


def runs_folder() -> Path:
    """`output/audio_loop`."""
    import folder_paths

    return Path(folder_paths.get_output_directory()) / "audio_loop"


@functools.lru_cache(maxsize=4)
def _hashes(root: Path) -> FileHashes:
    return FileHashes(root / "file_hashes.json")


def file_hashes() -> FileHashes:
    """Digests of files, remembered in the folder of all runs."""
    return _hashes(runs_folder())


_stores: dict[tuple[Path, str], Store] = {}
_stores_guard = threading.Lock()


def open_store(run: str, identity: str = "") -> Store:
    """The store of a run; one object per run, so that what its folder does not take stays in memory."""
    from comfy.nested_tensor import NestedTensor

    key = runs_folder(), clean_name(run)
    with _stores_guard:
        if key not in _stores:
            _stores[key] = Store(*key, LatentCodec(NestedTensor), identity=identity)
        _stores[key].identify(identity)
        return _stores[key]


def resolve_file(class_type: str, name: str, value: object) -> Path | None:
    """The file that a literal input names, None where it names none."""
    import folder_paths

    if not isinstance(value, str):
        return None
    if (class_type, name) in INPUT_FILES:
        return Path(folder_paths.get_annotated_filepath(value))
    folder = MODEL_FOLDERS.get(name)
    found = folder_paths.get_full_path(folder, value) if folder else None
    return Path(found) if found else None


def user_file(class_type: str, name: str, value: object) -> Path | None:
    """As `resolve_file`, of files that the user brought into ComfyUI's own folders: no models."""
    import folder_paths

    try:
        path = resolve_file(class_type, name, value)
    except Exception:  # names that ComfyUI itself refuses, such as those that lead out of its folders
        return None
    folders = (folder_paths.get_input_directory(), folder_paths.get_output_directory(), folder_paths.get_temp_directory())
    return path if path is not None and any(path.resolve().is_relative_to(Path(each).resolve()) for each in folders) else None


def hides_metadata() -> bool:
    """Whether ComfyUI was started with --disable-metadata: prompts stay out of files then."""
    from comfy.cli_args import args

    return bool(args.disable_metadata)


def graph_rules() -> GraphRules:
    """What counts in the graph upstream of a checkpoint."""
    return GraphRules(redirect=_redirect, resolve_file=resolve_file)


_PASS_ON = {"PurgeVRAM": "latent", "IterationCleanup": "latent"}


def _redirect(class_type: str, inputs: Mapping[str, Any], slot: int) -> Any:
    if class_type in _PASS_ON:
        return as_link(inputs.get(_PASS_ON[class_type]))
    return follow_loop(class_type, inputs, slot)


@functools.lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Versions of this pack and of ComfyUI."""
    from comfyui_version import __version__ as comfyui

    return {"audio-loop": VERSION, "comfyui": comfyui}
