"""Prompts for the tiny model, small enough for a CPU, run from the page that shows their workflow."""

from __future__ import annotations

from audio_loop.demo.workflow_patch import (
    STAND_INS,
    TINY_MODEL,
    TINY_UPSCALER,
    Replacement,
    WorkflowMismatchError,
    patched,
    toy_size,
)

# One step. Wider than high, as the default is: under a square video its node grows out of its group. What only makes sense
# for a window of the usual length is set for one of 49 frames and 2 shared latents.
SMALL = (
    *toy_size(96, 64, 1.96),
    Replacement("overlap", 0.36, (("#2013", "value"),)),
    Replacement("sigmas", "1.0, 0.0", (("ManualSigmas", "sigmas"),)),
    Replacement("guidance", "1", (("LTXVSpatioTemporalGuidance", "blocks"),)),
    Replacement("fade", 1, (("#843:2304", "amount"),)),
    Replacement("first guide", 9, (("#843:2311", "frame_offset"),)),
    Replacement("second guide", 25, (("#843:2312", "frame_offset"),)),
    Replacement("third guide", 41, (("#843:2313", "frame_offset"),)),
    Replacement("keyframes", "0:00: 0\n0:01.6: 1", (("#2344", "schedule"),)),
    Replacement("model of the VAE", TINY_MODEL[0].value, (("CheckpointVideoVAE", "ckpt_name"),)),
)
WATCH = """() => {
    const api = window.app.api;
    window.ended = new Promise((resolve) => {
        api.addEventListener("execution_success", () => resolve(""), { once: true });
        api.addEventListener("execution_error", ({ detail }) => resolve(detail.exception_message), { once: true });
    });
}"""
QUEUE = """async (prompt) => {
    const body = JSON.stringify({ prompt, client_id: window.app.api.clientId });
    const answer = await window.app.api.fetchApi("/prompt", { method: "POST", body });
    return answer.ok ? window.ended : answer.text();
}"""


def toy(prompt, seed):
    """The API prompt of a shipped workflow for the tiny model; what a workflow lacks stays away."""
    for replacement in (*TINY_MODEL, TINY_UPSCALER, *SMALL, Replacement("seed", seed, (("#1527", "value"),))):
        try:
            prompt = patched(prompt, [replacement])
        except WorkflowMismatchError:
            continue
    return patched(prompt, [], STAND_INS)


def run(page, prompt):
    """Runs a prompt as the page's own: its nodes show what comes of it. Returns why it failed, "" if it did not."""
    page.evaluate(WATCH)
    return page.evaluate(QUEUE, prompt)
