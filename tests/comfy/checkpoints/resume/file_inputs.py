"""Flips every file input of every node that ComfyUI registers, where fingerprints are made, and prints what came of it.

Started by `test_file_inputs.py` in a process of its own with an empty base folder. Which inputs take files is found without
the code under test: those whose options change when files appear in ComfyUI's folders, and those that say "upload".
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[4]
OTHER_PACK = Path(__file__).resolve().with_name("other_pack")
UPLOADS = ("png", "wav", "mp4", "latent", "txt", "pdf", "glb")
LONG_AGO_NS = 10**18


@dataclass(frozen=True)
class Case:
    """An input of a node, a value of it, and the file or folder that the value names."""

    class_type: str
    name: str
    value: Any
    path: Path

    @property
    def label(self) -> str:
        return f"{self.class_type}.{self.name}"


def start(base: Path, comfyui: Path) -> Any:
    """ComfyUI with all its nodes, the pack and another one; returns the pack's module of checkpoint files."""
    spec = importlib.util.spec_from_file_location("_bootstrap", REPOSITORY / "scripts" / "_bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.insert(0, str(comfyui))
    import comfy.options

    comfy.options.enable_args_parsing(False)
    import comfy.cli_args

    comfy.cli_args.args.cpu = True
    comfy.cli_args.args.base_directory = str(base)
    for kind in ("input", "output", "temp", "user", "custom_nodes"):
        (base / kind).mkdir(parents=True)
    import nodes

    async def load() -> None:
        await nodes.init_extra_nodes(init_custom_nodes=False, init_api_nodes=True)
        for pack in (REPOSITORY, OTHER_PACK):
            if not await nodes.load_custom_node(str(pack)):
                raise RuntimeError(f"ComfyUI could not load {pack}")

    asyncio.run(load())
    pack = next(name for name in sys.modules if name.endswith(".nodes.video_output"))
    return importlib.import_module(pack.replace(".nodes.video_output", ".checkpoints.fingerprint.prompt_files"))


def inputs_of(spec: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """(name, options, whether it says upload) of every input, those behind an option of another among them."""
    for category in ("required", "optional"):
        for name, given in (spec.get(category) or {}).items():
            settings = given[1] if len(given) > 1 and isinstance(given[1], dict) else {}
            options = given[0] if isinstance(given[0], (list, tuple)) else settings.get("options") or ()
            for option in options:
                if isinstance(option, dict) and "inputs" in option:
                    yield from inputs_of(option["inputs"], f"{prefix}{name}.")
            texts = tuple(option for option in options if isinstance(option, str))
            yield prefix + name, texts, any("upload" in key for key in settings)


def all_inputs() -> dict[tuple[str, str], tuple[tuple[str, ...], bool]]:
    """Every input of every registered node."""
    import nodes

    return {
        (class_type, name): (options, upload)
        for class_type, found in nodes.NODE_CLASS_MAPPINGS.items()
        for name, options, upload in inputs_of(found.INPUT_TYPES())
    }


def write(path: Path, content: str) -> None:
    """A file of 64 bytes with the same old date, whatever it holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode().ljust(64, b"."))
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))


def plant(base: Path) -> dict[str, Path]:
    """One file in every folder that ComfyUI knows; what an option that names it looks like -> the file or folder."""
    import folder_paths

    planted: dict[str, Path] = {}
    for kind, (roots, suffixes) in list(folder_paths.folder_names_and_paths.items()):
        if kind in ("custom_nodes", "diffusers", "datasets"):
            continue
        suffix = ".safetensors" if ".safetensors" in suffixes else next(iter(sorted(suffixes)), "") or ".bin"
        path = Path(roots[-1]) / f"planted_{kind}{suffix}"
        write(path, kind)
        planted |= {path.name: path, path.stem: path}
    write(base / "models" / "nobody_registered" / "planted_by_hand.safetensors", "by hand")
    planted["planted_by_hand.safetensors"] = base / "models" / "nobody_registered" / "planted_by_hand.safetensors"
    for half in ("encoder", "decoder"):
        write(base / "models" / "vae_approx" / f"taesd_{half}.safetensors", half)
    planted["taesd"] = base / "models" / "vae_approx" / "taesd_decoder.safetensors"
    for suffix in UPLOADS:
        planted[f"planted.{suffix}"] = base / "input" / f"planted.{suffix}"
    planted["3d/planted.glb"] = base / "input" / "3d" / "planted.glb"
    for path in list(planted.values()):
        if not path.exists():
            write(path, path.name)
    for folder in ("input/planted_folder", "models/diffusers/planted_diffusers", "datasets/planted_dataset"):
        for name in ("model_index.json", "metadata.json", "shard_0000.safetensors", "one.png"):
            write(base / folder / name, name)
        planted[Path(folder).name] = base / folder
    return planted


def find_cases(base: Path, before: Mapping, after: Mapping, planted: Mapping[str, Path]) -> list[Case]:
    """Every input that takes a file, with a value."""
    cases = []
    for (class_type, name), (options, upload) in after.items():
        new = [option for option in options if option not in before[class_type, name][0]]
        cases += [Case(class_type, name, option, planted[option]) for option in new]
        if upload:
            for kind in ("output", "temp"):
                write(base / kind / "planted.png", kind)
                cases.append(Case(class_type, name, f"planted.png [{kind}]", base / kind / "planted.png"))
            write(base / "input" / "deep" / "planted.png", "deep")
            cases.append(Case(class_type, name, "deep/planted.png", base / "input" / "deep" / "planted.png"))
    # What the browser puts together for inputs of types of their own.
    shot, mask = base / "temp" / "planted.png", base / "output" / "planted.png"
    scene = {"image": "planted.png [temp]", "mask": "planted.png [output]", "camera_info": {"zoom": 1}, "recording": ""}
    cases += [Case("Load3D", "image", scene, shot), Case("Load3D", "image", scene, mask)]
    cases.append(Case("WebcamCapture", "image", "planted.png [temp]", shot))
    return cases


class Prints:
    """Fingerprints of a graph of one node, as a ComfyUI sees them that was just started."""

    def __init__(self, files: Any) -> None:
        self.files = files
        package = files.__name__.rsplit(".checkpoints.", 1)[0]
        self.hash_graph = importlib.import_module(f"{package}.checkpoints.fingerprint.graph_hash").hash_graph
        self.make = importlib.import_module(f"{package}.checkpoints.fingerprint.fingerprint").make_fingerprint
        self.FileHashes = importlib.import_module(f"{package}.checkpoints.fingerprint.file_hashes").FileHashes
        self.loaded = importlib.import_module(f"{package}.checkpoints.fingerprint.loaded_files")

    def __call__(self, case: Case, value: Any = None, running: Any = None) -> Any:
        node = {"class_type": case.class_type, "inputs": {case.name: case.value if value is None else value}}
        watch = self.loaded.FileWatch(self.FileHashes(None), running or self.loaded.LoadedFiles())
        rules = self.files.graph_rules(watch)
        return self.make({}, self.hash_graph({"1": node}.get, ("1", 0), cut={}, rules=rules, hash_file=watch.hash_file), {})


def a_file_of(path: Path) -> Path:
    return path if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())[-1]


def moved(case: Case) -> tuple[Any, Path] | None:
    """The same content under another name: the value and the path; None if the name itself means something."""
    if not isinstance(case.value, str) or case.path.name not in case.value:
        return None
    if case.path.is_dir():
        return case.value.replace(case.path.name, "renamed_folder"), case.path.with_name("renamed_folder")
    other = f"renamed{case.path.suffix}"
    inner = f"other_folder/{other}"
    return case.value.replace(case.path.name, inner), case.path.parent / "other_folder" / other


def check(case: Case, prints: Prints, unrelated: Path) -> dict[str, list[str]]:
    """What is wrong with an input: changes that were not noticed, and differences without a change."""
    file = a_file_of(case.path)
    content = file.read_bytes()
    stale, needless = [], []
    before = prints(case)
    if before.unproven:
        needless.append(f"not proved: {before.unproven}")
    running = prints.loaded.LoadedFiles()
    prints(case, running=running)
    write(file, "another")
    after = prints(case)
    if after.digest == before.digest:
        stale.append("another content of the same length and date")
    if after.unproven:
        needless.append(f"not proved after a restart: {after.unproven}")
    if not any("replaced while ComfyUI was running" in reason for reason in prints(case, running=running).unproven):
        stale.append("replaced while ComfyUI runs")
    write(file, content.decode())
    write(unrelated, "changed")
    if prints(case).digest != before.digest:
        needless.append("after a restart, with another file changed")
    write(unrelated, "unrelated")
    elsewhere = moved(case)
    if elsewhere is not None:
        value, path = elsewhere
        path.parent.mkdir(exist_ok=True)
        case.path.rename(path)
        if prints(case, value).digest != before.digest:
            needless.append(f"moved to {value}")
        path.rename(case.path)
        if path.parent != case.path.parent:
            shutil.rmtree(path.parent)
    return {"stale": stale, "needless": needless}


def main() -> None:
    """Prints one line of JSON."""
    base, comfyui = Path(sys.argv[1]), Path(sys.argv[2])
    files = start(base, comfyui)
    before = all_inputs()
    planted = plant(base)
    after = all_inputs()
    cases = find_cases(base, before, after, planted)
    unrelated = base / "input" / "unrelated.png"
    write(unrelated, "unrelated")
    prints = Prints(files)
    found = [(case, check(case, prints, unrelated)) for case in cases]
    answer = {
        "inputs": sorted({case.label for case in cases}),
        "nodes": len({class_type for class_type, _ in after}),
        "checked": len(cases),
        "stale": [[case.label, str(case.value), wrong["stale"]] for case, wrong in found if wrong["stale"]],
        "needless": [[case.label, str(case.value), wrong["needless"]] for case, wrong in found if wrong["needless"]],
    }
    print("@@" + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
