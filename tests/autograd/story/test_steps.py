"""steps: what it says happened is what the engine does, to the last bit."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from autograd import StaleGraphError, Value, fsum, ieee, maximum, tanh
from autograd.backward import sweep
from autograd.formulas.row import Op
from autograd.graph import topological_order
from autograd.story.steps import Steps
from autograd.view.player.playable import steps


def bits(number: float) -> bytes:
    """The number so that NaN equals NaN and -0.0 does not equal 0.0."""
    return struct.pack(">d", number)


def lesson() -> tuple[Value, Value, Value, Value]:
    w, x, b = Value(0.5, label="w"), Value(2.0, label="x"), Value(-1.0, label="b")
    h = w * x
    h.label = "h"
    loss = h * h + b
    loss.label = "loss"
    return w, x, h, loss


UNARY = [Value.tanh, Value.sigmoid, Value.sin, Value.relu, Value.__neg__, abs, Value.softplus]
BINARY = [
    Value.__add__,
    Value.__sub__,
    Value.__mul__,
    lambda a, b: a / (b * b + 1.0),
    maximum,
    lambda a, b: fsum([a, b, a, 0.25]),
    lambda a, b: 2.0 * a,
    lambda a, b: b**2.0,
    lambda a, b: 3.0 - b,
]


@st.composite
def graphs(draw: Any) -> Value:
    """A root with up to 25 operations above up to 4 leaves, some of them used often."""
    numbers = st.floats(-2.0, 2.0, allow_subnormal=False)
    nodes = [Value(draw(numbers), label=f"x{place}") for place in range(draw(st.integers(1, 4)))]
    for _ in range(draw(st.integers(0, 25))):
        a, b = (nodes[draw(st.integers(max(0, len(nodes) - 6), len(nodes) - 1))] for _ in "ab")
        operation = draw(st.sampled_from([*UNARY, *BINARY]))
        try:
            nodes.append(operation(a) if operation in UNARY else operation(a, b))
        except OverflowError:
            reject()
    return nodes[-1]


class Watched:
    """What the sweep needs of a node, and a grad that notes every write."""

    def __init__(self, node: Value, watched: dict[Value, Watched], log: list[Any]) -> None:
        def seen(argument: Any) -> Any:
            return watched.get(argument, argument) if isinstance(argument, Value) else argument

        self.node, self.log = node, log
        self.op, self.version, self._data = node.op, node.version, node.data
        many = type(node.first) is tuple
        self.first = tuple(map(seen, node.first)) if many else seen(node.first)
        self.second = seen(node.second)
        self.args = tuple(map(seen, node.args))
        self.number = 0.0

    @property
    def grad(self) -> float:
        return self.number

    @grad.setter
    def grad(self, number: float) -> None:
        self.log.append((self.node, bits(number)))
        self.number = number


def writes_of_the_sweep(root: Value) -> list[Any]:
    """Every write to a gradient in the engine's own sweep, the seed first."""
    watched: dict[Value, Watched] = {}
    log: list[Any] = []
    for node in topological_order(root):
        watched[node] = Watched(node, watched, log)
    sweep(dict.fromkeys(watched.values()), 1.0)
    return log[len(watched) :]  # it begins by setting all of them to 0.0


# The numbers --------------------------------------------------------------------------------------


@given(graphs())
def test_every_number_is_the_sweeps_own_in_the_sweeps_own_order(root: Value) -> None:
    backward = steps(root).backward
    assert [(step.changed, bits(step.after)) for step in backward] == writes_of_the_sweep(root)


@given(graphs())
def test_the_last_numbers_are_those_of_backward(root: Value) -> None:
    found = {step.changed: step.after for step in steps(root).backward}
    try:
        root.backward()
    except ArithmeticError:
        reject()
    for node in topological_order(root):
        assert bits(found.get(node, 0.0)) == bits(node.grad)


@given(graphs(), st.lists(st.floats(-1e3, 1e3), min_size=4, max_size=4))
def test_accumulate_ends_where_backward_ends_in_leaves_that_have_a_gradient(
    root: Value, old: list[float]
) -> None:
    order = topological_order(root)
    leaves = [node for node in order if node.op is None]
    for leaf, gradient in zip(leaves, old, strict=False):
        leaf.grad = gradient
    found = {leaf: leaf.grad for leaf in leaves}
    found |= {step.changed: step.after for step in steps(root, accumulate=True).backward}
    try:
        root.backward()
    except ArithmeticError:
        reject()
    assert {leaf: bits(found[leaf]) for leaf in leaves} == {
        leaf: bits(leaf.grad) for leaf in leaves
    }


