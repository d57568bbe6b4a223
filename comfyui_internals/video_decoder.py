"""One decode of a ComfyUI video VAE, in the steps of its own VAE.decode, so that the frames are the same to the last bit.

Some VAEs write their chunks into a buffer that they are given (`comfy_has_chunked_io`, in ComfyUI 0.33 LTX's does).
"""

from __future__ import annotations

import inspect
from typing import Any

import torch

from .contact import Contact
from .device import can_load, device_context, free_bytes, free_bytes_beside, load, total_bytes

CHUNKED_DECODE = Contact(
    "chunked decode of LTX's VAE",
    "the video is decoded in overlapping pieces, which takes longer and can differ slightly from a decode in one piece",
)
DECODE_STEPS = Contact(
    "steps of VAE.decode",
    "the video is decoded in overlapping pieces by VAE.decode itself, which takes longer and more memory",
)
CHUNK_SIZES = Contact(
    "sizes of LTX's video decoder", "how much a decode holds is not known, and it is planned by ComfyUI's own estimate"
)
VAE_PARTS = Contact(
    "parts of a VAE", "a video cannot be saved while it is decoded; use VAE Decode (Tiled) and Save Video instead"
)
LTX_VAE = ("comfy.ldm.lightricks", "VideoVAE")
"""Where the class of LTX 2's video VAE lies, and its name."""

# What ComfyUI's own fallback in VAE.decode asks for at most.
_DEVICE_SHARE = 0.8
_STEPS = (
    *("device", "disable_offload", "memory_used_decode", "output_device", "patcher", "process_output"),
    *("vae_dtype", "vae_output_dtype"),
)


def why_no_video(vae: Any) -> str:
    """Why the object of a VAE socket cannot decode video; "" if it can."""
    missing = [name for name in ("first_stage_model", "latent_dim", "upscale_ratio") if not hasattr(vae, name)]
    if missing:
        return str(VAE_PARTS.refusal(f"no {', '.join(missing)}"))
    if vae.first_stage_model is None:
        return "the VAE input holds no weights; check the checkpoint it is loaded from"
    if vae.latent_dim != 3 or not callable(vae.upscale_ratio[0]):
        return (
            f"the VAE input ({type(vae.first_stage_model).__name__}) does not decode video; "
            "connect the video VAE of the checkpoint that made the latent"
        )
    return ""


