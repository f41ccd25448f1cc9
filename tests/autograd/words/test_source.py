"""trace_source: nodes remember the line that made them, while they are asked to."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import nn
from autograd import Value, draw, fsum, grad, no_grad
from autograd.ask.explain import explain
from autograd.words import source as module
from autograd.words.source import trace_source


@pytest.fixture(autouse=True)
def no_trace_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "latest", None)


def line_of(text: str) -> int:
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.strip() == text)


def test_each_node_remembers_its_line_and_its_expression() -> None:
    with trace_source() as trace:
        a = Value(2.0)
        b = (a * 3.0).tanh() + a
    for node, expression in ((b, "(a * 3.0).tanh() + a"), (b.args[0], "(a * 3.0).tanh()")):
        source = trace.source(node)
        assert source is not None
        assert Path(source.file).name == "test_source.py"
        assert source.text == "b = (a * 3.0).tanh() + a"
        assert source.line == line_of(source.text)
        assert source.expression == expression
    leaf = trace.source(a)
    assert leaf is not None
    assert leaf.expression == "Value(2.0)"
    assert str(leaf) == f"test_source.py:{leaf.line}: a = Value(2.0)"


def test_functions_and_reflected_operators_are_traced_too() -> None:
    x = Value(2.0)
    with trace_source() as trace:
        nodes = [1.0 - x, fsum([x, x, 1.0]), x**2, -x, abs(x), x.leaky_relu()]
    sources = [trace.source(node) for node in nodes]
    assert [source.expression for source in sources if source] == [
        "1.0 - x", "fsum([x, x, 1.0])", "x**2", "-x", "abs(x)", "x.leaky_relu()",
    ]  # fmt: skip


def test_an_expression_with_letters_of_many_bytes_is_cut_at_the_right_place() -> None:
    w = Value(2.0)
    with trace_source() as trace:
        names = {"größe ∂ überall": w * 2.0}
    source = trace.source(names["größe ∂ überall"])
    assert source is not None
    assert source.expression == "w * 2.0"


def test_an_expression_of_several_lines_has_its_first_line() -> None:
    w = Value(2.0)
    with trace_source() as trace:
        y = fsum(
            [w, w, w]
        )  # fmt: skip
    source = trace.source(y)
    assert source is not None
    assert (source.text, source.expression) == ("y = fsum(", "")


def test_a_program_without_text_has_line_numbers_still() -> None:
    with trace_source() as trace:
        held: dict[str, Any] = {"Value": Value}
        exec("\ny = Value(1.0) + 2.0", held)
    source = trace.source(held["y"])
    assert source is not None
    assert str(source) == "<string>:2"


def test_outside_of_the_block_nothing_is_remembered() -> None:
    a = Value(2.0)
    before = a * 2.0
    with trace_source() as trace:
        during = a * 3.0
    after = a * 4.0
    assert trace.source(during)
    assert not any(trace.source(node) for node in (a, before, after))


def test_what_no_grad_computes_is_not_remembered() -> None:
    a = Value(2.0)
    with trace_source() as trace, no_grad():
        b = a * 2.0
    assert trace.source(b) is None


def test_tracing_changes_no_number_and_no_graph() -> None:
    def f(x: Any) -> Any:
        return (x * 3.0 + 1.0).tanh() / x

    x = Value(0.5)
    plain = f(x)
    with trace_source():
        traced = f(x)
        assert grad(grad(f))(0.5) == grad(grad(f))(0.5)
    assert traced.data == plain.data
    assert [type(node) for node in traced.args] == [type(node) for node in plain.args]
    traced.backward()
    assert x.grad == pytest.approx(grad(f)(0.5), rel=1e-15)


def test_a_trace_of_another_thread_is_not_told() -> None:
    made: list[Value] = []
    with trace_source() as trace:
        thread = threading.Thread(target=lambda: made.append(Value(1.0) * 2.0))
        thread.start()
        thread.join()
    assert trace.source(made[0]) is None


def inner_value(inner: trace_source) -> Value:
    with inner:
        return Value(1.0)


def test_blocks_can_be_nested_and_end_by_an_error() -> None:
    zero, inner = Value(0.0), trace_source()
    with trace_source() as outer:
        a = inner_value(inner)
        with pytest.raises(ZeroDivisionError), inner:
            1.0 / zero
        b = Value(2.0)
    c = Value(3.0)
    assert [bool(inner.source(node)) for node in (a, b, c)] == [True, False, False]
    assert [bool(outer.source(node)) for node in (a, b, c)] == [False, True, False]


# How long it lasts --------------------------------------------------------------------------------


def test_nodes_stay_in_memory_until_the_next_trace_or_until_forgotten() -> None:
    with trace_source():
        Value(1.0) * 2.0 * 3.0
    kept = module.latest
    assert kept is not None
    assert len(kept.recent) == 3
    nodes = list(kept.recent)
    with trace_source() as trace:
        pass
    assert module.source(nodes[0]) is None
    assert module.latest is trace
    kept.forget()
    assert kept.source(nodes[0]) is None


def test_only_the_latest_of_very_many_nodes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 100)
    with trace_source() as trace:
        nodes = [Value(float(k)) for k in range(1000)]
        assert len(trace.recent) + len(trace.older) <= 200
    assert all(trace.source(node) for node in nodes[-100:])
    assert not any(trace.source(node) for node in nodes[:-200])


# Where it shows -----------------------------------------------------------------------------------


def test_a_drawing_tells_the_line_on_hover() -> None:
    with trace_source():
        a = Value(2.0, label="a")
        loss = a * a
    assert f"test_source.py:{line_of('loss = a * a')}: loss = a * a" in draw(loss).source
    module.latest = None
    assert "test_source.py" not in draw(loss).source


def test_an_error_of_backward_tells_the_line_of_the_node() -> None:
    with trace_source():
        x = Value(0.0, label="x")
        root = x.sqrt()
    line = line_of("root = x.sqrt()")
    with pytest.raises(ZeroDivisionError, match=rf"made in test_source\.py:{line}: root = x"):
        root.backward()


def test_explain_tells_the_line_where_a_number_was_born() -> None:
    with trace_source():
        x = Value(0.0, label="x")
        slope = x.sqrt()
    found = str(explain(slope * 2.0))
    assert f"line      test_source.py:{line_of('slope = x.sqrt()')}: slope = x.sqrt()" in found


def test_the_line_of_a_network_is_in_its_own_code() -> None:
    neuron = nn.Neuron(2)
    with trace_source() as trace:
        output = neuron([1.0, 2.0])
    source = trace.source(output)
    assert source is not None
    assert Path(source.file).name == "layers.py"
