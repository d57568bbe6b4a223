"""Sound goes through the audio VAE and pictures through the video VAE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ...reading.flow import Flow, FlowNode, Source
from ..rule import ERR, Finding, rule
from ..subject import Subject

Kind = Literal["audio", "video"]

_WANTED: dict[str, Kind] = {"audio_vae": "audio", "vae": "video"}
"""Input name -> the kind that belongs there."""

_SOUND_NODES = frozenset({"VAEDecodeAudio", "VAEEncodeAudio", "VAEDecodeAudioTiled"})
"""Nodes of ComfyUI whose input `vae` takes an audio VAE."""

_CHECKPOINTS = frozenset({"CheckpointLoaderSimple", "CheckpointLoader"})
_LOADERS = frozenset({"VAELoader", "VAELoaderKJ"})


@rule(
    severity=ERR,
    summary="inputs for an audio VAE get one, and inputs for a video VAE get one",
    seen="the render stops at the first encoding, or noise instead of sound or picture",
    why="the two are different networks with the same type of socket, so ComfyUI lets either be wired",
    mend="wire Load LTXV Audio VAE to audio_vae, and the VAE of the video checkpoint to vae",
)
def vae_kinds(subject: Subject) -> Iterator[Finding]:
    """Looks at what loads the VAE of each node."""
    for node in subject.flow.nodes.values():
        for name, wanted in _WANTED.items():
            source = node.inputs.get(name)
            if not isinstance(source, Source) or node.type in _SOUND_NODES:
                continue
            kind, loader = _kind(subject.flow, source)
            if kind is not None and kind != wanted:
                yield Finding(node, f"{name} gets {_article(kind)} VAE, from {loader}; it takes {_article(wanted)} VAE")


def _kind(flow: Flow, source: Source) -> tuple[Kind | None, FlowNode | None]:
    """The kind of VAE that an output gives, as far as its loader and the file's name say; with the loader."""
    loader = flow.nodes.get(source.node)
    if loader is None:
        return None, None
    if loader.type == "LTXVAudioVAELoader":
        return "audio", loader
    if loader.type in _CHECKPOINTS:
        return "video", loader
    name = flow.value(loader, "vae_name") if loader.type in _LOADERS else None
    if not isinstance(name, str):
        return None, loader
    return ("audio" if "audio" in name.lower() else "video"), loader


def _article(kind: Kind) -> str:
    return "an audio" if kind == "audio" else "a video"
