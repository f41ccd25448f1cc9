"""What the user holds: values, gradients, predictions, and errors that say what to write."""

import itertools
import math
import random
import sys
import threading

import numpy as np
import pytest
from compiled_programs import eager

import nn
from autograd import RecordingError, Value, compile, fsum, log, log_softmax, tanh


@pytest.fixture
def line():
    w, b = Value(2.0, label="w"), Value(0.5, label="b")
    return w, b, compile(lambda x, y: (w * x + b - y) ** 2, [w, b])


X, Y = [1.0, 2.0, 3.0], [3.0, 5.0, 7.0]


def test_value_and_gradient_are_means_over_the_rows(line):
    w, b, step = line
    value, gradient = step.value_and_grad(X, Y)
    assert value == step.value(X, Y) == 0.25
    assert gradient.tolist() == [-2.0, -1.0]
    assert type(value) is float
    assert (w.grad, b.grad) == (0.0, 0.0)


def test_gradients_by_the_inputs_have_the_shape_of_the_batch():
    ws = [Value(0.1 * k) for k in range(4)]
    step = compile(
        lambda x, y: fsum([w * tanh(e) for row in x for w, e in zip(ws, row, strict=True)]) * y,
        ws,
    )
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5, 3, 4)), rng.normal(size=5)
    _, _, (by_x, by_y) = step.value_and_grad(x, y, inputs=True)
    assert by_x.shape == x.shape
    assert by_y.shape == y.shape
    weights = np.tile([w.data for w in ws], (3, 1))
    np.testing.assert_allclose(by_x, weights * (1 - np.tanh(x) ** 2) * y[:, None, None] / 5)
    np.testing.assert_allclose(by_y, (weights * np.tanh(x)).sum(axis=(1, 2)) / 5)


def test_gradients_by_the_inputs_are_those_of_the_mean_or_of_each_row():
    step = compile(lambda x: x[0] * x[0] * x[1])
    rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    each = np.column_stack([2.0 * rows[:, 0] * rows[:, 1], rows[:, 0] ** 2])
    for inputs, expected in ((True, each / 3), ("mean", each / 3), ("each", each)):
        np.testing.assert_allclose(step.value_and_grad(rows, inputs=inputs)[2][0], expected)
    assert len(step.value_and_grad(rows, inputs=False)) == 2
    with pytest.raises(ValueError, match='inputs is "mean"'):
        step.value_and_grad(rows, inputs="sum")


@pytest.mark.parametrize("inputs", [False, True, "each"])
def test_a_mean_whose_sum_overflows_is_refused_by_every_method(inputs):
    step = compile(lambda x: x * 1.0)
    with pytest.raises(FloatingPointError, match="whole batch overflows"):
        step.value_and_grad([1.7e308] * 3, inputs=inputs)
    with pytest.raises(FloatingPointError, match="whole batch overflows"):
        step.value([1.7e308] * 3)
    assert step.value_and_grad([1.7e308], inputs=inputs)[0] == 1.7e308


def test_other_numbers_for_the_parameters_leave_the_parameters_alone(line):
    w, b, step = line
    value, gradient = step.value_and_grad(X, Y, parameters=[2.0, 1.0])
    assert (value, gradient.tolist()) == (0.0, [0.0, 0.0])
    assert step.value(X, Y, parameters=np.array([2.0, 1.0])) == 0.0
    assert step.predict(X, Y, parameters=[2.0, 1.0]).tolist() == [0.0, 0.0, 0.0]
    assert (w.data, b.data) == (2.0, 0.5)
    with pytest.raises(ValueError, match="has 2 parameters"):
        step.value(X, Y, parameters=[2.0])


def test_backward_adds_into_grad_as_the_engine_does(line):
    w, b, step = line
    assert step.backward(X, Y) == 0.25
    step.backward(X, Y)
    assert (w.grad, b.grad) == (-4.0, -2.0)


def test_a_gradient_belongs_to_the_caller(line):
    _, _, step = line
    _, first = step.value_and_grad(X, Y)
    step.value_and_grad([0.0], [0.0])
    assert first.tolist() == [-2.0, -1.0]


