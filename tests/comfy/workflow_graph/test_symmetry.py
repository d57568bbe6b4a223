"""What the sampler is given in the loop is prepared exactly as in the initial render.

The sampler itself is asked: a wrapper writes down what reaches it in every run.
"""

from __future__ import annotations

import copy

import pytest

from ..shipped import ask, shipped, with_sampler_wrapped, without_checkpoints, write_picture, write_song

ITERATIONS = 3
WINDOW_LATENTS, CONTEXT_LATENTS = 7, 2
WINDOW_AUDIO_LATENTS, STRIDE_AUDIO_LATENTS = 49, 40
PROMPT_KEY = "audio_loop_prompt"
SECOND_PROMPT = "she dances and the band plays behind her"
GUIDE_KEYS = {"keyframe_idxs", "guide_attention_entries"}
BEGINS, REQUESTED = "TestLoadSpy: sampler run begins", "TestLoadSpy: requested "


@pytest.fixture(scope="module")
def prompt(comfy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("symmetry")
    song = comfy.add_input(write_song(folder / "symmetry.wav", 6.0))
    picture = comfy.add_input(write_picture(folder / "symmetry.png"))
    schedule = f"0:00: she sings\n0:03.2: {SECOND_PROMPT}"
    return without_checkpoints(shipped(song, picture, n1527_value=77, n1559_schedule=schedule, n1560_last_window="full"))


@pytest.fixture(scope="module")
def runs(comfy, prompt):
    comfy.run(comfy.with_counting_sampler(prompt, "symmetry.jsonl"), timeout=300)
    found = comfy.sampler_runs("symmetry.jsonl")
    assert len(found) == ITERATIONS + 1
    return found


@pytest.fixture(scope="module")
def requests(comfy, prompt, tmp_path_factory):
    """For every sampler run the models that were asked for between its begin and the next one's; first what came before."""
    sampler = {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}}
    spy = {"class_type": "TestLoadSpy", "inputs": {"sampler": ["sampler", 0]}}
    # The spy watches from its first run on; nothing of what follows may be in ComfyUI's cache already.
    ask(comfy, {"sampler": sampler, "spy": spy}, {"spy": ["spy", 0]})
    folder = tmp_path_factory.mktemp("requests")
    fresh = copy.deepcopy(prompt)
    fresh["565"]["inputs"]["audio"] = comfy.add_input(write_song(folder / "requests.wav", 6.0, hz=330.0))
    fresh["444"]["inputs"]["image"] = comfy.add_input(write_picture(folder / "requests.png", (200, 220)))
    fresh["1559"]["inputs"]["schedule"] = "0:00: she walks\n0:03.2: she runs"
    start = len(comfy.server.log_text())
    comfy.run(with_sampler_wrapped(fresh, "TestLoadSpy"), timeout=300)
    sections = [[]]
    for line in comfy.server.log_text()[start:].splitlines():
        if BEGINS in line:
            sections.append([])
        elif REQUESTED in line:
            sections[-1].append(line.split(REQUESTED)[1].split("\x1b")[0].strip())
    assert len(sections) == ITERATIONS + 2
    return sections


def loop_runs(runs):
    return runs[1:]


@pytest.mark.parametrize("side", ["positive", "negative"])
def test_conditioning_has_the_same_keys(runs, side):
    (initial,) = runs[0][side]
    for run in loop_runs(runs):
        (entry,) = run[side]
        assert set(entry) - GUIDE_KEYS == set(initial)
        assert set(entry) >= GUIDE_KEYS
    assert {"cross_attn", "frame_rate"} <= set(initial)


@pytest.mark.parametrize("side", ["positive", "negative"])
def test_conditioning_has_the_same_values_and_types(runs, side):
    (initial,) = runs[0][side]
    for run in loop_runs(runs):
        (entry,) = run[side]
        for key in initial:
            if isinstance(initial[key], dict):
                assert entry[key]["dtype"] == initial[key]["dtype"], key
                assert entry[key]["shape"][2:] == initial[key]["shape"][2:], key
            elif key != PROMPT_KEY:
                assert entry[key] == initial[key], key
        assert entry["frame_rate"] == 25.0


