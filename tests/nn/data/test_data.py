"""What the data sets and their tools promise."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from typing import Any

import numpy
import pandas
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nn.data import Dataset, Scaler, batches, iris, moons, train_test_split

# Dataset ------------------------------------------------------------------------------------------


def test_a_data_set_unpacks_into_its_numbers() -> None:
    dataset = Dataset([[1.0]], [0], ["size"], ["small"])
    X, y = dataset
    assert X is dataset.X
    assert y is dataset.y


def test_the_repr_says_what_is_to_be_learned_and_stays_short() -> None:
    assert repr(Dataset([[1.0]], [2.5], ["size"], [])) == (
        "<Dataset of 1 examples, features ['size'], a number to learn>"
    )
    wide = Dataset([[0.0] * 64], [0], [f"pixel{place}" for place in range(64)], ["a", "b"])
    assert repr(wide) == (
        "<Dataset of 1 examples, features ['pixel0', ..., 'pixel63'] (64), classes ['a', 'b']>"
    )


# Iris ---------------------------------------------------------------------------------------------


def test_iris_has_50_flowers_of_each_species_in_order() -> None:
    dataset = iris()
    assert dataset.y == [0] * 50 + [1] * 50 + [2] * 50
    assert dataset.class_names == ["setosa", "versicolor", "virginica"]
    assert dataset.feature_names == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert {len(row) for row in dataset.X} == {4}


def test_iris_has_the_published_means_and_ranges() -> None:
    columns = list(zip(*iris().X, strict=True))
    assert [round(math.fsum(column), 1) for column in columns] == [876.5, 458.6, 563.7, 179.9]
    assert [min(column) for column in columns] == [4.3, 2.0, 1.0, 0.1]
    assert [max(column) for column in columns] == [7.9, 4.4, 6.9, 2.5]


def test_iris_follows_fishers_paper_where_the_uci_copy_differs() -> None:
    X, _ = iris()
    assert X[35 - 1] == [4.9, 3.1, 1.5, 0.2]
    assert X[38 - 1] == [4.9, 3.6, 1.4, 0.1]


def test_changing_a_data_set_does_not_change_the_next_one() -> None:
    iris().X[0][0] = 99.0
    assert iris().X[0][0] == 5.1


# Moons --------------------------------------------------------------------------------------------


def test_moons_without_noise_lie_on_two_half_circles() -> None:
    X, y = moons(101, noise=0.0)
    for (x1, x2), label in zip(X, y, strict=True):
        centre = (1.0, 0.5) if label else (0.0, 0.0)
        assert math.dist((x1, x2), centre) == pytest.approx(1.0, rel=1e-12)
        assert x2 <= 0.5 if label else x2 >= 0.0
    assert Counter(y) == {0: 51, 1: 50}


def test_moons_reach_from_end_to_end() -> None:
    X, y = moons(10, noise=0.0)
    upper = [x for x, label in zip(X, y, strict=True) if label == 0]
    lower = [x for x, label in zip(X, y, strict=True) if label == 1]
    assert upper[0] == [1.0, 0.0]
    assert upper[-1] == pytest.approx([-1.0, 0.0], abs=1e-15)
    assert lower[0] == [0.0, 0.5]
    assert lower[-1] == pytest.approx([2.0, 0.5], abs=1e-15)


def test_moons_take_turns() -> None:
    assert moons(5).y == [0, 1, 0, 1, 0]


def test_moons_noise_has_the_standard_deviation_asked_for() -> None:
    noisy, _ = moons(4000, noise=0.2, rng=random.Random(1))
    exact, _ = moons(4000, noise=0.0)
    moved = [
        a - b
        for row, place in zip(noisy, exact, strict=True)
        for a, b in zip(row, place, strict=True)
    ]
    assert math.sqrt(math.fsum(m * m for m in moved) / len(moved)) == pytest.approx(0.2, rel=0.05)


def test_the_same_seed_gives_the_same_bits() -> None:
    assert moons(20, rng=random.Random(7)) == moons(20, rng=random.Random(7))
    assert moons(20, rng=random.Random(7)) != moons(20, rng=random.Random(8))
    random.seed(7)
    assert moons(20) == moons(20, rng=random.Random(7))


def test_the_moons_of_a_seed_stay_what_they_were() -> None:
    X, _ = moons(2, noise=0.5, rng=random.Random(0))
    # The points (1, 0) and (0, 1/2), each moved by the next two normal numbers of the generator.
    assert [*X[0], *X[1]] == pytest.approx(
        [1.4708577023403322, -0.6982890523505749, -0.33985722403921054, 0.6852517837303299],
        rel=1e-14,
    )


@pytest.mark.parametrize(("n", "error"), [(1, ValueError), (-5, ValueError), (10.0, TypeError)])
def test_moons_refuses_a_number_of_points_that_makes_no_moons(
    n: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match="n must be a whole number of at least 2"):
        moons(n)


@pytest.mark.parametrize("noise", [-0.1, math.inf, math.nan])
def test_moons_refuses_noise_that_is_no_standard_deviation(noise: float) -> None:
    with pytest.raises(ValueError, match="standard deviation"):
        moons(10, noise)


# Splitting and batches ----------------------------------------------------------------------------


@given(n=st.integers(2, 60), test=st.floats(0.01, 0.99), seed=st.integers())
def test_a_split_keeps_every_example_once_with_its_label(n: int, test: float, seed: int) -> None:
    X, y = [[float(i)] for i in range(n)], list(range(n))
    X_train, X_test, y_train, y_test = train_test_split(X, y, test, rng=random.Random(seed))
    assert sorted(y_train + y_test) == y
    assert [int(row[0]) for row in X_train + X_test] == y_train + y_test
    assert len(y_test) == min(max(round(test * n), 1), n - 1)


def test_a_split_of_the_same_seed_is_the_same() -> None:
    X, y = iris()
    first = train_test_split(X, y, rng=random.Random(3))
    assert first == train_test_split(X, y, rng=random.Random(3))
    assert [len(part) for part in first] == [120, 30, 120, 30]
    assert len(set(first[3])) == 3  # not the last 30, which are all of one species


@pytest.mark.parametrize("test", [0.0, 1.0, -0.5, 30, math.nan])
def test_a_split_refuses_a_share_that_is_none(test: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        train_test_split([[1.0], [2.0]], [0, 1], test)


def test_a_split_refuses_one_example_and_lists_of_different_lengths() -> None:
    with pytest.raises(ValueError, match="one example cannot be split"):
        train_test_split([[1.0]], [0])
    with pytest.raises(ValueError, match="2 X and 1 y"):
        train_test_split([[1.0], [2.0]], [0])


@example(y=list("aaaaaabbccdd"), test=0.375, seed=0)  # room for one of each, just
@given(
    y=st.lists(st.sampled_from("aabbbcd"), min_size=2, max_size=60),
    test=st.floats(0.05, 0.6),
    seed=st.integers(),
)
def test_a_split_by_class_keeps_the_proportions_and_every_example(
    y: list[str], test: float, seed: int
) -> None:
    X = list(range(len(y)))
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test, stratify=True, rng=random.Random(seed)
    )
    assert sorted(X_train + X_test) == X
    assert [y[i] for i in X_train] == y_train
    assert [y[i] for i in X_test] == y_test
    assert y_train
    assert y_test
    sizes = Counter(y)
    if max(sizes.values()) == 1:
        return  # each label once: there are no classes
    wanted = min(max(round(test * len(y)), 1), len(y) - 1)
    assert len(y_test) == min(wanted, sum(size - 1 for size in sizes.values()))
    for label, size in sizes.items():
        assert y_train.count(label) >= 1
        if size > 1 and wanted >= sum(each > 1 for each in sizes.values()):
            assert y_test.count(label) >= 1


@pytest.mark.parametrize("seed", range(20))
def test_a_split_by_class_sets_a_rare_class_aside_too(seed: int) -> None:
    y = [1 if place in (3, 77, 200, 400) else 0 for place in range(500)]
    _, _, y_train, y_test = train_test_split(y, y, stratify=True, rng=random.Random(seed))
    assert (sum(y_train), sum(y_test), len(y_test)) == (3, 1, 100)
    _, _, _, flowers = train_test_split(*iris(), stratify=True, rng=random.Random(seed))
    assert Counter(flowers) == {0: 10, 1: 10, 2: 10}


def test_a_split_by_class_of_names_is_a_split() -> None:
    _, _, y_train, y_test = train_test_split(range(10), range(10), stratify=True)
    assert (len(y_train), len(y_test)) == (8, 2)


@given(n=st.integers(1, 40), size=st.integers(1, 50), seed=st.integers())
def test_batches_hold_every_example_once_with_its_label(n: int, size: int, seed: int) -> None:
    X, y = [[float(i)] for i in range(n)], list(range(n))
    parts = batches(X, y, size, rng=random.Random(seed))
    labels = [label for _, y_batch in parts for label in y_batch]
    assert sorted(labels) == y
    assert [int(row[0]) for X_batch, _ in parts for row in X_batch] == labels
    assert all(len(y_batch) == size for _, y_batch in parts[:-1])
    assert 1 <= len(parts[-1][1]) <= size


def test_each_call_of_batches_draws_a_new_order_and_the_seed_repeats_them_all() -> None:
    X, y = [[float(i)] for i in range(30)], list(range(30))
    rng, again = random.Random(5), random.Random(5)
    first, second = batches(X, y, 7, rng=rng), batches(X, y, 7, rng=rng)
    assert first != second
    assert [batches(X, y, 7, rng=again), batches(X, y, 7, rng=again)] == [first, second]


@pytest.mark.parametrize(("size", "error"), [(0, ValueError), (2.5, TypeError)])
def test_batches_refuses_a_size_that_is_none(size: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="size must be a whole number"):
        batches([[1.0]], [0], size)


def test_splitting_takes_arrays() -> None:
    X, y = numpy.arange(20.0).reshape(10, 2), numpy.arange(10)
    X_train, X_test, y_train, y_test = train_test_split(X, y, rng=random.Random(1))
    assert all(row == [2.0 * i, 2.0 * i + 1.0] for row, i in zip(X_train, y_train, strict=True))
    assert (len(X_test), len(y_test)) == (2, 2)
    assert len(batches(X, y, 4)) == 3


def test_splitting_takes_pandas_tables_as_rows_not_as_column_names() -> None:
    frame = pandas.DataFrame({"a": [1.0, 2.0, 3.0], "b": [4, 5, 6]}, index=[7, 8, 9])
    labels = pandas.Series(["x", "y", "z"], index=[7, 8, 9])
    X_train, X_test, y_train, y_test = train_test_split(frame, labels, rng=random.Random(1))
    pairs = sorted(zip(X_train + X_test, y_train + y_test, strict=True))
    assert pairs == [([1.0, 4.0], "x"), ([2.0, 5.0], "y"), ([3.0, 6.0], "z")]
    assert [len(y_batch) for _, y_batch in batches(frame, labels, 2)] == [2, 1]


# Scaling ------------------------------------------------------------------------------------------


def test_min_max_by_hand() -> None:
    scaler = Scaler.min_max([[0.0, 10.0], [4.0, 30.0], [1.0, 20.0]])
    assert scaler([[0.0, 10.0], [4.0, 30.0], [1.0, 20.0]]) == [[0.0, 0.0], [1.0, 1.0], [0.25, 0.5]]
    assert scaler([[8.0, 0.0]]) == [[2.0, -0.5]]  # new data may lie outside


def test_standard_by_hand() -> None:
    scaler = Scaler.standard([[1.0], [3.0], [5.0], [7.0]])
    assert scaler.centre == [4.0]
    assert scaler.width == pytest.approx([math.sqrt(5.0)])
    assert scaler([[4.0 + math.sqrt(5.0)]])[0] == pytest.approx([1.0])


def test_standard_gives_mean_0_and_deviation_1() -> None:
    X, _ = iris()
    for column in zip(*Scaler.standard(X)(X), strict=True):
        assert math.fsum(column) / 150 == pytest.approx(0.0, abs=1e-12)
        assert math.fsum(x * x for x in column) / 150 == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("make", [Scaler.standard, Scaler.min_max])
def test_a_constant_column_becomes_exactly_0_and_comes_back(make: Any) -> None:
    X = [[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]]
    scaled = make(X)(X)
    assert [row[0] for row in scaled] == [0.0, 0.0, 0.0]
    assert [row[0] for row in make(X).undo(scaled)] == [0.1, 0.1, 0.1]


@pytest.mark.parametrize("make", [Scaler.standard, Scaler.min_max])
@given(
    X=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.floats(-1e6, 1e6), min_size=width, max_size=width), min_size=1, max_size=8
        )
    )
)
def test_undo_gives_back_what_was_scaled(make: Any, X: list[list[float]]) -> None:
    scaler = make(X)
    for row, back in zip(X, scaler.undo(scaler(X)), strict=True):
        assert back == pytest.approx(row, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([], "at least one row"),
        ([1.0, 2.0], r"write \[\[x\] for x in X\]"),
        ([[1.0, 2.0], [3.0]], "row 2 has 1 numbers, and row 1 2"),
        ([[1.0, math.nan]], "column 2 holds a number that is infinite or nan"),
    ],
)
def test_a_scaler_refuses_what_has_no_columns_to_measure(X: Any, message: str) -> None:
    for make in (Scaler.standard, Scaler.min_max):
        with pytest.raises(ValueError, match=message):
            make(X)


def test_a_scaler_refuses_rows_of_another_length() -> None:
    scaler = Scaler.min_max([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match="rows of 2 numbers, and this one has 3"):
        scaler([[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="rows of 2 numbers"):
        scaler.undo([[1.0]])


@pytest.mark.parametrize("make", [Scaler.standard, Scaler.min_max])
def test_a_deviation_that_rounds_to_0_divides_nothing(make: Any) -> None:
    X = [[0.0], [0.0], [0.0], [0.0], [5e-324]]
    assert all(math.isfinite(row[0]) for row in make(X)(X))


@pytest.mark.parametrize("make", [Scaler.standard, Scaler.min_max])
def test_one_row_becomes_0(make: Any) -> None:
    assert make([[3.0, -7.0]])([[3.0, -7.0]]) == [[0.0, 0.0]]


@pytest.mark.parametrize("make", [Scaler.standard, Scaler.min_max])
def test_arrays_and_pandas_tables_are_scaled_as_lists_are(make: Any) -> None:
    X = [[1.0, 4.0], [2.0, 6.0], [4.0, 5.0]]
    expected = make(X)(X)
    frame = pandas.DataFrame(X, columns=["a", "b"])
    assert make(numpy.array(X))(numpy.array(X)) == expected
    assert make(frame)(frame) == expected
    assert make(X).undo(pandas.DataFrame(expected))[0] == pytest.approx(X[0], rel=1e-12)


@given(X=st.lists(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), min_size=2, max_size=6))
def test_a_scaler_comes_back_from_json_with_every_digit(X: list[list[float]]) -> None:
    scaler = Scaler.standard(X)
    assert Scaler.from_dict(json.loads(json.dumps(scaler.to_dict()))) == scaler


def test_changing_a_saved_scaler_does_not_change_the_scaler() -> None:
    scaler = Scaler.min_max([[0.0], [4.0]])
    scaler.to_dict()["width"][0] = 99.0
    assert scaler.width == [4.0]


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ({}, "called 'centre' and 'width'"),
        ({"centre": [0.0]}, "called 'centre' and 'width'"),
        ({"centre": ["a"], "width": [1.0]}, "called 'centre' and 'width'"),
        ({"centre": 0.0, "width": 1.0}, "called 'centre' and 'width'"),
        ([1.0], "called 'centre' and 'width'"),
        ({"centre": ["1.0"], "width": [1.0]}, "called 'centre' and 'width'"),
        ({"centre": "12", "width": "34"}, "called 'centre' and 'width'"),
        ({"centre": [True], "width": [1.0]}, "called 'centre' and 'width'"),
        ({"centre": [10**400], "width": [1.0]}, "called 'centre' and 'width'"),
        ({"centre": [0.0, 1.0], "width": [1.0]}, "not 2 and 1 of them"),
        ({"centre": [0.0], "width": [0.0]}, "finite widths above 0"),
        ({"centre": [math.nan], "width": [1.0]}, "finite centres"),
        ({"centre": [0.0], "width": [math.inf]}, "finite widths above 0"),
    ],
)
def test_what_is_no_saved_scaler_is_refused(saved: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Scaler.from_dict(saved)


def test_the_refusal_of_a_large_table_stays_short() -> None:
    with pytest.raises(ValueError, match="returns them, not") as caught:
        Scaler.from_dict({"centre": ["a"] * 10_000, "width": [1.0] * 10_000})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("make", [Scaler.standard, Scaler.min_max])
def test_a_column_of_words_or_of_giants_is_refused(make: Any) -> None:
    with pytest.raises(TypeError, match="column 2 holds 'red', which is no number"):
        make([[1.0, "red"]])
    with pytest.raises(ValueError, match="beyond 1e300: take another unit"):
        make([[1e308], [-1e308]])
