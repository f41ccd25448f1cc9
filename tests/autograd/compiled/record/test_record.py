"""Recording: what cannot be recorded says so, and nothing is left behind whatever happens."""

import math
import re
import threading

import numpy as np
import pytest
from interrupting import interrupted_at

import nn
from autograd import RecordingError, Value, compile, fsum, log, no_grad, relu, tanh, where
from autograd.compiled.record.nodes import CONDITIONS, Known, Unknown, here
from autograd.compiled.record.record import record, recording_now
from autograd.machinery.modes import current, pausing


def parameters(*numbers):
    return [Value(number, label=f"w{k}") for k, number in enumerate(numbers)]


def branch(x):
    return x if x > 0 else -x


def inside_no_grad(x, w):
    with no_grad():
        return x * w


def written(x, w):
    w.data = 1.0
    return x * w


REFUSED = {
    "if": (branch, "ask whether it holds"),
    "data": (lambda x: Value(x.data) * 2.0, "read its data"),
    "float": (lambda x: float(x) * 2.0, "make it a float"),
    "int": (lambda x: int(x) * 2.0, "make it an int"),
    "max": (lambda x: max(x, x * 2.0), "ask whether it holds"),
    "min": (lambda x: min(x, x * 2.0), "ask whether it holds"),
    "format": (lambda x: f"{x:.2f}", "format its number"),
    "math.sin": (lambda x: math.sin(x), "make it a float"),
    "and": (lambda x: x > 0 and x < 1, "ask whether it holds"),
    "where on a number": (lambda x: where(x, 1.0, 2.0), "ask whether it holds"),
    "& of numbers": (lambda x: x & x, "ask whether it holds"),
    "complex": (lambda x: complex(x), "make it a complex number"),
}
TABLE = [10.0, 20.0, 30.0]
LOOKED_UP = {
    "==": (lambda x: 1.0 if x == 1 else x, "is equal"),
    "== from the other side": (lambda x: 1.0 if x == 1 else x, "is equal"),
    "== of two inputs": (lambda x: 1.0 if x == x * 1.0 else x, "is equal"),
    "==, of answers": (lambda x: where((x > 0) == (x < 1), x, 1.0), "is equal"),
    "==, in where": (lambda x: where(x == 1, x, 1.0), "is equal"),
    "!=": (lambda x: 1.0 if x != 1 else x, "is different"),
    "in a list": (lambda x: 1.0 if x in [1.0, 2.0] else x, "is equal"),
    "in a set": (lambda x: 1.0 if x in {1.0, 2.0} else x, "look it up in a set"),
    "in a dict": (lambda x: 1.0 if x in {1.0: 2.0} else x, "look it up in a set or a dict"),
    "a dict": (lambda x: {1.0: 2.0}.get(x, 3.0) * x, "look it up in a set or a dict"),
    "hash": (lambda x: hash(x) * x, "look it up"),
    "an index": (lambda x: TABLE[x] * x, "use it as an index"),
    "range": (lambda x: sum(x for _ in range(x)), "use it as an index"),
    "its text": (lambda x: 1.0 if str(x) == "1.0" else x, "compare its text"),
    "its text in a set": (lambda x: 1.0 if str(x) in {"1.0"} else x, "compare its text"),
    "in its text": (lambda x: 1.0 if "e" in str(x) else x, "compare its text"),
    "%": (lambda x: x % 2, "remainder"),
    "% from the other side": (lambda x: 7 % x, "remainder"),
    "//": (lambda x: x // 2, "whole number"),
    "// from the other side": (lambda x: 7 // x, "whole number"),
    "divmod": (lambda x: divmod(x, 2)[0], "divmod"),
    "round": (lambda x: round(x) * x, "round it"),
    "round to digits": (lambda x: round(x, 2) * x, "round it"),
    "floor": (lambda x: math.floor(x) * x, "round it"),
    "ceil": (lambda x: math.ceil(x) * x, "round it"),
    "trunc": (lambda x: math.trunc(x) * x, "round it"),
    "np.array": (lambda x: np.array(x) * 2.0, "NumPy array"),
    "np.asarray of a list": (lambda x: np.asarray([x, x], float).sum(), "NumPy array|a float"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_question_about_an_input_is_refused_by_name_with_what_to_write(name):
    function, what = REFUSED[name]
    with pytest.raises(RecordingError, match=what) as refused:
        record(function, [()], [])
    assert "where(x > 0, yes, no)" in str(refused.value)
    assert "is different for every example, and is recorded once for all" in str(refused.value)


@pytest.mark.parametrize("name", LOOKED_UP)
def test_a_question_that_an_object_would_answer_in_silence_is_refused_too(name):
    function, what = LOOKED_UP[name]
    with pytest.raises(RecordingError, match=what) as refused:
        record(function, [()], [])
    assert re.search(r"x\S* .*is different for every example", str(refused.value))
    assert any(advice in str(refused.value) for advice in ("Write", "Compute", "Keep"))


@pytest.mark.parametrize("question", [len, iter, lambda x: x[0], lambda x: x.is_integer()])
def test_what_python_itself_refuses_is_a_refusal_too(question):
    with pytest.raises(RecordingError, match="asks an input for something that no number can give"):
        record(lambda x: question(x) and x, [()], [])


def test_advice_for_what_was_refused_works():
    def chosen(x):
        return where((x >= 2) & (x <= 2), 10.0 * x, x)

    def looked_up(x):
        entries = [where((x >= k) & (x <= k), entry, 0.0) for k, entry in enumerate(TABLE)]
        return fsum(entries)

    assert compile(chosen).predict([1.0, 2.0, 3.0]).tolist() == [1.0, 20.0, 3.0]
    assert compile(looked_up).predict([1, 2, 0]).tolist() == [20.0, 30.0, 10.0]


@pytest.mark.parametrize("name", [*REFUSED, *LOOKED_UP])
def test_a_refusal_that_the_program_swallows_is_raised_at_the_end(name):
    function, what = (REFUSED | LOOKED_UP)[name]

    def swallowing(x):
        try:
            return function(x)
        except Exception:
            return x * 2.0

    with pytest.raises(RecordingError, match=what):
        record(swallowing, [()], [])


def test_a_refusal_that_the_program_translates_is_raised_as_it_was():
    def translating(x):
        try:
            return float(x)
        except TypeError:
            raise KeyError("no number") from None

    with pytest.raises(RecordingError, match="make it a float"):
        record(translating, [()], [])


def test_what_is_refused_once_is_not_held_against_the_next_recording():
    with pytest.raises(RecordingError):
        record(lambda x: float(x), [()], [])
    record(lambda x: x * 2.0, [()], [])


def test_the_entry_that_was_asked_is_named():
    with pytest.raises(RecordingError, match=r"row\[1\] is different"):
        record(lambda row: float(row[1]), [(3,)], [])


def test_writing_an_input_is_refused():
    def function(x):
        x.data = 2.0

    with pytest.raises(RecordingError, match="write its data"):
        record(function, [()], [])


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (inside_no_grad, r"no_grad\(\) inside"),
        (lambda x, w: (x * w).backward(), "return the loss instead"),
        (lambda x, w: (w * 2.0).backward(), "return the loss instead"),
        (written, "Write it outside of the function"),
    ],
)
def test_what_would_happen_once_and_not_in_every_call_is_refused(function, what):
    (w,) = parameters(3.0)
    with pytest.raises(RecordingError, match=what):
        record(lambda x: function(x, w), [()], [w])
    assert w.data == 3.0


@pytest.mark.parametrize("returned", [None, "loss", [1.0, None], object()])
def test_only_numbers_can_be_returned(returned):
    with pytest.raises(RecordingError, match="returns numbers, or lists and dicts of them"):
        record(lambda x: returned, [()], [])


def test_an_input_says_what_it_is_and_has_no_number():
    seen = []
    record(lambda x: seen.append(f"{x!r} {x}") or x, [()], [])
    assert seen == ["<recorded x> <recorded x>"]


# Branches on parameters ---------------------------------------------------------------------------


def test_a_branch_on_a_parameter_is_kept_and_recorded_anew_when_it_flips():
    w, v = parameters(2.0, 3.0)
    calls = []

    def function(x):
        calls.extend([1] * isinstance(x, Unknown))  # for each recording
        return w * x if w > v else v * x * x

    step = compile(function, [w, v])
    assert step.value([2.0]) == 12.0
    before = len(calls)
    w.data = 2.5
    assert step.value([2.0]) == 12.0
    assert len(calls) == before
    w.data = 4.0
    value, gradient = step.value_and_grad([2.0])
    assert (value, gradient.tolist()) == (8.0, [2.0, 0.0])
    assert len(calls) > before


@pytest.mark.parametrize("compare", ["<", "<=", ">", ">="])
def test_every_comparison_of_parameters_is_guarded(compare):
    w, v = parameters(1.0, 2.0)
    holds = CONDITIONS[compare].value
    step = compile(lambda x: x * 2.0 if holds(w, v) else x * 3.0, [w, v])
    for numbers in ((1.0, 2.0), (2.0, 2.0), (3.0, 2.0)):
        w.data, v.data = numbers
        assert step.value([1.0]) == (2.0 if holds(*numbers) else 3.0)


def test_a_number_that_was_read_is_guarded():
    (w,) = parameters(0.5)
    step = compile(lambda x: x * w.data, [w])
    assert step.value([2.0]) == 1.0
    w.data = 0.75
    assert step.value([2.0]) == 1.5


def test_a_number_that_was_read_of_a_result_is_guarded_though_numpy_rounds_otherwise():
    w, v = parameters(0.37, 0.4)
    calls = []

    def function(x):
        calls.extend([1] * isinstance(x, Unknown))  # for each recording
        return x * tanh(w * 0.7 + v).data * v

    step = compile(function, [w, v])
    step.value([2.0])
    before = len(calls)
    assert step.value([2.0]) == pytest.approx(2.0 * math.tanh(0.37 * 0.7 + 0.4) * 0.4, rel=1e-14)
    assert len(calls) == before
    w.data = 0.38
    assert step.value([2.0]) == pytest.approx(2.0 * math.tanh(0.38 * 0.7 + 0.4) * 0.4, rel=1e-14)


def test_a_branch_goes_by_the_numbers_that_a_call_brings():
    (w,) = parameters(1.0)
    step = compile(lambda x: x * w if w > 0 else x * w * w, [w])
    assert step.value([2.0], parameters=[-3.0]) == 18.0
    assert step.value([2.0], parameters=[3.0]) == 6.0
    assert (step.value([2.0]), w.data) == (2.0, 1.0)


def test_a_nan_that_is_guarded_is_equal_to_itself():
    (w,) = parameters(math.nan)
    step = compile(lambda x: x * 2.0 if w.data != w.data else x, [w])
    assert step.value([1.0]) == 2.0
    w.data = 1.0
    assert step.value([1.0]) == 1.0


def test_where_on_a_parameter_is_a_branch():
    w, v = parameters(1.0, 2.0)
    step = compile(lambda x: where(w > v, x * w, x * v), [w, v])
    assert step.value([1.0]) == 2.0
    w.data = 3.0
    assert step.value([1.0]) == 3.0


# Nothing is left behind ---------------------------------------------------------------------------


def as_before(values):
    return (
        {type(value) for value in values} == {Value}
        and not here.recordings
        and not pausing
        and current.no_grad == 0
    )


def test_an_exception_leaves_everything_as_it_was():
    w, v = parameters(1.0, 2.0)
    with pytest.raises(ZeroDivisionError):
        record(lambda x: 1 / 0, [()], [w, v])
    assert as_before([w, v])


def test_ctrl_c_at_any_line_leaves_everything_as_it_was():
    w, v = parameters(1.0, 2.0)

    def function(x):
        return where(w > v, x * w, x * v)

    line = 0
    while interrupted_at(line := line + 1, lambda: record(function, [()], [w, v])):
        assert as_before([w, v]), f"line {line}"
        # The tool here can stop a program just before the end of a ``with``, where a lock is given
        # back; Python itself looks for Ctrl-C after that call, and not before it.
        recording_now.renew()
    assert line > 30
    assert as_before([w, v])


def test_a_function_that_compiles_another_is_recorded():
    w, v = parameters(2.0, 3.0)

    def outer(x):
        inner = compile(lambda z: z * v + w, [v, w])
        assert inner.predict([1.0, 2.0]).tolist() == [5.0, 8.0]
        assert type(w) is Known
        assert type(v) is Value
        return x * w * v

    recording = record(outer, [()], [w])
    assert type(recording.results[0]) is Unknown
    assert as_before([w, v])


def test_a_node_that_a_recording_left_behind_is_a_value_as_any_other():
    (w,) = parameters(2.0)
    kept = []
    record(lambda x: kept.append(w * w) or x, [()], [w])
    (square,) = kept
    assert square.data == 4.0
    assert square > 3.0
    square.backward()
    assert w.grad == 4.0
    with pytest.raises(AttributeError, match="only leaves have data of their own"):
        kept[0].data = 3.0


class Weight(Value):
    """A Value with state of its own, as optimizers keep it."""

    def __init__(self, data, rate):
        super().__init__(data)
        self.rate = rate


def test_a_subclass_of_value_can_be_a_parameter():
    w, v = Weight(2.0, rate=0.5), Value(3.0)
    step = compile(lambda x: (w * x + v) * w.rate if w > v or v > 1.0 else x, [w, v])
    value, gradient = step.value_and_grad([1.0, 3.0])
    assert (value, gradient.tolist()) == (3.5, [1.0, 0.5])
    assert step.backward([1.0, 3.0]) == 3.5
    assert (type(w), w.rate, w.grad) == (Weight, 0.5, 1.0)


def test_recording_inside_no_grad_records():
    (w,) = parameters(2.0)
    with no_grad():
        step = compile(lambda x: relu(w * x), [w], example=[1.0])
        value, gradient = step.value_and_grad([3.0])
    assert (value, gradient.tolist()) == (6.0, [3.0])


def test_threads_record_functions_of_the_same_parameters():
    w, v = parameters(2.0, 3.0)
    found, errors = [], []
    start = threading.Barrier(8)

    def work(k):
        start.wait()
        try:
            for count in range(2, 6):
                step = compile(lambda x, n=float(count): tanh(x * w) * v * n + w * k, [w, v])
                found.append(step.value([1.0]) - math.tanh(2.0) * 3.0 * count - 2.0 * k)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(found) == 32
    assert max(map(abs, found)) < 1e-12
    assert as_before([w, v])


def test_names_of_arguments_are_those_of_the_function():
    model = nn.MLP(2, [1])
    with pytest.raises(RecordingError, match="label is different"):
        record(lambda features, label: float(label), [(2,), ()], model.parameters())
    with pytest.raises(RecordingError, match="argument1 is different"):
        record(lambda *args: float(args[0]), [()], [])


def test_an_undefined_operation_on_a_parameter_raises_as_the_engine_does():
    (w,) = parameters(-1.0)
    with pytest.raises(ValueError, match="log of w0"):
        record(lambda x: x * log(w), [()], [w])


# Chains -------------------------------------------------------------------------------------------


def chain(length):
    def function(x):
        for _ in range(length // 2):
            x = x * 0.999 + 0.001
        return x

    return function


def test_a_chain_that_no_array_makes_quicker_is_refused_at_its_hundred_thousandth_operation():
    calls = []

    def endless(x):
        for _ in range(10**9):
            calls.append(None)
            x = x * 0.999 + 0.001
        return x

    with pytest.raises(RecordingError, match="Compile one step of the loop"):
        record(endless, [()], [])
    assert len(calls) == 50_000


def test_as_many_operations_side_by_side_are_no_chain():
    recording = record(lambda x: fsum([x * float(k) for k in range(110_000)]), [()], [])
    assert recording.size == 110_001
