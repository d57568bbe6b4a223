"""Memory and seconds of a whole song's audio latents: in pieces (AudioLoopEncodeSong) beside one piece (LTXVAudioVAEEncode).

    python benchmarks/song_encode.py
    python benchmarks/song_encode.py --minutes 60 --ways pieces

Each case is a process of its own with the audio encoder of LTX 2.3 at its true size and random weights, and a song of noise at
44.1 kHz in stereo. Memory is the largest resident memory while it is encoded, less what the process held before: song and
encoder. Runs on the CPU if there is no GPU, and then one minute of song takes about half a minute. Prints a markdown table.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import _setup

from audio_loop.audio.encode_pieces import PIECE_LATENTS

MINUTES = (3.0, 60.0)
WAYS = ("pieces", "one piece")
LONGEST_IN_ONE_PIECE_MINUTES = 3.0
SAMPLE_RATE = 44_100
GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden" / "ltx23_configuration.json"


def main() -> None:
    """Runs every case in a process of its own, or one case if the parent asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, nargs="+", default=MINUTES, help="lengths of the song")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS, help="one piece: only up to 3 minutes")
    parser.add_argument("--piece-latents", type=int, default=PIECE_LATENTS, help="latents of a piece")
    parser.add_argument("--case", nargs=2, metavar=("WAY", "MINUTES"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    _setup.enter_environment()
    if arguments.case:
        print(json.dumps(measure(arguments.case[0], float(arguments.case[1]), arguments.piece_latents)))
        return
    print("| song | way | latents | memory (MiB) | seconds | on |\n|---|---|---|---|---|---|")
    for minutes in arguments.minutes:
        for way in arguments.ways:
            if way == "one piece" and minutes > LONGEST_IN_ONE_PIECE_MINUTES:
                continue
            command = [sys.executable, __file__, "--piece-latents", str(arguments.piece_latents), "--case", way, str(minutes)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            row = json.loads(done.stdout.splitlines()[-1])
            figures = f"{row['latents']} | {row['memory_mib']:.0f} | {row['seconds']:.0f} | {row['device']}"
            print(f"| {minutes:g} min | {way} | {figures} |", flush=True)
    print(f"\n{platform.machine()}, {platform.system()}.")


def measure(way: str, minutes: float, piece_latents: int) -> dict[str, Any]:
    """The figures of one case, in this process."""
    _setup.import_comfy()
    import torch

    vae = true_audio_vae()
    samples = round(minutes * 60 * SAMPLE_RATE)
    waveform = torch.rand(1, 2, samples, generator=torch.Generator().manual_seed(0)).sub_(0.5)
    with torch.inference_mode():
        encode_in_pieces(waveform[..., : 2 * SAMPLE_RATE], vae, piece_latents)  # what is allocated once: threads, kernels
        with MostMemory(vae.device) as memory:
            started = time.monotonic()
            pieces = way == "pieces"
            latents = encode_in_pieces(waveform, vae, piece_latents) if pieces else encode_in_one_piece(waveform, vae)
            seconds = time.monotonic() - started
    return {"latents": latents.shape[2], "memory_mib": memory.mib, "seconds": seconds, "device": device_words(vae.device)}


def encode_in_pieces(waveform: Any, vae: Any, piece_latents: int) -> Any:
    """As AudioLoopEncodeSong does without a plan."""
    from audio_loop.audio.encode_song import encode_song
    from audio_loop.audio.prepare import cropped_song

    return encode_song(cropped_song(waveform, SAMPLE_RATE), vae, piece_latents=piece_latents).latents


def encode_in_one_piece(waveform: Any, vae: Any) -> Any:
    """As ComfyUI's LTXVAudioVAEEncode does."""
    from comfy_extras.nodes_lt_audio import LTXVAudioVAEEncode

    return LTXVAudioVAEEncode.execute({"waveform": waveform, "sample_rate": SAMPLE_RATE}, vae).result[0]["samples"]


def true_audio_vae() -> Any:
    """LTX 2.3's audio VAE with random weights, as ComfyUI's loader makes it; encoding does not use the vocoder, a tiny one."""
    import comfy.sd
    import torch
    from comfy.ldm.lightricks.vae.audio_vae import AudioVAE

    from audio_loop.demo import tiny_architecture

    config = {"audio_vae": json.loads(GOLDEN.read_text("utf-8"))["audio_vae"], "vocoder": tiny_architecture.VOCODER}
    metadata = {"config": json.dumps(config)}
    with torch.device("meta"):
        shapes = {name: tensor.shape for name, tensor in AudioVAE(metadata=metadata).state_dict().items()}
    generator = torch.Generator().manual_seed(0)
    weights = {}
    for name, shape in shapes.items():
        scale = max(1, shape.numel() // max(1, shape[0])) ** -0.5 if len(shape) > 1 else 0.01
        weights[name.replace("autoencoder.", "audio_vae.", 1)] = torch.randn(shape, generator=generator) * scale
    for name in weights:
        if name.endswith("std-of-means"):
            weights[name].fill_(1.0)
    return comfy.sd.VAE(sd=weights, metadata=metadata)


class MostMemory:
    """The most memory of a device between enter and exit, less that at enter, in MiB: of this process if it is the CPU."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self.mib = 0.0

    def __enter__(self) -> MostMemory:
        import psutil
        import torch

        self._on_gpu = self._device.type == "cuda"
        if self._on_gpu:
            torch.cuda.reset_peak_memory_stats(self._device)
            self._before = torch.cuda.memory_allocated(self._device)
            return self
        self._process = psutil.Process()
        self._before = self._most = self._process.memory_info().rss
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        import torch

        if self._on_gpu:
            self._most = torch.cuda.max_memory_allocated(self._device)
        else:
            self._ended.set()
            self._watcher.join()
        self.mib = (self._most - self._before) / 2**20

    def _watch(self) -> None:
        while not self._ended.wait(0.01):
            self._most = max(self._most, self._process.memory_info().rss)


def device_words(device: Any) -> str:
    """The device as people call it."""
    import torch

    return torch.cuda.get_device_name(device) if device.type == "cuda" else f"CPU, {torch.get_num_threads()} threads"


if __name__ == "__main__":
    main()
