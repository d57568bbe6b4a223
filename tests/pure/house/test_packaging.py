"""What `pyproject.toml` says is what lies on disk, and nothing is imported that ComfyUI does not have."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from audio_loop.loop_control.version import VERSION

from .import_graph import OUTSIDE, REPOSITORY, imports_of, packed, tree_of

PURE = {"cost", "files", "loop_control", "schedule", "workflow_graph"}
COMFYUI = {"comfy", "comfy_api", "comfy_execution", "comfy_extras", "execution", "folder_paths", "node_helpers", "nodes"}
COMFYUI |= {"server", "comfyui_version", "latent_preview", "app", "api_server"}
HEAVY = {"torch", "torchaudio", "torchvision", "numpy", "scipy", "kornia", "einops", "safetensors", "av", "PIL"}


def pyproject() -> dict:
    tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))


PACKED = packed()


def test_packages_in_pyproject_are_the_folders_on_disk():
    folders = {path.parent for path in PACKED if path.parts[0] not in OUTSIDE}
    on_disk = {".".join(("audio_loop", *folder.parts)) for folder in folders}
    assert sorted(pyproject()["tool"]["setuptools"]["packages"]) == sorted(on_disk)


def test_version_is_the_same_everywhere():
    assert pyproject()["project"]["version"] == VERSION


def test_pure_packages_import_neither_torch_nor_comfyui():
    wrong = [
        f"{path}:{line} imports {module[0]}"
        for path in PACKED
        if path.parts[0] in PURE
        for line, module in imports_of(path)
        if module[0] in COMFYUI | HEAVY
    ]
    assert wrong == []


def test_only_the_edge_of_the_pack_imports_comfyui_when_it_is_imported():
    # Nodes need ComfyUI's schema classes. Everything else asks for ComfyUI when it is used, so that it can be tested alone.
    wrong = []
    for path in PACKED:
        if path.parts[0] in {"nodes", *OUTSIDE} or len(path.parts) < 2:
            continue
        tree = tree_of(path)
        for node in tree.body:
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            wrong += [f"{path}:{node.lineno} imports {name}" for name in modules if name.split(".")[0] in COMFYUI]
    assert wrong == []


def test_the_pack_never_imports_itself_by_name():
    wrong = [f"{path}:{line}" for path in PACKED for line, module in imports_of(path) if module[0] == "audio_loop"]
    assert wrong == []


def test_the_root_imports_nothing_when_it_is_imported():
    tree = tree_of(Path("__init__.py"))
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports == []
    assert {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef)} == {"comfy_entrypoint"}


def test_no_file_of_the_pack_imports_torchaudio():
    # ComfyUI no longer installs it; `audio.resample` asks for it by name if it is there.
    wrong = [
        f"{path}:{line}"
        for path in PACKED
        if path.parts[0] not in OUTSIDE
        for line, module in imports_of(path)
        if module[0] == "torchaudio"
    ]
    assert wrong == []


def test_the_pack_needs_nothing_beyond_comfyui():
    assert pyproject()["project"]["dependencies"] == []


def test_the_pack_logs_and_never_prints():
    wrong = []
    for path in PACKED:
        if path.parts[0] in OUTSIDE | {"workflow_graph"}:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


@pytest.mark.parametrize("name", ["cost", "files", "loop_control", "schedule", "workflow_graph"])
def test_pure_packages_can_be_imported_without_torch(name):
    # By import, not by reading: a dependency may come in through a third module.
    code = (
        "import sys, pkgutil, importlib\n"
        f"sys.path.insert(0, {str(REPOSITORY / 'scripts')!r})\n"
        "import _bootstrap\n"
        f"package = importlib.import_module('audio_loop.{name}')\n"
        "for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "    if not found.name.endswith('__main__'): importlib.import_module(found.name)\n"
        f"print([name for name in {sorted(COMFYUI | HEAVY)!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
