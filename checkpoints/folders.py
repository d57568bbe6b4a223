"""Where checkpoints lie in ComfyUI's folders, and whether prompts may stand in their files."""

from __future__ import annotations

from pathlib import Path

from ..comfyui_internals.machine import option


def runs_folder() -> Path:
    """`output/audio_loop`."""
    import folder_paths

    return Path(folder_paths.get_output_directory()) / "audio_loop"


def memory_file() -> Path:
    """Where digests of files are remembered: with ComfyUI's own files of this machine, not among what users hand on."""
    import folder_paths

    return Path(folder_paths.get_system_user_directory("audio_loop")) / "file_hashes.json"


def hides_metadata() -> bool:
    """Whether ComfyUI was started with --disable-metadata: prompts stay out of files then."""
    return bool(option("disable_metadata", True))
