"""Only `comfyui_internals` reaches into ComfyUI: all else uses what packs are promised, or have used for years."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .import_graph import OUTSIDE, packed, tree_of

ROOM = "comfyui_internals"
COMFYUI = {"comfy", "comfy_api", "comfy_execution", "comfy_extras", "comfyui_version", "execution", "folder_paths", "nodes"}
COMFYUI |= {"api_server", "app", "latent_preview", "node_helpers", "protocol", "server"}

PUBLIC = {
    "comfy_api.latest": None,  # the node API
    "comfy_execution.graph_utils": {"ExecutionBlocker"},  # in ComfyUI's guide to lazy evaluation
    "comfyui_version": {"__version__"},
    "folder_paths": None,  # ComfyUI's guide to packs sends them there
    "node_helpers": {"conditioning_set_values"},
    "comfy.utils": {"ProgressBar", "load_torch_file", "state_dict_prefix_replace"},
    "comfy.sd": {"VAE"},
    "comfy.model_management": {
        *("InterruptProcessingException", "throw_exception_if_processing_interrupted"),
        *("cleanup_models", "get_torch_device", "soft_empty_cache"),
    },
}
"""Module -> the names that any file may use; None for all of them."""

INSIDE = {
    "executor": {"cr_frame", "f_locals", "all_tasks", "current_task", "execution_list", "execution_cache", "ui_node_outputs"},
    "caches": {"cache_key_set", "get_data_key", "subcaches", "get_local", "cache_helper"},
    "server": {"PromptServer", "prompt_queue", "get_current_queue_volatile", "send_sync", "add_on_prompt_handler"},
    "classes": {"NODE_CLASS_MAPPINGS", "LOADED_MODULE_DIRS", "OUTPUT_NODE", "IS_CHANGED", "INPUT_TYPES", "first_real_override"},
    "models": {"current_loaded_models", "real_model", "class_obj", "transformer_blocks", "latent_shapes", "model_conds"},
    "vae": {
        *("first_stage_model", "comfy_has_chunked_io", "decode_output_shape", "output_buffer", "upscale_ratio", "latent_dim"),
        *("memory_used_decode", "vae_dtype", "vae_output_dtype", "process_output", "disable_offload"),
    },
}
"""Names of attributes and variables inside ComfyUI; as an attribute, a keyword or a text they mean a reach into it."""
NAMES = frozenset(name for names in INSIDE.values() for name in names)


def reaches(tree: ast.Module) -> Iterator[str]:
    """What a file reaches for, line by line: "12 comfy.samplers.KSampler" or "14 .real_model"."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in COMFYUI:
                    modules[alias.asname or alias.name] = alias.name
                    if alias.name not in PUBLIC:
                        yield f"{node.lineno} {alias.name}"
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in COMFYUI:
            for alias in node.names:
                if not _is_public(node.module, alias.name):
                    yield f"{node.lineno} {node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            module = modules.get(ast.unparse(node.value))
            if module is not None and f"{module}.{node.attr}" not in modules.values() and not _is_public(module, node.attr):
                yield f"{node.lineno} {module}.{node.attr}"
            if node.attr in NAMES:
                yield f"{node.lineno} .{node.attr}"
        elif isinstance(node, ast.Constant) and node.value in NAMES:
            yield f"{node.lineno} {node.value!r}"


def _is_public(module: str, name: str) -> bool:
    if f"{module}.{name}" in PUBLIC:
        return True
    names = PUBLIC.get(module, set())
    return names is None or name in names


def test_only_one_room_reaches_into_comfyui():
    files = [
        path for path in packed() if path.parts[0] not in {ROOM, *OUTSIDE, "comfy_host", "compatibility", "workflow_graph"}
    ]
    assert len(files) > 100
    assert [f"{path}:{reach}" for path in files for reach in reaches(tree_of(path))] == []


def test_every_name_of_the_list_is_used_in_that_room():
    text = "".join(path.read_text("utf-8") for path in (Path(__file__).resolve().parents[3] / ROOM).glob("*.py"))
    assert [name for name in NAMES - {"current_task"} if name not in text] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from execution import IsChangedCache", ["1 execution.IsChangedCache"]),
        (
            "def f():\n    import comfy.samplers\n    return comfy.samplers.KSampler",
            ["2 comfy.samplers", "3 comfy.samplers.KSampler"],
        ),
        ("import comfy.model_management as mm\nmm.free_memory(1)", ["2 comfy.model_management.free_memory"]),
        ("from comfy.model_management import free_memory", ["1 comfy.model_management.free_memory"]),
        ("import nodes\nnodes.NODES", ["1 nodes", "2 nodes.NODES"]),
        ("frame = task.get_coro().cr_frame", ["1 .cr_frame"]),
        ("getattr(vae, 'first_stage_model', None)", ["1 'first_stage_model'"]),
        ("from comfy import samplers", ["1 comfy.samplers"]),
        ("from comfy_api.latest import io, ui", []),
        ("import comfy.model_management\ncomfy.model_management.soft_empty_cache()", []),
        ("from ..nodes import inputs", []),
        ("import folder_paths\nfolder_paths.get_output_directory()", []),
    ],
)
def test_a_planted_reach_is_found(source, found):
    assert list(reaches(ast.parse(source))) == found
