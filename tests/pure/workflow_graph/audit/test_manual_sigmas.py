from __future__ import annotations

import pytest

from audio_loop.workflow_graph.shipped.models import DISTILLED_SIGMAS

RULE = "manual_sigmas"


def levels(text):
    def edit(graph):
        graph.one(type="ManualSigmas").widgets["sigmas"] = text

    return edit


def manual(graph):
    node = graph.node(1421)
    graph.disconnect(node.input("model"))
    graph.swap(node, "ManualSigmas", values={"sigmas": DISTILLED_SIGMAS})


@pytest.mark.parametrize(
    "text",
    [
        DISTILLED_SIGMAS,
        "0.909375, 0.725, 0.421875, 0.0",
        "0.85, 0.7250, 0.4219, 0.0",
        "1.0,0.99375,0.9875,0.98125,0.975,0.909375,0.725,0.421875,0",
    ],
)
def test_clean(check_clean, ours, text):
    check_clean(RULE, ours(levels(text)))


def chosen(text):
    def edit(graph):
        graph.swap(graph.one(type="ManualSigmas"), "AudioLoopSigmas", values={"steps": text})

    return edit


@pytest.mark.parametrize("text", ["8 steps, as trained", "4 steps, quality unproven"])
def test_a_choice_says_itself_what_it_is(check_clean, ours, text):
    check_clean(RULE, ours(chosen(text)))


def test_classic_is_clean(check_clean, classic):
    check_clean(RULE, classic())


@pytest.mark.parametrize("text", ["1.0, 0.5, 0.0", "1.0, 0.99375", "nonsense", "0.0"])
def test_other_levels_are_found(check_finds, ours, text):
    check_finds(RULE, ours(levels(text)), "node 1421 .*other noise levels", severity="WARN")


def test_a_formula_is_found(check_finds, classic):
    check_finds(RULE, classic(sigmas="linear_quadratic"), "node 1421 .*computes the noise levels$", severity="WARN")
    check_finds(RULE, classic(sigmas="linear_quadratic", shift=13.0), "with shift 13", severity="WARN")


def test_the_full_model_may_use_a_formula(check_clean, classic):
    def full(graph):
        graph.node(414).widgets["unet_name"] = "ltx-2.3-22b-dev.safetensors"

    check_clean(RULE, classic(full, sigmas="linear_quadratic"))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(sigmas="linear_quadratic"), manual)


def test_levels_that_only_a_run_can_tell_are_left_alone(check_clean, ours):
    def unwritten(graph):
        node = graph.one(type="ManualSigmas")
        node.widgets["sigmas"] = "1.0, 0.5, 0.0"
        graph.connect(graph.add("PreviewAny").output("STRING"), node.input("sigmas"))

    check_clean(RULE, ours(unwritten))
