"""Stores with small latents, for tests of them."""

from __future__ import annotations

import hashlib

import torch

from audio_loop.checkpoints.runs.store import Store
from audio_loop.checkpoints.segments.latent_file import LatentCodec
from audio_loop.checkpoints.take import Take

CODEC = LatentCodec(list)


def fingerprint(name):
    return hashlib.sha256(str(name).encode()).hexdigest()


def latent(value):
    return {"samples": torch.full((1, 4, 2, 2, 2), float(value))}


def take(name, **fields):
    return Take(fingerprint(name), **({"prompt": f"prompt {name}", "seed": 5} | fields))


def open_store(root, run="run"):
    return Store(root, run, CODEC, identity="song")


def save(store, index, name, value=None, plan=None, by="", **fields):
    return store.save(index, latent(index if value is None else value), take(name, **fields), plan=plan, by=by)


def value_of(found):
    return None if found is None else found.latent["samples"].unique().item()


def files(store):
    return sorted(each.name for each in store.folder.iterdir() if each.name.startswith("segment"))
