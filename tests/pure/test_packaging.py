"""What `pyproject.toml` says is what lies on disk, and imports go the way the design says."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio_loop.loop_control.version import VERSION

REPOSITORY = Path(__file__).resolve().parents[2]
NOT_PACKAGED = {"tests", "scripts", "benchmarks", "docs", "web", "example_workflows", "build", "dist", "output"}

PURE = {"files", "loop_control", "schedule", "workflow_graph", "autoresearch"}
LOADED_BY_COMFYUI = {
    "files": set(),
    "loop_control": set(),
    "schedule": {"loop_control"},
    "latent_ops": {"loop_control", "schedule"},
    "audio": {"loop_control", "schedule"},
    "video": {"files", "loop_control", "schedule"},
    "attention": {"loop_control", "schedule", "latent_ops"},
    "memory": {"loop_control"},
    "checkpoints": {"files", "loop_control", "schedule", "latent_ops"},
    "workflow_graph": {"files", "loop_control", "schedule"},
    "nodes": {
        *("loop_control", "schedule", "latent_ops", "audio", "video", "attention", "memory", "checkpoints"),
        "workflow_graph",
    },
}
"""Package -> the other packages of the pack that it may import."""

OUTSIDE = {"demo", "comfy_host", "autoresearch"}
"""Packages that command lines and tests use; ComfyUI never loads them."""

COMFYUI = {"comfy", "comfy_api", "comfy_execution", "comfy_extras", "execution", "folder_paths", "node_helpers", "nodes"}
COMFYUI |= {"server", "comfyui_version", "latent_preview", "app", "api_server"}
HEAVY = {"torch", "torchaudio", "torchvision", "numpy", "scipy", "kornia", "einops", "safetensors", "av", "PIL"}


def pyproject() -> dict:
    tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))


def tracked() -> list[Path]:
    """Python files that git knows or would add, relative to the repository."""
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return [Path(name) for name in listed if name and (REPOSITORY / name).exists()]


PACKED = [path for path in tracked() if path.parts[0] not in NOT_PACKAGED]


def imports_of(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line, module path) of every import in a file; relative ones as a path inside the repository, led by ''."""
    for node in ast.walk(ast.parse((REPOSITORY / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, tuple(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, tuple(node.module.split("."))
        elif isinstance(node, ast.ImportFrom):
            folder = path.parent.parts
            base = folder[: len(folder) - (node.level - 1)]
            module = tuple(node.module.split(".")) if node.module else ()
            if base or module:
                yield node.lineno, ("", *base, *module)
            else:
                for alias in node.names:
                    yield node.lineno, ("", alias.name)


def test_packages_in_pyproject_are_the_folders_on_disk():
    folders = {path.parent for path in PACKED}
    on_disk = {".".join(("audio_loop", *folder.parts)) for folder in folders} - {"audio_loop.demo.stand_in_nodes"}
    assert sorted(pyproject()["tool"]["setuptools"]["packages"]) == sorted(on_disk)


def test_version_is_the_same_everywhere():
    assert pyproject()["project"]["version"] == VERSION


def test_every_package_has_its_rule():
    known = set(LOADED_BY_COMFYUI) | OUTSIDE
    assert {path.parts[0] for path in PACKED if len(path.parts) > 1} == known


def test_imports_go_one_way():
    wrong = []
    for path in PACKED:
        package = path.parts[0]
        if package not in LOADED_BY_COMFYUI:
            continue
        for line, module in imports_of(path):
            if module[0] == "" and module[1] not in {package, *LOADED_BY_COMFYUI[package]}:
                wrong.append(f"{path}:{line} imports {module[1]}")
    assert wrong == []


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
        tree = ast.parse((REPOSITORY / path).read_text("utf-8"))
        for node in tree.body:
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            wrong += [f"{path}:{node.lineno} imports {name}" for name in modules if name.split(".")[0] in COMFYUI]
    assert wrong == []


def test_the_pack_never_imports_itself_by_name():
    wrong = [f"{path}:{line}" for path in PACKED for line, module in imports_of(path) if module[0] == "audio_loop"]
    assert wrong == []


def test_the_root_imports_nothing_when_it_is_imported():
    tree = ast.parse((REPOSITORY / "__init__.py").read_text("utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports == []
    assert {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef)} == {"comfy_entrypoint"}


def test_no_file_of_the_pack_imports_torchaudio():
    # ComfyUI no longer installs it; `audio.resample` asks for it by name if it is there.
    wrong = [
        f"{path}:{line}"
        for path in PACKED
        if path.parts[0] in LOADED_BY_COMFYUI
        for line, module in imports_of(path)
        if module[0] == "torchaudio"
    ]
    assert wrong == []


def test_the_pack_needs_nothing_beyond_comfyui():
    assert pyproject()["project"]["dependencies"] == []


def test_the_pack_logs_and_never_prints():
    wrong = []
    for path in PACKED:
        if path.parts[0] not in set(LOADED_BY_COMFYUI) - {"workflow_graph"}:
            continue
        for node in ast.walk(ast.parse((REPOSITORY / path).read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


@pytest.mark.parametrize("name", ["files", "loop_control", "schedule", "workflow_graph"])
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
