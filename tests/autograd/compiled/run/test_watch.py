"""A recording is held to what the function itself says."""

import math
from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

import nn
from autograd import RecordingError, Value, compile, fsum, grad, tanh, where
from autograd.compiled.record.record import record
from autograd.compiled.run import watch
from autograd.compiled.run.watch import answers_of_rows, is_close

ROWS = [1.0, 2.0, 3.0]


# What no refusal can see --------------------------------------------------------------------------

UNSEEN = {
    "isinstance": lambda x: x * 2.0 if isinstance(x, float) else x * 3.0,
    "type": lambda x: x * 2.0 if type(x) in (int, float) else x * 3.0,
    "is": lambda x: x * 2.0 if x is not None and not isinstance(x, Value) else x * 3.0,
    "hasattr": lambda x: x * 3.0 if hasattr(x, "label") else x * 2.0,
}


@pytest.mark.parametrize("name", UNSEEN)
def test_a_question_that_nothing_can_see_is_found_in_the_first_batch(name):
    with pytest.raises(RecordingError, match=r"gives 3\.0, and the function itself 2\.0") as found:
        compile(UNSEEN[name]).value(ROWS)
    assert "asks something that a recording cannot see, such as isinstance" in str(found.value)


def test_a_structure_that_depends_on_it_is_found_too():
    step = compile(lambda x: (x, [x]) if isinstance(x, float) else (x, [x, x]))
    with pytest.raises(RecordingError, match="row 0 of the batch"):
        step.value(ROWS)


# Numbers from outside -----------------------------------------------------------------------------


class Rates:
    now = 1.0


@dataclass
class Settings:
    rate: float


RATE = 1.0


@pytest.fixture
def places():
    """Ways to read a number from outside, and to change it."""
    in_dict, in_list, in_object = {"rate": 1.0}, [1.0], Settings(1.0)
    in_array, variable = np.array([1.0, 2.0]), 1.0

    def set_variable(number):
        nonlocal variable
        variable = number

    def set_global(number):
        global RATE
        RATE = number

    yield {
        "a dict": (lambda x: in_dict["rate"] * x, lambda new: in_dict.update(rate=new)),
        "a list": (lambda x: in_list[0] * x, lambda new: in_list.__setitem__(0, new)),
        "an object": (lambda x: in_object.rate * x, lambda new: setattr(in_object, "rate", new)),
        "an array": (lambda x: float(in_array[0]) * x, lambda new: in_array.__setitem__(0, new)),
        "a class": (lambda x: Rates.now * x, lambda new: setattr(Rates, "now", new)),
        "a variable": (lambda x: variable * x, set_variable),
        "a global": (lambda x: RATE * x, set_global),
        "a function": (lambda x: (lambda: in_dict["rate"])() * x, lambda n: in_dict.update(rate=n)),
    }
    Rates.now = 1.0
    set_global(1.0)


@pytest.mark.parametrize(
    "place",
    [
        "a dict",
        "a list",
        "an object",
        "an array",
        "a class",
        "a variable",
        "a global",
        "a function",
    ],
)
def test_a_number_from_outside_that_has_changed_is_found_at_once_and_recorded_anew(places, place):
    function, change = places[place]
    step = compile(function)
    assert step.value(ROWS) == 2.0
    change(0.5)
    with pytest.raises(RecordingError, match=r"Since it was recorded, .*A recording keeps"):
        step.value(ROWS)
    assert step.value(ROWS) == 1.0


def test_what_changed_is_named():
    rate = {"now": 1.0}
    step = compile(lambda x: rate["now"] * x, example=[1.0])
    rate["now"] = 0.5
    with pytest.raises(RecordingError, match=r"rate\['now'\] was 1\.0 and is 0\.5"):
        step.value(ROWS)


def test_the_advice_for_a_number_from_outside_works():
    rate = Value(1.0)
    step = compile(lambda x: rate * x)
    assert step.value(ROWS) == 2.0
    rate.data = 0.5
    assert step.value(ROWS) == 1.0
    step = compile(lambda x, rate: rate * x)
    assert step.value(ROWS, [0.5] * 3) == 1.0


def test_a_change_outside_that_does_not_matter_is_forgotten():
    books = {"rate": 1.0, "seen": 0}
    step = compile(lambda x: books["rate"] * x)
    for count in range(5):
        books["seen"] = count
        assert step.value(ROWS) == 2.0


# What is not held against a recording -------------------------------------------------------------