@given(graphs())
def test_each_step_follows_from_the_ones_before(root: Value) -> None:
    gradients: dict[Value, float] = {}
    known = {node for node in topological_order(root) if node.op is None}
    for step in steps(root):
        if step.kind == "forward":
            nodes = [each for each in step.node.args if isinstance(each, Value)]
            assert known.issuperset(nodes)
            assert bits(step.after) == bits(step.node.data)
            known.add(step.node)
        elif step.kind == "seed":
            assert known == set(topological_order(root))
            gradients = dict.fromkeys(known, 0.0) | {root: 1.0}
        else:
            assert step.argument is step.node.args[step.position]
            assert bits(step.upstream) == bits(gradients[step.node])
            assert bits(step.contribution) == bits(step.upstream * step.local)
            assert bits(step.before) == bits(gradients[step.argument])
            assert bits(step.after) == bits(step.before + step.contribution)
            gradients[step.argument] = step.after


@given(graphs())
def test_nothing_in_the_graph_changes(root: Value) -> None:
    order = topological_order(root)
    for place, node in enumerate(order):
        node.grad = float(place)
    before = [(node.data, node.grad, node.label, node.op, node.args) for node in order]
    found = steps(root, accumulate=True)
    text = str(found), [step.latex for step in found]
    assert all(text)
    assert [(node.data, node.grad, node.label, node.op, node.args) for node in order] == before


def test_without_accumulate_an_earlier_backward_makes_no_difference() -> None:
    loss = lesson()[-1]
    before = [(step.kind, step.after) for step in steps(loss)]
    loss.backward()
    assert [(step.kind, step.after) for step in steps(loss)] == before
    assert "accumulate" in {step.kind for step in steps(loss, accumulate=True)}


def test_both_edges_of_a_plus_a_are_steps() -> None:
    a = Value(3.0, label="a")
    last = steps(a + a)[-2:]
    assert [(step.position, step.before, step.after) for step in last] == [(1, 0, 1), (0, 1, 2)]


def test_a_constant_gets_no_step() -> None:
    a = Value(3.0, label="a")
    product = 2.0 * a
    assert [step.argument for step in steps(product + 1.0).backward] == [None, product, a]


def test_a_leaf_alone_is_its_own_gradient() -> None:
    a = Value(3.0, label="a")
    assert [step.sentence for step in steps(a)] == [
        "a.grad = 1.0 (the seed: how a changes with itself)"
    ]


def test_ieee_mode_has_the_numbers_of_ieee_mode() -> None:
    x = Value(0.0, label="x")
    with ieee():
        root = x.sqrt() * x + x.log()
        found = {step.changed: step.after for step in steps(root).backward}
        root.backward()
    assert bits(found[x]) == bits(x.grad)
    assert not math.isfinite(x.grad)


def test_a_chain_of_many_nodes_needs_no_recursion() -> None:
    x = Value(1.0, label="x")
    root = x
    for _ in range(20_000):
        root = root + 1e-3
    found = steps(root)
    assert len(found) == 40_001
    assert found[-1].changed is x
    assert "more: print a slice" in str(found)


# The words ----------------------------------------------------------------------------------------


def test_a_step_speaks_with_the_students_names() -> None:
    w, x, b = Value(0.5, label="w"), Value(2.0, label="x"), Value(0.0, label="b")
    h = w * x
    h.label = "h"
    loss = 0.5 * h + b
    loss.label = "loss"
    story = steps(loss)
    assert story.of(w)[-1].sentence == "w.grad += x * h.grad = 2.0 * 0.5 = 1.0 (was 0.0, now 1.0)"
    assert story[0].sentence == "h = w * x = 0.5 * 2.0 = 1.0"


def test_variables_of_the_caller_are_names_and_others_are_formulas() -> None:
    speed = Value(2.0)
    energy = speed * speed * 0.5
    sentences = [str(step) for step in steps(energy)]
    assert sentences[0] == "speed * speed = 2.0 * 2.0 = 4.0"
    assert sentences[1] == "energy = speed * speed * 0.5 = 4.0 * 0.5 = 2.0"
    assert sentences[3].startswith("(speed * speed).grad += 0.5 * energy.grad = ")


def test_a_long_formula_gets_a_short_name_that_the_student_does_not_use() -> None:
    x = Value(0.5, label="x")
    inner = [((x + 1.0) * (x + 2.0) * (x + 3.0)).tanh()]
    story = steps(inner[0] * 2.0 + Value(1.0, label="v1"))
    assert any(step.sentence.startswith("u5 = ") for step in story)
    assert not any("v5" in step.sentence for step in story)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda a: a.tanh(), "a.grad += (1 - y**2) * y.grad = "),
        (lambda a: a.sigmoid(), "a.grad += y * (1 - y) * y.grad = "),
        (lambda a: a**3.0, "a.grad += 3 * a**2 * y.grad = "),
        (lambda a: a**2.0, "a.grad += 2 * a * y.grad = "),
        (lambda a: a.exp(), "a.grad += y * y.grad = "),
        (lambda a: 1.0 / a, "a.grad += (-y / a) * y.grad = "),
        (lambda a: a.log(), "a.grad += (1 / a) * y.grad = "),
        (lambda a: a.relu(), "a.grad += 1.0 * y.grad = "),
        (lambda a: a.sin(), "a.grad += cos(a) * y.grad = "),
    ],
)
def test_the_local_derivative_is_written_as_in_a_textbook(build: Any, sentence: str) -> None:
    a = Value(1.5, label="a")
    y = build(a)
    assert steps(y)[-1].sentence.startswith(sentence)


