"""Peak memory and throughput of StreamingVideoSave beside ComfyUI's VAEDecode, CreateVideo and SaveVideo.

    python benchmarks/streaming_save.py
    python benchmarks/streaming_save.py --ltx25     the decoder of LTX 2.5 that denoises, in pieces and in tiles

Each case is a process of its own, on the CPU, with the video VAE of the tiny LTX and random latents (416x224); its
figures come from `getrusage`. Prints a markdown table. What the pictures show means nothing, and noise is the hardest
thing to encode, so the throughput is lower than that of a real video; the two ways are given the same.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import _setup

from audio_loop.comfy_host.environment import ensure_comfyui
from audio_loop.loop_control.units import latents_from_pixels, pixels_from_latents

FRAMES = (497, 1985, 4961)
SIZE = (416, 224)
FPS = Fraction(25)
CRF = 23
SAMPLE_RATE = 44_100
WAYS = ("streamed", "ComfyUI")
WAYS_OF_LTX25 = ("streamed in pieces", "streamed in tiles")
# Measured slope of VAEDecode + SaveVideo: whoever has less free memory is told, not killed.
COMFYUI_MIB_PER_FRAME = 1.6
COMFYUI_BASE_MIB = 1500


def main() -> None:
    """Runs every case in a process of its own, or one case if the parent asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, nargs="+", default=FRAMES, help="lengths to measure, 8k + 1 frames each")
    parser.add_argument("--size", nargs=2, type=int, default=SIZE, metavar=("WIDTH", "HEIGHT"), help="of the video in pixels")
    parser.add_argument("--ltx25", action="store_true", help="the decoder of LTX 2.5 that denoises")
    parser.add_argument("--case", nargs=2, metavar=("WAY", "FRAMES"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    comfyui = ensure_comfyui()
    _setup.enter_environment()
    if arguments.case:
        print(json.dumps(measure(comfyui, arguments.case[0], int(arguments.case[1]), *arguments.size)))
        return
    ways = WAYS_OF_LTX25 if arguments.ltx25 else WAYS
    rows = [run_case(way, frames, *arguments.size) for frames in arguments.frames for way in ways]
    print(table([row for row in rows if row], *arguments.size))


def run_case(way: str, frames: int, width: int, height: int) -> dict[str, Any] | None:
    """One case in a process of its own; None if this machine has too little memory for it."""
    needed = COMFYUI_BASE_MIB + COMFYUI_MIB_PER_FRAME * frames * width * height / (SIZE[0] * SIZE[1])
    if way == "ComfyUI" and available_mib() < needed:
        print(f"{way}, {frames} frames: not run, it needs about {needed:.0f} MiB of free memory", file=sys.stderr)
        return None
    command = [sys.executable, __file__, "--size", str(width), str(height), "--case", way, str(frames)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{way}, {frames} frames: {row['peak_mib']:.0f} MiB, {row['wall_s']:.0f} s", file=sys.stderr)
    return row


def measure(comfyui: Path, way: str, frames: int, width: int = SIZE[0], height: int = SIZE[1]) -> dict[str, Any]:
    """The figures of one case, in this process."""
    sys.argv = sys.argv[:1]  # ComfyUI parses the command line while it is imported
    sys.path.insert(0, str(comfyui))
    import comfy.cli_args

    comfy.cli_args.args.cpu = True
    import torch

    vae = denoising_video_vae(in_tiles=way == WAYS_OF_LTX25[1]) if way in WAYS_OF_LTX25 else tiny_video_vae()
    generator = torch.Generator().manual_seed(0)
    latent = {"samples": torch.randn(1, 128, latents_from_pixels(frames), height // 32, width // 32, generator=generator)}
    audio = {"waveform": torch.rand(1, 2, int(frames / FPS * SAMPLE_RATE)).sub_(0.5), "sample_rate": SAMPLE_RATE}
    before = peak_mib()
    started, cpu_started = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        save = save_with_core if way == "ComfyUI" else save_streamed
        save(latent, vae, audio, Path(folder) / "video.mp4")
    return {
        "way": way,
        "frames": frames,
        "before_mib": before,
        "peak_mib": peak_mib(),
        "wall_s": time.monotonic() - started,
        "cpu_s": time.process_time() - cpu_started,
    }


def save_streamed(latent: dict[str, Any], vae: Any, audio: dict[str, Any], path: Path) -> None:
    """Decodes and saves as StreamingVideoSave does."""
    from audio_loop.video.content import VideoContent, encoding
    from audio_loop.video.save import save_stream

    frames = pixels_from_latents(latent["samples"].shape[2])
    save_stream(latent, vae, path, VideoContent(FPS, frames, audio), encoding(crf=CRF))


def save_with_core(latent: dict[str, Any], vae: Any, audio: dict[str, Any], path: Path) -> None:
    """Decodes and saves as VAEDecode, CreateVideo and SaveVideo do."""
    from comfy_api.latest import InputImpl, Types

    import nodes

    (images,) = nodes.VAEDecode().decode(vae, latent)
    components = Types.VideoComponents(images=images, audio=audio, frame_rate=FPS)
    InputImpl.VideoFromComponents(components).save_to(str(path), crf=CRF)


def tiny_video_vae() -> Any:
    """The video VAE of the tiny LTX, as ComfyUI's checkpoint loader makes it."""
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import vae_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    metadata = {"config": json.dumps(tiny_architecture.CHECKPOINT)}
    return comfy.sd.VAE(sd=tiny_state_dict(vae_shapes()[0]), metadata=metadata)


def denoising_video_vae(*, in_tiles: bool) -> Any:
    """The decoder of the tiny LTX 2.5; in tiles as on a device that has no room for anything else."""
    import comfy.sd
    from comfy.ldm.lightricks.vae.na_diffusion_decoder import CausalDiffusionVAE

    from audio_loop.demo.tiny_architecture_25 import VIDEO_VAE
    from audio_loop.demo.tiny_files import shapes_of
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(shapes_of(CausalDiffusionVAE(config=VIDEO_VAE)))
    vae = comfy.sd.VAE(sd=weights, metadata={"config": json.dumps({"vae": VIDEO_VAE})})
    if in_tiles:
        vae.memory_used_decode = lambda shape, _dtype: shape[2] * 2**40
    return vae


def peak_mib() -> float:
    """Largest resident memory that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def available_mib() -> float:
    """Memory that a new process can have without swapping."""
    import psutil

    return float(psutil.virtual_memory().available) / 2**20


def table(rows: list[dict[str, Any]], width: int, height: int) -> str:
    """The markdown table, with the spread of the peaks under it."""
    lines = [
        "| frames | way | before (MiB) | peak (MiB) | wall (s) | frames/s | CPU ms per frame |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row['frames']} | {row['way']} | {row['before_mib']:.0f} | {row['peak_mib']:.0f} | {row['wall_s']:.1f} "
            f"| {row['frames'] / row['wall_s']:.1f} | {1000 * row['cpu_s'] / row['frames']:.1f} |"
        )
    for way in WAYS:
        peaks = [row["peak_mib"] for row in rows if row["way"] == way]
        if len(peaks) > 1:
            lines.append(f"\nPeak of the longest minus the shortest, {way}: {peaks[-1] - peaks[0]:.0f} MiB.")
    lines.append(f"\n{platform.machine()}, {platform.system()}, {width}x{height}, crf {CRF}, on the CPU.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
