"""What people write out of habit: the tables hold, and cost a Value nothing."""

import copy
import pickle
from pathlib import Path

import numpy as np
import pytest

from autograd import Value
from autograd.words.habits import ELSEWHERE, KEPT, OPERATORS, attribute_advice


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_every_name_of_another_library_is_refused_with_the_students_name(name):
    speed = Value(2.0)
    with pytest.raises(AttributeError) as caught:
        getattr(speed, name)
    assert str(caught.value).startswith(f"speed is a Value and has no {name}. ")
    assert "{" not in attribute_advice("speed", name).replace("{speed: 0.0}", "").replace(
        "{speed:.2f}", ""
    )
    assert not hasattr(Value, name)
    assert name not in dir(speed)


@pytest.mark.parametrize("name", sorted(KEPT))
def test_nothing_else_can_be_kept_on_a_value(name):
    speed = Value(2.0)
    with pytest.raises(AttributeError, match=f"speed is a Value and has no place for {name}:"):
        setattr(speed, name, 0.0)


def test_a_subclass_with_room_keeps_what_it_likes():
    class Parameter(Value):
        def __init__(self, data):
            super().__init__(data)
            self.m = self.velocity = 0.0

    weight = Parameter(2.0)
    weight.m += 1.0
    assert (weight.m, weight.velocity) == (1.0, 0.0)
    del weight.m
    assert not hasattr(weight, "m")


def test_a_name_that_python_looks_for_itself_is_simply_missing():
    value = Value(2.0)
    for name in ("__len__", "__index__", "shape", "dtype", "tolist", "_repr_png_"):
        with pytest.raises(AttributeError, match="object has no attribute"):
            getattr(value, name)
    assert copy.copy(value).data == pickle.loads(pickle.dumps(value)).data == 2.0


@pytest.mark.parametrize("symbol", sorted(set(OPERATORS) - {"divmod"}))
def test_operators_are_refused_from_both_sides(symbol):
    speed = Value(2.0)
    for left, right in (("speed", "3"), ("3", "speed")):
        if symbol in ("<<", ">>") and left == "3":
            continue
        with pytest.raises(TypeError) as caught:
            eval(f"{left} {symbol} {right}", {"speed": speed})
        assert str(caught.value).startswith(f"{left} {symbol} {right}: Values have no operator")


MATH = {
    "math.log2(v)": "math.log2() of a Value would lose its gradient silently. "
    "Write v.log() / math.log(2), or v.data if you want the plain number.",
    "math.hypot(v, 3.0)": "Write autograd.hypot(v, 3.0), or v.data",
    "log10(v)": "log10() of a Value would lose its gradient silently. Write v.log() / math.log(10)",
    "math.pow(v, 3)": "Write base ** exponent, or v.data",
    "math.gamma(v)": "silently. Write v.data if you want the plain number.",
    "float(v)": "float(), and so a function of the math module, of a Value",
}


@pytest.mark.parametrize("written", MATH)
def test_a_function_of_math_is_answered_by_what_stands_in_the_students_line(
    written: str, tmp_path: Path
) -> None:
    lesson = tmp_path / "lesson.py"
    text = f"import math\nfrom math import log10\nresult = {written}\n"
    lesson.write_text(text, encoding="utf-8")
    program = compile(text, str(lesson), "exec")
    with pytest.raises(TypeError) as caught:
        exec(program, {"v": Value(0.3)})
    assert MATH[written] in str(caught.value)
    assert "sin" not in str(caught.value)


OPTIONS = {
    "retain_graph": "write v.backward().",
    "create_graph": "grad(grad(f))(2.0)",
    "gradient": "Write v.backward(3.0).",
    "inputs": "Write v.backward().",
}


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_that_backward_has_elsewhere_is_answered(name: str) -> None:
    v = Value(2.0)
    with pytest.raises(TypeError, match=f"takes a seed only, and no {name}") as caught:
        v.backward(**{name: 3.0})
    assert OPTIONS[name] in str(caught.value)


@pytest.mark.parametrize("name", ["maximum", "minimum", "hypot", "arctan2"])
def test_a_function_of_numpy_of_two_numbers_is_answered_with_both(name: str) -> None:
    v = Value(2.0)
    with pytest.raises(
        TypeError, match=rf"autograd\.\w+\(v, other\), or np.{name}\(v.data, other\)"
    ):
        getattr(np, name)(v, 3.0)


def test_the_variance_of_an_array_of_values_has_its_gradient() -> None:
    a, b, c = values = [Value(1.0), Value(2.0), Value(6.0)]
    np.var(np.array(values)).backward()
    assert [a.grad, b.grad, c.grad] == pytest.approx([-4 / 3, -2 / 3, 2.0])  # 2 / n * (x - mean)
