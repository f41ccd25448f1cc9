"""no_grad and ieee: what they change, in which thread, and that nothing of it stays behind."""

import asyncio
import contextlib
import math
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import StaleGraphError, Value, grad, ieee, no_grad
from autograd.machinery.modes import current
from autograd.rules import OPS

INF, NAN = math.inf, math.nan


def records():
    """Whether a computation in this place is recorded."""
    x = Value(3.0)
    return (x * x).args == (x, x)


def answers():
    """Whether undefined mathematics has an answer in this place."""
    try:
        return Value(0.0).log().data == -INF
    except ValueError:
        return False


def in_another_thread(task):
    """Return what ``task`` returns in a thread of its own."""
    results = []
    thread = threading.Thread(target=lambda: results.append(task()))
    thread.start()
    thread.join()
    return results[0]


MODES = pytest.mark.parametrize(
    ("mode", "inside"),
    [(no_grad, lambda: not records()), (ieee, answers)],
    ids=["no_grad", "ieee"],
)


# What both have in common -------------------------------------------------------------------------


def test_without_a_mode_everything_is_recorded_and_undefined_mathematics_raises():
    assert records()
    assert not answers()


@MODES
def test_mode_holds_inside_the_block_only(mode, inside):
    assert not inside()
    with mode():
        assert inside()
    assert not inside()


@MODES
def test_nested_blocks_end_with_the_outermost(mode, inside):
    with mode():
        with mode():
            with mode():
                assert inside()
            assert inside()
        assert inside()
    assert not inside()


@MODES
def test_one_object_can_be_entered_again_and_again(mode, inside):
    block = mode()
    for _ in range(3):
        with block, block:
            assert inside()
        assert not inside()


@MODES
@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit])
def test_exception_ends_the_mode_and_passes_through(mode, inside, kind):
    error = kind("out")
    with pytest.raises(kind) as caught, mode():
        raise error
    assert caught.value is error
    assert not inside()


@MODES
def test_exception_in_an_inner_block_leaves_the_outer_one_in_force(mode, inside):
    with mode():
        with pytest.raises(ValueError, match="out"), mode():
            raise ValueError("out")
        assert inside()
    assert not inside()


@MODES
def test_decorated_function_runs_in_the_mode_and_keeps_its_name_and_result(mode, inside):
    @mode()
    def evaluate(a, *, b):
        """Return what it was told."""
        return a, b, inside()

    assert evaluate(1, b=2) == (1, 2, True)
    assert (evaluate.__name__, evaluate.__doc__) == ("evaluate", "Return what it was told.")
    assert not inside()


@MODES
def test_decorated_function_that_calls_itself_or_raises_leaves_nothing_behind(mode, inside):
    @mode()
    def countdown(n):
        assert inside()
        if n == 0:
            raise ValueError("zero")
        countdown(n - 1)

    with pytest.raises(ValueError, match="zero"):
        countdown(20)
    assert not inside()


@MODES
def test_mode_of_one_thread_is_not_that_of_another(mode, inside):
    with mode():
        assert not in_another_thread(inside)
        assert inside()

    def enter():
        with mode():
            return inside()

    assert in_another_thread(enter)
    assert not inside()


@MODES
def test_threads_that_come_and_go_do_not_disturb_each_other(mode, inside):
    wrong = []
    started = threading.Barrier(8)

    def work(number):
        started.wait()
        for turn in range(200):
            if (number + turn) % 2:
                with mode():
                    if not inside():
                        wrong.append((number, turn))
            elif inside():
                wrong.append((number, turn))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert not inside()


@MODES
def test_thread_that_dies_inside_a_block_takes_its_mode_with_it(mode, inside):
    def die():
        try:
            with mode():
                raise ValueError("out")
        except ValueError:
            return inside()

    assert in_another_thread(die) is False
    assert not inside()


def test_the_two_modes_are_independent():
    with no_grad():
        with ieee():
            assert answers()
            assert not records()
        assert not answers()
        assert not records()
    with ieee():
        assert records()


# no_grad ------------------------------------------------------------------------------------------


