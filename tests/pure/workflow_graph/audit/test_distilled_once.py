from __future__ import annotations

RULE = "distilled_once"
DISTILLED = "ltx-2.3-22b-distilled-1.1.safetensors"


def checkpoint(name):
    def edit(graph):
        graph.one(role="checkpoint").widgets["ckpt_name"] = name

    return edit


def no_lora(graph):
    graph.one(role="distilled_lora").widgets["strength_model"] = 0.0


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), ours(checkpoint(DISTILLED), no_lora))


def test_a_distilled_model_with_the_lora_is_found_once_for_both_samplings(check_finds, ours):
    found = check_finds(RULE, ours(checkpoint(DISTILLED)), "node 2014 .*distilled LoRA to ltx-2.3-22b-dist", severity="WARN")
    assert "node 414" in found[0].finding.message


def test_a_gguf_of_another_pack_counts_too(check_finds, ours):
    def gguf(graph):
        loader, lora = graph.add("UnetLoaderGGUF"), graph.one(role="distilled_lora")
        loader.widgets["unet_name"] = "LTX-2.3-22B-distilled-1.1-Q4_K_M.gguf"
        graph.connect(loader.output("MODEL"), lora.input("model"))

    check_finds(RULE, ours(gguf), "q4_k_m.gguf", severity="WARN")


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(checkpoint(DISTILLED)), no_lora)
