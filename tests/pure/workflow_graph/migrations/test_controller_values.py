from __future__ import annotations


def test_the_leftover_control_goes_and_fps_is_a_number_again(kit):
    before = kit.sound(seed_drift=True)
    assert kit.findings(before, "seed_control_drift")
    graph = kit.check_migrates(before, "controller_values")
    assert graph.node(1582).widgets["fps"] == 25
    assert kit.findings(graph.to_document(), "seed_control_drift") == []


def test_sound_values_stay(kit):
    kit.check_leaves(kit.sound(), "controller_values")
    kit.check_leaves(kit.ours(), "controller_values")
