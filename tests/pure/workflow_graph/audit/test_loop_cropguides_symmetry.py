from __future__ import annotations

RULE = "loop_cropguides_symmetry"


def uncropped(graph):
    """Leads the sampled latent past the crop."""
    crop = graph.one(type="LTXVCropGuides", role="loop_crop")
    graph.connect(crop.input("latent").source, graph.one(role="loop_trim").input("latent"))


def cropped(graph):
    crop = graph.one(type="LTXVCropGuides", role="loop_crop")
    graph.connect(crop.output("latent"), graph.one(role="loop_trim").input("latent"))


def crop_by_nothing(graph):
    """Gives the crop the conditioning from before the guide."""
    crop, guide = graph.one(type="LTXVCropGuides", role="loop_crop"), graph.one(role="loop_guide")
    for name in ("positive", "negative"):
        graph.connect(guide.input(name).source, crop.input(name))


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_a_guide_that_stays_is_found(check_finds, ours):
    check_finds(RULE, ours(uncropped), "node 573 inside [Ee]xtension .*guide still appended")


def test_a_crop_without_positions_is_found(check_finds, ours):
    check_finds(RULE, ours(crop_by_nothing), "node 655 inside [Ee]xtension .*crops nothing")


def test_a_conditioning_cropped_on_one_side_is_found(check_finds, classic):
    found = check_finds(RULE, classic(crop_before_guider=True), "node 655 .*only the loop's", severity="WARN")
    assert "apply_loop_cropguides_symmetry.py --revert" in found[0].mend


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(uncropped), cropped)
