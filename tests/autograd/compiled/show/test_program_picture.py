"""draw() and explain(): the lifted graph, and which scalars became which array."""

import random

import pytest

import nn
from autograd import Value, compile, tanh


@pytest.fixture
def step():
    net = nn.MLP(2, [3, 1], rng=random.Random(0))
    return compile(lambda x, y: nn.mse(net(x), y), net, example=([0.0, 0.0], 0.0))


def edges(source):
    return {
        tuple(part.strip().strip('"') for part in line.split("->"))
        for line in source.splitlines()
        if "->" in line
    }


def test_a_box_for_each_array_and_an_arrow_for_each_use(step):
    source = step.draw().source
    assert edges(source) == {("input x", "h1"), ("h1", "loss"), ("input y", "loss")}
    assert "h1 = relu(x @ W1 + b1)\nrows x 3" in source
    assert "loss = mean((h1 @ W2 + b2 - y)**2)\na number" in source


def test_a_backslash_in_a_name_is_drawn_as_one():
    w = Value(2.0, label="\\alpha")
    source = compile(lambda x: tanh(w * x), [w], example=(1.0,)).draw().source
    assert r"tanh(\\alpha * x)" in source


def test_a_result_of_the_parameters_alone_is_drawn():
    w = Value(2.0, label="w")
    source = compile(lambda x: w * w, [w], example=(1.0,)).draw().source
    assert "loss = w * w" in source


def test_too_large_a_picture_is_refused():
    def deep(x):
        for _ in range(300):
            x = tanh(x * x) + x
        return x

    with pytest.raises(ValueError, match="too many for a picture"):
        compile(deep, example=(0.5,)).draw()


def test_the_table_tells_which_scalars_became_which_array(step):
    rows = dict(step.explain().rows)
    assert rows["x (rows x 2)"] == "x[0] to x[1] of every example"
    assert rows["y (rows)"] == "y of every example"
    assert rows["W1 (2 x 3)"].startswith("[0, 0] is layer1.neuron1.w1, [1, 0] is layer1.neuron1.w2")
    assert rows["b1 (3)"] == "layer1.neuron1.b to layer1.neuron3.b"
    assert rows["x @ W1 + b1"] == "3 x sum of 2 products and a bias: a matrix product"
    assert rows["relu(x @ W1 + b1)"] == "3 x relu"


def test_a_single_product_is_no_matrix():
    w, b = Value(2.0, label="w"), Value(0.0, label="b")
    rows = compile(lambda x: w * x + b, [w, b], example=(1.0,)).explain().rows
    assert rows == (("x (rows)", "x of every example"), ("w * x + b", "1 x product plus a bias"))


def test_the_table_prints_and_shows_itself_in_a_notebook(step):
    table = step.explain()
    lines = str(table).splitlines()
    assert len(lines) == len(table.rows)
    assert len({line.index("<-") for line in lines}) == 1
    html = table._repr_html_()
    assert html.count("<tr>") == len(table.rows) + 1
    w = Value(1.0)
    shown = compile(lambda x: (x > w) * x, [w], example=(1.0,)).explain()._repr_html_()
    assert "&gt;" in shown
