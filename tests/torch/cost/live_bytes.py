"""The most bytes that are alive at once in a call, by following every tensor on the meta device, which has no memory."""

from __future__ import annotations

import weakref

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class LiveBytes(TorchDispatchMode):
    """Counts storages from their first tensor to their end.

    Args:
        module: Its weights do not count.
    """

    def __init__(self, module):
        super().__init__()
        self.live = self.peak = 0
        self.weights = [tensor.untyped_storage() for tensor in (*module.parameters(), *module.buffers())]
        self.sizes = {storage._cdata: 0 for storage in self.weights}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        for tensor in made if isinstance(made, list | tuple) else [made]:
            if isinstance(tensor, torch.Tensor) and tensor.is_meta:
                self._count(tensor.untyped_storage())
        self.peak = max(self.peak, self.live)
        return made

    def _count(self, storage):
        key = storage._cdata
        if key not in self.sizes:
            self.sizes[key] = storage.nbytes()
            self.live += self.sizes[key]
            weakref.finalize(storage, self._end, key)

    def _end(self, key):
        self.live -= self.sizes.pop(key)