def test_accumulating_says_what_was_there() -> None:
    a = Value(3.0, label="a")
    a.grad = 5.0
    last = steps(a * 2.0, accumulate=True)[-1]
    assert last.sentence == "a.grad = 2.0 + 5.0 = 7.0 (5.0 was left by an earlier backward())"
    assert last.before == 2.0
    assert last.contribution == 5.0


def test_print_tells_both_passes_and_the_results() -> None:
    *_, loss = lesson()
    assert str(steps(loss)) == (
        "loss = 0.0: 3 forward, 7 backward\n"
        "\n"
        "forward\n"
        "   1  h = w * x = 0.5 * 2.0 = 1.0\n"
        "   2  h * h = 1.0 * 1.0 = 1.0\n"
        "   3  loss = h * h + b = 1.0 + -1.0 = 0.0\n"
        "\n"
        "backward\n"
        "   4  loss.grad = 1.0 (the seed: how loss changes with itself)\n"
        "   5  b.grad += 1.0 * loss.grad = 1.0 * 1.0 = 1.0 (was 0.0, now 1.0)\n"
        "   6  (h * h).grad += 1.0 * loss.grad = 1.0 * 1.0 = 1.0 (was 0.0, now 1.0)\n"
        "   7  h.grad += h * (h * h).grad = 1.0 * 1.0 = 1.0 (was 0.0, now 1.0)\n"
        "   8  h.grad += h * (h * h).grad = 1.0 * 1.0 = 1.0 (was 1.0, now 2.0)\n"
        "   9  x.grad += w * h.grad = 0.5 * 2.0 = 1.0 (was 0.0, now 1.0)\n"
        "  10  w.grad += x * h.grad = 2.0 * 2.0 = 4.0 (was 0.0, now 4.0)\n"
        "\n"
        "node   data  grad\n"
        "-----------------\n"
        "w       0.5   4.0\n"
        "x       2.0   1.0\n"
        "h       1.0   2.0\n"
        "h * h   1.0   1.0\n"
        "b      -1.0   1.0\n"
        "loss    0.0   1.0"
    )


def test_the_repr_is_one_line() -> None:
    assert repr(steps(lesson()[-1])) == "<Steps of loss = 0.0: 3 forward, 7 backward>"


# Parts --------------------------------------------------------------------------------------------


def test_slices_and_filters_are_steps_again() -> None:
    w, _, h, loss = lesson()
    story = steps(loss)
    assert isinstance(story[3:7], Steps)
    assert [step.kind for step in story[2:4]] == ["forward", "seed"]
    assert story[-1] == story[9] == list(story)[9]
    assert len(story.forward) + len(story.backward) == len(story) == 10
    assert [step.changed for step in story.of(w)] == [w]
    assert {step.kind for step in story.of(h)} == {"forward", "chain rule"}
    assert len(story[8:].of(h)) == 2
    assert list(story.of(h).backward.numbers) == [6, 7, 8, 9]
    assert "  10  w.grad" in str(story[8:])


def test_an_index_beyond_the_end_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        steps(Value(1.0))[1]


def test_of_a_stranger_says_what_it_takes() -> None:
    *_, loss = lesson()
    with pytest.raises(ValueError, match="stranger is not part of loss"):
        steps(loss).of(Value(1.0, label="stranger"))
    with pytest.raises(ValueError, match="str is not part of loss"):
        steps(loss).of("w")  # type: ignore[arg-type]  # what a student may try


# What cannot be stepped ---------------------------------------------------------------------------


def test_only_a_value_has_steps() -> None:
    with pytest.raises(TypeError, match=r"steps\(\) takes a Value, not float"):
        steps(3.0)  # type: ignore[arg-type]  # what a student may try


def test_a_stale_graph_has_no_steps() -> None:
    w, *_, loss = lesson()
    w.data = 7.0
    with pytest.raises(StaleGraphError, match="w was written after h"):
        steps(loss)


def test_an_undefined_derivative_is_the_error_of_backward() -> None:
    x = Value(0.0, label="x")
    with pytest.raises(ZeroDivisionError, match="the derivative of sqrt at x = 0"):
        steps(tanh(x.sqrt()))


def test_a_node_of_many_arguments_is_told_with_one_look_at_its_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[str] = []
    partials = Op.partials

    def counted(op: Op, *arguments: Any) -> list[Any]:
        looks.append(op.name)
        return partials(op, *arguments)

    told = steps(maximum(*(Value(float(place)) for place in range(300))))
    monkeypatch.setattr(Op, "partials", counted)
    assert "backward" in str(told)
    assert looks == ["maximum"]
