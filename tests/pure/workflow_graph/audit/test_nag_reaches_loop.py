from __future__ import annotations

RULE = "nag_reaches_loop"


def loop_model(node_id):
    def edit(graph):
        graph.connect(graph.node(node_id).output(), graph.node(843).input("model"))

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_a_loop_without_guidance_is_found(check_finds, classic):
    check_finds(RULE, classic(loop_model(1523)), "node 644 inside [Ee]xtension .*no attention guidance")


def test_guidance_on_neither_side_is_clean(check_clean, classic):
    check_clean(RULE, classic(lambda graph: graph.bypass(graph.node(508))))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(loop_model(1523)), loop_model(503))
