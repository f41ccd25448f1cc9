"""What draw_network promises: every neuron and weight that is drawn stands for the model's own."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from nn.view import draw_network
from nn.view.chart import NEGATIVE, POSITIVE
from nn.view.diagram import places_drawn


def edges(drawing: Any) -> dict[tuple[str, str], dict[str, str]]:
    """The attributes of each edge, by the names of its ends."""
    found = {}
    for line in drawing.source.splitlines():
        match = re.match(r"\s*(\w+)(?::\w+)? -> (\w+)(?::\w+)? \[(.*)\]$", line)
        if match:
            attributes = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)', match[3])
            found[match[1], match[2]] = {key: value.strip('"') for key, value in attributes}
    return found


def node(drawing: Any, name: str) -> str:
    """The line of the source that describes a node."""
    lines = [each for each in drawing.source.splitlines() if each.startswith(f"\t{name} [")]
    (line,) = lines
    return str(line)


def model() -> nn.MLP:
    return nn.MLP(2, [3, (2, "softmax")], activation="tanh", rng=random.Random(0))


def test_there_is_a_line_for_each_weight_and_a_circle_for_each_neuron() -> None:
    network = model()
    drawing = draw_network(network)
    lines = edges(drawing)
    assert len(lines) == 2 * 3 + 3 * 2
    for position, layer in enumerate(network.layers):
        for place, neuron in enumerate(layer.neurons):
            assert f"b {neuron.b.data:.2g}" in node(drawing, f"n{position + 1}_{place}")
            for start, weight in enumerate(neuron.w):
                told = lines[f"n{position}_{start}", f"n{position + 1}_{place}"]["tooltip"]
                assert told == f"{weight.label} = {weight.data!r}"


def test_the_sign_is_told_by_colour_and_dash_and_the_size_by_width() -> None:
    layer = nn.Layer(3, 1)
    for weight, number in zip(layer.neurons[0].w, [2.0, -1.0, 0.0], strict=True):
        weight.data = number
    first, second, third = edges(draw_network(layer)).values()
    assert (first["style"], second["style"]) == ("solid", "dashed")
    assert first["color"].startswith(POSITIVE)
    assert second["color"].startswith(NEGATIVE)
    widths = [float(each["penwidth"]) for each in (first, second, third)]
    assert widths == [5.0, 2.65, 0.3]


def test_columns_say_what_they_are() -> None:
    source = draw_network(model(), title="My network").source
    for words in ("<B>inputs</B><BR/>2 numbers", "<B>layer 1</B><BR/>tanh<BR/>3 neurons",
                  "<B>layer 2</B><BR/>softmax<BR/>2 neurons", "<B>My network</B>"):  # fmt: skip
        assert words in source
    assert draw_network(model()).description == (
        "network of 2 inputs, 3 neurons (tanh), 2 neurons (softmax)"
    )


def test_an_example_puts_its_answers_into_the_neurons() -> None:
    network = model()
    drawing = draw_network(network, [0.5, -2.0])
    hidden = network.layers[0]([0.5, -2.0])
    outputs = network([0.5, -2.0])
    assert "<B>0.5</B>" in node(drawing, "n0_0")
    assert "<B>-2</B>" in node(drawing, "n0_1")
    for column, answers in ((1, hidden), (2, outputs)):
        for place, answer in enumerate(answers):
            described = node(drawing, f"n{column}_{place}")
            assert f"<B>{answer.data:.3g}</B>" in described
            assert f"answer {answer.data!r}" in described


def test_names_stand_at_the_inputs_and_the_outputs() -> None:
    drawing = draw_network(model(), input_names=["wide", "high"], output_names=["cat", "dog"])
    assert "wide" in node(drawing, "n0_0")
    assert "high" in node(drawing, "n0_1")
    assert "dog" in node(drawing, "name1")


def test_a_large_layer_is_abbreviated_and_says_its_size() -> None:
    drawing = draw_network(nn.MLP(64, [30, 10], rng=random.Random(0)), limit=6)
    assert len(edges(drawing)) == 6 * 6 + 6 * 6
    assert drawing.source.count("⋮") == 3
    for words in ("64 numbers", "30 neurons", "10 neurons"):
        assert words in drawing.source
    assert ("n0_63", "n1_29") in edges(drawing)


@given(st.integers(1, 200), st.integers(2, 20))
def test_a_column_shows_the_first_and_the_last_and_never_more_than_the_limit(
    size: int, limit: int
) -> None:
    column = places_drawn(size, limit)
    places = [place for place in column if place is not None]
    assert len(places) == min(size, limit)
    assert places == sorted(set(places))
    assert (places[0], places[-1]) == (0, size - 1)
    assert (None in column) == (size > limit)


def test_no_two_circles_of_a_column_touch() -> None:
    drawing = draw_network(nn.MLP(3, [9, 2]), limit=9)
    places = re.findall(r'\t(n\d)_\d+ \[.*pos="([-\d.]+),([-\d.]+)!"', drawing.source)
    for column in ("n0", "n1", "n2"):
        heights = sorted(float(up) for name, _, up in places if name == column)
        assert all(b - a > 0.8 for a, b in itertools.pairwise(heights))


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_diagram_is_saved_like_every_drawing(kind: str, tmp_path: Path) -> None:
    assert draw_network(model()).save(tmp_path / f"network.{kind}").stat().st_size > 1000


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_name_can_be_drawn(first: str, second: str) -> None:
    names = [first, second]
    drawing = draw_network(model(), input_names=names, output_names=names, title=first)
    assert drawing.pipe("svg").rstrip().endswith(b"</svg>")


def test_names_with_signs_of_the_dot_language_are_shown_as_they_are() -> None:
    names = [r"a\nb", '<b>"&"</b>']
    svg = draw_network(model(), input_names=names, output_names=names).pipe("svg", encoding="utf-8")
    assert svg.count(r">a\nb<") == 2
    assert svg.count("&lt;b&gt;&quot;&amp;&quot;&lt;/b&gt;") >= 2


def test_single_layers_and_neurons_are_networks_too() -> None:
    assert draw_network(nn.Neuron(2, activation="tanh")).description == (
        "network of 2 inputs, 1 neuron (tanh)"
    )
    assert len(edges(draw_network(nn.Layer(3, 4)))) == 12


def test_numbers_that_ran_away_are_refused() -> None:
    network = model()
    network.layers[1].neurons[0].w[0].data = float("nan")
    with pytest.raises(ValueError, match="the training ran away"):
        draw_network(network)
    with pytest.raises(ValueError, match="nan or inf among the numbers"):
        draw_network(model(), [float("nan"), 0.0])


def test_nothing_is_changed() -> None:
    network = model()
    before = [(each.data, each.grad) for each in network.parameters()]
    draw_network(network, [1.0, 2.0])
    assert [(each.data, each.grad) for each in network.parameters()] == before


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: draw_network(lambda x: x), TypeError, "an MLP, a Layer or a Neuron"),
        (lambda: draw_network([1.0]), TypeError, "was given list"),
        (lambda: draw_network(model(), [1.0]), ValueError, "takes 2 inputs, but was given 1"),
        (lambda: draw_network(model(), input_names=["a"]), ValueError, "1 name; .* inputs is 2"),
        (lambda: draw_network(model(), output_names=["a"]), ValueError, "1 name; .* outputs is 2"),
        (lambda: draw_network(model(), limit=1), ValueError, "at least 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(call: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        call()
