"""The checker of gradients: it kills planted bugs, names the rule, and raises no false alarm."""

import math
import random
import re

import planted_rules
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, backward, forward, sqrt, tanh
from autograd.ask.check_gradients import assert_gradients, check_gradients
from autograd.ask.finite_differences import measure
from autograd.rules import OPS

BUGS = planted_rules.BUGS


def around(name, constants=()):
    """The operation amid others, so that naming it takes more than looking at the only node."""

    def f(*numbers):
        operands = (*constants, *numbers)
        return (Value.apply_op(OPS[name], operands) + 0.5 * numbers[0]) * 3.0

    return f


def checked(name, points, order=1):
    """Check the operation at all the points; the argument that chooses stays a constant."""
    rows, rules = [], []
    for point in points:
        constants = point[:1] if name in planted_rules.CHOOSING else ()
        report = check_gradients(around(name, constants), point[len(constants) :], order=order)
        rows += report.rows
        rules += report.rules
    return type(report)(rows, rules)


# Planted bugs ------------------------------------------------------------------------------------


def test_there_are_bugs_for_every_operation_and_argument():
    assert sorted(planted_rules.POINTS) == planted_rules.TABLE
    assert sorted({bug.op for bug in BUGS}) == planted_rules.TABLE
    assert len(BUGS) >= 400
    assert len({(bug.op, bug.position, bug.what) for bug in BUGS}) == len(BUGS)
    assert sum(bug.op == "tanh" for bug in BUGS) >= 15


@pytest.mark.parametrize("name", planted_rules.POINTS)
def test_the_right_table_passes_where_bugs_are_planted(name):
    report = checked(name, planted_rules.POINTS[name], order=2)
    assert report, f"\n{report}"
    assert not report.unseen, f"\n{report}"


@pytest.mark.parametrize("name", planted_rules.POINTS)
def test_every_planted_bug_is_killed_and_its_operation_named(name):
    survivors = []
    for bug in BUGS:
        if bug.op != name:
            continue
        with planted_rules.planted(bug):
            report = checked(name, bug.points)
        at_fault = {(fault.op, fault.position) for fault in report.faults}
        if report.ok or at_fault != {(name, bug.position)}:
            survivors.append((bug.what, bug.position, at_fault))
        assert report.ok or f"the rule of {name}: in " in str(report)
    assert not survivors


def test_the_table_is_whole_again_after_a_planted_bug():
    first = OPS["tanh"].first
    bug = next(bug for bug in BUGS if bug.op == "tanh")
    with planted_rules.planted(bug):
        assert OPS["tanh"].first is not first
    assert OPS["tanh"].first is first


def test_a_culprit_is_named_among_many_nodes():
    bug = next(bug for bug in BUGS if bug.op == "tanh" and bug.what == "1 - 2*y*y")

    def network(w, x):
        hidden = [(w[0] * x).tanh(), (w[1] * x).sin(), (w[2] * x).exp()]
        return (hidden[0] * hidden[1] + hidden[2]).softplus()

    with planted_rules.planted(bug):
        report = check_gradients(network, ([0.3, -0.5, 0.7], 2.0))
    (fault,) = report.faults
    assert (fault.op, fault.formula, fault.operands) == ("tanh", "tanh(w[0] * x)", (0.6,))
    assert fault.claimed == pytest.approx(1 - 2 * math.tanh(0.6) ** 2)
    assert fault.slope.low == pytest.approx(1 - math.tanh(0.6) ** 2, rel=1e-12)
    verdicts = {row.name: row.verdict for row in report.rows}
    assert verdicts == {"w[0]": "differs", "w[1]": "agrees", "w[2]": "agrees", "x": "differs"}
    assert "tanh(w[0] * x), at 0.6, the partial by argument 0" in str(report)


def test_a_partial_that_cannot_be_differentiated_is_found_at_order_two(monkeypatch):
    # Right as a number, but as a node it has forgotten where it came from.
    monkeypatch.setattr(OPS["sin"], "first", lambda y, a: math.cos(getattr(a, "data", a)))
    assert check_gradients(lambda x: x.sin() * 2.0, 0.7)
    report = check_gradients(lambda x: x.sin() * 2.0, 0.7, order=2)
    assert not report
    assert {(fault.op, fault.order) for fault in report.faults} == {("sin", 2)}
    assert "the derivative of a partial" in str(report)


def test_a_rule_that_raises_where_there_is_a_slope_is_at_fault(monkeypatch):
    monkeypatch.setattr(OPS["cos"], "first", lambda y, a: 1.0 / 0.0)
    report = check_gradients(lambda x: x.cos() * x.exp(), 0.7)
    assert [fault.op for fault in report.faults] == ["cos"]


