"""Memory of a server while it renders."""

from __future__ import annotations

import time

from audio_loop.autoresearch.bench.memory_watch import MIB, MemoryWatch, look_of, machine_of


def stats(kind="cuda", used=3, ram_used=5):
    device = {"name": "card", "type": kind, "vram_total": 24 * MIB, "vram_free": (24 - used) * MIB}
    system = {"ram_total": 64 * MIB, "ram_free": (64 - ram_used) * MIB, "comfyui_version": "0.33.0", "pytorch_version": "2.9"}
    return {"system": system, "devices": [device]}


def test_a_card_and_a_cpu():
    assert look_of(stats(), 1.5).vram_mib == 3
    assert look_of(stats("cpu"), 1.5).vram_mib is None
    assert look_of(stats(), 1.5).ram_mib == 5
    assert machine_of(stats()).vram_mib == 24
    assert machine_of(stats("cpu")).vram_mib is None


def test_looks_come_until_the_end_and_a_failed_one_leaves_a_hole():
    asked = []

    def ask():
        asked.append(1)
        if len(asked) == 2:
            raise OSError("busy")
        return stats(used=len(asked))

    with MemoryWatch(ask, 0.001) as watch:
        while len(asked) < 4:
            time.sleep(0.001)
    vram = [look.vram_mib for look in watch.looks]
    assert vram[:3] == [1, 3, 4]
    assert len(asked) == len(vram) + 1
    assert [look.seconds for look in watch.looks] == sorted(look.seconds for look in watch.looks)
