"""misuse warns of four mistakes in plain words, once, and of nothing that is right."""

import random
import threading
import warnings

import pytest

import nn
from autograd import Value, backward, draw, no_grad
from autograd.backward import accumulate
from autograd.classroom import MisuseWarning, misuse


@pytest.fixture
def warned():
    """The messages of all warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        messages = Messages(caught)
        yield messages


class Messages:
    def __init__(self, caught):
        self.caught = caught

    def __call__(self):
        assert all(each.category is MisuseWarning for each in self.caught)
        assert all(each.filename == __file__ for each in self.caught)
        return [str(each.message) for each in self.caught]


def descend(w, lr, steps=12, zero=True):
    for _ in range(steps):
        loss = (w - 1.0) ** 2
        if zero:
            w.grad = 0.0
        loss.backward()
        w.data -= lr * w.grad


# The four mistakes --------------------------------------------------------------------------------


def test_a_forgotten_zero_grad(warned):
    weight = Value(3.0)
    with misuse():
        descend(weight, 0.01, zero=False)
    (message,) = warned()
    assert message.startswith("the gradient of w still held 4.0 from the step before")
    assert "w.grad = 0.0, or optimizer.zero_grad()" in message


def test_many_forgotten_gradients_are_one_warning(warned):
    model = nn.MLP(2, [2, 1], rng=random.Random(1))
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    with misuse():
        for _ in range(3):
            loss = (model([1.0, -2.0]) - 1.0) ** 2
            loss.backward()
            optimizer.step()
    (message,) = warned()
    assert "layer1.neuron1" in message or "layer2.neuron1" in message
    assert "more)" in message


def test_a_learning_rate_that_diverges(warned):
    w = Value(3.0)
    with misuse():
        descend(w, 1.5)
    (message,) = warned()
    assert message.startswith("loss grows from step to step: it was 4.0 at first and is 1024.0 now")
    assert "smaller learning rate" in message


@pytest.mark.parametrize(("first", "warnings_given"), [(100.0, 0), (0.01, 1)])
def test_a_loss_that_rises_is_far_off_only_in_relation_to_its_first(warned, first, warnings_given):
    w = Value(1.0)
    with misuse():
        for number in range(6):
            loss = w * (first + number)
            w.grad = 0.0
            loss.backward()
            w.data += 1e-9
    assert len(warned()) == warnings_given


@pytest.mark.parametrize(("names", "more"), [(["a"], ""), (["a", "b"], " (and of 1 more)")])
def test_of_several_forgotten_gradients_the_first_is_named_and_the_others_are_counted(
    warned, names, more
):
    leaves = [Value(1.0, label=name) for name in names]
    with misuse():
        for _ in range(2):
            sum(leaf * leaf for leaf in leaves).backward()
            for leaf in leaves:
                leaf.data -= 0.1
    (message,) = warned()
    assert message.startswith(f"the gradient of a{more} still held 2.0")


def test_a_loss_that_does_not_depend_on_what_is_trained(warned):
    w, other = Value(3.0), Value(2.0)
    with misuse():
        for _ in range(4):
            loss = other * other
            w.grad = other.grad = 0.0
            loss.backward()
            w.data -= 0.1 * w.grad
    (message,) = warned()
    assert message.startswith("loss does not depend on w,")


def test_a_loss_without_the_parameters_of_a_model(warned):
    model = nn.MLP(2, [2, 1], rng=random.Random(1))
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    bias = Value(0.0)
    with misuse():
        for _ in range(3):
            loss = (bias + model([1.0, 2.0]).data) ** 2
            optimizer.zero_grad()
            bias.grad = 0.0
            loss.backward()
            optimizer.step()
    (message,) = warned()
    assert "layer1.neuron1.w1, layer1.neuron1.w2, layer1.neuron1.b and 6 more" in message


def test_a_loss_without_the_parameters_that_were_given(warned):
    w, b = Value(3.0), Value(1.0)
    with misuse([w, b]):
        (w * w).backward()
    (message,) = warned()
    assert "w * w does not depend on b," in message


def test_a_loss_that_was_cut_off(warned):
    w = Value(3.0)
    with misuse():
        with no_grad():
            loss = w * w
        loss.backward()
    (message,) = warned()
    assert "loss does not depend on any other Value" in message
    assert "no_grad()" in message


def test_drawing_before_backward(warned):
    a, b = Value(2.0), Value(3.0)
    product = a * b
    with misuse():
        for _ in range(2):
            draw(product)
        product.backward()
        draw(product)
        draw(a)
    (message,) = warned()
    assert message == (
        "product is drawn before backward(), so every gradient in the picture is 0. Write "
        "product.backward() first to see the gradients."
    )


# What is no mistake -------------------------------------------------------------------------------


def test_a_right_loop_is_left_in_peace(warned):
    unused, constant = Value(2.0), Value(1.0)
    w = Value(3.0)
    with misuse([w]):
        descend(w, 0.1, steps=30)
        assert unused.grad == constant.grad == 0.0
    assert warned() == []


def test_gradients_may_be_added_up_over_examples(warned):
    w = Value(0.3)
    with misuse():
        for _ in range(5):
            w.grad = 0.0
            for x in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0):
                ((w * x) ** 2).backward()  # grows from example to example, not from step to step
            w.data -= 1e-5 * w.grad
    assert warned() == []


def test_two_models_that_are_trained_in_turn(warned):
    first, second = Value(1.0), Value(2.0)
    with misuse():
        for _ in range(5):
            first.grad = second.grad = 0.0
            (first**2).backward()
            (second**2).backward()
            first.data -= 0.1 * first.grad
            second.data -= 0.1 * second.grad
    assert warned() == []


def test_the_library_is_never_warned_about(warned):
    model = nn.MLP(1, [1], rng=random.Random(1))
    with misuse():
        nn.fit(
            model, [[1.0], [2.0]], [0.0, 1.0], loss="mse", optimizer="sgd", learning_rate=10.0,
            epochs=8, progress=False,
        )  # fmt: skip
    assert warned() == []


# Turning it on and off ----------------------------------------------------------------------------


def test_each_can_be_turned_off(warned):
    w, product = Value(3.0), Value(2.0) * 3.0
    with misuse(zero_grad=False):
        descend(w, 0.01, zero=False)
    with misuse(learning_rate=False):
        descend(w, 1.5)
    with misuse(False):
        Value(1.0).backward()
    with misuse(early_draw=False):
        draw(product)
    assert warned() == []


def test_all_can_be_turned_off(warned):
    w, product = Value(3.0), Value(2.0) * 3.0
    with misuse(False, early_draw=False, zero_grad=False, learning_rate=False):
        descend(w, 1.5, zero=False)
        draw(product)
        Value(1.0).backward()
    assert warned() == []


def test_outside_of_the_block_nothing_is_watched(warned):
    w = Value(3.0)
    with misuse():
        assert backward.accumulate is not accumulate
    assert backward.accumulate is accumulate
    descend(w, 0.01, zero=False)
    draw(Value(2.0) * 3.0)
    assert warned() == []


def test_an_error_in_the_block_ends_the_watch():
    with pytest.raises(ZeroDivisionError), misuse():
        1 / 0  # noqa: B018  # it raises
    assert backward.accumulate is accumulate


def test_a_guard_can_be_started_for_a_whole_notebook(warned):
    w = Value(3.0)
    guard = misuse().start()
    descend(w, 0.01, zero=False)
    assert guard.start() is guard  # the cell is run again
    guard.stop()
    guard.stop()
    descend(w, 0.01, zero=False)
    assert len(warned()) == 1
    assert backward.accumulate is accumulate


def test_another_thread_is_not_watched(warned):
    w = Value(3.0)
    with misuse():
        thread = threading.Thread(target=descend, args=(w, 0.01), kwargs={"zero": False})
        thread.start()
        thread.join()
    assert warned() == []


def test_a_warning_that_is_an_error_changes_no_gradient():
    w = Value(3.0)
    with misuse():
        descend(w, 0.1, steps=1)
        with pytest.raises(MisuseWarning):
            (w * w).backward()
    assert w.grad == 4.0
