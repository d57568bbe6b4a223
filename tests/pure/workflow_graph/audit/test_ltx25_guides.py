from __future__ import annotations

from audio_loop.workflow_graph.shipped import ltx25

RULE = "ltx25_guides"


def of_ltx25(graph):
    graph.one(role="checkpoint").widgets["ckpt_name"] = "ltx_2_5_dev.safetensors"


def without_guide(graph):
    guide = graph.one(role="loop_guide")
    for name, target in (("positive", "loop_guider"), ("negative", "loop_guider"), ("latent", None)):
        source = guide.input(name).source
        consumer = graph.one(role=target).input(name) if target else graph.node(583).input("video_latent")
        graph.connect(source, consumer)


def test_the_shipped_workflows_are_clean(check_clean, ours):
    check_clean(RULE, ours(), ltx25.build().workflow())


def test_guides_in_windows_of_ltx_2_5_are_found(check_finds, ours):
    check_finds(RULE, ours(of_ltx25), "1519 .*a guide is appended to windows of LTX 2.5", severity="WARN")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(of_ltx25), without_guide)