def test_sums_that_cancel_and_errors_that_grow_are_rounding():
    w = Value(3.9)

    def chaotic(x):
        for _ in range(80):
            x = w * x * (1.0 - x) * 0.999999 + 0.0 * w
        return x

    def cancelling(x):
        return fsum([w * x, x * 1e-3, -3.9 * x]) - x * 1e-3

    step = compile(lambda x: (chaotic(x), cancelling(x)), [w])
    step.value([0.123456789, 0.3, 0.777])


def test_numbers_that_are_not_finite_are_compared_too():
    assert is_close(math.nan, math.nan)
    assert is_close(math.inf, math.inf)
    assert not is_close(math.nan, 1.0)
    assert not is_close(math.inf, -math.inf)
    assert compile(lambda x: x * 2.0).predict([math.nan, math.inf]).tolist()[1] == math.inf


def test_a_function_of_values_is_held_to_what_it_gives_for_values():
    assert compile(lambda x: x.tanh()).predict([0.0, 0.0]).tolist() == [0.0, 0.0]
    assert compile(lambda x: x.tanh()).predict([0, 0]).tolist() == [0.0, 0.0]


def test_a_recording_can_be_computed_as_the_engine_does():
    w = Value(2.0)

    def function(x, label):
        choice = where((x[0] > 0) & (label >= 1) | (x[1] <= 0), w * x[0], tanh(x[1]))
        return [choice, grad(lambda t: w * t * t)(x[0]), x[1], 7.0, w]

    recording = record(function, [(2,), ()], [w])
    assert answers_of_rows(recording, [[0.5, 1.0], 1]) == [1.0, 2.0, 1.0, 7.0, 2.0]
    assert answers_of_rows(recording, [[-0.5, 1.0], 1]) == [math.tanh(1.0), -2.0, 1.0, 7.0, 2.0]


# When, and at what cost ---------------------------------------------------------------------------


@pytest.fixture
def compared(monkeypatch):
    """The rows that were compared, batch by batch."""
    found = []
    compare = watch.Watch.compare

    def noting(self, recording, batch, rows, *more):
        found.append(list(rows))
        compare(self, recording, batch, rows, *more)

    monkeypatch.setattr(watch.Watch, "compare", noting)
    return found


def test_some_rows_of_the_first_batch_are_compared_the_first_and_the_last_among_them(compared):
    compile(lambda x: x * x).value(np.arange(100.0))
    ((first, *_, last),) = compared
    assert (first, last) == (0, 99)
    assert len(compared[0]) == watch.ROWS


def test_later_a_row_is_compared_when_comparing_has_had_less_than_its_share(compared, monkeypatch):
    seconds = iter(range(10**6))
    monkeypatch.setattr(watch.time, "perf_counter", lambda: next(seconds))
    step = compile(lambda x: x * x)
    for _ in range(1000):
        step.value(ROWS)
    assert 5 <= len(compared) <= watch.BATCHES + 1000 * watch.SHARE * 2
    assert {len(rows) for rows in compared[watch.BATCHES :]} == {1}


def test_a_change_within_the_engine_that_a_recording_missed_is_found_later(monkeypatch):
    model = nn.MLP(1, [2, 1])
    model.layers[0].neurons[0].activation = "tanh"
    step = compile(lambda x: model([x]), model)
    step.value(ROWS)
    model.layers[0].neurons[0].activation = "relu"
    monkeypatch.setattr(watch, "SHARE", 1e9)
    with pytest.raises(RecordingError, match=r"activation'?\S* was 'tanh' and is 'relu'"):
        step.value(ROWS)


def test_a_label_of_a_kind_that_was_not_there_before_is_compared_at_once(compared):
    step = compile(lambda x, label: x * label)
    for _ in range(watch.BATCHES):
        step.value(ROWS, [1.0, 2.0, 3.0])
    compared.clear()
    for labels in ([4.0, 5.0, 6.0], [1.0, 2, 3.0], [True, 1.0, 2.0], [2, 1.0, 2], [1.0, 2, False]):
        step.value(ROWS, labels)
    assert compared == [[1], [0], [2]]


# Named tuples -------------------------------------------------------------------------------------

Both = namedtuple("Both", "loss parts")


def test_a_named_tuple_comes_back_as_one():
    w = Value(2.0)
    step = compile(lambda x: Both(w * x, Both(x, [x, w])), [w])
    value, gradient = step.value_and_grad(ROWS)
    assert (type(value), value.loss, gradient.tolist()) == (Both, 4.0, [2.0])
    assert value.parts.parts.tolist() == [[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]]
    assert step.predict(ROWS).parts.loss.tolist() == ROWS
