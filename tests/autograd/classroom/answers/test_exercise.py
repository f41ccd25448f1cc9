"""Exercises and seals: what is expected, and how it is kept from a glance."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value
from autograd.classroom.answers import sealed
from autograd.classroom.answers.exercise import Exercise, by_name
from autograd.classroom.answers.sealed import Seal, seal


def test_leaves_are_named_by_label_or_by_the_variable_where_the_exercise_is_made():
    first, second = Value(2.0), Value(3.0, label="b")
    assert Exercise("", graph=first * second).expected == {"first": 3.0, "b": 2.0}


def test_making_an_exercise_changes_no_gradient():
    a = Value(2.0)
    root = a * a
    root.backward()
    assert Exercise("", graph=root).expected == {"a": 4.0}
    assert (a.grad, root.grad) == (4.0, 1.0)


def test_one_leaf_may_be_asked_for_even_without_a_name():
    leaves = {"x": Value(2.0)}
    assert Exercise("", graph=leaves["x"] ** 2, by=leaves["x"]).expected == 4.0


@pytest.mark.parametrize(
    "question",
    ["d(loss)/da", "What is d(loss)/d(a)?", "\N{PARTIAL DIFFERENTIAL}y/\N{PARTIAL DIFFERENTIAL}a"],
)
def test_the_question_may_name_the_leaf(question):
    a, b = Value(2.0), Value(3.0)
    assert Exercise(question, graph=a * b).expected == 3.0
    assert Exercise(question, 3.0, graph=a * b).of_gradients
    assert not Exercise("a slope", 3.0, graph=a * b).of_gradients


def test_an_inner_node_may_be_asked_for():
    a = Value(2.0)
    inner = a * 3.0
    assert Exercise("", graph=inner**2, by=inner).expected == 12.0


def test_what_is_not_part_of_the_graph_has_the_gradient_0():
    a, other = Value(2.0), Value(1.0)
    assert Exercise("", graph=a * a, by=other).expected == 0.0


def test_an_exercise_needs_something_to_expect():
    with pytest.raises(TypeError, match="what is expected, or the graph"):
        Exercise("the gradients")
    with pytest.raises(TypeError, match=r"graph takes the Value .* not float"):
        Exercise("the gradients", graph=2.0)
    with pytest.raises(TypeError, match="no leaf of this graph has a name"):
        Exercise("the gradients", graph=[Value(2.0)][0] ** 2)


def test_an_exercise_shows_its_question():
    exercise = Exercise("is 1 < 2?", "yes")
    assert repr(exercise) == "Exercise('is 1 < 2?')"
    assert "1 &lt; 2" in exercise._repr_html_()


def test_parts_have_the_names_by_which_python_reaches_them():
    assert by_name({"layers": [{"w": 1.0}, {"w": 2.0}]}) == {"layers[0].w": 1.0, "layers[1].w": 2.0}


numbers = st.integers(-10_000, 10_000).map(lambda hundredths: hundredths / 100)


@settings(deadline=None, max_examples=50)  # a look is slow on purpose
@given(numbers, numbers)
def test_a_seal_opens_for_its_number_and_no_other(answer, other):
    sealed = seal(answer, salt="00")
    assert sealed.opens(answer)
    assert sealed.opens(answer + 1e-9)
    assert sealed.opens(other) == (answer == other)


def test_a_seal_tells_nothing_and_is_another_one_each_time():
    assert "0.75" not in str(seal(0.75))
    assert seal(0.75) != seal(0.75)
    assert seal(0.0, salt="00") == seal(-0.0, salt="00")


def test_a_seal_is_text_to_paste():
    sealed = seal("loss")
    assert Seal(str(sealed)).opens(" LOSS")
    assert eval(repr(sealed), {"Seal": Seal}) == sealed
    with pytest.raises(ValueError, match=r"'0\.75' is not a seal"):
        Seal("0.75")


def test_a_seal_is_the_same_where_python_has_no_openssl(monkeypatch):
    made = {answer: seal(answer, salt="7f") for answer in (0.75, -12.0, "loss", "漢字")}
    monkeypatch.delattr(hashlib, "pbkdf2_hmac")
    for answer, text in made.items():
        assert seal(answer, salt="7f") == text
        assert text.opens(answer)
    assert not made[0.75].opens(0.76)


@given(st.binary(max_size=100), st.binary(max_size=20), st.integers(1, 5))
def test_the_hash_written_out_is_that_of_the_library(password, salt, rounds):
    expected = hashlib.pbkdf2_hmac("sha256", password, salt, rounds)
    assert sealed.pbkdf2_hmac("sha256", password, salt, rounds) == expected
