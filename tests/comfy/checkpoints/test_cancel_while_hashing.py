"""Cancel reaches the hashing of model files, which reads tens of gigabytes before the first window is looked for."""

from __future__ import annotations

import threading
import time

import pytest

from audio_loop.comfy_host.errors import PromptInterruptedError

from ..shipped import shipped, write_picture, write_song

SIZE_BYTES = 400 * 10**9
"""Minutes of reading, although such a file of nothing but zeros takes no room on the disk."""


def test_a_cancel_ends_a_render_that_hashes_a_model(comfy, tiny_models, tmp_path):
    model = tiny_models / "loras" / "endless.safetensors"
    with model.open("wb") as file:
        file.truncate(SIZE_BYTES)
    song = comfy.add_input(write_song(tmp_path / "cancelled.wav", 2.0))
    prompt = shipped(song, comfy.add_input(write_picture(tmp_path / "cancelled.png")))
    for node in prompt.values():
        if "lora_name" in node["inputs"]:
            node["inputs"]["lora_name"] = model.name
    cancelled = []

    def cancel_when_it_hashes():
        while not cancelled and "Hashing endless.safetensors" not in comfy.server.log_text():
            time.sleep(0.2)
        cancelled.append(time.monotonic())
        comfy.client.interrupt()

    thread = threading.Thread(target=cancel_when_it_hashes, daemon=True)
    thread.start()
    try:
        with pytest.raises(PromptInterruptedError):
            comfy.run(prompt, timeout=60)
        print(f"ended {time.monotonic() - cancelled[0]:.2f} s after Cancel")
    finally:
        cancelled.append(0.0)
        model.unlink()
    assert len(cancelled) == 2
