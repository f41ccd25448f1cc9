"""Weighted sums are found however they were written, and nothing else is."""

import pytest

from autograd import Value, fsum, tanh
from autograd.compiled.lift.linear import effective
from autograd.compiled.record.record import record
from autograd.compiled.record.scalars import Input, scalars_of

W = [Value(0.5 + k, label=f"w{k}") for k in range(4)]


def opened(function):
    """The table of scalars, and the weighted sums in it as {input entry: weight}, bias."""
    scalars = scalars_of(record(function, [(4,)], W), W)
    graph = effective(scalars)
    return scalars, graph, list(graph.weighted.values())


def called(scalars, scalar):
    """What a scalar is called: a label, a number, an entry, or an operation on such."""
    leaf = scalars.leaves.get(scalar)
    if isinstance(leaf, Input):
        return f"x{leaf.entry}"
    if leaf is not None:
        return leaf.label if isinstance(leaf, Value) else leaf
    return (scalars.ops[scalar].name, *(called(scalars, each) for each in scalars.args[scalar]))


def described(function):
    scalars, graph, (weighted,) = opened(function)
    terms = {
        called(scalars, factor): called(scalars, weight)
        for factor, weight in zip(weighted.inputs, weighted.weights, strict=True)
    }
    bias = None if weighted.bias is None else called(scalars, weighted.bias)
    return terms, bias, sum(scalars.ops[scalar] is not None for scalar in graph.order)


WAYS = {
    "a chain": lambda x: W[0] * x[0] + W[1] * x[1] + W[2],
    "a sum": lambda x: fsum([W[0] * x[0], x[1] * W[1], W[2]]),
    "from the bias on": lambda x: W[2] + W[0] * x[0] + W[1] * x[1],
    "sums of sums": lambda x: (W[2] + W[0] * x[0]) + fsum([x[1] * W[1]]),
    "minus minus": lambda x: W[0] * x[0] - (-(x[1] * W[1]) - W[2]),
}


@pytest.mark.parametrize("name", WAYS)
def test_every_way_of_writing_is_the_same_sum(name):
    terms, bias, count = described(WAYS[name])
    assert terms == {"x0": "w0", "x1": "w1"}
    assert bias in ("w2", ("neg", ("neg", "w2")))
    assert count == 1


def test_signs_go_into_the_weights():
    terms, bias, _ = described(lambda x: W[0] - W[1] * x[0] - x[1] * 2.0)
    assert terms == {"x0": ("neg", "w1"), "x1": -2.0}
    assert bias == "w0"


def test_the_weights_of_one_input_add_up():
    terms, bias, _ = described(lambda x: W[0] * x[0] + x[0] * W[1] + W[2] + W[3])
    assert terms == {"x0": ("+", "w0", "w1")}
    assert bias in (("sum", "w2", "w3"), ("sum", "w3", "w2"))


def test_other_terms_stay_beside_the_weighted_sum():
    scalars, graph, (weighted,) = opened(lambda x: W[0] * x[0] + tanh(x[1]) - x[2] * x[3])
    assert [called(scalars, factor) for factor in weighted.inputs] == ["x0"]
    (result,) = scalars.results
    assert scalars.ops[result].name == "sum"
    assert [scalars.ops[arg].name for arg in graph.args[result]] == ["sum", "tanh", "neg"]


def test_a_product_of_two_inputs_is_none():
    assert opened(lambda x: x[0] * x[1] + x[2])[2] == []
    assert opened(lambda x: x[0] + x[1] + x[2])[2] == []


def test_a_sum_that_is_used_twice_stays_whole():
    scalars, graph, weighted = opened(lambda x: (lambda s: tanh(s) + s)(W[0] * x[0] + W[1]))
    assert len(weighted) == 1
    (result,) = scalars.results
    assert len(graph.args[result]) == 2


def test_sums_stay_as_they_were_written_if_asked_to():
    scalars = scalars_of(record(WAYS["a chain"], [(4,)], W), W)
    graph = effective(scalars, weighted=False)
    assert not graph.weighted
    ops = [scalars.ops[scalar] for scalar in graph.order]
    assert sorted(op.name for op in ops if op) == ["*", "*", "+", "+"]


def test_a_very_long_chain_is_opened_without_recursion():
    def chain(x):
        total = x[0] * W[0]
        for k in range(20_000):
            total = total + x[k % 4] * float(k)
        return total

    _, graph, (weighted,) = opened(chain)
    assert len(weighted.inputs) == 4
    assert len(graph.order) == 5
