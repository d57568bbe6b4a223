"""The whole loop on the tiny model: memory of a long song, what checkpoints cost, and decoding beside the sampler.

    python benchmarks/whole_loop.py length        # sample + checkpoint + stream, 497 to 4961 frames at 416x224
    python benchmarks/whole_loop.py checkpoints   # share of the checkpoints in a render of 10 iterations at 832x448
    python benchmarks/whole_loop.py decoding      # how much a decoder in another thread slows the sampler

The shipped workflow on ComfyUI's real executor, on the CPU, each case in a process of its own. The tiny model samples far
faster than the real one, so the share that checkpoints have in a real render is smaller.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import _setup

from audio_loop.comfy_host.environment import REPOSITORY, ensure_comfyui
from audio_loop.demo.tiny_names import CHECKPOINT_NAME

WORKFLOW = REPOSITORY / "example_workflows" / "api" / "audio-loop-music-video_latent.json"
CHECKPOINTS = ("2201", "2202")
SAMPLERS = ("161", "573")
VIDEO = "1604"
FPS = 25
LENGTHS = (497, 1985, 4961)
PAIRS = 3


def main() -> None:
    """Runs the cases of one kind, each in a process of its own, or one case if the parent asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["length", "checkpoints", "decoding", "case"])
    parser.add_argument("values", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    comfyui = ensure_comfyui()
    _setup.enter_environment()
    if options.kind == "case":
        print(json.dumps(case(comfyui, *options.values)))
    elif options.kind == "decoding":
        size = ("416", "224", "1.96", "289")
        print(decoding([(run_case(*size), run_case(*size, "beside")) for _ in range(PAIRS)]))
    elif options.kind == "length":
        print(lengths([run_case("416", "224", "19.88", str(frames)) for frames in LENGTHS]))
    else:
        # 10 iterations: a window of 49 frames, then 40 new ones each time.
        print(shares(run_case("832", "448", "1.96", str(49 + 10 * 40))))


def run_case(*values: str) -> dict[str, Any]:
    """One case in a process of its own."""
    command = [sys.executable, __file__, "case", *values]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr[-4000:])
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def case(comfyui: Path, width: str, height: str, window: str, frames: str, beside: str = "") -> dict[str, Any]:
    """Figures of one render: wall and processor time, peak memory, seconds by kind of node.

    With `beside`, a decoder works in another thread meanwhile.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        comfy = start(comfyui, base)
        prompt = render(base, int(width), int(height), float(window), int(frames) / FPS)
        events = listen(comfy)
        done = threading.Event()
        decoder = threading.Thread(target=decode_until, args=(done,), daemon=True)
        if beside:
            decoder.start()
        started, processor = time.perf_counter(), time.process_time()
        comfy.run(prompt, [VIDEO])
        wall, processor = time.perf_counter() - started, time.process_time() - processor
        done.set()
        if beside:
            decoder.join()
        kept = sum(path.stat().st_size for path in base.glob("output/audio_loop/*/segment_*"))
    seconds = seconds_by_node([*events, (time.perf_counter(), "")])
    return {
        "frames": int(frames),
        "wall_s": wall,
        "processor_s": processor,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10,
        "sampling_s": sum(s for node, s in seconds.items() if node in SAMPLERS),
        "checkpoints_s": sum(s for node, s in seconds.items() if node in CHECKPOINTS),
        "video_s": seconds.get(VIDEO, 0.0),
        "kept_mib": kept / 2**20,
    }


def start(comfyui: Path, base: Path) -> Any:
    """ComfyUI in this process, with the tiny model, in a folder of its own."""
    from audio_loop.demo.launch import make_tiny_models

    make_tiny_models(base / "models")
    for kind in ("input", "output", "temp", "user", "custom_nodes"):
        (base / kind).mkdir()
    sys.path.insert(0, str(comfyui))
    import comfy.options

    comfy.options.enable_args_parsing(False)
    import comfy.cli_args

    comfy.cli_args.args.base_directory = str(base)
    logging.disable(logging.INFO)
    from audio_loop.comfy_host.in_process import InProcessComfyUI

    return InProcessComfyUI(comfyui, extra_nodes=[REPOSITORY / "demo" / "stand_in_nodes"])


def render(base: Path, width: int, height: int, window: float, seconds: float) -> dict[str, Any]:
    """The shipped workflow with the tiny model, a song of this length and a picture."""
    from audio_loop.demo.picture import write_picture
    from audio_loop.demo.song import write_song
    from audio_loop.demo.workflow_patch import STAND_INS, TINY_MODEL, Replacement, patched, song_and_picture

    write_song(base / "input" / "song.wav", seconds)
    write_picture(base / "input" / "face.png")
    settings = {
        ("AudioLoopVideoSize", "width"): width,
        ("AudioLoopVideoSize", "height"): height,
        ("#688", "value"): window,
        ("#2013", "value"): 2.0 if window > 4 else 0.36,
    }
    replacements = [Replacement(f"{where}", value, (where,)) for where, value in settings.items()]
    files = song_and_picture("face.png", "song.wav")
    return patched(json.loads(WORKFLOW.read_text("utf-8")), (*TINY_MODEL, *replacements, *files), STAND_INS)


def listen(comfy: Any) -> list[tuple[float, str]]:
    """A list that receives the time at which each node begins, and its id in the workflow."""
    events: list[tuple[float, str]] = []
    deliver = comfy.browser.send_sync

    def heard(event: Any, data: Any, sid: str | None = None) -> None:
        if event == "executing" and data.get("node"):
            shown = data.get("display_node") or data["node"]
            events.append((time.perf_counter(), str(shown).rpartition(":")[2]))
        deliver(event, data, sid)

    comfy.browser.send_sync = heard
    return events


def seconds_by_node(events: list[tuple[float, str]]) -> dict[str, float]:
    """Seconds from each node's beginning to the next one's, added up by node."""
    seconds: dict[str, float] = {}
    for (began, node), (ended, _) in itertools.pairwise(events):
        seconds[node] = seconds.get(node, 0.0) + ended - began
    return seconds


def decode_until(done: threading.Event) -> None:
    """Decodes windows of 20 latents, one after the other: what a decoder does that follows the loop."""
    import torch

    import nodes
    from audio_loop.video.video_vae import VideoVae

    _, _, vae = nodes.NODE_CLASS_MAPPINGS["CheckpointLoaderSimple"]().load_checkpoint(CHECKPOINT_NAME)
    latent = torch.randn(1, 128, 20, 7, 13, generator=torch.Generator().manual_seed(1))
    decoder = VideoVae(vae)
    decoder.load(tuple(latent.shape))
    with torch.inference_mode():
        while not done.is_set():
            decoder.decode(latent, (0, decoder.frames(20)), lambda _frames: None)


def lengths(rows: list[dict[str, Any]]) -> str:
    """Table of the renders by length."""
    lines = ["| frames | peak MiB | wall s | of it sampling | checkpoints | decoding and saving |", "|---|---|---|---|---|---|"]
    for row in rows:
        figures = (row[name] for name in ("peak_mib", "wall_s", "sampling_s", "checkpoints_s", "video_s"))
        lines.append(f"| {row['frames']} | " + " | ".join(f"{figure:.1f}" for figure in figures) + " |")
    spread = rows[-1]["peak_mib"] - rows[0]["peak_mib"]
    return "\n".join([*lines, "", f"Peak of the longest minus the shortest: {spread:.0f} MiB."])


def shares(row: dict[str, Any]) -> str:
    """The checkpoints' share of one render."""
    share = row["checkpoints_s"] / row["wall_s"]
    return (
        f"{row['frames']} frames: {row['wall_s']:.1f} s, of it sampling {row['sampling_s']:.1f} s, checkpoints "
        f"{row['checkpoints_s']:.2f} s ({share:.2%}) for {row['kept_mib']:.1f} MiB kept, video {row['video_s']:.1f} s"
    )


def decoding(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> str:
    """Seconds of all sampler runs alone and beside a decoder."""
    lines = ["| sampling alone, s | beside a decoder, s | ratio |", "|---|---|---|"]
    for alone, beside in pairs:
        a, b = alone["sampling_s"], beside["sampling_s"]
        lines.append(f"| {a:.2f} | {b:.2f} | {b / a:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
