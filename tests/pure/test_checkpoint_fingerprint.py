import pytest

from audio_loop.checkpoints.fingerprint import explain_difference, make_fingerprint
from audio_loop.checkpoints.graph_hash import GraphHash
from audio_loop.checkpoints.value_hash import hash_value

VALUES = {"conditioning": hash_value("a singer"), "seed": hash_value(7), "previous_latent": hash_value("tail")}
VERSIONS = {"audio_loop": "0.1.0", "comfyui": "0.33.0"}


def graph(**changes):
    parts = {
        "whole": hash_value(sorted(changes.items())),
        "wiring": hash_value("wiring"),
        "literals": {"Sampler.name": hash_value("euler")},
        "files": {"Loader.ckpt_name": hash_value("bytes")},
    }
    return GraphHash(**(parts | changes))


BASE = make_fingerprint(VALUES, graph(), VERSIONS)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ((VALUES | {"conditioning": hash_value("a drummer")}, graph(), VERSIONS), ("conditioning changed",)),
        ((VALUES | {"seed": hash_value(8)}, graph(), VERSIONS), ("seed changed",)),
        ((VALUES | {"mask": hash_value(1)}, graph(), VERSIONS), ("mask is new",)),
        (({"seed": VALUES["seed"]}, graph(), VERSIONS), ("conditioning is gone", "previous latent is gone")),
        ((VALUES, graph(), VERSIONS | {"comfyui": "0.34.0"}), ("the version of comfyui changed",)),
        (
            (VALUES, graph(literals={"Sampler.name": hash_value("heun")}), VERSIONS),
            ("Sampler.name changed",),
        ),
        (
            (VALUES, graph(files={"Loader.ckpt_name": hash_value("new")}), VERSIONS),
            ("the file in Loader.ckpt_name changed",),
        ),
        (
            (VALUES, graph(wiring=hash_value("x")), VERSIONS),
            ("nodes were added, removed or wired differently",),
        ),
        ((VALUES, graph(whole=hash_value("x")), VERSIONS), ("the same settings stand on different nodes",)),
    ],
)
def test_each_part_counts_and_says_so(other, reason):
    fingerprint = make_fingerprint(*other)
    assert fingerprint.digest != BASE.digest
    assert explain_difference(dict(BASE.components), dict(fingerprint.components)) == reason


def test_nothing_changed():
    reordered = make_fingerprint(dict(reversed(VALUES.items())), graph(), dict(reversed(VERSIONS.items())))
    assert reordered == BASE
    assert explain_difference(dict(BASE.components), dict(reordered.components)) == ()
    assert len(BASE.digest) == 64
    assert all(len(short) == 12 for _name, short in BASE.components)


def test_a_value_cannot_pass_for_a_version():
    first = make_fingerprint({"x": hash_value(1)}, None, {})
    second = make_fingerprint({}, None, {"x": "1"})
    assert first.digest != second.digest