def test_a_rule_that_is_finite_where_the_function_is_vertical_is_at_fault(monkeypatch):
    monkeypatch.setattr(OPS["sqrt"], "first", lambda y, a: 0.0 if a == 0 else 0.5 / y)
    assert [fault.op for fault in check_gradients(sqrt, 0.0).faults] == ["sqrt"]


# Faults of the sweeps, and of the function -------------------------------------------------------


def test_a_fault_of_the_reverse_sweep_is_told_from_a_wrong_rule(monkeypatch):
    right = backward.adjoints
    monkeypatch.setattr(
        "autograd.ask.check_gradients.adjoints",
        lambda root, targets: {node: 2.0 * grad for node, grad in right(root, targets).items()},
    )
    report = check_gradients(lambda x: x.exp(), 0.5)
    assert not report
    assert not report.faults
    assert "a sweep is at fault" in str(report)


def test_a_fault_of_forward_mode_is_told_from_a_wrong_rule(monkeypatch):
    right = forward.tangents
    monkeypatch.setattr(
        "autograd.ask.check_gradients.tangents",
        lambda roots, directions: {
            node: tangent * (1.0 + 1e-9) for node, tangent in right(roots, directions).items()
        },
    )
    report = check_gradients(lambda x: x.exp(), 0.5)
    assert not report
    assert "a sweep is at fault" in str(report)


@pytest.mark.parametrize(
    "leak", [lambda x: x.data**2 + x, lambda x: x * math.sin(x.data), lambda x: x.data**2]
)
def test_a_gradient_lost_outside_the_graph_is_found(leak):
    report = check_gradients(leak, 2.0)
    assert not report
    assert not report.faults
    assert "does the function use v.data" in str(report)


