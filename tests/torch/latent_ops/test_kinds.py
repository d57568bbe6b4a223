from __future__ import annotations

import pytest
import torch

from audio_loop.latent_ops.kinds import (
    LatentError,
    LatentKind,
    cut,
    kind_of,
    require_audio,
    require_timed,
    require_video,
    with_samples,
)

VIDEO = torch.zeros(1, 128, 7, 2, 3)
AUDIO = torch.zeros(1, 8, 49, 16)
PICTURE = torch.zeros(1, 4, 64, 64)


def test_each_kind_is_told_by_rank_and_nesting(nested_class):
    assert kind_of({"samples": VIDEO}) is LatentKind.VIDEO
    assert kind_of({"samples": AUDIO}) is LatentKind.AUDIO
    assert kind_of({"samples": torch.zeros(1, 64, 9, 1), "type": "audio"}) is LatentKind.AUDIO
    assert kind_of({"samples": PICTURE}) is LatentKind.PICTURE
    assert kind_of({"samples": nested_class([VIDEO, AUDIO])}) is LatentKind.AUDIO_VIDEO


@pytest.mark.parametrize("shape", [(3,), (1, 64, 100), (1, 2, 3, 4, 5, 6)])
def test_other_ranks_are_refused_with_their_shape(shape):
    with pytest.raises(LatentError) as error:
        kind_of({"samples": torch.zeros(shape)})
    assert str(shape) in str(error.value)


def test_a_nesting_in_another_order_is_refused_with_both_shapes(nested_class):
    with pytest.raises(LatentError, match=r"nested \[\(1, 8, 49, 16\), \(1, 128, 7, 2, 3\)\]"):
        kind_of({"samples": nested_class([AUDIO, VIDEO])})
    with pytest.raises(LatentError, match=r"holds video \(B, C, T, H, W\), then audio \(B, C, T, F\)"):
        kind_of({"samples": nested_class([VIDEO, VIDEO])})


@pytest.mark.parametrize("value", [None, "latent", {}, {"samples": None}, {"samples": [1, 2]}, VIDEO])
def test_what_is_no_latent_is_refused(value):
    with pytest.raises(LatentError, match="connect a LATENT"):
        kind_of(value)


def test_plain_video_is_required_by_name_and_a_nested_one_told_where_to_split(nested_class):
    assert require_video({"samples": VIDEO}) is VIDEO
    with pytest.raises(LatentError, match=r"context must be a video latent .* audio of shape \(1, 8, 49, 16\)"):
        require_video({"samples": AUDIO}, "context")
    with pytest.raises(LatentError, match=r"nested \[\(1, 128, 7, 2, 3\), .* video_latent from LTXVSeparateAVLatent"):
        require_video({"samples": nested_class([VIDEO, AUDIO])})


def test_plain_audio_is_required(nested_class):
    assert require_audio({"samples": AUDIO}) is AUDIO
    with pytest.raises(LatentError, match=r"video of shape \(1, 128, 7, 2, 3\)"):
        require_audio({"samples": VIDEO})
    with pytest.raises(LatentError, match="take audio_latent from LTXVSeparateAVLatent"):
        require_audio({"samples": nested_class([VIDEO, AUDIO])})


def test_a_picture_has_no_time_axis():
    with pytest.raises(LatentError, match=r"picture latent of shape \(1, 4, 64, 64\)"):
        require_timed({"samples": PICTURE})


def test_other_keys_stay_and_the_mask_goes():
    latent = {"samples": VIDEO, "noise_mask": VIDEO, "type": "x", "batch_index": [3]}
    assert with_samples(latent, AUDIO).keys() == {"samples", "type", "batch_index"}
    assert with_samples(latent, AUDIO, PICTURE)["noise_mask"] is PICTURE


def test_a_cut_is_a_copy_that_holds_nothing_else():
    piece = cut(VIDEO, 2, 4)
    assert piece.shape == (1, 128, 2, 2, 3)
    assert piece.untyped_storage().nbytes() == piece.numel() * piece.element_size()