STRUCTURES = {
    "a number": (lambda x: x[0] * 2.0, lambda x: x[:, 0] * 2.0),
    "a list": (lambda x: [x[0], x[1] * 2.0], lambda x: np.stack([x[:, 0], x[:, 1] * 2.0], 1)),
    "a constant": (lambda x: [x[0], 3], lambda x: np.stack([x[:, 0], 0 * x[:, 0] + 3], 1)),
    "a list of lists": (lambda x: [[x[0]], [x[1], x[0]]], lambda x: [x[:, :1], x[:, ::-1]]),
    "a dict": (lambda x: {"a": x[0], "b": [x[1]]}, lambda x: {"a": x[:, 0], "b": x[:, 1:]}),
    "a tuple": (lambda x: (x[0], [x[1], x[0]]), lambda x: (x[:, 0], x[:, ::-1])),
    "the input itself": (lambda x: x, lambda x: x),
    "one node twice": (lambda x: [x[0] * x[0]] * 2, lambda x: np.stack([x[:, 0] ** 2] * 2, 1)),
}  # fmt: skip


def assert_same_structure(found, expected):
    assert type(found) is type(expected)
    if isinstance(found, dict):
        assert list(found) == list(expected)
        found, expected = list(found.values()), list(expected.values())
    if isinstance(found, np.ndarray):
        np.testing.assert_allclose(found, expected, rtol=1e-15)
    else:
        for a, b in zip(found, expected, strict=True):
            assert_same_structure(a, b)


@pytest.mark.parametrize("name", STRUCTURES)
def test_predictions_have_the_structure_that_the_function_returns(name):
    function, by_numpy = STRUCTURES[name]
    x = np.random.default_rng(0).normal(size=(4, 2))
    assert_same_structure(compile(function).predict(x), by_numpy(x))


def test_the_rest_of_a_tuple_comes_with_the_mean_loss():
    w = Value(3.0)
    step = compile(lambda x: (w * x, [x, w * x], {"w": w}), [w])
    (value, pairs, more), gradient = step.value_and_grad([1.0, 2.0])
    assert (value, gradient.tolist()) == (4.5, [1.5])
    assert pairs.tolist() == [[1.0, 3.0], [2.0, 6.0]]
    assert more["w"].tolist() == [3.0, 3.0]
    assert step.value([1.0, 2.0])[0] == step.backward([1.0, 2.0])[0] == 4.5


def test_what_is_returned_beside_the_loss_does_not_touch_its_gradient():
    w, v = Value(2.0), Value(0.0)
    step = compile(lambda x: (lambda loss: (loss, log(loss), v.exp()))(w * x), [w, v])
    _, gradient = step.value_and_grad([1.0, 3.0])
    assert gradient.tolist() == [2.0, 0.0]


@pytest.mark.parametrize("returned", [lambda x: [x, x], lambda x: {"loss": x}, lambda x: ()])
def test_a_mean_of_several_results_is_refused(returned):
    step = compile(returned)
    with pytest.raises(ValueError, match=r"return the loss.*call predict\(\)"):
        step.value([1.0])
    with pytest.raises(ValueError, match="return the loss"):
        step.value_and_grad([1.0])


def test_a_function_that_returns_nothing_is_refused():
    with pytest.raises(RecordingError, match="not NoneType"):
        compile(lambda x: None).value([1.0])


# The batch ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ((), "needs a batch"),
        ((3.0, 4.0), "argument 1 of the batch is a single number"),
        (([1.0], 4.0), "argument 2 of the batch is a single number"),
        (([1.0, 2.0], [1.0]), "have 2 and 1 rows"),
        (([], []), "the batch has no row"),
        (([1.0, [2.0]], [1.0, 2.0]), "argument 1 of the batch is no table"),
        (([1.0], ["1.0"]), "argument 2 of the batch is no table"),
        (([1.0], [None]), "argument 2 of the batch is no table"),
        (([1.0], [1j]), "argument 2 of the batch is no table"),
        (([1.0], np.array(["2020-01-01"], dtype="datetime64[D]")), "argument 2 .* is no table"),
        ((np.zeros((2, 0)), [1.0, 2.0]), "argument 1 of the batch has rows without any entry"),
        (([Value(1.0)], [1.0]), "argument 1 of the batch is no table"),
    ],
)
def test_what_is_no_batch_is_refused(line, batch, message):
    with pytest.raises(ValueError, match=message):
        line[2].value(*batch)


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.float32, bool, object])
def test_numbers_of_every_kind_are_taken(line, kind):
    x = np.array([1, 0, 1], dtype=kind)
    assert line[2].value(x, x.tolist()) == line[2].value([1.0, 0.0, 1.0], [1.0, 0.0, 1.0])


