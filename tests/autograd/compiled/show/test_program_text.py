"""print(step): the program in the mathematics of a textbook."""

import random

import pytest

import nn
from autograd import Value, compile, fsum, softmax, tanh, where
from autograd.compiled.show.program_text import without_middle


def model(*sizes):
    return nn.MLP(2, list(sizes), rng=random.Random(0))


def printed(function, parameters, *example):
    return str(compile(function, parameters, example=example)).splitlines()


def test_a_network_is_layers_and_a_loss_with_shapes_and_counts():
    net = model(3, 1)
    assert printed(lambda x, y: nn.mse(net(x), y), net, [0.0, 0.0], 0.0) == [
        "inputs: x (rows x 2), y (rows)",
        "  h1   = relu(x @ W1 + b1)              rows x 3",
        "  loss = mean((h1 @ W2 + b2 - y)**2)",
        "13 parameters: W1 2 x 3, W2 3 x 1",
        "35 scalars became 5 array operations; 9 multiply-adds a row",
    ]


LOSSES = {
    "mae": "loss = mean(abs(h1 @ W2 + b2 - y))",
    "hinge": "loss = mean(relu(1 - y * (h1 @ W2 + b2)))",
    "binary_crossentropy": "loss = mean(y * softplus(-h2) + (1 - y) * h3)",
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_reads_like_its_formula(name):
    net = model(3, 1)
    lines = printed(lambda x, y: getattr(nn, name)(net(x), y), net, [0.0, 0.0], 0.0)
    assert LOSSES[name] in [line.strip() for line in lines]


def test_classes_a_penalty_and_what_is_returned_beside_the_loss():
    net = model(4, 3)

    def function(x, label):
        scores = net(x)
        penalty = 0.1 * nn.l2(net.parameters())
        return nn.categorical_crossentropy(scores, label) + penalty, softmax(scores)

    assert printed(function, net, [0.0, 0.0], 0.0)[1:6] == [
        "  h1   = relu(x @ W1 + b1)                       rows x 4",
        "  h2   = h1 @ W2 + b2                            rows x 3",
        "  h3   = log_softmax(h2)[label]                  rows",
        "  h4   = softmax(h2)                             rows x 3",
        "  loss = mean(-h3 + sum(parameters**2) * 0.1)",
    ]


W, B = Value(2.0, label="w"), Value(1.0, label="b")
SCALARS = {
    "a line": (lambda x: W * x + B, "loss = mean(w * x + b)"),
    "powers": (lambda x: (W * x) ** 2.0 - 3.0, "loss = mean((w * x)**2 - 3)"),
    "signs": (lambda x: -(x**2.0), "loss = mean(-x**2)"),
    "a quotient": (lambda x: 1.0 / (x * x + 1.0), "loss = mean(1 / (x * x + 1))"),
    "a choice": (lambda x: where((x > 0) & (x < 1), x, W), "where((x > 0) & (x < 1), x, w))"),
    "parameters alone": (lambda x: tanh(W * B), "loss = tanh(w * b)"),
    "a parameter": (lambda x: W, "loss = w"),
    "a number": (lambda x: 2.0, "loss = 2"),
    "an input": (lambda x: x, "loss = mean(x)"),
    "a result and the loss": (lambda x: (tanh(x), W * B), "result2 = w * b"),
    "a list": (lambda x: [tanh(x)], "result = tanh(x)"),
}


@pytest.mark.parametrize("name", SCALARS)
def test_scalars_read_as_they_were_written(name):
    function, expected = SCALARS[name]
    lines = printed(function, [W, B], 0.5)
    assert any(expected in " ".join(line.split()) for line in lines), lines


def test_a_part_of_an_input_says_which():
    assert "loss = mean(x[0] + tanh(x[1]))" in str(
        compile(lambda x: tanh(x[1]) + x[0], example=([0.5, 1.0],))
    )


def test_a_parameter_without_a_name_has_a_number():
    value = Value(2.0)
    assert "p[1] * x" in str(compile(lambda x: tanh(value * x), [W, value], example=(1.0,)))


def test_many_numbers_are_summed_by_name():
    lines = printed(lambda x: fsum([tanh(each) for each in x]), [], [0.5] * 9)
    assert lines[1].strip() == "loss = mean(sum(tanh(x)))"


def test_a_matrix_that_serves_several_operands_has_one_name():
    weights = [
        [Value(0.1 * row + column, label=f"w{row}{column}") for column in range(3)]
        for row in range(2)
    ]

    def product(x):
        return [fsum([w * each for w, each in zip(row, x, strict=True)]) for row in weights]

    def attention(x):
        queries, keys, values = (product(token) for token in x)
        return fsum([tanh(q) * k + v for q, k, v in zip(queries, keys, values, strict=True)])

    lines = printed(attention, [w for row in weights for w in row], [[0.5] * 3] * 3)
    assert "h1   = tanh(x[0:3] @ W1) " in lines[1]
    assert "v1   = h1 * (x[3:6] @ W1) " in lines[2]
    assert lines[4] == "6 parameters: W1 3 x 2, W2 3 x 1"  # W2: the columns of W1, added up


def test_two_biases_of_one_matrix_have_two_names():
    weights, biases = (
        [[Value(k + 2.0 * row, label=f"{name}{row}{k}") for k in range(2)] for row in range(2)]
        for name in "wb"
    )

    def layer(x, bias):
        return [
            tanh(row[0] * x[0] + row[1] * x[1] + b) for row, b in zip(weights, bias, strict=True)
        ]

    def twice(x):
        return fsum(layer(layer(x, biases[0]), biases[1]))

    text = "\n".join(
        printed(twice, [each for row in (*weights, *biases) for each in row], [0.5] * 2)
    )
    assert "h1   = tanh(x @ W1 + b1)" in text
    assert "h2   = tanh(h1 @ W1 + b2)" in text
    assert "8 parameters: W1 2 x 2\n" in text


def test_a_long_program_loses_its_middle():
    def deep(x):
        for _ in range(200):
            x = tanh(x * x) + x
        return x

    lines = printed(deep, [], 0.5)
    assert len(lines) < 70
    assert any("more lines ..." in line for line in lines)
    assert without_middle(["a"] * 60) == ["a"] * 60
    assert without_middle(["a"] * 61)[30] == "  ... 1 more lines ..."


@pytest.mark.parametrize(
    ("function", "line"),
    [
        (lambda w, x: sum(a * b for a, b in zip(w, x, strict=True)), "loss = mean(x @ W1)"),
        (lambda w, x: -sum(a * b for a, b in zip(w, x, strict=True)), "loss = mean(x @ W1)"),
        (lambda w, x: sum(each for each in x), "loss = mean(x[2] + x[1] + x[0])"),
        (lambda w, x: sum(w) * x[0], "(w2 + (w1 + w0)) * x[0]"),
        (lambda w, x: sum([x[0] * x[1], x[2].tanh()]), "loss = mean(x[0] * x[1] + tanh(x[2]))"),
        (lambda w, x: sum(sum((a * b).tanh() for a in x) for b in w), "loss = mean(sum("),
    ],
)
def test_the_zero_that_the_builtin_sum_starts_with_is_not_printed(function, line):
    w = [Value(0.5, label=f"w{k}") for k in range(3)]
    text = str(compile(lambda x: function(w, x), w, example=([1.0, 2.0, 3.0],)))
    assert line in text
    assert "+ 0" not in text
    assert "-0" not in text
    assert "[0," not in text
    assert "b1" not in text
