import os

import pytest

from audio_loop.checkpoints.fingerprint.fingerprint import doubtful, explain_difference, make_fingerprint
from audio_loop.checkpoints.fingerprint.graph_rules import GraphHash, Unproven
from audio_loop.checkpoints.fingerprint.value_hash import hash_plain_value

VALUES = {
    "conditioning": hash_plain_value("a singer"),
    "seed": hash_plain_value(7),
    "previous_latent": hash_plain_value("tail"),
}
VERSIONS = {"audio_loop": "0.1.0", "comfyui": "0.33.0"}


def graph(**changes):
    parts = {
        "whole": hash_plain_value(sorted(changes.items())),
        "wiring": hash_plain_value("wiring"),
        "literals": {"Sampler.name": hash_plain_value("euler")},
        "files": {"Loader.ckpt_name": hash_plain_value("bytes")},
    }
    return GraphHash(**(parts | changes))


BASE = make_fingerprint(VALUES, graph(), VERSIONS)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ((VALUES | {"conditioning": hash_plain_value("a drummer")}, graph(), VERSIONS), ("conditioning changed",)),
        ((VALUES | {"seed": hash_plain_value(8)}, graph(), VERSIONS), ("seed changed",)),
        ((VALUES | {"mask": hash_plain_value(1)}, graph(), VERSIONS), ("mask is new",)),
        (({"seed": VALUES["seed"]}, graph(), VERSIONS), ("conditioning is gone", "previous latent is gone")),
        ((VALUES, graph(), VERSIONS | {"comfyui": "0.34.0"}), ("the version of comfyui changed",)),
        (
            (VALUES, graph(literals={"Sampler.name": hash_plain_value("heun")}), VERSIONS),
            ("Sampler.name changed",),
        ),
        (
            (VALUES, graph(files={"Loader.ckpt_name": hash_plain_value("new")}), VERSIONS),
            ("the file in Loader.ckpt_name changed",),
        ),
        (
            (VALUES, graph(wiring=hash_plain_value("x")), VERSIONS),
            ("nodes were added, removed or wired differently",),
        ),
        ((VALUES, graph(whole=hash_plain_value("x")), VERSIONS), ("the same settings stand on different nodes",)),
        ((VALUES, graph(code={"a pack": hash_plain_value("x")}), VERSIONS), ("the code of a pack is new",)),
        ((VALUES, graph(changes={"LoadImage": b"x"}), VERSIONS), ("what LoadImage says about a change is new",)),
        ((VALUES, graph(), VERSIONS, {"flag --bf16-unet": "True"}), ("flag --bf16-unet is new",)),
        ((VALUES, graph(unproven=frozenset({Unproven("who knows", True)})), VERSIONS), ("who knows",)),
        ((VALUES, graph(unproven=frozenset({Unproven("who knows", False)})), VERSIONS), ("who knows",)),
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
    first = make_fingerprint({"x": hash_plain_value(1)}, None, {})
    second = make_fingerprint({}, None, {"x": "1"})
    assert first.digest != second.digest


def unproven(holds_in_session):
    return make_fingerprint(VALUES, graph(unproven=frozenset({Unproven("who knows", holds_in_session)})), VERSIONS)


def test_what_is_not_proved_is_found_again_in_this_session_or_never():
    assert unproven(True) == unproven(True)
    assert unproven(False) != unproven(False)
    assert unproven(True).unproven == unproven(False).unproven == ("who knows",)
    before = dict(unproven(False).components)
    assert explain_difference(before, dict(BASE.components)) == ("the one on disk is in doubt: who knows",)
    assert in_another_process(unproven, True) != unproven(True).digest
    assert in_another_process(make_fingerprint, VALUES, graph(), VERSIONS) == BASE.digest


def in_another_process(function, *arguments):
    """Digest of the fingerprint that a process gives which was forked off this one."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.write(writing, function(*arguments).digest.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        digest = pipe.read()
    os.waitpid(process, 0)
    return digest


def test_a_doubt_that_arose_while_it_was_made():
    first, second = doubtful(BASE, "a file was replaced"), doubtful(BASE, "a file was replaced")
    assert len({first.digest, second.digest, BASE.digest}) == 3
    why = explain_difference(dict(first.components), dict(BASE.components))
    assert why == ("the one on disk is in doubt: a file was replaced",)
