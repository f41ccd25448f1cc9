"""Where the functions are defined: an error about a plain number names it, and says why."""

import pytest

import autograd
from autograd.formulas.domains import DOMAINS


@pytest.mark.parametrize(
    ("name", "number"),
    [("log", -1.0), ("log", 0.0), ("log1p", -1.0), ("sqrt", -4.0), ("asin", 2.0), ("acos", -2.0)],
)
def test_a_number_outside_of_the_domain_is_named(name, number):
    with pytest.raises(ValueError, match=f"^{name} of {number}: ") as caught:
        getattr(autograd, name)(number)
    assert str(caught.value).endswith(DOMAINS[name])


def test_an_overflow_is_one_still():
    with pytest.raises(OverflowError, match=r"^exp of 1000\.0: math range error\. exp overflows"):
        autograd.exp(1000)