class VideoDecoder:
    """The network of a `comfy.sd.VAE`, and how ComfyUI runs it.

    Args:
        vae: A `comfy.sd.VAE` that decodes video.

    Attributes:
        writes_chunks: True if the network itself decodes chunk by chunk into the buffer that it is given.
        has_steps: False if only VAE.decode as a whole is known of this ComfyUI.
    """

    def __init__(self, vae: Any) -> None:
        self.vae = vae
        self.network = vae.first_stage_model
        missing = [name for name in _STEPS if not hasattr(vae, name)]
        if not missing and not can_load():
            missing = ["load_models_gpu"]
        if missing:
            DECODE_STEPS.is_gone(f"no {', '.join(missing)}")
        self.has_steps = not missing
        self.writes_chunks = self.has_steps and _writes_chunks(self.network)

    @property
    def device(self) -> torch.device:
        """Where the network works."""
        return self.vae.device if self.has_steps else torch.device("cpu")

    def frames(self, latents: int) -> int:
        """Frames that a clip of `latents` latents decodes to."""
        return int(self.vae.upscale_ratio[0](latents))

    @property
    def pixels_per_latent(self) -> tuple[float, float]:
        """Height and width in pixels of one latent position."""
        _, height, width = self.vae.upscale_ratio
        return height, width

    @property
    def latent_channels(self) -> int:
        """Channels that a latent must have to be decoded."""
        self._need("latent_channels")
        return int(self.vae.latent_channels)

    @property
    def is_exact(self) -> bool:
        """Whether it works in float32."""
        return self.has_steps and self.vae.vae_dtype == torch.float32

    def latents_that_fit(self, shape: tuple[int, ...], otherwise: int) -> int:
        """Latents of this size (1, C, 1, H, W) that the device has room to decode at once, by ComfyUI's own estimate."""
        free = free_bytes(self.vae.device) if self.has_steps else None
        if free is None:
            return otherwise
        each = self.vae.memory_used_decode((*shape[:2], 64, *shape[3:]), self.vae.vae_dtype) / 64
        return int(free * _DEVICE_SHARE / max(each, 1))

    def room(self) -> int:
        """Bytes that the device has for a decode now, 0 if nobody counts them; ask after `load`, which makes room."""
        return int((free_bytes_beside(self.vae.patcher, self.vae.device) or 0) * _DEVICE_SHARE)

    def first_layer_and_chunk(self, shape: tuple[int, ...]) -> tuple[int, int] | None:
        """Bytes of the first layer's output for a latent of this shape, and of the largest chunk behind it.

        None if the network is not built as LTX's; what it holds during a decode is not known then.
        """
        try:
            width = int(self.network.decoder.conv_in.out_channels)
            largest = inspect.getmodule(type(self.network)).get_max_chunk_size  # type: ignore[union-attr]  # a class always has a module
            each = torch.empty((), dtype=self.vae.vae_dtype).element_size()
            return width * each * shape[2] * shape[3] * shape[4], int(largest(self.vae.device))
        except AttributeError as error:
            if _is_ltx(self.network):
                CHUNK_SIZES.is_gone(error)
            return None

    def load(self, shape: tuple[int, ...]) -> None:
        """Brings the network to its device with room for a decode of latents of this shape."""
        if not self.has_steps:
            return
        wanted = self.vae.memory_used_decode(shape, self.vae.vae_dtype)
        total = total_bytes(self.vae.device)
        budget = wanted if total is None else min(wanted, total * _DEVICE_SHARE)
        load(self.vae.patcher, max(1, int(budget)), whole=self.vae.disable_offload)

    def shape_of_decode(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Shape (1, C, T, H, W) of what a network that writes chunks makes of latents of this shape."""
        return tuple(self.network.decode_output_shape(shape))

    def decode(self, latent: torch.Tensor) -> torch.Tensor:
        """The network's result for a latent (1, C, T, H, W): (1, 3, t, h, w), not pixels yet if `has_steps`."""
        if not self.has_steps:
            self._need("decode")
            with torch.inference_mode():
                return self.vae.decode(latent).movedim(-1, 1)
        return self._run(latent)

    def decode_into(self, latent: torch.Tensor, buffer: Any) -> None:
        """As `decode`, into a buffer: `shape`, slices in time, and `copy_` are used of it."""
        self._run(latent, output_buffer=buffer)

    def _run(self, latent: torch.Tensor, **buffer: Any) -> Any:
        with torch.inference_mode(), device_context(self.vae.device):
            samples = latent.to(device=self.vae.device, dtype=self.vae.vae_dtype)
            return self.network.decode(samples, **buffer)

    def decode_tiled(self, latent: torch.Tensor, tile_px: int) -> torch.Tensor:
        """Pixels (1, t, H, W, C) of a latent, decoded in spatial tiles that overlap by a quarter."""
        self._need("decode_tiled")
        tile = max(2, tile_px // int(self.pixels_per_latent[1]))
        with torch.inference_mode():
            return self.vae.decode_tiled(latent, tile_x=tile, tile_y=tile, overlap=tile // 4)

    def decode_part(self, latent: torch.Tensor) -> torch.Tensor:
        """As `decode`, with the numbers and the place that VAE.decode would give its result."""
        return self._run(latent).to(device=self.vae.output_device, dtype=self.vae.vae_output_dtype())

    def pixels(self, piece: torch.Tensor) -> torch.Tensor:
        """Frames (t, H, W, C), float32 in [0, 1] on the CPU, of a piece of `decode`."""
        if self.has_steps:
            piece = piece.to(device=self.vae.output_device, dtype=self.vae.vae_output_dtype(), copy=True)
            piece = self.vae.process_output(piece)
        return piece[0].movedim(0, -1).to(device="cpu", dtype=torch.float32)

    def _need(self, name: str) -> None:
        if not hasattr(self.vae, name):
            raise VAE_PARTS.refusal(f"{type(self.vae).__name__} has no {name}")


def _is_ltx(network: Any) -> bool:
    module, name = LTX_VAE
    return type(network).__name__ == name and type(network).__module__.startswith(module)


def _writes_chunks(network: Any) -> bool:
    has_flag = bool(getattr(network, "comfy_has_chunked_io", False))
    if not (has_flag or _is_ltx(network)):
        return False
    missing = [
        *([] if has_flag else ["comfy_has_chunked_io"]),
        *([] if callable(getattr(network, "decode_output_shape", None)) else ["decode_output_shape"]),
        *([] if "output_buffer" in inspect.signature(network.decode).parameters else ["output_buffer of decode"]),
    ]
    if missing:
        CHUNKED_DECODE.is_gone(f"{type(network).__name__} has no {', '.join(missing)}")
    return not missing
