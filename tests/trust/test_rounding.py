"""The corrections of rounding in ``functions.py``, and the sweep's promises, on this engine."""

import pytest
import rounding_checks
import sweep_checks

import autograd
from autograd import functions


@pytest.mark.parametrize("promise", rounding_checks.CHECKS, ids=lambda check: check.__name__)
def test_corrections_of_rounding_keep_their_promise(promise):
    promise(functions)


@pytest.mark.parametrize("promise", sweep_checks.CHECKS, ids=lambda check: check.__name__)
def test_sweep_keeps_its_promise(promise):
    promise(autograd)
