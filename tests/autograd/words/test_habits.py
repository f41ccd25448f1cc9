"""What people write out of habit: the tables hold, and cost a Value nothing."""

import copy
import pickle

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
