"""The nodes as a program sees them through ComfyUI's API: their schemas, and what planner, controller and schedule say."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from ..shipped import ask, refused, silence

PACK = "custom_nodes.audio-loop"

SCHEMAS = {
    "AudioLoopController": (
        ["current_iteration", "window_seconds", "overlap_seconds", "audio", "base_seed", "fps", "plan"],
        [
            *("start_index", "should_stop", "audio_duration", "iteration_seed"),
            *("stride_seconds", "overlap_frames", "overlap_latent_frames", "overlap_seconds"),
        ],
    ),
    "AudioLoopPlanner": (
        [
            *("audio", "window_seconds", "overlap_seconds", "fps", "max_iterations", "schedule", "last_window"),
            *("base_seed", "seed_overrides"),
        ],
        ["summary", "total_iterations", "stride_seconds", "audio_duration", "timeline", "plan", "window_frames", "frames"],
    ),
    "TimestampPromptSchedule": (
        [
            *("current_iteration", "stride_seconds", "schedule", "blend_seconds", "snap_boundaries", "overlap_seconds"),
            *("snap_to", "plan"),
        ],
        ["prompt", "next_prompt", "blend_factor", "current_time", "report"],
    ),
    "TimestampPromptScheduleBatchEncode": (
        [
            *("clip", "schedule", "stride_seconds", "audio_duration", "snap_boundaries", "frame_rate"),
            *("blend_seconds", "plan", "snap_to"),
        ],
        ["conditioning_list", "iteration_count", "report"],
    ),
    "AutoPromptSchedule": (
        [
            *("audio", "subject", "style", "diversity", "plan", "image_description", "kind", "montage", "vocals", "variation"),
        ],
        ["schedule", "first_prompt", "negative_prompt", "report"],
    ),
    "ConditioningSelectByIteration": (["conditioning_list", "current_iteration"], ["conditioning"]),
    "ConditioningBlend": (["conditioning_a", "conditioning_b", "blend_factor"], ["conditioning"]),
    "LatentContextExtract": (["latent", "overlap_latent_frames"], ["context"]),
    "LatentOverlapTrim": (["latent", "overlap_latent_frames"], ["trimmed"]),
    "LatentOverlapCrossfade": (["previous", "latent", "overlap_latent_frames", "curve"], ["latent"]),
    "StripLatentNoiseMask": (["latent"], ["latent"]),
    "AudioLatentWindow": (
        ["audio_latent", "current_iteration", "plan", "start_seconds", "duration_seconds"],
        ["audio_latent"],
    ),
    "LoopWindowLatent": (
        ["context", "audio_latent", "current_iteration", "plan", "window_latents"],
        ["video_latent", "audio_latent", "report"],
    ),
    "LatentGuide": (
        ["positive", "negative", "latent", "guide_latent", "frame_offset", "strength"],
        ["positive", "negative", "latent"],
    ),
    "LoopCanvas": (["plan", "width", "height", "draft"], ["canvas"]),
    "LoopDraftEnlarge": (["draft", "upscale_model", "vae", "plan"], ["canvas"]),
    "LoopWindowOfCanvas": (
        ["canvas", "audio_latent", "plan", "current_iteration", "draft_plan", "first_latent", "first_strength"],
        ["video_latent", "audio_latent", "window", "draft_window", "iteration_seed", "report"],
    ),
    "LoopWindowNew": (["latent", "plan", "current_iteration"], ["latent"]),
    "LoopWindowToCanvas": (["canvas", "latent", "plan", "current_iteration"], ["canvas"]),
    "AudioLoopVideoSize": (["width", "height", "multiple_of"], ["width", "height", "half_width", "half_height"]),
    "AudioLoopStages": (["stage", "draft", "finished"], ["draft", "finished", "stage"]),
    "AudioLoopPicture": (["image"], ["image", "report"]),
    "AudioDuration": (["audio"], ["duration", "samples", "sample_rate"]),
    "AudioPreprocessForLTX": (["audio", "preset", "target_lufs", "true_peak_dbtp"], ["audio", "report", "picture"]),
    "AudioPitchDetect": (
        ["audio", "start_seconds", "window_seconds", "freq_low", "freq_high", "is_stem", "plan"],
        [
            "median_f0",
            "has_vocals",
            "is_male_range",
            "is_female_range",
            "vocal_fraction",
            "voiced_fraction",
            "low_f0",
            "high_f0",
            "report",
        ],
    ),
    "AudioLoopEncodeSong": (["audio", "audio_vae", "plan", "driving_audio"], ["audio_latent", "report"]),
    "AudioSpectralReport": (
        ["audio"],
        [
            "report",
            "picture",
            "is_fine",
            "sibilance_gap_db",
            "snr_db",
            "clipped_fraction",
            "loudness_lufs",
            "true_peak_dbtp",
        ],
    ),
    "IterationCleanup": (["latent", "mode"], ["latent"]),
    "PurgeVRAM": (["latent"], ["latent"]),
    "TensorLoopOpen": (
        ["mode", "initial_value", "iterations_in"],
        ["flow_control", "previous_value", "accumulated_count", "current_iteration"],
    ),
    "TensorLoopClose": (["flow_control", "processed", "accumulate", "overlap", "stop"], ["output"]),
}
"""Ids, inputs and outputs that people have saved graphs with. Only ever appended to."""

GUIDE_SCHEDULE = "0:00-1:15: she sings alone at the piano\n1:15+: the band plays, she dances"


@pytest.fixture(scope="module")
def object_info(comfy):
    return comfy.client.object_info()


@pytest.fixture(scope="module")
def ours(object_info):
    found = {name: info for name, info in object_info.items() if info["python_module"] == PACK}
    assert set(SCHEMAS) <= set(found)
    return found


def all_inputs(info):
    """(name, options) of every input, with those that a dynamic combo brings along."""
    for group in ("required", "optional"):
        for name, spec in (info["input"].get(group) or {}).items():
            options = spec[1] if len(spec) > 1 else {}
            yield name, spec[0], options
            for choice in options.get("options") or ():
                if isinstance(choice, dict):
                    yield from ((f"{name}.{n}", t, o) for n, t, o in all_inputs({"input": choice["inputs"]}))


@pytest.mark.parametrize("node_id", sorted(SCHEMAS))
def test_saved_graphs_still_fit(ours, node_id):
    inputs, outputs = SCHEMAS[node_id]
    info = ours[node_id]
    order = [*info["input_order"].get("required", []), *info["input_order"].get("optional", [])]
    assert sorted(set(inputs) - set(order)) == []
    assert info["output_name"][: len(outputs)] == outputs


def test_every_input_has_a_tooltip(ours):
    bare = [
        f"{node_id}.{name}"
        for node_id, info in ours.items()
        # What the loop puts into the graph while it runs is not in any menu.
        if not info.get("dev_only")
        for name, _, options in all_inputs(info)
        if not (options.get("tooltip") or "").strip()
    ]
    assert bare == []


def test_no_whole_number_is_called_seed(ours):
    # The frontend would add a control widget that changes it after every run.
    named = [
        f"{node_id}.{name}"
        for node_id, info in ours.items()
        for name, kind, options in all_inputs(info)
        if name.rpartition(".")[2] in ("seed", "noise_seed") and "INT" in str(kind)
    ]
    assert named == []


def test_every_node_has_a_description_and_a_menu(ours):
    assert [node_id for node_id, info in ours.items() if not info["description"].strip()] == []
    assert [node_id for node_id, info in ours.items() if not info["category"].startswith(("Audio Loop", "_for_testing"))] == []


def controller(iteration=1, overlap=2.0, window=19.88, fps=25, **more):
    inputs = {"current_iteration": iteration, "window_seconds": window, "overlap_seconds": overlap, "audio": ["song", 0]}
    return {"class_type": "AudioLoopController", "inputs": inputs | {"base_seed": 0, "fps": fps} | more}


CONTROLLER_OUTPUTS = {name: number for number, name in enumerate(SCHEMAS["AudioLoopController"][1])}
PLANNER_OUTPUTS = {name: number for number, name in enumerate(SCHEMAS["AudioLoopPlanner"][1])}
SCHEDULE_OUTPUTS = {name: number for number, name in enumerate(SCHEMAS["TimestampPromptSchedule"][1])}


@pytest.mark.parametrize(
    ("overlap", "frames", "latents", "stride", "effective"),
    [
        (1.0, "25", "4", "18.88", "1.0"),
        (2.0, "49", "7", "17.92", "1.96"),
        (3.0, "73", "10", "16.96", "2.92"),
        (4.0, "97", "13", "16.0", "3.88"),
    ],
)
def test_controller_gives_the_table_digit_for_digit(comfy, overlap, frames, latents, stride, effective):
    nodes = {"song": silence(180.0, 8000), "at": controller(overlap=overlap)}
    names = ("stride_seconds", "overlap_frames", "overlap_latent_frames", "overlap_seconds")
    said = ask(comfy, nodes, {name: ["at", CONTROLLER_OUTPUTS[name]] for name in names})
    assert said == {
        "stride_seconds": stride,
        "overlap_frames": frames,
        "overlap_latent_frames": latents,
        "overlap_seconds": effective,
    }


def planner(**more):
    inputs = {"audio": ["song", 0], "window_seconds": 19.88, "overlap_seconds": 2.0, "fps": 25, "max_iterations": 0}
    return {"class_type": "AudioLoopPlanner", "inputs": inputs | {"schedule": ""} | more}


@pytest.mark.parametrize(("seconds", "iterations"), [(180.0, 9), (184.0, 10), (199.0, 10), (10.0, 0), (20.0, 1)])
def test_iterations_that_a_song_needs(comfy, seconds, iterations):
    at = {f"at{k}": controller(k) for k in range(1, iterations + 1)}
    nodes = {"song": silence(seconds, 8000), "plan": planner(), **at}
    wanted = {name: ["plan", PLANNER_OUTPUTS[name]] for name in ("total_iterations", "frames", "window_frames")}
    wanted |= {f"stop{k}": [f"at{k}", CONTROLLER_OUTPUTS["should_stop"]] for k in range(1, iterations + 1)}
    said = ask(comfy, nodes, wanted)
    assert said["total_iterations"] == str(iterations)
    assert said["frames"] == str(round(seconds * 25))
    assert said["window_frames"] == ("497" if iterations else "257")  # ten seconds are 250 frames, and 257 is 8k + 1
    stops = [said[f"stop{k}"] for k in range(1, iterations + 1)]
    assert stops == ["False"] * (iterations - 1) + ["True"] * (iterations > 0)


@pytest.mark.parametrize(("fps", "rate"), [(25, 44100), (23.976, 16000), (29.97, 8000), (50, 11025)])
def test_sound_and_picture_of_an_hour_start_at_the_same_sample(comfy, fps, rate):
    duration = 3600
    exact_fps = {23.976: Fraction(24000, 1001), 29.97: Fraction(30000, 1001)}.get(fps, Fraction(fps))
    window_px = (round(19.88 * exact_fps) - 1) // 8 * 8 + 1
    overlap_latents = (round(2 * exact_fps) - 1) // 8 + 1
    stride = ((window_px - 1) // 8 + 1 - overlap_latents) * 8
    last = math.ceil((duration - window_px / exact_fps) / (stride / exact_fps))
    iterations = (1, 2, last // 2, last - 1, last)
    nodes = {"song": silence(float(duration), rate), **{f"at{k}": controller(k, fps=fps) for k in iterations}}
    nodes["plan"] = planner(fps=fps)
    wanted = {f"start{k}": [f"at{k}", CONTROLLER_OUTPUTS["start_index"]] for k in iterations}
    wanted |= {f"stop{k}": [f"at{k}", CONTROLLER_OUTPUTS["should_stop"]] for k in iterations}
    said = ask(comfy, nodes, wanted | {"total": ["plan", PLANNER_OUTPUTS["total_iterations"]]})
    assert said["total"] == str(last)
    for k in iterations:
        picture = k * stride / exact_fps * rate
        assert abs(float(said[f"start{k}"]) * rate - picture) < 0.5, k
        assert said[f"stop{k}"] == str(k == last)


def test_start_index_leaves_something_to_encode(comfy):
    nodes = {"song": silence(40.0, 8000), "at": controller(3)}
    said = ask(comfy, nodes, {"start": ["at", CONTROLLER_OUTPUTS["start_index"]]})
    assert said == {"start": "39.5"}


def test_iteration_seeds_count_from_the_base(comfy):
    nodes = {"song": silence(60.0, 8000), "at": controller(3, base_seed=40), "end": controller(2, base_seed=2**64 - 1)}
    wanted = {name: [name, CONTROLLER_OUTPUTS["iteration_seed"]] for name in ("at", "end")}
    assert ask(comfy, nodes, wanted) == {"at": "43", "end": "1"}


def test_duration_of_a_song(comfy):
    nodes = {"song": silence(2.5, 44100), "long": {"class_type": "AudioDuration", "inputs": {"audio": ["song", 0]}}}
    said = ask(comfy, nodes, {"seconds": ["long", 0], "samples": ["long", 1], "rate": ["long", 2]})
    assert said == {"seconds": "2.5", "samples": "110250", "rate": "44100"}


def at_iteration(iteration, schedule=GUIDE_SCHEDULE, **more):
    inputs = {"current_iteration": iteration, "stride_seconds": ["at", CONTROLLER_OUTPUTS["stride_seconds"]]}
    inputs |= {"schedule": schedule, "blend_seconds": 0.0, "snap_boundaries": True}
    inputs["overlap_seconds"] = ["at", CONTROLLER_OUTPUTS["overlap_seconds"]]
    return {"class_type": "TimestampPromptSchedule", "inputs": inputs | more}


def prompts(comfy, iterations, schedule=GUIDE_SCHEDULE, names=("prompt",), **more):
    """Texts by (output, iteration), with the stride and overlap of a 180 s song at 19.88 / 2 / 25."""
    nodes = {"song": silence(180.0, 8000), "at": controller()}
    nodes |= {f"k{k}": at_iteration(k, schedule, **more) for k in iterations}
    wanted = {f"{name}_{k}": [f"k{k}", SCHEDULE_OUTPUTS[name]] for k in iterations for name in names}
    said = ask(comfy, nodes, wanted)
    return {(name, k): said[f"{name}_{k}"] for k in iterations for name in names}


def test_the_guides_schedule_switches_at_iteration_four(comfy):
    said = prompts(comfy, range(1, 7), names=("prompt", "current_time"))
    alone, band = "she sings alone at the piano", "the band plays, she dances"
    assert [said["prompt", k] for k in range(1, 7)] == [alone] * 3 + [band] * 3
    assert said["current_time", 4] == "71.68"


def test_the_report_says_when_it_becomes_visible(comfy):
    report = prompts(comfy, [1], names=("report",))["report", 1]
    # 71.68 s + 1.96 s of effective overlap = 73.64 s.
    assert "line 2, asked for 1:15.00: from window 4 on, visible from 1:13.64 (1.36 s earlier)" in report


def test_the_older_rule_counts_from_where_the_window_starts(comfy):
    report = prompts(comfy, [1], names=("report",), snap_to="window_start")["report", 1]
    assert "from window 4 on (starts at 1:11.68, 3.32 s earlier), visible from 1:13.64" in report


def test_a_wired_plan_says_where_windows_lie(comfy):
    nodes = {"song": silence(180.0, 8000), "plan": planner()}
    inputs = {"current_iteration": 2, "stride_seconds": 1.0, "schedule": "0:00: a\n0:45: b", "blend_seconds": 0.0}
    nodes["k"] = {
        "class_type": "TimestampPromptSchedule",
        "inputs": inputs | {"snap_boundaries": True, "plan": ["plan", PLANNER_OUTPUTS["plan"]]},
    }
    said = ask(comfy, nodes, {name: ["k", SCHEDULE_OUTPUTS[name]] for name in ("prompt", "current_time", "report")})
    assert (said["prompt"], said["current_time"]) == ("b", "35.84")
    assert "visible from 0:37.80 (7.2 s earlier)" in said["report"]


def test_without_the_overlap_no_visible_time_is_made_up(comfy):
    report = prompts(comfy, [1], names=("report",), overlap_seconds=0.0)["report", 1]
    assert "from window 4 on" in report
    assert "visible" not in report


def test_a_blend_below_the_stride_is_raised_with_one_warning(comfy):
    before = len(comfy.server.log_text())
    said = prompts(comfy, range(1, 7), blend_seconds=5.0, names=("prompt", "next_prompt", "blend_factor", "report"))
    assert [float(said["blend_factor", k]) for k in range(1, 7)] == pytest.approx([0.0, 0.0, 0.0, 0.5, 0.0, 0.0])
    assert said["next_prompt", 4] == "the band plays, she dances"
    warnings = [line for line in comfy.server.log_text()[before:].splitlines() if "blend_seconds 5.0 s" in line]
    assert len(warnings) == 1
    assert "raised to it, 17.92 s" in warnings[0]
    assert warnings[0].count("TimestampPromptSchedule:") == 1
    assert "raised to it, 17.92 s" in said["report", 4]


def test_a_blend_of_three_strides_is_a_ramp(comfy):
    said = prompts(comfy, range(1, 8), blend_seconds=53.76, names=("blend_factor",))
    factors = [round(float(said["blend_factor", k]), 3) for k in range(1, 8)]
    assert factors == [0.0, 0.0, 0.067, 0.5, 0.933, 0.0, 0.0]


def test_unsnapped_times_switch_where_the_window_starts(comfy):
    said = prompts(comfy, [4, 5], snap_boundaries=False)
    assert said["prompt", 4] == "she sings alone at the piano"
    assert said["prompt", 5] == "the band plays, she dances"


@pytest.mark.parametrize(
    ("schedule", "line", "words"),
    [
        ("0:00: she sings\nand dances", 2, "expected 'START: prompt'"),
        ("0:00: a\n\n# note\n1:75: b", 4, "59 is the most"),
        ("0:30-0:10: a", 1, "lies before the start"),
        ("0:00: a\n0:00: b", 2, "line 1 begins at the same time"),
        ("0:00: a\n0:10 b", 2, "colon"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(comfy, schedule, line, words):
    nodes = {"song": silence(180.0, 8000), "at": controller(), "k": at_iteration(1, schedule)}
    message = refused(comfy, nodes, ["k", 0])
    assert message.startswith("TimestampPromptSchedule: ")
    assert f"line {line}" in message
    assert words in message
    with_plan = {"song": silence(180.0, 8000), "plan": planner(schedule=schedule)}
    message = refused(comfy, with_plan, ["plan", 0])
    assert message.startswith("AudioLoopPlanner: ")
    assert f"line {line}" in message


def test_the_planner_reports_real_seams_and_the_schedule(comfy):
    nodes = {"song": silence(180.0, 8000), "plan": planner(schedule=GUIDE_SCHEDULE)}
    summary = ask(comfy, nodes, {"summary": ["plan", 0]})["summary"]
    assert "0:19.88, 0:37.80, 0:55.72, 1:13.64" in summary
    assert "visible from 1:13.64" in summary
    assert "overlap 2.0 s became 1.96 s (49 frames, 7 latents)" in summary
