from __future__ import annotations

import pytest

from audio_loop.loop_control.geometry import make_geometry
from audio_loop.workflow_graph.audit.rules.decoder import right_core_values, right_spatiotemporal_values

RULE = "decoder"

# The guide's table of values for a window of 19.88 s at 25 fps.
ALIGNED = {1.0: (544, 72), 2.0: (512, 64), 3.0: (480, 56), 4.0: (448, 48)}


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


@pytest.mark.parametrize("overlap", ALIGNED)
def test_aligned_values_of_the_guide_are_clean_and_named(check_clean, check_finds, classic, overlap):
    size, shared = ALIGNED[overlap]
    aligned = classic(decoder="core", overlap=overlap, decoder_widgets=(512, 64, size, shared))
    check_clean(RULE, aligned)
    broken = classic(decoder="core", overlap=overlap)
    check_finds(RULE, broken, f"a seam every 2.24 s.*temporal_size {size}, temporal_overlap {shared}$")


@pytest.mark.parametrize("overlap", ALIGNED)
def test_the_right_values_advance_by_one_stride_within_the_clamp(overlap):
    stride = make_geometry(19.88, overlap, 25).stride_px
    size, shared = right_core_values(stride)
    assert size - shared == stride
    assert 2 * shared <= size
    assert size % 4 == shared % 4 == 0


def test_smaller_tiles_are_an_error_and_larger_ones_a_warning(check_finds, classic):
    small = classic(decoder="core", decoder_widgets=(512, 64, 256, 32))
    check_finds(RULE, small, "a seam every 8.96 s")
    large = classic(decoder="core", decoder_widgets=(512, 64, 2048, 128))
    check_finds(RULE, large, "a seam every 76.80 s", severity="WARN")


def test_too_much_overlap_is_halved_as_comfyui_does_it(check_finds, classic):
    check_finds(RULE, classic(decoder="core", decoder_widgets=(512, 64, 512, 400)), "advance by 256 frames")


def test_spatiotemporal_tiles_advance_by_one_less(check_clean, check_finds, classic):
    check_clean(RULE, classic(decoder="spatiotemporal", decoder_widgets=(1, 1, 63, 6)))
    shipped = classic(decoder="spatiotemporal", decoder_widgets=(1, 1, 63, 7))
    check_finds(RULE, shipped, "advance by 55 latents.*temporal_tile_length 63, temporal_overlap 6")


def test_spatiotemporal_tiles_cannot_follow_a_large_overlap(check_finds, classic):
    assert right_spatiotemporal_values(make_geometry(19.88, 3, 25)) is None
    graph = classic(decoder="spatiotemporal", overlap=3.0, decoder_widgets=(1, 1, 63, 8))
    check_finds(RULE, graph, "With 10 latents of overlap no values fit")


def test_decoding_in_one_piece_is_a_warning(check_finds, classic):
    def whole(graph):
        graph.swap(graph.node(1604), "VAEDecode", inputs={"latents": "samples"}, outputs={"image": "IMAGE"})

    check_finds(RULE, classic(whole), "whole video in one piece", severity="WARN")


def test_a_decoder_within_the_loop_sees_one_window(check_clean, classic):
    def preview(graph):
        decode = graph.add("VAEDecodeTiled", id=4000)
        graph.connect(graph.node(245).output(0), decode.input("samples"))
        graph.connect(graph.node(1537).output(), decode.input("vae"))

    check_clean(RULE, classic(preview))


def test_fixed(check_fixed, classic):
    def align(graph):
        decode = graph.one(type="VAEDecodeTiled")
        decode.widgets["temporal_size"], decode.widgets["temporal_overlap"] = 512, 64

    check_fixed(RULE, classic(decoder="core"), align)


def test_fixed_by_the_other_decoder(check_fixed, classic):
    def swap(graph):
        decode = graph.one(type="VAEDecodeTiled")
        graph.swap(decode, "LTXVTiledVAEDecode", inputs={"samples": "latents"}, outputs={"IMAGE": "image"})

    check_fixed(RULE, classic(decoder="core"), swap)


def unwritten(graph, node, *names):
    """Wires inputs to numbers that only a run can tell."""
    song = graph.add("AudioDuration")
    for name in names:
        slot = node.input(name)
        graph.connect(song.output("duration" if slot.type == "FLOAT" else "sample_rate"), slot)


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"decoder": "core"}, "temporal_size"),
        ({"decoder": "spatiotemporal", "decoder_widgets": (1, 1, 63, 7)}, "temporal_overlap"),
    ],
)
def test_tiles_whose_size_only_a_run_can_tell_are_left_alone(check_clean, classic, options, name):
    def wired(graph):
        unwritten(graph, graph.node(1604), name)

    check_clean(RULE, classic(wired, **options))


def test_without_a_known_stride_the_rhythm_of_the_seams_is_a_warning(check_finds, classic):
    def no_stride(graph):
        for kind in ("AudioLoopController", "AudioLoopPlanner"):
            unwritten(graph, graph.one(type=kind), "window_seconds")

    (found,) = check_finds(
        RULE,
        classic(no_stride, decoder="core", decoder_widgets=(512, 64, 256, 56)),
        "tiles of 256 frames that share 56: a seam every 8.00 s$",
        severity="WARN",
    )
    assert "Right here" not in found.finding.message
