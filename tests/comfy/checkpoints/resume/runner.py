"""Runs prompts on ComfyUI's real executor, each in a process of its own, and kills one with SIGKILL if it is told to.

Started by `harness.py`; reads one JSON line per run and answers with one. The process imports ComfyUI once and forks for each
run: a child has never run a prompt, so it knows what a freshly started ComfyUI knows, which is what is on disk.
"""

from __future__ import annotations

import errno
import importlib.util
import json
import logging
import os
import shutil
import signal
import sys
from pathlib import Path
from types import SimpleNamespace

REPOSITORY = Path(__file__).resolve().parents[4]
ANSWER = "@@"


def bind() -> None:
    """Makes `audio_loop` mean this checkout."""
    spec = importlib.util.spec_from_file_location("_bootstrap", REPOSITORY / "scripts" / "_bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


class Instants:
    """Counts the moments at which a run may be killed; kills it at one of them, or lets the disk be full from one on."""

    def __init__(self, kill_at: int | None, full_after: tuple[str, int] | None) -> None:
        self.kill_at = kill_at
        self.full_after = full_after
        self.kinds: dict[str, int] = {}

    def __call__(self, kind: str) -> None:
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.kill_at is not None and sum(self.kinds.values()) >= self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.full_after is not None and kind == self.full_after[0] and self.kinds[kind] > self.full_after[1]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def around(self, owner: object, name: str, kind: str) -> None:
        """Counts every call of a function, before and after it."""
        original = getattr(owner, name)

        def counted(*args, **kwargs):
            self(f"before {kind}")
            result = original(*args, **kwargs)
            self(f"after {kind}")
            return result

        setattr(owner, name, counted)


def child(request: dict, comfyui: Path) -> dict:
    """One run; never returns if it is killed."""
    import folder_paths

    from audio_loop.comfy_host.in_process import InProcessComfyUI, PromptFailed

    for kind in ("output", "temp"):
        folder = Path(request["base"]) / kind
        folder.mkdir(parents=True, exist_ok=True)
        getattr(folder_paths, f"set_{kind}_directory")(str(folder))
    import comfy.cli_args

    for name, value in request.get("settings", {}).items():
        setattr(comfy.cli_args.args, name, value)
    if request.get("free_bytes") is not None:
        shutil.disk_usage = lambda _path: SimpleNamespace(total=10**12, used=0, free=request["free_bytes"])
    for module in [module for name, module in sys.modules.items() if name.endswith(".loop_control.version")]:
        module.VERSION = request["versions"].get("audio-loop", module.VERSION)
    import comfyui_version

    comfyui_version.__version__ = request["versions"].get("comfyui", comfyui_version.__version__)
    instants = Instants(request["kill_at"], request["full_after"])
    comfy = InProcessComfyUI(comfyui, request.get("cache", "default"))
    deliver = comfy.browser.send_sync

    def heard(event, data, sid=None):
        # A node begins or ends, a sampler makes a step, the video grows: ComfyUI says so.
        instants(str(event))
        if request["swap_at"] and event == "executing" and data.get("node") == request["swap_at"][0]:
            shutil.copy2(*request["swap_at"][1:])
        deliver(event, data, sid)

    comfy.browser.send_sync = heard
    # What the store and the video file do on the disk.
    for name in ("fsync", "replace", "rename", "link", "unlink"):
        instants.around(os, name, name)
    video_file = next(m for n, m in sys.modules.items() if n.endswith(".video.partial_file"))
    instants.around(video_file.PartialFile, "write", "video write")
    run_folder = next(m for n, m in sys.modules.items() if n.endswith(".checkpoints.runs.run_folder")).RunFolder
    read, reads = run_folder.read, []
    run_folder.read = lambda self: reads.append(self.path.name) or read(self)
    answers = []
    for number, prompt in enumerate(request["prompts"]):
        for source, target in request["swaps"][number] if request["swaps"] else ():
            shutil.copy2(source, target)
        try:
            run = comfy.run(prompt, request["outputs"])
            texts = [data["text"] for event, data in run.sent if event == "audio_loop.word"]
            texts += [text for shown in run.outputs.values() for text in shown.get("text", ())]
            answers.append({"ok": True, "started": run.started(), "outputs": run.outputs, "texts": texts})
        except PromptFailed as failed:
            texts = [data["text"] for event, data in comfy.browser.sent if event == "audio_loop.word"]
            answers.append({"ok": False, "message": str(failed), "texts": texts})
    return {"answers": answers, "instants": instants.kinds, "run_reads": len(reads)}


def main() -> None:
    """Answers requests until the input ends."""
    base, models, comfyui = (Path(argument) for argument in sys.argv[1:4])
    bind()
    sys.path.insert(0, str(comfyui))
    import comfy.options

    comfy.options.enable_args_parsing(False)
    import comfy.cli_args

    comfy.cli_args.args.base_directory = str(base)
    comfy.cli_args.args.models_directory = str(models)
    from audio_loop.comfy_host.in_process import InProcessComfyUI

    logging.disable(logging.INFO)
    import torch

    torch.set_num_threads(1)
    packs = [REPOSITORY / "demo" / "stand_in_nodes", REPOSITORY / "tests" / "comfy" / "test_nodes"]
    packs += map(Path, sys.argv[4:])
    InProcessComfyUI(comfyui, extra_nodes=packs)
    pack = next(name for name in sys.modules if name.endswith(".nodes.video_output"))
    for late in (".video.save", ".checkpoints.runs.run_folder", ".loop_control.version"):
        importlib.import_module(pack.replace(".nodes.video_output", late))
    print(ANSWER + json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            answer = child(json.loads(line), comfyui)
            with os.fdopen(writing, "w") as pipe:
                json.dump(answer, pipe)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            text = pipe.read()
        _, status = os.waitpid(process, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        answer = json.loads(text) if text else {"answers": [], "instants": {}}
        print(ANSWER + json.dumps({**answer, "killed": killed, "status": status}), flush=True)


if __name__ == "__main__":
    main()
