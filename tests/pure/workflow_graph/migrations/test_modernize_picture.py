"""What becomes of nodes that size, guide, measure, mix and load pictures; what they cannot be replaced in is said."""

from __future__ import annotations

import pytest

from .small_graphs import empty_graph, foreign, modern, picture


def _resized(**values):
    graph = empty_graph()
    node = graph.add("ImageResizeKJv2", widgets={"upscale_method": "lanczos", "width": 640, "height": 320, **values})
    graph.connect(picture(graph), node.input("image"))
    graph.connect(node.output("IMAGE"), graph.add("PreviewImage").input("images"))
    return graph, node


@pytest.mark.parametrize(
    ("values", "crop", "said"),
    [
        ({"keep_proportion": "stretch"}, "disabled", ""),
        ({"keep_proportion": "crop"}, "center", ""),
        ({"keep_proportion": "stretch", "crop_position": "top"}, "disabled", ""),
        ({"keep_proportion": "pad"}, "center", "keep_proportion 'pad' became a crop to the middle"),
        ({"keep_proportion": "crop", "crop_position": "left"}, "center", "crops to the middle, not to the left"),
    ],
)
def test_how_a_picture_is_fitted(values, crop, said):
    graph, node = _resized(**values)
    after, remarks = modern(graph)
    made = after.node(node.id)
    assert (made.type, made.widgets["resize_type.crop"], made.widgets["scale_method"]) == (
        "ResizeImageMaskNode",
        crop,
        "lanczos",
    )
    assert remarks == (f"{node}: {said}" if said else "")


def test_a_way_of_scaling_that_comfyui_has_no_like_of():
    graph, node = _resized()
    node.raw["widgets_values"][2] = "nearest-exact-2"
    after, remarks = modern(graph)
    assert after.node(node.id).widgets["scale_method"] == "lanczos"
    assert "upscale_method 'nearest-exact-2' became lanczos" in remarks


def test_a_mask_that_was_resized_with_the_picture_is_named():
    graph, node = _resized()
    graph.connect(graph.add("LoadImage").output("MASK"), node.input("mask"))
    assert "the mask is no longer resized with the picture" in modern(graph)[1]


def test_a_side_that_the_model_cannot_make_is_a_number_of_its_own():
    """Rounded down as the old node did it; the other side goes to the video's size."""
    graph, node = _resized(width=643, height=320, divisible_by=2)
    made = modern(graph)[0].node(node.id)
    width, height = (made.input(f"resize_type.{side}").source.node for side in ("width", "height"))
    assert (width.type, width.title, width.widgets["value"]) == ("PrimitiveInt", "width", 642)
    assert (height.type, height.widgets["height"]) == ("AudioLoopVideoSize", 320)


def test_a_side_that_is_read_elsewhere_goes_on_from_where_it_is_now():
    graph, node = _resized(width=640)
    empty = graph.add("EmptyLTXVLatentVideo")
    graph.connect(node.output("width"), empty.input("width"))
    after, _ = modern(graph)
    assert after.node(empty.id).input("width").source == after.node(node.id).input("resize_type.width").source


def _first_frame(count="1", **values):
    graph = empty_graph()
    node = graph.add("LTXVImgToVideoInplaceKJ", widgets={"num_images": count, **values})
    graph.connect(graph.add("EmptyLTXVLatentVideo").output(), node.input("latent"))
    graph.connect(picture(graph), node.input("num_images.image_1"))
    graph.connect(node.output(), graph.add("LatentOverlapTrim").input("latent"))
    return graph, node


@pytest.mark.parametrize(("count", "index"), [("2", 0), ("1", 8)])
def test_a_picture_elsewhere_than_at_the_start_stays(count, index):
    graph, node = _first_frame(count, **{"num_images.index_1": index})
    after, remarks = modern(graph, stays=[node.type])
    assert after.node(node.id).type == "LTXVImgToVideoInplaceKJ"
    assert "places pictures elsewhere than at the start; ComfyUI's node cannot, so it stays" in remarks


def test_a_picture_at_the_start_keeps_its_strength():
    graph, node = _first_frame(**{"num_images.strength_1": 0.5})
    made = modern(graph)[0].node(node.id)
    assert (made.type, made.widgets["strength"]) == ("LTXVImgToVideoInplace", 0.5)
    assert made.input("image").source.node.type == "LoadImage"


def test_a_guide_whose_index_is_wired_stays():
    graph = empty_graph()
    node = graph.add("LTXVAddLatentGuide")
    graph.connect(graph.add("PrimitiveInt").output(), node.input("latent_idx"))
    graph.connect(node.output("latent"), graph.add("LatentOverlapTrim").input("latent"))
    after, remarks = modern(graph, stays=[node.type])
    assert after.node(node.id).type == "LTXVAddLatentGuide"
    assert "latent_idx is wired; LatentGuide counts in pixel frames, so it stays" in remarks


