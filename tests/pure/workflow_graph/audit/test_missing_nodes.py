from __future__ import annotations

RULE = "missing_nodes"


def unknown(graph):
    node = graph.node(1606)
    node.raw["type"] = "SomebodysNode"
    node.raw["properties"]["cnr_id"] = "somebodys-pack"


def known(graph):
    graph.node(1606).raw["type"] = "StripLatentNoiseMask"


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_an_unknown_type_is_found_with_its_pack(check_finds, ours):
    check_finds(RULE, ours(unknown), "node 1606 .*unknown node type, from somebodys-pack", severity="WARN")


def test_nodes_of_the_older_pack_are_found(check_finds, classic):
    check_finds(RULE, classic(crop_before_guider=True), "node 655 .*ComfyUI-AudioLoopHelper", severity="WARN")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(unknown), known)