def test_the_batch_is_left_alone_however_it_lies_in_memory(line):
    table = np.arange(12.0).reshape(6, 2)
    x, y = table[::2, 0], table[::-2, 1]
    before = table.copy()
    assert line[2].value(x, y) == line[2].value(x.tolist(), y.tolist())
    assert (table == before).all()


def test_shapes_of_examples_may_change_and_come_back():
    w = Value(2.0)
    step = compile(lambda x: w * fsum(x), [w])
    assert [step.value(np.ones((3, size))) for size in (2, 5, 2)] == [4.0, 10.0, 4.0]


def test_one_row_and_very_many_agree():
    ws = [Value(0.1 * k + 0.1) for k in range(3)]
    step = compile(lambda x: tanh(ws[0] * x[0] + ws[1] * x[1] + ws[2]), ws)
    rows = np.random.default_rng(1).normal(size=(100_000, 2))
    value, gradient, (by_input,) = step.value_and_grad(rows, inputs=True)
    tanhs = np.tanh(rows @ [0.1, 0.2] + 0.3)
    assert value == pytest.approx(tanhs.mean(), rel=1e-12)
    slope = 1 - tanhs**2
    expected = [(slope * rows[:, 0]).mean(), (slope * rows[:, 1]).mean(), slope.mean()]
    np.testing.assert_allclose(gradient, expected, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(by_input[-1], slope[-1] * np.array([0.1, 0.2]) / 100_000, rtol=1e-12)
    alone = step.value_and_grad(rows[-1:], inputs=True)[2][0]
    np.testing.assert_allclose(alone[0], by_input[-1] * 100_000, rtol=1e-12)


# The parameters -----------------------------------------------------------------------------------


def test_a_model_stands_for_its_parameters():
    model = nn.MLP(2, [3, 1], rng=random.Random(0))
    step = compile(lambda x, y: nn.mse(model(x), y), model)
    assert step.parameters.values == list(model.parameters())
    rows = np.random.default_rng(0).normal(size=(6, 3))
    value, gradient = step.value_and_grad(rows[:, :2], rows[:, 2])
    expected = eager(lambda row: nn.mse(model(row[:2]), row[2]), list(model.parameters()), rows)
    assert value == pytest.approx(expected[0], rel=1e-12)
    np.testing.assert_allclose(gradient, expected[1], rtol=1e-11, atol=1e-14)


def test_a_parameter_written_by_hand_is_noticed(line):
    w, b, step = line
    step.value(X, Y)
    b.data = 1.0
    assert step.value(X, Y) == 0.0
    w.data += 1.0
    assert step.value([1.0], [0.0]) == 16.0


def test_a_value_that_is_no_parameter_is_followed_and_has_no_gradient():
    w, scale = Value(2.0), Value(3.0)
    step = compile(lambda x: w * x * scale + scale * scale, [w])
    assert step.value_and_grad([1.0])[1].tolist() == [3.0]
    scale.data = 5.0
    value, gradient = step.value_and_grad([1.0])
    assert (value, gradient.tolist()) == (35.0, [5.0])
    assert scale.grad == 0.0


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (lambda w: [w, w], ValueError, "listed twice"),
        (lambda w: [w * 2.0], ValueError, "a parameter is a leaf"),
        (lambda w: [1.0], TypeError, "float"),
    ],
)
def test_what_is_no_parameter_is_refused(wrong, error, message):
    with pytest.raises(error, match=message):
        compile(lambda x: x, wrong(Value(1.0)))


def test_without_parameters_the_gradient_is_empty():
    value, gradient = compile(lambda x: x * x).value_and_grad([2.0])
    assert (value, gradient.shape) == (4.0, (0,))


def test_a_loss_that_does_not_depend_on_the_parameters_has_the_gradient_zero():
    for function, slope in ((lambda x: x * 2.0, 2.0), (lambda x: 3.0, 0.0), (lambda x: x, 1.0)):
        step = compile(function, [Value(1.0)])
        _, gradient, (by_input,) = step.value_and_grad([2.0], inputs=True)
        assert gradient.tolist() == [0.0]
        assert by_input.tolist() == [slope]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_loss_of_the_parameters_alone_is_not_divided_by_the_rows(rows):
    w, v = Value(2.0), Value(3.0)
    for function, expected in (
        (lambda x: w * w * v, [12.0, 4.0]),
        (lambda x: w, [1.0, 0.0]),
        (lambda x: x * 0.0 + w * v, [3.0, 2.0]),
    ):
        step = compile(function, [w, v])
        value, gradient = step.value_and_grad([5.0] * rows)
        assert value == step.value([5.0] * rows)
        assert gradient.tolist() == pytest.approx(expected)


