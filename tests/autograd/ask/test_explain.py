"""explain(root): where a NaN or an infinity was born, by value and by gradient."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import StaleGraphError, Value, ieee
from autograd.ask.explain import explain
from autograd.graph import topological_order

INF, NAN = math.inf, math.nan


def leaf(label, data):
    return Value(data, label=label)


def named(node, label):
    node.label = label
    return node


# Values -------------------------------------------------------------------------------------------


def test_value_is_explained_by_the_first_node_that_is_not_finite():
    x, w = leaf("x", 500.0), leaf("w", 2.0)
    with ieee():
        product = x * w
        e = product.exp()
        difference = e - e
        loss = named(difference * 3.0, "loss")
    found = explain(loss)
    assert found.kind == "value"
    assert found.born is e
    assert found.operands == (product,)
    assert found.path == [e, difference, loss]
    assert found.sentence == "loss = nan is not finite. The first is e = inf."
    assert "exp overflows above 709.78" in found.hint


def test_root_that_is_born_not_finite_itself_is_explained_by_its_operands():
    a = leaf("a", 1e200)
    with ieee():
        loss = named(a * a, "loss")
    found = explain(loss)
    assert (found.born, found.operands, found.path) == (loss, (a, a), [loss])
    assert found.sentence == "loss = inf is not finite. * of a = 1e+200 and a = 1e+200 made it."


@pytest.mark.parametrize("number", [NAN, INF, -INF])
def test_leaf_that_came_in_as_data_is_named_also_without_ieee(number):
    x = leaf("x", number)
    loss = named(x + 1.0, "loss")
    found = explain(loss)
    assert (found.kind, found.born, found.operands, found.path) == ("value", x, (), [x, loss])
    assert found.sentence.endswith(f"It came in as data: x is {number!r}.")
    assert "Look at where x gets its number" in found.hint


def test_constant_that_came_in_is_named():
    x = leaf("x", 2.0)
    found = explain(x * INF)
    assert found.operands == (x, INF)
    assert "The constant inf came in with x * inf." in found.sentence


def test_infinity_inside_of_a_finite_root_is_found():
    x = leaf("x", -1000.0)
    with ieee():
        e = (-x).exp()
        loss = named(1.0 / (1.0 + e), "loss")
    found = explain(loss)
    assert loss.data == 0.0
    assert found.born is e
    assert found.path[0] is e
    assert found.path[-1] is loss
    assert found.sentence.startswith("loss = 0.0 is finite, but not all")


def test_path_prefers_the_values_that_are_not_finite():
    x = leaf("x", 1000.0)
    with ieee():
        e = x.exp()
        double = e * 2.0
        more = double + 1.0
        loss = more + 1.0 / e
    assert explain(loss).path == [e, double, more, loss]


def test_nan_of_a_branch_that_where_did_not_take_is_no_matter():
    x = leaf("x", 4.0)
    loss = autograd.where(x > 0, lambda: x.sqrt(), lambda: x.log())
    assert math.isnan(loss.args[2])
    assert explain(loss).kind == "none"


# Gradients ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("inside", [False, True])
def test_gradient_is_explained_by_the_edge_where_it_was_born(inside):
    x = leaf("x", 0.0)
    if inside:
        with ieee():
            s = x.sqrt()
            loss = named(s * 3.0, "loss")
            loss.backward()
            found = explain(loss)
        assert x.grad == INF
    else:
        s = x.sqrt()
        loss = named(s * 3.0, "loss")
        found = explain(loss)
    assert (found.kind, found.born, found.operands) == ("gradient", s, (x,))
    assert found.path == [x, s, loss]
    assert found.sentence == (
        "The gradient with respect to x is not finite: the derivative of sqrt at x = 0.0 is inf."
    )
    assert "sqrt(x + 1e-12)" in found.hint
    assert "where(x > 0, lambda: sqrt(x), lambda: 0.0)" in found.hint


def test_product_of_finite_numbers_that_is_too_large_is_told_with_its_factors():
    d = leaf("d", 1e-200)
    inner = d * 1e200
    loss = inner * 1e200
    found = explain(loss)
    assert (found.kind, found.born) == ("gradient", inner)
    assert "it gets 1e+200 * 1e+200, the gradient there times the local derivative" in (
        found.sentence
    )
    assert "too large" in found.hint


def test_sum_over_paths_that_is_too_large_is_told_as_a_sum():
    d = leaf("d", 1e-200)
    found = explain(d * 1e308 + d * 1e308)
    assert found.kind == "gradient"
    assert "has a sum that is too large for a float" in found.sentence


def test_edge_that_is_to_blame_is_named_and_not_another_of_the_same_leaf():
    d = leaf("d", 1e-200)
    inner = d * 1e200
    assert explain(inner * 1e200 + d * 2.0).born is inner
    assert explain(d * 2.0 + inner * 1e200).born is inner


def test_undefined_slope_is_found_where_nothing_arrives_too():
    # 0 * inf: backward() raises here, and in ieee mode the gradient is nan.
    x = leaf("x", 0.0)
    s = x.sqrt()
    found = explain(s * 0.0)
    assert found.born is s


def test_explanation_is_that_of_backward():
    x, y = leaf("x", 0.0), leaf("y", 0.0)
    for node in (x.sqrt(), autograd.atan2(x, y), x**0.5, x.sqrt() * 0.0, autograd.acos(y + 1.0)):
        assert explain(node).kind == "gradient"
        with pytest.raises((ValueError, ArithmeticError)):
            node.backward()


def test_explaining_changes_no_gradient_and_no_mode():
    x = leaf("x", 0.0)
    x.grad = 7.0
    s = x.sqrt()
    s.grad = 5.0
    explain(s)
    assert (x.grad, s.grad) == (7.0, 5.0)
    with pytest.raises(ZeroDivisionError):
        1.0 / x


# Nothing to explain -------------------------------------------------------------------------------


def test_finite_graph_is_told_with_its_largest_gradient():
    a, b = leaf("a", 2.0), leaf("b", -3.0)
    loss = named(a * b + a + 5.0 * b, "loss")
    found = explain(loss)
    assert (found.kind, found.born, found.operands, found.hint) == ("none", None, (), "")
    assert (found.path[0], len(found.path), found.path[-1]) == (b, 3, loss)
    assert found.sentence == (
        "All is finite: every value and every gradient in the graph of loss. The largest gradient "
        "is that by b: 7.0."
    )


def test_finite_graph_is_told_with_the_path_that_carries_most_of_the_largest_gradient():
    a, b = leaf("a", 2.0), leaf("b", -3.0)
    loss = named((a * b * 5.0).tanh() * 0.0 + a * b + 5.0 * b, "loss")
    found = explain(loss)
    assert (found.path[0], found.path[-1], len(found.path)) == (b, loss, 3)
    assert found.flow.startswith(
        "5 of it comes this way, 5 * 1, the most that any of the 3 paths brings."
    )
    assert "  flow      5 of it" in str(found)


def test_only_path_needs_no_word_about_others():
    x = leaf("x", 2.0)
    assert explain(x.tanh() * 3.0).flow == ""


def test_leaf_alone_and_a_node_of_constants_are_finite():
    x = leaf("x", 1.0)
    assert explain(x).kind == "none"
    with ieee():
        assert explain(autograd.where(x < 0, x.log(), 0.0)).kind == "none"


def test_old_gradient_that_is_not_finite_is_pointed_out():
    x = leaf("x", 1.0)
    x.grad = NAN
    found = explain(x * 2.0)
    assert found.kind == "none"
    assert found.hint.startswith("The grad of x is nan from before this graph")


# What it takes, and how it shows ------------------------------------------------------------------


def test_what_is_no_value_is_refused_with_advice():
    with pytest.raises(TypeError, match=r"not float\. Write explain\(loss\)"):
        explain(2.0)


def test_stale_graph_is_refused():
    x = leaf("x", NAN)
    loss = x * 2.0
    x.data = 1.0
    with pytest.raises(StaleGraphError, match="x was written after"):
        explain(loss)


def test_it_prints_the_sentence_and_one_line_for_each_detail():
    speed = Value(0.0)
    loss = speed.sqrt() * 2.0
    found = explain(loss)
    lines = str(found).splitlines()
    assert lines[0] == found.sentence
    assert lines[1] == "  operands  speed = 0.0"
    assert lines[2] == "  path      speed -> sqrt(speed) -> loss"
    assert lines[3].startswith("  hint      sqrt is defined")
    assert repr(found) == str(found)


def test_names_cannot_break_out_of_the_page_or_of_their_line():
    x = leaf('<script>alert("1")</script>\nsecond line', 0.0)
    found = explain(x.sqrt())
    assert "<script>" not in found._repr_html_()
    assert "&lt;script&gt;" in found._repr_html_()
    assert len(str(found).splitlines()) == 4
    assert r"\nsecond line" in str(found)


def test_path_of_a_chain_of_50000_nodes_is_whole_as_data_and_short_as_text():
    x = leaf("x", 0.0)
    node = x.sqrt()
    for _ in range(50_000):
        node = node + 1.0
    node.label = "loss"
    found = explain(node)
    assert len(found.path) == 50_002
    assert found.path[0] is x
    assert "(49,998 more) ... -> loss" in str(found)
    assert len(str(found)) < 1000


def test_many_operands_are_counted_and_not_listed():
    huge = [leaf(f"h{i}", 1e308) for i in range(1000)]
    with ieee():
        total = autograd.fsum(huge)
    text = str(explain(total))
    assert "h3 = 1e+308 and 996 more" in text
    assert "h4" not in text


# Any graph at all ---------------------------------------------------------------------------------

NUMBERS = st.sampled_from([0.0, -0.0, 1.0, -2.0, 1e-200, 1e200, -1e308, 700.0, 5e-324, INF, NAN])
OPERATIONS = ["+", "-", "*", "/", "exp", "log", "sqrt", "tanh", "sigmoid", "hypot", "abs"]


@given(
    st.lists(NUMBERS, min_size=2, max_size=3),
    st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 9), st.integers(0, 9))),
)
@settings(max_examples=150, deadline=None)
def test_what_is_said_to_be_born_has_only_finite_operands_and_leads_to_the_root(numbers, program):
    nodes = [leaf(f"x{i}", number) for i, number in enumerate(numbers)]
    with ieee():
        for op, first, second in program:
            row = autograd.rules.OPS[op]
            args = (nodes[first % len(nodes)], nodes[second % len(nodes)])
            nodes.append(Value.apply_op(row, args if row.second is not None else args[:1]))
        root = nodes[-1]
        order = topological_order(root)
        found = explain(root)
        root.backward()
    for below, above in zip(found.path, found.path[1:], strict=False):
        assert below in above.args
    assert found.path[-1] is root
    finite = all(math.isfinite(node.data) for node in order)
    if found.kind == "value":
        assert not math.isfinite(found.born.data)
        assert all(math.isfinite(argument.data) for argument in found.operands)
    elif found.kind == "gradient":
        assert finite
        assert found.path[0] in found.operands
        assert not all(math.isfinite(node.grad) for node in order)
    else:
        assert finite
        assert all(math.isfinite(node.grad) for node in order)
