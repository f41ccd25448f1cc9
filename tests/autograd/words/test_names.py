"""What a node is called: its label, else the reader's variable name, else its formula."""

import statistics
from types import SimpleNamespace

import pytest

import autograd
import nn
from autograd import Value
from autograd.classroom import bug_hunt, diagnose
from autograd.words.formula_printer import formula
from autograd.words.names import user_name, variable_names

A, B, C = (Value(number, label=name) for name, number in (("a", 2.0), ("b", 3.0), ("c", 5.0)))


def test_label_stands_for_the_whole_node():
    total = A + B
    total.label = "total"
    assert formula(total * C) == "total * c"
    assert formula(total) == "total"


def test_name_of_a_variable_stands_where_there_is_no_label():
    weight, unnamed = Value(2.0), Value(3.0)
    names = {weight: "weight"}
    assert formula(weight * unnamed + A, names) == "weight * 3 + a"


def test_label_goes_before_the_name_of_a_variable():
    assert formula(A * 2, {A: "other"}) == "a * 2"


def test_variables_of_a_frame_are_names_and_lists_give_numbered_ones():
    held = {
        "x": A,
        "again": A,
        "_hidden": B,
        "w": [C, 1.0, Value(1.0)],
        "pair": (C, B),
        "number": 3.0,
    }
    names = variable_names(SimpleNamespace(f_locals=held, f_globals={}), Value)
    assert names[A] == "x"
    assert names[C] == "w[0]"
    assert names[B] == "pair[1]"
    assert set(names.values()) == {"x", "w[0]", "w[2]", "pair[1]"}
    assert variable_names(None, Value) == {}


def test_error_names_the_variable_of_the_reader():
    rate = Value(-1.0)
    with pytest.raises(ValueError, match=r"log of rate = -1\.0"):
        rate.log()
    steps = [Value(1.0), Value(0.0)]
    with pytest.raises(ZeroDivisionError, match=r"/ of steps\[0\] = 1\.0 and steps\[1\] = 0\.0"):
        steps[0] / steps[1]


def test_error_names_the_variable_of_the_function_in_which_it_happens():
    def f(inner):
        return autograd.sqrt(inner)

    outer = Value(-4.0)
    with pytest.raises(ValueError, match=r"sqrt of inner = -4\.0"):
        f(outer)


def test_error_shows_the_formula_of_a_node_without_a_name():
    with pytest.raises(ValueError, match=r"log of a - b = -1\.0"):
        (A - B).log()


def test_error_of_backward_names_the_node_and_the_operation():
    speed = Value(0.0)
    with pytest.raises(
        ZeroDivisionError, match=r"derivative of sqrt at speed = 0\.0.*sqrt\(speed\)"
    ):
        speed.sqrt().backward()


def test_error_on_a_written_inner_node_calls_it_by_its_variable():
    x = Value(2.0)
    square = x * x
    with pytest.raises(AttributeError, match=r"square was computed by \*"):
        square.data = 1.0


def test_stale_error_names_the_leaf_and_the_node():
    x = Value(2.0)
    square = x * x
    x.data = 3.0
    with pytest.raises(autograd.StaleGraphError, match=r"x was written after square was computed"):
        square.backward()


@pytest.mark.parametrize("label", ["", "w1", "layer1.neuron3.w2", "a b", "ä", "x" * 1000])
def test_any_text_is_a_label_and_is_shown_in_the_repr(label):
    value = Value(1.0, label=label)
    assert value.label == label
    shown = f", label={label!r}" if label else ""
    assert repr(value) == f"Value(data=1.0, grad=0.0{shown})"


def test_format_shows_the_number_as_a_float_would():
    x = Value(1.0 / 3.0, label="x")
    assert f"{x:.3f} {x:8.2e} {x:+.1%}" == f"{1 / 3:.3f} {1 / 3:8.2e} {1 / 3:+.1%}"
    assert f"{x}" == repr(x)


# Whose variables they are -------------------------------------------------------------------------


def test_a_variable_of_the_users_module_is_a_name_inside_of_a_function():
    namespace = {"Value": Value}
    program = "rate = Value(-2.0)\ndef f():\n    return rate.log()\nf()"
    with pytest.raises(ValueError, match=r"log of rate = -2\.0"):
        exec(compile(program, "<student>", "exec"), namespace)


def test_the_variables_of_a_library_are_not_the_users():
    row = [Value(1.0), Value(2.0)]
    with pytest.raises(TypeError, match=r"statistics.*or row\[0\]\.data if you want"):
        statistics.mean(row)
    with pytest.raises(TypeError, match=r"or row\[0\]\.data if you want"):
        statistics.fmean(row)


def test_diagnose_and_bug_hunt_name_what_the_user_wrote():
    mass, speed = Value(2.0), Value(3.0)
    energy = mass * speed**2
    speed.data = 5.0
    with pytest.raises(autograd.StaleGraphError, match=r"^speed was written after speed\*\*2 was"):
        diagnose(energy, {speed: 1.0})
    with (
        pytest.raises(autograd.StaleGraphError, match=r"^speed was written"),
        bug_hunt("upstream forgotten"),
    ):
        energy.backward()


def test_a_compiled_step_and_a_loss_name_what_the_user_wrote():
    weight = Value(1e200)
    step = autograd.compile(lambda x: weight * x * weight, [weight], example=(1.0,))
    with pytest.raises(OverflowError, match=r"weight"):
        step.value_and_grad([1e200, 1.0])
    guess = Value(1e200)
    with pytest.raises(OverflowError, match=r"guess - 0"):
        nn.mse(guess, 0.0)


def test_a_name_before_a_dot_stands_in_parentheses_if_it_is_an_expression():
    speed = Value(2.0)
    assert user_name(speed + 1.0) == "(speed + 1)"
    assert user_name(speed) == "speed"
    assert user_name(Value(3.0)) == "v"
