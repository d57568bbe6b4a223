from __future__ import annotations

RULE = "noise_mask_hygiene"


def strip(graph):
    node = graph.node(2004)
    stripped = graph.add("StripLatentNoiseMask", id=4000, level=node.level)
    graph.splice(node.output().links[0].id, stripped)


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_a_context_with_its_mask_is_found(check_finds, classic):
    check_finds(RULE, classic(strip_context=False), "node 573 inside [Ee]xtension .*from node 1539")


def test_the_previous_latent_taken_straight_is_found(check_finds, ours):
    def straight(graph):
        body = graph.node(843).definition
        mask = graph.add("LTXVAudioVideoMask", id=4000, level=body)
        graph.connect(body.input("previous_latent"), mask.input("video_latent"))
        graph.connect(mask.output("video_latent"), graph.node(1519).input("latent"))

    check_finds(RULE, ours(straight), "holds the noise mask of the iteration before")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(strip_context=False), strip)


def test_two_stages_are_clean(check_clean, two_stages):
    check_clean(RULE, two_stages())
