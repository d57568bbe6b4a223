from __future__ import annotations

import pytest

from audio_loop.workflow_graph.shipped import ltx25

RULE = "sampler_type"


def euler(graph):
    graph.one(type="KSamplerSelect").widgets["sampler_name"] = "euler"


@pytest.mark.parametrize("name", ["euler", "heun", "res_multistep"])
def test_clean(check_clean, classic, name):
    check_clean(RULE, classic(sampler=name))


def test_ours_is_clean(check_clean, ours):
    check_clean(RULE, ours())


@pytest.mark.parametrize("name", ["euler_ancestral", "dpmpp_2m_sde", "lcm", "ddpm"])
def test_samplers_that_add_noise_are_found_once(check_finds, classic, name):
    check_finds(RULE, classic(sampler=name), f"node 154 .*sampler_name is {name}", severity="WARN")


def test_that_of_ltx_2_5_may_add_noise(check_clean, ours):
    def ancestral_of_ltx25(graph):
        graph.one(role="checkpoint").widgets["ckpt_name"] = "ltx-2.5-22b-distilled.safetensors"
        graph.one(role="sampler").widgets["sampler_name"] = "euler_ancestral"

    check_clean(RULE, ours(ancestral_of_ltx25), ltx25.build().workflow())


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(sampler="euler_ancestral"), euler)
