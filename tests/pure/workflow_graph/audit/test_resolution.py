from __future__ import annotations

import pytest

RULE = "resolution"


def size(width, height):
    def edit(graph):
        node = graph.one(type="ImageResizeKJv2")
        node.widgets["width"], node.widgets["height"] = width, height

    return edit


def second_stage(graph):
    """Adds an upscaler to the sampled latent, as two-stage graphs have one."""
    upscale = graph.add("LTXVLatentUpsampler", id=4000)
    graph.connect(graph.node(245).output(0), upscale.input("samples"))
    graph.connect(upscale.output(0), graph.add("SaveLatent", id=4001).input("samples"))


@pytest.mark.parametrize(("width", "height"), [(832, 448), (832, 480), (960, 544), (32, 32)])
def test_clean(check_clean, classic, width, height):
    check_clean(RULE, classic(width=width, height=height))


def test_ours_is_clean(check_clean, ours):
    check_clean(RULE, ours())


@pytest.mark.parametrize(
    ("width", "height", "patterns"),
    [
        (834, 448, ["width is 834.*the nearest are 832 and 864"]),
        (832, 450, ["height is 450.*the nearest are 448 and 480"]),
        (830, 446, ["width is 830.*800 and 832", "height is 446.*416 and 448"]),
        (30, 32, ["width is 30.*the nearest are 32 and 64"]),
    ],
)
def test_sizes_between_are_found(check_finds, classic, width, height, patterns):
    check_finds(RULE, classic(width=width, height=height), *patterns)


def test_two_stages_need_multiples_of_64(check_clean, check_finds, classic):
    check_clean(RULE, classic(second_stage, width=832, height=448))
    check_finds(RULE, classic(second_stage, width=832, height=480), "height is 480, not a multiple of 64.*448 and 512")


def test_a_size_in_the_latent_itself_is_found(check_finds, ours):
    def literal(graph):
        node = graph.one(role="empty_video")
        graph.disconnect(node.input("width"))
        node.widgets["width"] = 704 + 16

    check_finds(RULE, ours(literal), "EmptyLTXVLatentVideo.*width is 720")


def test_a_resize_that_rounds_by_itself_is_clean(check_clean, classic):
    def rounding(graph):
        graph.one(type="ImageResizeKJv2").widgets["divisible_by"] = 32

    check_clean(RULE, classic(rounding, width=840, height=450))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(width=840, height=450), size(832, 448))


def test_two_stages_are_clean(check_clean, two_stages):
    check_clean(RULE, two_stages())


def test_a_draft_off_the_grid_is_found_at_both_sizes(check_finds, two_stages):
    def off(graph):
        graph.one(type="AudioLoopVideoSize").widgets["width"] = 1312

    check_finds(
        RULE,
        two_stages(off),
        "width is 656, not a multiple of 32; the nearest are 640 and 672",
        "width is 1312, not a multiple of 64.*1280 and 1344",
    )


def test_a_picture_that_reaches_no_sampler_may_have_any_size(check_clean, classic):
    def thumbnail(graph):
        small = graph.add("ImageResizeKJv2", id=4000, widgets={"width": 33, "height": 17})
        graph.connect(graph.node(444).output("IMAGE"), small.input("image"))
        graph.connect(small.output("IMAGE"), graph.add("PreviewImage", id=4001).input("images"))

    check_clean(RULE, classic(thumbnail))