def test_result_in_no_grad_is_a_leaf_with_the_same_number():
    x = Value(3.0, label="x")
    with no_grad():
        y = x * x + 1.0
    assert (y.data, y.op, y.args, y.grad, y.label) == (10.0, None, (), 0.0, "")
    y.backward()
    assert x.grad == 0.0
    y.data = 4.0  # a leaf can be written
    assert y.data == 4.0


@pytest.mark.parametrize("name", sorted(OPS))
def test_no_operation_is_recorded_in_no_grad(name):
    operands = {1: (0.5,), 2: (0.5, 0.25), 3: (1.0, 0.5, 0.25)}
    one = OPS[name].second is None and OPS[name].every is None
    count = 3 if name in ("where", "share") else 1 if one else 2
    variables = tuple(map(Value, operands[count]))
    recorded = Value.apply_op(OPS[name], variables)
    with no_grad():
        silent = Value.apply_op(OPS[name], variables)
    assert recorded.args == variables
    assert silent.args == ()
    assert silent.op is None
    assert silent.data == recorded.data


def test_methods_and_functions_record_nothing_in_no_grad():
    x, y = Value(0.5), Value(0.25)
    with no_grad():
        results = [
            x.tanh(), -x, abs(x), +x, x**2, 2**x, 1 / x, x.leaky_relu(0.1), x.elu(),
            autograd.hypot(x, y), autograd.maximum(x, y), autograd.where(x > y, x, y),
            autograd.mean([x, y]), autograd.fsum([x, y]), autograd.logsumexp([x, y]),
            *autograd.softmax([x, y]), sum([x, y]),
        ]  # fmt: skip
    assert {result.args for result in results} == {()}


def test_graph_from_outside_can_be_swept_in_no_grad():
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
    assert x.grad == 6.0


def test_result_of_no_grad_is_a_constant_for_the_gradient():
    x = Value(3.0)
    with no_grad():
        frozen = x * x
    (frozen * x).backward()
    assert x.grad == 9.0
    assert frozen.grad == 3.0


def test_transform_records_in_no_grad_and_the_mode_goes_on_after_it():
    with no_grad():
        assert grad(lambda x: x**3)(2.0) == 12.0
        assert grad(grad(lambda x: x**3))(2.0) == 12.0
        assert not records()
    assert records()


def test_transform_whose_function_raises_leaves_no_grad_in_force():
    with no_grad():
        with pytest.raises(ValueError, match="log"):
            grad(autograd.log)(-1.0)
        assert not records()
    assert records()


def test_no_grad_inside_a_transform_makes_a_constant_there_only():
    def f(x):
        with no_grad():
            frozen = x * x
        return frozen * x

    assert grad(f)(3.0) == 9.0


def test_parameters_can_be_moved_in_no_grad_and_an_old_graph_is_noticed():
    w = Value(2.0)
    loss = w * w
    loss.backward()
    with no_grad():
        w.data -= 0.25 * w.grad
        with pytest.raises(StaleGraphError):
            loss.backward()
    assert (w.data, w.grad) == (1.0, 4.0)


def test_errors_are_the_same_in_no_grad():
    x = Value(-1.0, label="x")
    with no_grad():
        with pytest.raises(ValueError, match=r"log of x = -1\.0"):
            x.log()
        with pytest.raises(TypeError, match=r"Convert text first"):
            x + "3"


# ieee: the answers of IEEE 754, sections 6, 7 and 9.2 ---------------------------------------------

