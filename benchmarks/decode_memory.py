"""Memory of a decode of LTX 2.3's video VAE by the latents that are decoded at once, counted tensor by tensor.

    python benchmarks/decode_memory.py
    python benchmarks/decode_memory.py --size 1920 1088 --card-gib 12 --latents 64 256

ComfyUI's own decoder at its true size runs on PyTorch's meta device, which computes nothing, in bfloat16; the bytes of all
tensors that are alive are added up, and the largest sum is printed beside what `video/piece_memory.py` says. Weights come on
top (1.4 GiB), and so does what a card's convolutions need for themselves. The card's whole memory decides ComfyUI's chunks.
Takes minutes for small cards, whose chunks are many.
"""

from __future__ import annotations

import argparse
import json
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import _setup

from audio_loop.video.piece_memory import DecoderSize
from audio_loop.video.span_buffer import EnoughFrames, SpanBuffer

SIZE = (1280, 704)
CARDS_GIB = (6, 8, 12, 24)
LATENTS = (16, 64, 128, 256, 595)
GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden" / "ltx23_configuration.json"
BYTES_EACH = 2


def main() -> None:
    """Prints one row a card and length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", nargs=2, type=int, default=SIZE, metavar=("WIDTH", "HEIGHT"), help="of the video in pixels")
    parser.add_argument("--card-gib", nargs="+", type=float, default=CARDS_GIB, help="whole memory of the card")
    parser.add_argument("--latents", nargs="+", type=int, default=LATENTS, help="latents decoded at once")
    arguments = parser.parse_args()
    _setup.enter_environment()
    _setup.import_comfy()
    width, height = arguments.size
    network = true_decoder()
    latent_bytes = network.decoder.conv_in.out_channels * BYTES_EACH * (width // 32) * (height // 32)
    print("| card | chunk (MiB) | latents at once | counted (MiB) | by piece_memory (MiB) |\n|---|---|---|---|---|")
    for card_gib in arguments.card_gib:
        chunk = chunk_bytes(card_gib)
        for latents in arguments.latents:
            counted = most_bytes(network, latents, width, height, chunk)
            said = DecoderSize(latent_bytes, chunk).decode_bytes(latents)
            figures = f"{latents} | {counted / 2**20:.0f} | {said / 2**20:.0f}"
            print(f"| {card_gib:g} GiB | {chunk / 2**20:.0f} | {figures} |", flush=True)
    print(f"\n{width}x{height}, bfloat16, without weights.")


def true_decoder() -> Any:
    """LTX 2.3's video VAE without any memory."""
    import torch
    from comfy.ldm.lightricks.vae.causal_video_autoencoder import VideoVAE

    with torch.device("meta"):
        return VideoVAE(config=json.loads(GOLDEN.read_text("utf-8"))["vae"]).to(torch.bfloat16)


def chunk_bytes(card_gib: float) -> int:
    """ComfyUI's largest chunk on a card with so much memory, by its own rule."""
    import comfy.ldm.lightricks.vae.causal_video_autoencoder as autoencoder
    import comfy.model_management as management
    import torch

    with patch.object(management, "get_total_memory", return_value=card_gib * 2**30):
        return int(autoencoder.get_max_chunk_size(torch.device("meta")))


def most_bytes(network: Any, latents: int, width: int, height: int, chunk: int) -> int:
    """The most bytes of tensors that are alive at once during a decode in one call."""
    import comfy.ldm.lightricks.vae.causal_video_autoencoder as autoencoder
    import torch

    with (
        patch.object(autoencoder, "get_max_chunk_size", return_value=chunk),
        torch.inference_mode(),
        torch.device("meta"),
    ):
        latent = torch.empty(1, 128, latents, height // 32, width // 32, dtype=torch.bfloat16)
        shape = network.decode_output_shape(latent.shape)
        with alive_tensors() as alive, suppress(EnoughFrames):
            network.decode(latent, output_buffer=SpanBuffer(shape, (0, shape[2]), lambda _: None))
    return int(alive.most)


def alive_tensors() -> Any:
    """A context that adds up the bytes of what operators make while it is alive; `most` is the largest sum."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils._pytree import tree_iter

    class Alive(TorchDispatchMode):
        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]  # torch says no types there
            self.now = self.most = 0
            self.bytes: dict[int, int] = {}

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            out = func(*args, **(kwargs or {}))
            for tensor in tree_iter(out):
                if isinstance(tensor, torch.Tensor):
                    self.note(tensor.untyped_storage())
            return out

        def note(self, storage: Any) -> None:
            key = storage._cdata
            if key in self.bytes:
                return
            self.bytes[key] = storage.nbytes()
            self.now += storage.nbytes()
            self.most = max(self.most, self.now)
            weakref.finalize(storage, self.forget, key)

        def forget(self, key: int) -> None:
            self.now -= self.bytes.pop(key)

    return Alive()


if __name__ == "__main__":
    main()
