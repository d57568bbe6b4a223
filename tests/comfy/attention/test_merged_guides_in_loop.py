"""The shipped loop with its guide of strength 0.7: no attention call is masked if a kernel tells its log-sum-exp."""

from __future__ import annotations

from collections import Counter

from audio_loop.measuring.trace_files import ATTENTION_FILE, RUNS_FOLDER, TRACE_FOLDER, read_lines

from ..shipped import shipped, without_checkpoints, write_picture, write_song

RUN, STEPS, BLOCKS = "merged", 8, 2
SELF_ATTENTION_OF_GUIDED_WINDOW = STEPS * BLOCKS * 2
"""ComfyUI attends for the window's queries and for the guide's apart, in each block of each step."""


def test_no_attention_call_of_a_loop_window_is_masked(comfy, tmp_path):
    song = comfy.add_input(write_song(tmp_path / "merged_song.wav", 3.0))
    picture = comfy.add_input(write_picture(tmp_path / "merged.png"))
    prompt = without_checkpoints(shipped(song, picture, n1527_value=37, n268_mode="torch_flash"))
    for shown in ("1604", "1563", "1564"):
        del prompt[shown]
    prompt["shown"] = {"class_type": "PreviewAny", "inputs": {"source": ["1605", 0]}}
    for guider, iteration in (("153", 0), ("843:644", ["1539", 3])):
        stamp = {"model": prompt[guider]["inputs"]["model"], "current_iteration": iteration, "trace": True, "run_name": RUN}
        prompt[f"stamp_{guider}"] = {"class_type": "LoopIterationStamp", "inputs": stamp}
        prompt[guider]["inputs"]["model"] = [f"stamp_{guider}", 0]
    assert prompt["1269"]["inputs"]["value"] == 0.7

    comfy.run(prompt, timeout=120)

    rows = read_lines(comfy.output_folder / RUNS_FOLDER / RUN / TRACE_FOLDER / ATTENTION_FILE)
    assert [row for row in rows if row["mask"] is not None] == []
    merged = {"mask merged": SELF_ATTENTION_OF_GUIDED_WINDOW}
    by_window = {k: Counter(row["reason"] for row in rows if row["iteration"] == k) for k in (0, 1)}
    assert by_window == {0: {"chosen": STEPS * BLOCKS * 6}, 1: {"chosen": STEPS * BLOCKS * 5, **merged}}
    assert {row["kernel"] for row in rows} == {"torch_flash"}
