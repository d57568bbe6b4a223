from __future__ import annotations

RULE = "frame_rate_on_conditioning"


def rated(graph):
    """Leads the loop's prompt through LTXVConditioning."""
    extension = graph.node(843)
    node = graph.add("LTXVConditioning", id=1587, widgets={"frame_rate": 25.0})
    for name in ("positive", "negative"):
        graph.connect(extension.input(name).source, node.input(name))
        graph.connect(node.output(name), extension.input(name))


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_prompts_without_a_rate_are_found(check_finds, classic):
    check_finds(RULE, classic(clip_in_loop=True), "node 644 inside [Ee]xtension .*its positive .*assumes 25", severity="WARN")


def test_it_is_an_error_at_another_rate(check_finds, classic):
    check_finds(RULE, classic(clip_in_loop=True, fps=24, window=19.7), "holds no frame_rate")


def test_a_list_encoded_without_a_rate_is_found(check_finds, classic):
    check_finds(RULE, classic(rate_in_list=0.0), "node 644 .*node 1615 .*holds no frame_rate", severity="WARN")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(clip_in_loop=True), rated)
