"""The verdict on claims about a slope, and the report that lists verdicts."""

import math

import pytest

from autograd.ask.finite_differences import Slope
from autograd.ask.report import AGREES, DIFFERS, KINK, UNSEEN, Report, Row, Rule, verdict

SHARP, KINKED, BLURRED = Slope(2.0, 2.0, 1e-9), Slope(-1.0, 1.0, 1e-9), Slope(2.0, 2.0, 0.1)


@pytest.mark.parametrize(
    ("claims", "slope", "answer"),
    [
        ([2.0, 2.0], SHARP, AGREES), ([2.0, 2.1], SHARP, DIFFERS), ([math.nan], SHARP, DIFFERS),
        ([0.5, 0.5], KINKED, KINK), ([-0.5, 0.5], KINKED, DIFFERS),  # each is allowed, not both
        ([1.5], KINKED, DIFFERS), ([2.05], BLURRED, UNSEEN), ([2.2], BLURRED, DIFFERS),
        ([0.0], Slope(0.0, 0.0, 1e-9), AGREES),
    ],
)  # fmt: skip
def test_verdict_on_claims(claims, slope, answer):
    assert verdict(claims, slope, 1e-12) == answer


def row(answer=AGREES, forward=2.0):
    return Row("1", "x", 2.0, forward, SHARP, 1e-9, answer)


def rule(position, answer=UNSEEN):
    return Rule("mul", "a * b", (1.0, 2.0), position, 2.0, BLURRED, answer)


def test_report_of_agreement_is_true_and_says_how_fine_it_looked():
    report = Report([row()], [rule(0, AGREES)])
    assert report.ok
    assert bool(report)
    assert report.resolution == 0.05
    assert repr(report) == "<Report: ok, 1 derivatives>"


def test_report_of_a_difference_is_false():
    report = Report([row(DIFFERS, forward=3.0)], [rule(0, AGREES)])
    assert not report
    assert repr(report) == "<Report: differs, 1 derivatives>"
    assert "a sweep is at fault" in str(report)


def test_many_partials_that_cannot_be_told_are_listed_up_to_five_and_counted():
    report = Report([row()], [rule(position) for position in range(8)])
    text = str(report)
    assert text.count("Not distinguishable: the rule of mul") == 5
    assert "Not distinguishable: 3 more partials." in text
    assert len(report.unseen) == 8
