from __future__ import annotations

RULE = "preprocess_symmetry"


def guide_from(node_id):
    def edit(graph):
        source = graph.node(node_id).output(0)
        graph.connect(source, graph.node(1617).input("pixels"))

    return edit


def other_compression(graph):
    other = graph.add("LTXVPreprocess", id=4000, widgets={"img_compression": 30})
    graph.connect(graph.node(445).output(0), other.input("image"))
    graph.connect(other.output(), graph.node(1617).input("pixels"))


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(encode_in_loop=True))


def test_a_raw_guide_is_found(check_finds, ours, classic):
    check_finds(RULE, classic(raw_guide=True), "node 1519 inside [Ee]xtension .*node 444 .*without LTXVPreprocess")
    check_finds(RULE, classic(raw_guide=True, encode_in_loop=True), "node 1519 inside [Ee]xtension")
    check_finds(RULE, ours(guide_from(445)), "node 1519 inside [Ee]xtension")


def test_another_preparation_is_a_warning(check_finds, ours):
    check_finds(RULE, ours(other_compression), "img_compression 30, the initial render with 18", severity="WARN")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(guide_from(445)), guide_from(446))