@pytest.mark.parametrize(
    ("f", "point", "kind", "words"),
    [
        (lambda x: [x], 1.0, TypeError, "returned list"),
        (lambda x: None, 1.0, TypeError, "returned NoneType"),
        (lambda x: x.log(), -1.0, ValueError, "log is defined for positive"),
        (lambda x: x.sqrt(), 0.0, ZeroDivisionError, "derivative of sqrt at x = 0.0"),
        (lambda x: x, math.nan, ValueError, "needs finite numbers"),
        (lambda x: x, math.inf, ValueError, "needs finite numbers"),
        (lambda x: x[0], [], ValueError, "at least one"),
        (lambda x: x, "1", TypeError, "not str"),
        (lambda x: x * random.random(), 1.0, ValueError, "random.Random with a seed"),
        (lambda x: math.inf, 1.0, ValueError, "not a finite number"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_words(f, point, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        check_gradients(f, point)


def test_a_check_needs_points_and_an_order_that_it_knows():
    with pytest.raises(ValueError, match="at least one point"):
        check_gradients(tanh)
    with pytest.raises(ValueError, match="order 1 or 2, not 3"):
        check_gradients(tanh, 1.0, order=3)


# Kinks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "point", "low", "high"),
    [
        (lambda x: x.relu(), 0.0, 0.0, 1.0),
        (abs, 0.0, -1.0, 1.0),
        (lambda x: x.elu(0.5), 0.0, 0.5, 1.0),
        (lambda x: (x.exp() - 1.0).relu() * 3.0, 0.0, 0.0, 3.0),
        (lambda x: abs(x - 1.0) + x * x, 1.0, 1.0, 3.0),
        (lambda x: Value.apply_op(OPS["maximum"], (x, 2.0 * x)), 0.0, 1.0, 2.0),
    ],
)
def test_at_a_kink_any_slope_between_the_two_sides_is_right(f, point, low, high):
    report = check_gradients(f, point)
    (row,) = report.rows
    assert report
    assert row.verdict == "kink"
    assert (row.slope.low, row.slope.high) == pytest.approx((low, high), abs=1e-9)
    assert check_gradients(f, point, order=2)


@pytest.mark.parametrize("wrong", [-0.001, 1.001])
def test_outside_the_two_sides_of_a_kink_the_rule_is_at_fault(wrong, monkeypatch):
    monkeypatch.setattr(OPS["relu"], "first", lambda y, a: float(a > 0) if a else wrong)
    assert [fault.op for fault in check_gradients(lambda x: x.relu(), 0.0).faults] == ["relu"]
    assert check_gradients(lambda x: x.relu(), 0.5, -0.5)


def test_a_smooth_sum_of_kinks_is_no_false_alarm_but_a_leak_beside_it_is_found():
    assert check_gradients(lambda x: x.relu() - (-x).relu(), 0.0).rows[0].verdict == "kink"
    assert not check_gradients(lambda x: x.relu() - (-x).relu() + 5.0 * x.data, 0.0)


@pytest.mark.parametrize("distance", [1e-3, 1e-6, 1e-9, 1e-12, -1e-3, -1e-6, -1e-9, -1e-12])
def test_a_kink_nearby_does_not_blur_the_slope(distance):
    report = check_gradients(lambda x: (x - 1.0 + distance).relu(), 1.0)
    assert report.rows[0].reverse == float(distance > 0)
    assert report.rows[0].verdict == "agrees"


# Resolution --------------------------------------------------------------------------------------


def test_the_resolution_is_stated_and_fine_in_ordinary_ranges():
    for name, points in planted_rules.POINTS.items():
        report = checked(name, points)
        assert 0.0 < report.resolution < 1e-9, name
        assert f"less than {report.resolution:.1e}" in str(report)


def test_a_bug_below_the_resolution_is_not_called_equal(monkeypatch):
    right = OPS["tanh"].first
    monkeypatch.setattr(OPS["tanh"], "first", lambda y, a: right(y, a) * (1.0 + 1e-14))
    report = check_gradients(lambda x: x.tanh() + x.sin(), 0.5)
    assert report
    assert report.resolution > 1e-14  # it says itself that it cannot see so little
    assert all(row.resolution > 1e-14 * abs(row.reverse) for row in report.rows)
    text = str(report)
    assert "no difference above the resolution" in text
    assert "would go unseen" in text
    assert "equal" not in text


def test_what_rounding_hides_is_listed_as_not_distinguishable(monkeypatch):
    report = check_gradients(lambda x: x.tanh(), 20.0)
    assert report
    assert [item.verdict for item in report.unseen] == ["not distinguishable"] * 2
    assert "Not distinguishable: the rule of tanh: in tanh(x), at 20" in str(report)
    # So the digits that 1 - y*y has lost there are not seen, and not passed in silence either.
    monkeypatch.setattr(OPS["tanh"], "first", lambda y, a: 1e-16)
    assert check_gradients(lambda x: x.tanh(), 20.0).unseen


@pytest.mark.parametrize(
    ("f", "x", "exact"),
    [
        (math.exp, 1.0, math.e),
        (math.log, 1e-300, 1e300),
        (math.log, 1e300, 1e-300),
        (math.sqrt, 1e-12, 5e5),
        (math.asin, 0.999999, 1.0 / math.sqrt(1.999999 * (1.0 - 0.999999))),
        (lambda x: math.tanh(1e6 * x), 0.0, 1e6),
        (lambda x: math.sin(1e-9 * x), 3.0, 1e-9 * math.cos(3e-9)),
        (lambda x: math.log(x + 1e-20), 0.0, 1e20),
        (lambda x: math.pow(x, 1.5), 0.0, 0.0),
        (lambda x: 1.0 / x, -1e-8, -1e16),
        (lambda x: x, 0.0, 1.0),
        (lambda x: 1.0 / (1.0 + math.exp(-x)), 33.3, 3.4513877443742e-15),
    ],
)
def test_a_measured_slope_is_within_its_stated_error(f, x, exact):
    slope = measure(f, x)
    assert not slope.kink
    assert slope.low == pytest.approx(exact, abs=slope.error + 1e-14 * abs(exact))
    assert slope.error <= 1e-8 * abs(exact) + 1e-14


def test_slopes_at_the_ends_of_a_domain_at_a_jump_and_nowhere():
    assert measure(lambda x: math.sqrt(x) * x, 0.0).known
    assert measure(math.sqrt, 0.0).low == math.inf
    assert measure(math.asin, 1.0).low == math.inf
    assert measure(lambda x: float(x >= 0) + x, 0.0).low == pytest.approx(1.0)
    assert not measure(lambda x: 1.0 if x == 2.0 else math.nan, 2.0).known
    assert str(measure(lambda x: 1.0 if x == 2.0 else math.nan, 2.0)) == "unknown"


# No false alarms ---------------------------------------------------------------------------------

RANGES = {
    "share": [(-5.0, 5.0), (-5.0, 5.0), (-0.5, 0.5)],
    "**": [(0.01, 20.0), (-5.0, 5.0)], "power_slope": [(0.01, 20.0), (-5.0, 5.0)],
    "power_log": [(0.01, 20.0), (-5.0, 5.0)],
    "log": [(1e-6, 50.0)], "sqrt": [(1e-6, 50.0)], "log1p": [(-0.9999, 50.0)],
    "asin": [(-0.9999, 0.9999)], "acos": [(-0.9999, 0.9999)],
}  # fmt: skip


def random_point(name, rng):
    """A point of the operation's domain, of very different sizes."""
    sizes = [len(point) for point in planted_rules.POINTS[name]]
    size = rng.choice(sizes)
    chosen = name in planted_rules.CHOOSING
    ranges = RANGES.get(name, [(-20.0, 20.0)] * size)
    point = [rng.uniform(*limits) * (1.0 if limits[0] > -6 else rng.choice([1.0, 1e-4]))
             for limits in ranges]  # fmt: skip
    if chosen:
        point[0] = float(rng.randrange(2))
    return tuple(point)


@pytest.mark.parametrize("name", planted_rules.TABLE)
def test_no_false_alarm_at_random_points(name):
    rng = random.Random(f"random points of {name}")
    for _ in range(12):
        point = random_point(name, rng)
        report = checked(name, [point])
        assert report, f"{point}\n{report}"


LEAVES = st.floats(-3.0, 3.0).map(lambda x: round(x, 3))
UNARY = ["tanh", "sigmoid", "sin", "cos", "exp", "relu", "softplus", "gelu", "silu", "atan", "abs"]
PROGRAMS = st.lists(
    st.tuples(
        st.sampled_from([*UNARY, "+", "-", "*", "maximum", "hypot"]), *[st.integers(0, 9)] * 2
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(PROGRAMS, st.tuples(LEAVES, LEAVES))
def test_no_false_alarm_in_random_expressions(program, point):
    def f(x, y):
        made = [x, y]
        for name, first, second in program:
            a, b = made[first % len(made)], made[second % len(made)]
            result = Value.apply_op(OPS[name], (a,) if name in UNARY else (a, b))
            made.append(result * 0.5 if abs(result.data) > 50.0 else result)
        return made[-1] + 0.1 * x

    try:
        report = check_gradients(f, point)
    except (ArithmeticError, ValueError):
        return  # exp of exp of exp overflows
    assert report, f"{program} at {point}\n{report}"


# The report --------------------------------------------------------------------------------------


def test_second_order_has_all_entries_of_the_hessian():
    report = check_gradients(lambda x, y: x**2.0 * y + y.exp(), (1.5, 0.5), order=2)
    assert report
    found = {row.name: row.reverse for row in report.rows}
    assert found == pytest.approx(
        {
            "x": 1.5,
            "y": 2.25 + math.exp(0.5),
            "x, x": 1.0,
            "x, y": 3.0,
            "y, x": 3.0,
            "y, y": math.exp(0.5),
        }
    )
    assert [row.forward for row in report.rows] == pytest.approx(list(found.values()))
    assert [row.slope.low for row in report.rows] == pytest.approx(list(found.values()), rel=1e-9)


def test_points_are_arguments_or_tuples_of_arguments():
    report = check_gradients(lambda x: x * x, 1.0, 2.0, Value(3.0))
    assert [row.reverse for row in report.rows] == [2.0, 4.0, 6.0]
    nested = check_gradients(lambda p, q: p["w"][1] * p["b"] * q, ({"w": [1.0, 2.0], "b": 3}, 4.0))
    assert {row.name: row.reverse for row in nested.rows} == {
        "p['w'][0]": 0.0, "p['w'][1]": 12.0, "p['b']": 8.0, "q": 6.0,
    }  # fmt: skip


def test_a_check_leaves_no_gradient_behind():
    w = Value(0.5, label="w")
    w.grad = 7.0
    assert check_gradients(lambda x: (w * x).tanh(), 2.0, order=2)
    assert w.grad == 7.0


def test_the_table_is_aligned_and_reads_in_a_notebook():
    report = check_gradients(lambda x, long_name: x * long_name.tanh(), (0.25, -1.5))
    lines = str(report).splitlines()
    assert lines[0].split() == list(report.HEADER)
    starts = [line.rindex("  ") for line in lines[:3]]
    assert len(set(starts)) == 1
    html = report._repr_html_()
    assert html.count("<tr>") == 3
    assert html.count('<th scope="col">') == 7
    assert "agrees" in html
    assert "<caption>" in html
    odd = check_gradients(lambda p: p["<b>"] * 2.0, {"<b>": 1.0})
    assert "<b>" not in odd._repr_html_()
    assert "&lt;b&gt;" in odd._repr_html_()


def test_assert_gradients_passes_or_raises_with_the_report(monkeypatch):
    assert_gradients(lambda x: x.tanh(), 0.3, -2.0, order=2)
    monkeypatch.setattr(OPS["tanh"], "first", lambda y, a: 1.0 - y)
    with pytest.raises(AssertionError, match=r"(?s)wrong gradients.*differs.*the rule of tanh"):
        assert_gradients(lambda x: x.tanh(), 0.3)
