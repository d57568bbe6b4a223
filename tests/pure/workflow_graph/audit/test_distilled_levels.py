from __future__ import annotations

import pytest

RULE = "distilled_levels"


def no_lora(graph):
    graph.one(role="distilled_lora").widgets["strength_model"] = 0.0


def lora(graph):
    graph.one(role="distilled_lora").widgets["strength_model"] = 0.5


def checkpoint(name):
    def edit(graph):
        graph.one(role="checkpoint").widgets["ckpt_name"] = name

    return edit


def levels(text):
    def edit(graph):
        graph.one(type="ManualSigmas").widgets["sigmas"] = text

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), ours(checkpoint("ltx-2.3-22b-distilled-fp8.safetensors"), no_lora))


def test_the_dev_model_in_eight_steps_is_found(check_finds, ours):
    check_finds(RULE, ours(no_lora), "node 414 .*dev-fp8.safetensors without .*node 1421", severity="WARN")


def test_chosen_levels_count_too(check_finds, ours):
    def chosen(graph):
        graph.swap(graph.one(type="ManualSigmas"), "AudioLoopSigmas", values={"steps": "5 steps, quality unproven"})

    check_finds(RULE, ours(no_lora, chosen), "without a distilled LoRA", severity="WARN")


@pytest.mark.parametrize("name", ["my-mix.safetensors", "device-22b.safetensors", "sulphur_developed.safetensors"])
def test_a_file_that_does_not_say_what_it_is_is_not_judged(check_clean, ours, name):
    check_clean(RULE, ours(checkpoint(name), no_lora))


def test_the_dev_model_with_its_own_levels_is_sound(check_clean, ours):
    check_clean(RULE, ours(no_lora, levels("1.0, 0.9, 0.8, 0.7, 0.5, 0.3, 0.0")))


def test_fixed(check_fixed, ours):
    check_fixed(RULE, ours(no_lora), lora)
