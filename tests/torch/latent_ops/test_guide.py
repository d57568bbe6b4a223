from __future__ import annotations

import pytest
import torch

from audio_loop.latent_ops.guide import append_guide
from audio_loop.latent_ops.kinds import LatentError

pytestmark = pytest.mark.usefixtures("comfy_on_cpu")

HEIGHT, WIDTH, LENGTH = 2, 3, 9
TOKENS = HEIGHT * WIDTH
SCALE = (8, 32, 32)


def conditioning(**extra):
    return [[torch.randn(1, length, 16), {"frame_rate": 25.0, **extra}] for length in (5, 4)]


def video(frames=LENGTH, batch=1):
    return {"samples": torch.randn(batch, 128, frames, HEIGHT, WIDTH)}


def window(batch=1):
    mask = torch.ones(batch, 1, LENGTH, 1, 1)
    mask[:, :, :3] = 0
    return {**video(batch=batch), "noise_mask": mask}


def test_a_picture_stands_one_latent_before_the_window():
    positive, negative, latent = append_guide(conditioning(), conditioning(), window(), video(1))
    for entries in (positive, negative):
        for _, extra in entries:
            positions = extra["keyframe_idxs"]
            assert positions.shape == (1, 3, TOKENS, 2)
            assert positions[0, 0].unique(dim=0).tolist() == [[-8, -7]]
            assert positions[0, 1:, -1].tolist() == [[32, 64], [64, 96]]
            assert extra["frame_rate"] == 25.0
            assert extra["guide_attention_entries"] == [
                {"pre_filter_count": TOKENS, "strength": 1.0, "pixel_mask": None, "latent_shape": [1, HEIGHT, WIDTH]}
            ]
    assert latent["noise_mask"].flatten().tolist() == [0.0] * 3 + [1.0] * 6 + [0.0]


def test_the_latent_gets_the_guide_behind_the_window():
    start, guide = window(), video(2)
    _, _, latent = append_guide(conditioning(), conditioning(), start, guide, -16, 0.75)
    assert torch.equal(latent["samples"][:, :, :LENGTH], start["samples"])
    assert torch.equal(latent["samples"][:, :, LENGTH:], guide["samples"])
    assert latent["noise_mask"].flatten().tolist() == [0.0] * 3 + [1.0] * 6 + [0.25] * 2


def test_a_clip_before_the_window_covers_eight_frames_a_latent():
    positive, *_ = append_guide(conditioning(), conditioning(), window(), video(2), -16)
    assert positive[0][1]["keyframe_idxs"][0, 0].unique(dim=0).tolist() == [[-16, -8], [-8, 0]]


@pytest.mark.parametrize("frame", [0, 1, 8, 17, 33])
@pytest.mark.parametrize("frames", [1, 2])
@pytest.mark.parametrize("strength", [1.0, 0.6, 0.0, 1.5])
@pytest.mark.parametrize("masked", [True, False])
def test_equal_to_comfyui_inside_the_window(core_ltx_nodes, frame, frames, strength, masked):
    positive, negative, guide = conditioning(), conditioning(), video(frames)
    start = window() if masked else video()
    ours = append_guide(positive, negative, start, guide, frame, strength)
    core = core_ltx_nodes.LTXVAddGuide.append_keyframe(
        positive,
        negative,
        frame,
        start["samples"],
        core_ltx_nodes.get_noise_mask(start),
        guide["samples"],
        strength,
        SCALE,
    )
    noted = core_ltx_nodes._append_guide_attention_entry(
        core[0], core[1], frames * TOKENS, [frames, HEIGHT, WIDTH], strength=strength
    )
    assert_same_conditioning(ours[0], noted[0])
    assert_same_conditioning(ours[1], noted[1])
    assert torch.equal(ours[2]["samples"], core[2])
    assert torch.equal(ours[2]["noise_mask"], core[3])
    assert ours[2]["noise_mask"].dtype == core[3].dtype


def assert_same_conditioning(ours, core):
    assert len(ours) == len(core)
    for (tokens, extra), (core_tokens, core_extra) in zip(ours, core, strict=True):
        assert tokens is core_tokens
        assert extra.keys() == core_extra.keys()
        assert torch.equal(extra["keyframe_idxs"], core_extra["keyframe_idxs"])
        assert extra["keyframe_idxs"].dtype == core_extra["keyframe_idxs"].dtype
        assert extra["guide_attention_entries"] == core_extra["guide_attention_entries"]


def several_guides(start):
    state = (conditioning(), conditioning(), start)
    for frames, offset, strength in ((1, -8, 1.0), (2, -24, 0.5), (1, 40, 0.9)):
        state = append_guide(*state, video(frames), offset, strength)
    return state


def test_several_guides_are_listed_in_the_order_of_their_latents():
    positive, _, latent = several_guides(window())
    extra = positive[0][1]
    assert latent["samples"].shape[2] == LENGTH + 4
    assert [entry["latent_shape"][0] for entry in extra["guide_attention_entries"]] == [1, 2, 1]
    assert extra["keyframe_idxs"][0, 0, ::TOKENS, 0].tolist() == [-8, -24, -16, 40]
    assert torch.allclose(latent["noise_mask"].flatten()[LENGTH:], torch.tensor([0.0, 0.5, 0.5, 0.1]))