X = Value  # short, for a table
ANSWERS = [
    ("1/0", lambda: X(1.0) / 0.0, INF),
    ("-1/0", lambda: X(-1.0) / 0.0, -INF),
    ("1/-0", lambda: X(1.0) / -0.0, -INF),
    ("-1/-0", lambda: -1.0 / X(-0.0), INF),
    ("0/0", lambda: X(0.0) / 0.0, NAN),
    ("nan/0", lambda: X(NAN) / 0.0, NAN),
    ("1e300/1e-300", lambda: X(1e300) / 1e-300, INF),
    ("inf-inf", lambda: X(INF) - INF, NAN),
    ("inf+-inf", lambda: X(INF) + -INF, NAN),
    ("inf*0", lambda: X(INF) * 0.0, NAN),
    ("inf/inf", lambda: X(INF) / INF, NAN),
    ("1e200*1e200", lambda: X(1e200) * 1e200, INF),
    ("-1e200*1e200", lambda: X(-1e200) * 1e200, -INF),
    ("1.7e308+1.7e308", lambda: X(1.7e308) + 1.7e308, INF),
    ("log 0", lambda: X(0.0).log(), -INF),
    ("log -1", lambda: X(-1.0).log(), NAN),
    ("log1p -1", lambda: X(-1.0).log1p(), -INF),
    ("log1p -2", lambda: X(-2.0).log1p(), NAN),
    ("exp 1000", lambda: X(1000.0).exp(), INF),
    ("expm1 1000", lambda: X(1000.0).expm1(), INF),
    ("sqrt -1", lambda: X(-1.0).sqrt(), NAN),
    ("sin inf", lambda: X(INF).sin(), NAN),
    ("cos inf", lambda: X(INF).cos(), NAN),
    ("tan inf", lambda: X(INF).tan(), NAN),
    ("asin 2", lambda: X(2.0).asin(), NAN),
    ("acos -2", lambda: X(-2.0).acos(), NAN),
    ("sinh 1000", lambda: X(1000.0).sinh(), INF),
    ("sinh -1000", lambda: X(-1000.0).sinh(), -INF),
    ("cosh -1000", lambda: X(-1000.0).cosh(), INF),
    ("hypot huge", lambda: autograd.hypot(X(1.7e308), 1.7e308), INF),
    ("hypot inf nan", lambda: autograd.hypot(X(INF), NAN), INF),
    ("-8**(1/3)", lambda: X(-8.0) ** (1 / 3), NAN),
    ("0**-1", lambda: X(0.0) ** -1, INF),
    ("-0**-1", lambda: X(-0.0) ** -1, -INF),
    ("-0**-2", lambda: X(-0.0) ** -2, INF),
    ("0**-0.5", lambda: X(0.0) ** -0.5, INF),
    ("1e200**2", lambda: X(1e200) ** 2, INF),
    ("-1e200**3", lambda: X(-1e200) ** 3, -INF),
    ("-1e200**2", lambda: X(-1e200) ** 2, INF),
    ("2**2000", lambda: 2 ** X(2000.0), INF),
    ("1**nan", lambda: 1 ** X(NAN), 1.0),
    ("nan**0", lambda: X(NAN) ** 0, 1.0),
    ("fsum huge", lambda: autograd.fsum([X(1.7e308), 1.7e308]), INF),
    ("fsum huge negative", lambda: autograd.fsum([X(-1.7e308), -1.7e308]), -INF),
    ("fsum inf-inf", lambda: autograd.fsum([X(INF), -INF]), NAN),
]
every_answer = pytest.mark.parametrize(
    ("compute", "answer"),
    [case[1:] for case in ANSWERS],
    ids=[case[0] for case in ANSWERS],
)


def same(a, b):
    """Whether two numbers are equal, counting nan as equal to itself."""
    return a == b or (math.isnan(a) and math.isnan(b))


@every_answer
def test_answer_of_ieee_754(compute, answer):
    with ieee():
        assert same(compute().data, answer)
    with ieee(), no_grad():
        assert same(compute().data, answer)


@every_answer
def test_outside_of_ieee_the_same_is_an_error_unless_it_came_in_as_data(compute, answer):
    try:
        result = compute()
    except (ValueError, ArithmeticError) as raised:
        message = str(raised)
    else:
        numbers = [getattr(argument, "data", argument) for argument in result.args]
        assert not all(map(math.isfinite, numbers))
        assert same(result.data, answer)
        return
    assert "with autograd.ieee()" in message


def test_infinity_and_nan_that_came_in_as_data_pass_through_without_ieee():
    x = Value(INF)
    y = 2.0 * x
    y.backward()
    assert (y.data, x.grad) == (INF, 2.0)
    z = Value(NAN)
    w = z * z
    w.backward()
    assert math.isnan(w.data)
    assert math.isnan(z.grad)


