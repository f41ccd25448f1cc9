"""Parameters as an array: up to date when read, and the Values as they were when lent."""

import numpy as np
import pytest

from autograd import Value, grad
from autograd.compiled.run.parameter_array import ParameterArray


def test_what_was_written_since_is_taken_over_and_nothing_else():
    w, v = Value(1.0), Value(2.0)
    numbers = ParameterArray([w, v])
    numbers.array[:] = [10.0, 20.0]
    w.data = 3.0
    assert numbers.read().tolist() == [3.0, 20.0]
    assert numbers.read().tolist() == [3.0, 20.0]


def test_parameters_that_were_never_written_are_read_however_many_transforms_have_begun():
    grad(lambda x: grad(lambda y: x * y)(x))(1.0)
    assert ParameterArray([Value(1.0), Value(2.0)]).read().tolist() == [1.0, 2.0]


def test_writing_back_is_a_write_that_graphs_notice_and_the_array_needs_not():
    w = Value(1.0)
    graph = w * w
    numbers = ParameterArray([w])
    numbers.array[:] = 5.0
    numbers.write_back()
    assert w.data == 5.0
    assert w.version > graph.version
    numbers.array[:] = 6.0
    assert numbers.read().tolist() == [6.0]


def test_other_numbers_are_held_for_the_block_only_whatever_happens():
    w, v = Value(1.0), Value(2.0)
    numbers = ParameterArray([w, v])
    seen = []

    def interrupted():
        with numbers.held(np.array([3.0, 4.0])):
            seen.append((w * v).data)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert seen == [12.0]
    assert (w.data, v.data) == (1.0, 2.0)


@pytest.mark.parametrize("wrong", [[1.0], [1.0, 2.0, 3.0], [[1.0, 2.0]], 3.0])
def test_as_many_numbers_as_parameters_are_taken(wrong):
    numbers = ParameterArray([Value(1.0), Value(2.0)])
    with pytest.raises(ValueError, match="has 2 parameters, and takes a list of as many"):
        numbers.checked(wrong)


def test_no_parameters_are_an_empty_array():
    assert ParameterArray([]).checked().shape == (0,)
    assert ParameterArray([]).checked([]).shape == (0,)
