"""cost counts and measures the three ways to a gradient."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, tanh
from autograd.classroom import cost
from autograd.classroom.costs import bytes_in_words


def squares(numbers):
    return sum(number * number for number in numbers)


def by_name(found):
    return {method.name: method for method in found.methods}


@given(st.integers(1, 12))
@settings(max_examples=8, deadline=None)
def test_finite_differences_go_2n_times_forward_mode_n_times_reverse_mode_once(n):
    found = cost(squares, [0.5 * place + 1.0 for place in range(n)])
    ways = by_name(found)
    assert found.inputs == n
    assert found.operations == 2 * n  # n products, and n sums with what sum() begins with
    assert found.nodes == 3 * n
    assert ways["finite differences"].passes == str(2 * n)
    assert ways["finite differences"].operations == 2 * n * 2 * n
    assert ways["forward mode"].passes == str(n)
    # an input's product has two edges to it, and each sum from there on has one from the last
    edges = sum(2 + (n - place) for place in range(n))
    assert ways["forward mode"].operations == 2 * n * n + edges
    assert ways["reverse mode"].passes == "1 and back"
    assert ways["reverse mode"].operations == 2 * n + 2 * n + (2 * n - 1)


def test_reverse_mode_is_the_cheapest_of_many_inputs_and_keeps_the_whole_graph():
    ways = by_name(cost(squares, [1.0] * 60))
    reverse, differences = ways["reverse mode"], ways["finite differences"]
    assert 20 * reverse.operations < differences.operations
    assert reverse.operations < ways["forward mode"].operations
    assert reverse.memory > 180 * 50  # bytes: 180 nodes


def test_the_error_of_finite_differences_is_seen_and_small():
    ways = by_name(cost(lambda x, y: (x * y).tanh() * x.exp(), 0.3, -1.2))
    assert 0.0 < ways["finite differences"].error < 1e-8
    assert ways["forward mode"].error < 1e-14
    assert ways["reverse mode"].error == 0.0


def test_arguments_may_be_nested_and_an_input_without_effect():
    found = cost(lambda p, x: p["w"][0] * x + p["b"] * 0.0 + tanh(x), {"w": [2.0], "b": 1.0}, 3.0)
    assert found.inputs == 3
    assert all(method.error < 1e-8 for method in found.methods)
    assert cost(lambda x: 4.0, 1.0).operations == 0


def test_a_graph_outside_is_not_touched():
    w = Value(3.0)
    cost(lambda x: x * w, 2.0)
    assert w.grad == 0.0


def test_the_measurement_leaves_a_running_one_alone():
    tracemalloc.start()
    try:
        cost(squares, [1.0])
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()
    cost(squares, [1.0])
    assert not tracemalloc.is_tracing()


def test_the_table_is_aligned():
    lines = str(cost(squares, [1.0] * 3)).splitlines()
    assert lines[0] == "the gradient of squares: 3 inputs, 6 operations, 9 nodes"
    assert lines[1].split() == ["method", "passes", "operations", "memory", "difference"]
    assert [line.split("  ")[0] for line in lines[2:]] == [
        "finite differences",
        "forward mode",
        "reverse mode",
    ]
    assert len({line.rindex(" ") for line in lines[3:]}) == 1


def test_a_notebook_shows_the_table_and_the_plot():
    found = cost(lambda x: x * x, 2.0)
    shown = found._repr_html_()
    assert "&lt;lambda&gt;" in shown
    assert 'as bars" width="800" height="240"' in shown
    assert "<td>finite differences</td>" in shown
    assert "Cost" in repr(found)


def test_the_plot_has_a_bar_for_each_method():
    operations, memory = cost(squares, [1.0] * 4).plot().axes
    assert [bar.get_width() for bar in operations.patches] == [64, 50, 23]
    assert len(memory.patches) == 3


def test_what_has_no_cost_is_refused_in_words():
    with pytest.raises(ValueError, match="needs the inputs of squares"):
        cost(squares)
    with pytest.raises(TypeError, match="returned list"):
        cost(lambda x: [x], 1.0)


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (5 * 2**20, "5.0 MiB")]
)
def test_a_size_is_readable(count, text):
    assert bytes_in_words(count) == text


def test_the_table_has_words_on_the_left_and_numbers_on_the_right():
    lines = str(cost(squares, [1.0, 2.0])).splitlines()
    header, first, _, last = lines[1:]
    assert header.startswith("method              passes  ")
    assert first.startswith("finite differences  4           ")
    assert last.startswith("reverse mode        1 and back  ")
    end = header.index("operations") + len("operations")
    assert first[:end].endswith(" 16")
    assert last[:end].endswith(" 11")
    assert not any(line.endswith(" ") for line in lines)


def test_a_mebibyte_is_the_first_that_is_counted_in_mebibytes():
    assert bytes_in_words(1024**2) == "1.0 MiB"
    assert bytes_in_words(1024**2 - 1) == "1,024.0 KiB"
    assert (bytes_in_words(1023), bytes_in_words(1024)) == ("1023 B", "1.0 KiB")


def test_what_would_take_minutes_is_refused_before_it_is_carried_out():
    calls = []

    def wide(numbers):
        calls.append(len(numbers))
        return squares(numbers)

    with pytest.raises(ValueError, match="wide has 800 inputs and 1,600 operations: finite"):
        cost(wide, [0.5] * 800)
    assert calls == [800]
    assert cost(wide, [0.5] * 8).inputs == 8