@pytest.mark.parametrize(
    ("f", "number", "slope"),
    [
        (autograd.sqrt, 0.0, INF),
        (autograd.log, 0.0, INF),
        (lambda x: 1.0 / x, 0.0, -INF),
        (lambda x: x**0.5, 0.0, INF),
        (lambda x: x**-1, 0.0, -INF),
        (autograd.asin, 1.0, INF),
        (autograd.acos, 1.0, -INF),
        (autograd.exp, 1000.0, INF),
        (lambda x: x * x, 1e200, 2e200),
    ],
    ids=["sqrt 0", "log 0", "1/0", "0**0.5", "0**-1", "asin 1", "acos 1", "exp 1000", "square"],
)
def test_gradient_in_ieee_mode_is_the_limit(f, number, slope):
    x = Value(number)
    with ieee():
        f(x).backward()
        assert grad(f)(number) == slope
    assert x.grad == slope


def test_gradient_that_is_undefined_raises_outside_of_ieee_and_changes_nothing():
    x = Value(0.0, label="x")
    root = x.sqrt()
    with pytest.raises(ZeroDivisionError, match=r"derivative of sqrt at x = 0\.0"):
        root.backward()
    assert (x.grad, root.grad) == (0.0, 0.0)
    with ieee():
        root.backward()
    assert x.grad == INF


@given(st.floats(-20.0, 20.0), st.floats(0.125, 20.0))
def test_where_everything_is_defined_ieee_changes_no_bit(a, b):
    def run():
        x, y = Value(a), Value(b)
        root = (x * y).tanh() + autograd.log(y) / (x * x + 1.0) - y**-0.5 * autograd.gelu(x)
        root += autograd.maximum(x, y, 0.5) + autograd.logsumexp([x, y]) + y**x
        root.backward()
        return root.data, x.grad, y.grad

    plain = run()
    with ieee():
        assert run() == plain


# Generators and coroutines ------------------------------------------------------------------------


def is_recording():
    return (Value(1.0) * 2.0).args != ()


def test_a_generator_that_waits_inside_the_block_leaves_others_alone():
    def inside():
        with no_grad():
            yield is_recording()
            yield is_recording()
        yield is_recording()

    one, other = inside(), inside()
    assert [next(one), is_recording(), next(other), next(one), is_recording()] == [
        False, True, False, False, True,
    ]  # fmt: skip
    assert [next(one), next(other), next(other)] == [True, False, True]
    with no_grad():
        third = inside()
        assert [next(third), is_recording()] == [False, False]
    assert is_recording()
    third.close()
    assert is_recording()
    assert current.no_grad == 0


@pytest.mark.parametrize("mode", [no_grad, ieee])
def test_tasks_do_not_share_a_block(mode):
    def quiet():
        return not is_recording() if mode is no_grad else bool(current.ieee)

    seen = []

    async def inside():
        with mode():
            await asyncio.sleep(0)
            seen.append(("inside", quiet()))
            await asyncio.sleep(0)

    async def outside():
        for _ in range(4):
            seen.append(("outside", quiet()))
            await asyncio.sleep(0)

    async def both():
        await asyncio.gather(inside(), outside(), inside())

    asyncio.run(both())
    assert {found for who, found in seen if who == "inside"} == {True}
    assert {found for who, found in seen if who == "outside"} == {False}


def test_it_decorates_generators_and_coroutines():
    @no_grad()
    def generator():
        received = yield is_recording()
        return received

    @no_grad()
    async def coroutine():
        await asyncio.sleep(0)
        return is_recording()

    @no_grad()
    async def async_generator():
        yield is_recording()

    async def first():
        return [each async for each in async_generator()]

    g = generator()
    assert (next(g), is_recording()) == (False, True)
    with pytest.raises(StopIteration) as end:
        g.send("back")
    assert end.value.value == "back"
    assert asyncio.run(coroutine()) is False
    assert asyncio.run(first()) == [False]
    assert generator.__name__ == "generator"


def test_a_context_manager_made_of_a_generator_holds_for_its_block():
    @contextlib.contextmanager
    def evaluating():
        with no_grad():
            yield

    with evaluating():
        assert not is_recording()
    assert is_recording()
    with contextlib.ExitStack() as stack:
        stack.enter_context(no_grad())
        assert not is_recording()
    assert is_recording()


def test_a_transform_inside_of_a_block_in_a_generator_records_and_gives_plain_numbers():
    w = Value(3.0)

    def slopes():
        with no_grad():
            yield grad(lambda x: w * x * x)(2.0)

    steps = slopes()
    assert next(steps) == 12.0
    assert type(grad(lambda x: w * x)(2.0)) is Value
    steps.close()
