"""Second derivatives under ``check_gradients``: whose rule is at fault, and where there is none."""

import pytest

from autograd import check_gradients
from autograd.rules import OPS


def test_rule_that_a_partial_is_written_with_is_at_fault_and_not_the_partial(monkeypatch):
    monkeypatch.setattr(
        OPS["cos"], "first", lambda y, a: -1.001 * a.sin() if hasattr(a, "sin") else -1.0
    )
    report = check_gradients(lambda x: x.sin() * 3.0, 0.7, order=2)
    assert not report
    assert {fault.op for fault in report.faults} == {"cos"}


def test_point_without_a_second_derivative_is_an_error_in_words():
    assert check_gradients(lambda x: x**1.5, 0.0)
    with pytest.raises(
        ValueError, match=r"derivative of power_slope at x, x = 0\.0 and 1\.5 is undefined"
    ):
        check_gradients(lambda x: x**1.5, 0.0, order=2)


@pytest.mark.parametrize(
    "f", [lambda x: x.sin() * x.exp(), lambda x: x.tanh() ** 2, lambda x: 1.0 / x]
)
def test_right_rules_pass_at_order_two(f):
    assert check_gradients(f, 0.7, order=2)
