"""Freed memory goes back to the system if the C library knows how, and nothing happens if it does not."""

from __future__ import annotations

import ctypes
import platform
from pathlib import Path

import pytest

from audio_loop.memory import host_memory

HELD_MIB = 200


@pytest.fixture(autouse=True)
def asked_anew():
    host_memory._trim.cache_clear()
    yield
    host_memory._trim.cache_clear()


def resident_mib():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def test_freed_blocks_are_given_back():
    if platform.libc_ver()[0] != "glibc":
        assert host_memory._trim() is None
        return
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
    # Small blocks lie side by side in the heap; the last one keeps its end from shrinking by itself.
    blocks = [libc.malloc(64 * 1024) for _ in range(HELD_MIB * 16)]
    for block in blocks:
        ctypes.memset(block, 1, 64 * 1024)
    for block in blocks[:-1]:
        libc.free(block)
    held = resident_mib()
    host_memory.give_back_freed_memory()
    assert resident_mib() < held - HELD_MIB / 2
    libc.free(blocks[-1])


@pytest.mark.parametrize("failure", [OSError, TypeError, AttributeError])
def test_other_systems_do_nothing(monkeypatch, failure):
    def missing(_name):
        raise failure

    monkeypatch.setattr(ctypes, "CDLL", missing)
    host_memory.give_back_freed_memory()