def _guided(*streams, shared=True):
    """A guidance on a model, with negatives for the named streams."""
    graph = empty_graph()
    node = graph.add("LTX2_NAG")
    graph.connect(graph.add("UNETLoader").output(), node.input("model"))
    guider = graph.add("CFGGuider")
    graph.connect(node.output(), guider.input("model"))
    texts = [graph.add("CLIPTextEncode"), graph.add("CLIPTextEncode")]
    for stream, text in zip(streams, texts[:1] * 2 if shared else texts, strict=False):
        graph.connect(text.output(), node.input(f"nag_cond_{stream}"))
    return graph, node, guider


def test_a_guidance_without_a_negative_is_left_out():
    graph, _, guider = _guided()
    after, _ = modern(graph)
    assert after.find(type="LTX2_NAG") == after.find(type="LTXNormalizedAttentionGuidance") == ()
    assert after.node(guider.id).input("model").source.node.type == "UNETLoader"


@pytest.mark.parametrize(
    ("streams", "shared", "video", "audio", "said"),
    [
        (("video",), True, True, False, False),
        (("audio",), True, False, True, False),
        (("video", "audio"), True, True, True, False),
        (("video", "audio"), False, True, True, True),
    ],
)
def test_a_guidance_guides_the_streams_that_had_a_negative(streams, shared, video, audio, said):
    graph, node, _ = _guided(*streams, shared=shared)
    first = graph.node(node.id).input(f"nag_cond_{streams[0]}").source.node_id
    after, remarks = modern(graph)
    made = after.node(node.id)
    assert (made.type, made.widgets["video"], made.widgets["audio"]) == ("LTXNormalizedAttentionGuidance", video, audio)
    assert made.input("negative").source.node_id == first
    assert ("the negative of the audio stream is now that of the video stream" in remarks) is said


def test_a_guidance_that_kept_nothing_gets_the_least_that_is_allowed():
    graph, node, _ = _guided("video")
    node.widgets["nag_tau"] = 0.0
    after, remarks = modern(graph)
    assert after.node(node.id).widgets["nag_tau"] == 0.01
    assert "nag_tau 0 became 0.01, the least that is allowed" in remarks


def test_the_size_of_no_picture_stays():
    graph = empty_graph()
    node = graph.add("GetImageSizeAndCount")
    graph.connect(node.output("width"), graph.add("EmptyLTXVLatentVideo").input("width"))
    after, remarks = modern(graph, stays=[node.type])
    assert after.node(node.id).type == "GetImageSizeAndCount"
    assert f"{node} has no picture; it stays" in remarks


def _range(**values):
    graph = empty_graph()
    node = graph.add("GetImageRangeFromBatch", widgets=values)
    graph.connect(picture(graph), node.input("images"))
    graph.connect(node.output("IMAGE"), graph.add("PreviewImage").input("images"))
    return graph, node


def test_a_part_of_a_batch_of_masks_stays():
    graph, node = _range()
    graph.connect(node.output("MASK"), graph.add("MaskToImage").input("mask"))
    after, remarks = modern(graph, stays=[node.type])
    assert after.node(node.id).type == "GetImageRangeFromBatch"
    assert "picks masks, for which ComfyUI has no node; it stays" in remarks


def test_a_wired_number_of_pictures_from_the_end_stays():
    graph, node = _range(start_index=-1)
    graph.connect(graph.add("PrimitiveInt", widgets={"value": 3}).output(), node.input("num_frames"))
    after, remarks = modern(graph, stays=[node.type])
    assert after.node(node.id).type == "GetImageRangeFromBatch"
    assert "takes a wired number of pictures from the end; it stays" in remarks


@pytest.mark.parametrize(("start", "index"), [(2, 2), (-1, -4096)])
def test_a_part_of_a_batch_has_so_many_pictures_at_most(start, index):
    graph, node = _range(start_index=start)
    node.raw["widgets_values"] = [start, 4097]
    after, remarks = modern(graph)
    assert (after.node(node.id).widgets["batch_index"], after.node(node.id).widgets["length"]) == (index, 4096)
    assert "num_frames 4097 became 4096, the most that ImageFromBatch takes" in remarks


@pytest.mark.parametrize(("factor", "kept"), [(1.5, 1.0), (-0.25, 0.0)])
def test_a_factor_that_blend_cannot_have(factor, kept):
    graph = foreign(empty_graph(), "ImageBlend_AudioLoop", [("a", "IMAGE"), ("b", "IMAGE")], [("image", "IMAGE")], [factor])
    for name in ("a", "b"):
        graph.connect(picture(graph), graph.node(500).input(name))
    graph.connect(graph.node(500).output(), graph.add("PreviewImage").input("images"))
    after, remarks = modern(graph)
    assert after.node(500).widgets["blend_factor"] == kept
    assert f"its factor {factor} became {kept:g}" in remarks
