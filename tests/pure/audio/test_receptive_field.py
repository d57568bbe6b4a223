"""How far layers look, against layers that are run on sets of inputs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.audio.receptive_field import Layer, field, outputs, stride

LAYERS = st.lists(
    st.builds(
        Layer,
        kernel=st.integers(1, 4),
        stride=st.integers(1, 3),
        dilation=st.integers(1, 2),
        before=st.integers(0, 3),
        after=st.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
)


def run(layers, inputs):
    """For each output the inputs that it is made from; what is padded has none."""
    sets = [{k} for k in range(inputs)]
    for layer in layers:
        padded = [set()] * layer.before + sets + [set()] * layer.after
        span = layer.dilation * (layer.kernel - 1) + 1
        starts = range(0, len(padded) - span + 1, layer.stride)
        sets = [set().union(*padded[start : start + span : layer.dilation]) for start in starts]
    return sets


@settings(max_examples=60, deadline=None)
@given(LAYERS, st.integers(1, 60))
def test_outputs_are_counted(layers, inputs):
    assert outputs(layers, inputs) == len(run(layers, inputs))


@settings(max_examples=60, deadline=None)
@given(LAYERS)
def test_an_output_is_made_from_no_input_outside_its_field_and_from_both_its_ends(layers):
    made = run(layers, 400)
    first, last = field(layers)
    step = stride(layers)
    inside = [k for k in range(len(made)) if k * step + first >= 0 and k * step + last < 400 and made[k]]
    whole = [k for k in inside if all(0 <= k * step + edge < 400 for edge in (first - 40, last + 40))]
    for k in whole:
        assert min(made[k]) == k * step + first
        assert max(made[k]) == k * step + last


def test_one_convolution():
    assert field([Layer(kernel=3, before=2)]) == (-2, 0)
    assert field([Layer(kernel=3, before=1, after=1)]) == (-1, 1)
    assert field([Layer(kernel=3, before=2), Layer(kernel=3, stride=2, before=2)]) == (-4, 0)
    assert stride([Layer(kernel=3, stride=2), Layer(kernel=1), Layer(kernel=3, stride=2)]) == 4
    assert outputs([Layer(kernel=5)], 4) == 0