def test_the_model_reads_the_positions_of_every_guide(comfy_on_cpu):
    """ComfyUI's LTX input stage on the appended latent: window tokens keep the window's grid, guides get theirs."""
    import comfy.ops
    from comfy.ldm.lightricks.model import LTXVModel

    positive, _, latent = several_guides(window())
    extra = positive[0][1]
    model = LTXVModel(
        num_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        cross_attention_dim=16,
        caption_channels=16,
        causal_temporal_positioning=True,  # as LTX 2.3's own configuration says
        operations=comfy.ops.disable_weight_init,
        dtype=torch.float32,
        device="cpu",
    )
    model.patchify_proj.weight.data.zero_()
    model.patchify_proj.bias.data.zero_()
    mask = latent["noise_mask"].expand(-1, -1, -1, HEIGHT, WIDTH)
    _, coords, more = model._process_input(
        latent["samples"],
        extra["keyframe_idxs"],
        mask,
        guide_attention_entries=extra["guide_attention_entries"],
    )
    starts = coords[0, 0, ::TOKENS, 0].tolist()
    assert starts == [0, *range(1, 8 * (LENGTH - 1), 8), -8, -24, -16, 40]
    assert more["num_guide_tokens"] == 4 * TOKENS
    assert [entry["surviving_count"] for entry in more["resolved_guide_entries"]] == [TOKENS, 2 * TOKENS, TOKENS]


def test_a_guide_without_an_entry_is_given_one_so_that_the_counts_fit():
    positive, negative, latent = append_guide(conditioning(), conditioning(), window(), video(2), 0)
    for entries in (positive, negative):
        for _, extra in entries:
            del extra["guide_attention_entries"]
    positive, _, _ = append_guide(positive, negative, latent, video(1), strength=0.5)
    entries = positive[0][1]["guide_attention_entries"]
    assert [entry["pre_filter_count"] for entry in entries] == [2 * TOKENS, TOKENS]
    assert [entry["strength"] for entry in entries] == [1.0, 0.5]
    assert [entry["latent_shape"] for entry in entries] == [[2, HEIGHT, WIDTH], [1, HEIGHT, WIDTH]]


def test_what_is_missing_beside_entries_is_what_they_do_not_cover():
    state = append_guide(conditioning(), conditioning(), window(), video(2), 0)
    positive, negative, latent = append_guide(*state, video(1), strength=0.5)
    for entries in (positive, negative):
        for _, extra in entries:
            extra["guide_attention_entries"] = extra["guide_attention_entries"][1:]
    positive, _, _ = append_guide(positive, negative, latent, video(1))
    assert [entry["pre_filter_count"] for entry in positive[0][1]["guide_attention_entries"]] == [2 * TOKENS, TOKENS, TOKENS]


def test_positions_of_a_batch_of_another_size_are_refused_with_both():
    positive, negative, _ = append_guide(conditioning(), conditioning(), window(batch=3), video(1))
    with pytest.raises(LatentError, match=r"positions of shape \(3, 3, 6, 2\), the window's batch is 2; they were made"):
        append_guide(positive, negative, window(batch=2), video(1))


def test_one_guide_serves_a_batch():
    guide = video(1)
    positive, _, latent = append_guide(conditioning(), conditioning(), window(batch=2), guide)
    assert torch.equal(latent["samples"][:, :, -1:], guide["samples"].expand(2, -1, -1, -1, -1))
    assert positive[0][1]["keyframe_idxs"].shape[0] == 2


def test_comfyui_crops_what_was_appended(core_ltx_nodes):
    start = window()
    core = core_ltx_nodes.LTXVCropGuides.execute(*several_guides(start))
    assert torch.equal(core.args[2]["samples"], start["samples"])
    assert torch.equal(core.args[2]["noise_mask"], start["noise_mask"])


def test_refusals_name_the_shapes(nested_class):
    with pytest.raises(LatentError, match=r"\(1, 128, 1, 4, 3\) does not fit .*\(1, 128, 9, 2, 3\).*96 x 64 px"):
        append_guide(conditioning(), conditioning(), window(), {"samples": torch.zeros(1, 128, 1, 4, 3)})
    with pytest.raises(LatentError, match=r"guide_latent must be a video latent .*\(1, 8, 5, 16\)"):
        append_guide(conditioning(), conditioning(), window(), {"samples": torch.zeros(1, 8, 5, 16)})
    joint = {"samples": nested_class([window()["samples"], torch.zeros(1, 8, 65, 16)])}
    with pytest.raises(LatentError, match="LTXVSeparateAVLatent"):
        append_guide(conditioning(), conditioning(), joint, video(1))
    with pytest.raises(LatentError, match=r"noise_mask of latent has shape \(1, 1, 2, 3\)"):
        append_guide(conditioning(), conditioning(), {**window(), "noise_mask": torch.ones(1, 1, 2, 3)}, video(1))


@pytest.mark.parametrize("strength", [-0.1, 10.5, float("nan"), float("inf")])
def test_strength_is_bounded(strength):
    with pytest.raises(LatentError, match="0 to 10"):
        append_guide(conditioning(), conditioning(), window(), video(1), strength=strength)
