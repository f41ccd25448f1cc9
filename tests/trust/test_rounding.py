"""The corrections of rounding in ``autograd/formulas``, and the sweep, on this engine."""

import pytest
import rounding_checks
import sweep_checks

import autograd


@pytest.mark.parametrize("promise", rounding_checks.CHECKS, ids=lambda check: check.__name__)
def test_corrections_of_rounding_keep_their_promise(promise):
    promise(rounding_checks.formulas())


@pytest.mark.parametrize("promise", sweep_checks.CHECKS, ids=lambda check: check.__name__)
def test_sweep_keeps_its_promise(promise):
    promise(autograd)
