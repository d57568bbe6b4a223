from __future__ import annotations

RULE = "cfg_value"


def set_cfg(graph):
    for guider in graph.find(type="CFGGuider"):
        guider.widgets["cfg"] = 1.0


def not_distilled(graph):
    graph.node(414).widgets["unet_name"] = "ltx-2.3-22b-dev.safetensors"


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_guidance_on_the_distilled_model_is_found(check_finds, classic):
    check_finds(RULE, classic(cfg=3.0), "node (153|644)", "node (153|644)", severity="WARN")


def test_a_distilled_lora_counts_unless_it_is_off(check_finds, check_clean, ours):
    def raise_cfg(graph):
        graph.one(role="initial_guider").widgets["cfg"] = 3.0

    def no_lora(graph):
        graph.one(role="distilled_lora").widgets["strength_model"] = 0.0

    check_finds(RULE, ours(raise_cfg), "node 153 .*cfg is 3", severity="WARN")
    check_clean(RULE, ours(raise_cfg, no_lora))


def test_the_full_model_may_be_guided(check_clean, classic):
    check_clean(RULE, classic(not_distilled, cfg=3.0))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(cfg=3.0), set_cfg)
