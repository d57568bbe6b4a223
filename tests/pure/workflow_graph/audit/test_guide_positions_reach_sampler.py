from __future__ import annotations

RULE = "guide_positions_reach_sampler"


def before_the_guide(graph):
    guide, guider = graph.one(role="loop_guide"), graph.one(role="loop_guider")
    graph.connect(guide.input("positive").source, guider.input("positive"))


def behind_the_guide(graph):
    guide, guider = graph.one(role="loop_guide"), graph.one(role="loop_guider")
    graph.connect(guide.output("positive"), guider.input("positive"))


def only_negative_before(graph):
    guide, guider = graph.one(role="loop_guide"), graph.one(role="loop_guider")
    graph.connect(guide.input("negative").source, guider.input("negative"))


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(encode_in_loop=True))


def test_cropping_before_sampling_is_found(check_finds, classic):
    found = check_finds(
        RULE, classic(crop_before_guider=True), "node 644 inside [Ee]xtension .*node 1519 .*node 655 .*takes it out before"
    )
    assert "right after the window" in found[0].why


def test_conditioning_from_before_the_guide_is_found(check_finds, ours):
    check_finds(RULE, ours(before_the_guide), "its positive .*taken from before the guide")
    check_finds(RULE, ours(only_negative_before), "its negative .*taken from before the guide")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(before_the_guide), behind_the_guide)
