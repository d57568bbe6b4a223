import enum

import pytest

from audio_loop.checkpoints.fingerprint.machine_flags import number_flags

DEFAULTS = {"listen": "127.0.0.1", "bf16_unet": False, "fast": None, "deterministic": False, "cache_ram": [], "lowvram": False}


class Feature(enum.Enum):
    AUTOTUNE = "autotune"
    CUBLAS = "cublas_ops"


def flags(**given):
    return number_flags(DEFAULTS | given, DEFAULTS)


def test_flags_that_are_not_given_do_not_count():
    assert flags() == flags(fast=set(), cache_ram=None) == {}


@pytest.mark.parametrize("given", [{"listen": "0.0.0.0"}, {"lowvram": True}, {"cache_ram": [4.0]}])
def test_flags_that_change_no_number_do_not_count(given):
    assert flags(**given) == {}


def test_flags_that_change_numbers_count():
    assert flags(bf16_unet=True) == {"flag --bf16-unet": "True"}
    features = {Feature.CUBLAS, Feature.AUTOTUNE}
    assert flags(fast=features) == {"flag --fast": "['Feature.AUTOTUNE', 'Feature.CUBLAS']"}


def test_a_flag_that_is_not_known_yet_counts():
    assert number_flags({"new_attention": "fancy"}, {}) == {"flag --new-attention": "fancy"}