def test_the_sampler_sees_the_guide_one_latent_before_the_window(runs):
    assert runs[0]["guide_positions"] == []
    assert [run["guide_positions"] for run in loop_runs(runs)] == [[-8.0]] * ITERATIONS


def test_masks_of_the_initial_render(runs):
    # The picture is the first frame and stays.
    assert runs[0]["video_mask_min"] == runs[0]["video_mask_max"] == [0.0] + [1.0] * (WINDOW_LATENTS - 1)


def test_masks_of_the_loop(runs):
    new = WINDOW_LATENTS - CONTEXT_LATENTS
    for run in loop_runs(runs):
        expected = [0.0] * CONTEXT_LATENTS + [1.0] * new + [pytest.approx(1 - 0.7)]
        assert run["video_mask_min"] == expected
        assert run["video_mask_max"] == expected


def test_the_song_is_never_made_new(runs):
    assert {(run["audio_mask_min"], run["audio_mask_max"]) for run in runs} == {(0.0, 0.0)}
    for run in runs:
        assert run["sampled_audio_means"] == pytest.approx(run["latent_audio_means"], abs=1e-5)


def test_shapes(runs):
    video = [1, 128, WINDOW_LATENTS, 2, 4]
    audio = [1, 8, WINDOW_AUDIO_LATENTS, 16]
    assert runs[0]["latent_shapes"] == [video, audio]
    guided = [1, 128, WINDOW_LATENTS + 1, 2, 4]
    assert [run["latent_shapes"] for run in loop_runs(runs)] == [[guided, audio]] * ITERATIONS


def test_sigmas_steps_cfg_and_seeds(runs):
    assert {tuple(run["sigmas"]) for run in runs} == {tuple(runs[0]["sigmas"])}
    assert {run["steps"] for run in runs} == {8}
    assert {run["cfg"] for run in runs} == {1.0}
    assert [run["seed"] for run in runs] == [77, 78, 79, 80]


def test_context_is_the_end_of_the_window_before(runs):
    for before, run in zip(runs, loop_runs(runs), strict=False):
        made = before["sampled_video_means"][:WINDOW_LATENTS]
        assert run["latent_video_means"][:CONTEXT_LATENTS] == pytest.approx(made[-CONTEXT_LATENTS:], abs=1e-5)


def test_new_frames_begin_empty(runs):
    for run in loop_runs(runs):
        assert run["latent_video_means"][CONTEXT_LATENTS:WINDOW_LATENTS] == [0.0] * (WINDOW_LATENTS - CONTEXT_LATENTS)


def test_guide_and_first_frame_are_the_same_picture(runs):
    first = runs[0]["latent_video_means"][0]
    assert first != 0
    for run in loop_runs(runs):
        assert run["latent_video_means"][WINDOW_LATENTS] == pytest.approx(first, rel=1e-4)


def test_each_window_hears_its_own_part_of_the_song(runs):
    shared = WINDOW_AUDIO_LATENTS - STRIDE_AUDIO_LATENTS
    for before, run in zip(runs, loop_runs(runs), strict=False):
        heard_before = before["latent_audio_means"][-shared:]
        assert run["latent_audio_means"][:shared] == pytest.approx(heard_before, abs=1e-6)


def test_prompts_change_where_the_schedule_says(runs):
    # Iteration 2 starts at 3.2 s.
    assert [run["positive"][0][PROMPT_KEY] for run in runs] == [*["she sings"] * 2, *[SECOND_PROMPT] * 2]
    assert [PROMPT_KEY in run["negative"][0] for run in runs] == [False] * (ITERATIONS + 1)


def test_text_picture_and_song_are_encoded_before_the_loop(requests):
    before = [*requests[0], *requests[1]]
    # Text encoder, video VAE (the picture) and audio VAE.
    assert len(set(before) - {"LTXAV"}) == 3, before


def test_nothing_but_the_video_model_is_asked_for_inside_the_loop(requests):
    # From the begin of iteration 1 to the begin of the last, only the model that samples may be asked for.
    inside = [name for section in requests[2:-1] for name in section]
    assert set(inside) <= {"LTXAV"}, requests


def test_the_video_is_decoded_behind_the_loop(requests):
    assert set(requests[-1]) - {"LTXAV"} != set(), requests
