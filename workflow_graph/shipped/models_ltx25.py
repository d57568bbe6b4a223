"""Model files of LTX 2.5 as ComfyUI's own template names them (video_ltx2_5_i2v), with their links."""

from __future__ import annotations

from typing import Any

DIFFUSION_MODEL = "ltx-2.5-22b-distilled-transformer-comfy-int8-convrot.safetensors"
TEXT_ENCODER = "gemma4-12b-with-proj-ltx-2.5-comfy-int8-convrot.safetensors"
VIDEO_VAE = "ltx-2.5-video-vae-bf16.safetensors"
AUDIO_VAE = "ltx-2.5-audio-vae-bf16.safetensors"
CONVOLUTIONAL_VAE = "ltx-2.5-video-vae-conv-bf16.safetensors"
"""The other decoder of the same latents, in the same repository; no template of ComfyUI's names it."""

REPOSITORY = "https://huggingface.co/Lightricks/LTX-2.5"

# In billions of bytes; the frontend ignores what its schema does not name.
_SIZES = {
    DIFFUSION_MODEL: ("diffusion_models", 21.5),
    TEXT_ENCODER: ("text_encoders", 15.4),
    VIDEO_VAE: ("vae", 1.5),
    AUDIO_VAE: ("vae", 0.4),
}
FILES: dict[str, dict[str, Any]] = {
    name: {
        "name": name,
        "url": f"{REPOSITORY}/resolve/main/{directory}/{name}",
        "directory": directory,
        "size_gb": size,
    }
    for name, (directory, size) in _SIZES.items()
}


def download_note() -> str:
    """Where each file comes from and goes to, in Markdown."""
    rows = [f"- [{f['name']}]({f['url']}), {f['size_gb']} GB → `models/{f['directory']}/`" for f in FILES.values()]
    total = sum(f["size_gb"] for f in FILES.values())
    conv = f"{REPOSITORY}/resolve/main/vae/{CONVOLUTIONAL_VAE}"
    return "\n".join(
        [
            "## Models",
            "",
            f"Four files, {total:.0f} GB. First accept the licence at [LTX-2.5]({REPOSITORY}): without that the links refuse.",
            "",
            *rows,
            "",
            "**Two decoders fit the same latents.** The one above denoises: sharper by Lightricks' word, and on most cards in "
            "tiles that fade into each other. The convolutional one looks less far and is streamed exactly; take it for a "
            f"long song or a small card: [{CONVOLUTIONAL_VAE}]({conv}), 1.5 GB → `models/vae/`, and choose it at *Video VAE*.",
        ]
    )