# The function -------------------------------------------------------------------------------------


def test_a_function_that_draws_random_numbers_is_refused():
    rng = random.Random(0)
    with pytest.raises(RecordingError, match="draws random numbers, or keeps a count"):
        compile(lambda x: x * rng.random()).value([1.0])


def test_a_function_that_counts_is_refused():
    count = itertools.count()
    with pytest.raises(RecordingError, match="does something else when it is called again"):
        compile(lambda x: x + (1.0 if next(count) else 2.0) * x * x).value([1.0])


def test_what_cannot_be_called_is_refused():
    with pytest.raises(TypeError, match="takes a function of one example, not float"):
        compile(3.0)


def test_an_example_records_at_once():
    step = compile(lambda x, y: fsum(x) * y, example=([1.0, 2.0], 3.0))
    assert "x (rows x 2)" in str(step)
    with pytest.raises(RecordingError, match="ask whether it holds"):
        compile(lambda x: x if x > 0 else -x, example=[1.0])


def test_before_the_first_batch_there_is_nothing_to_show():
    step = compile(lambda x: x)
    assert "nothing has been recorded yet" in repr(step)
    with pytest.raises(ValueError, match="call the compiled function for a batch first"):
        step.draw()


def test_a_step_prints_its_program(line):
    _, _, step = line
    step.value(X, Y)
    assert str(step) == repr(step)
    assert "loss = mean(" in str(step)


def test_math_on_a_parameter_is_refused_as_everywhere():
    w = Value(1.0)
    with pytest.raises(TypeError):
        compile(lambda x: x * math.sin(w), [w]).value([1.0])


# Several threads ----------------------------------------------------------------------------------


def test_threads_that_share_a_compiled_function_get_their_own_answers():
    w, b = Value(0.7), Value(0.2)
    step = compile(lambda x, y: (tanh(w * x[0] + b * x[1]) - y) ** 2.0, [w, b])
    rng = np.random.default_rng(0)
    batches = [(rng.normal(size=(k % 4 + 5, 2)), rng.normal(size=k % 4 + 5)) for k in range(8)]
    alone = [step.value_and_grad(*batch) for batch in batches]
    wrong, start = [], threading.Barrier(8)

    def work(place):
        start.wait()
        value, gradient = alone[place]
        for _ in range(200):
            found, slopes = step.value_and_grad(*batches[place])
            if (found, slopes.tolist()) != (value, gradient.tolist()):
                wrong.append(place)

    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(switching)
    assert not wrong


def test_a_thread_that_records_may_call_what_another_thread_is_running():
    v = Value(3.0)
    inner = compile(lambda x: x * v, [v])
    done = []

    def outer(k):
        step = compile(lambda x: x * inner.value([float(k)]), [])
        done.append((step.value([2.0]), inner.value([1.0 + k])))

    threads = [threading.Thread(target=outer, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [(6.0 * k, 3.0 + 3.0 * k) for k in range(4)]


def test_a_compiled_function_called_like_the_function_says_what_to_write():
    square = compile(lambda x: x * x)
    with pytest.raises(TypeError, match=r"write \.predict\(\[x1, x2\]\)"):
        square(2.0)
    assert [float(each) for each in square.predict([2.0, 3.0])] == [4.0, 9.0]
    with pytest.raises(TypeError, match="takes a function of one example, not Compiled"):
        compile(square)


@pytest.mark.parametrize(
    ("place", "advice"), [(0.5, "not 0.5: write"), (-1, "write 0"), (5, "0 to 1")]
)
def test_a_recorded_place_that_no_value_has_is_answered_without_a_repr(place, advice):
    step = compile(lambda x, y: log_softmax([x, 2.0 * x], y))
    with pytest.raises((TypeError, IndexError), match="row 1 of the batch") as caught:
        step.value([1.0, 1.0], [0, place])
    assert advice in str(caught.value)
    assert "Value(" not in str(caught.value)
