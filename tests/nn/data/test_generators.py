"""What the made-up data sets promise."""

from __future__ import annotations

import itertools
import math
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sklearn.datasets import make_circles, make_moons

from nn.data import (
    Dataset,
    circles,
    gaussians,
    house_prices,
    moons,
    plane,
    spiral,
    xor,
)

Make = Callable[..., Dataset]
CLASSES = [moons, circles, xor, gaussians, spiral]
NUMBERS = [plane, house_prices]
each_of = pytest.mark.parametrize


def solved(X: list[list[float]], y: list[float]) -> list[float]:
    """Return the weights and the bias of least squares, by the normal equations."""
    rows = [[*row, 1.0] for row in X]
    size = len(rows[0])
    table = [
        [math.fsum(row[i] * row[j] for row in rows) for j in range(size)]
        + [math.fsum(row[i] * target for row, target in zip(rows, y, strict=True))]
        for i in range(size)
    ]
    for i in range(size):
        for j in range(size):
            if j != i:
                factor = table[j][i] / table[i][i]
                table[j] = [a - factor * b for a, b in zip(table[j], table[i], strict=True)]
    return [table[i][size] / table[i][i] for i in range(size)]


# All of them --------------------------------------------------------------------------------------


@each_of("make", CLASSES + NUMBERS)
def test_the_same_seed_gives_the_same_bits(make: Make) -> None:
    assert make(30, rng=random.Random(7)) == make(30, rng=random.Random(7))
    assert make(30, 0.5, rng=random.Random(7)) != make(30, 0.5, rng=random.Random(8))
    random.seed(7)
    assert make(30) == make(30, rng=random.Random(7))


def test_the_same_seed_gives_the_same_bits_in_another_process() -> None:
    program = (
        "import random, nn.data as d\n"
        "for name in 'moons circles xor gaussians spiral plane house_prices'.split():\n"
        "    made = getattr(d, name)(20, rng=random.Random(3))\n"
        "    print(repr((made.X, made.y, d.train_test_split(*made, rng=random.Random(4)))))\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": salt},
        ).stdout
        for salt in ("1", "2")
    }
    assert len(answers) == 1
    assert answers.pop().count("\n") == 7


@each_of("make", CLASSES + NUMBERS)
def test_names_and_shapes_fit_together(make: Make) -> None:
    made = make(11)
    assert len(made.X) == len(made.y) == 11
    assert {len(row) for row in made.X} == {len(made.feature_names)}
    assert all(type(number) is float for row in made.X for number in row)


@each_of("make", CLASSES)
def test_two_classes_take_turns(make: Make) -> None:
    made = make(7)
    assert made.y == [0, 1, 0, 1, 0, 1, 0]
    assert all(type(label) is int for label in made.y)
    assert len(set(made.class_names)) == 2


@each_of("make", NUMBERS)
def test_a_number_to_learn_has_no_class_names(make: Make) -> None:
    made = make(3)
    assert made.class_names == []
    assert all(type(target) is float for target in made.y)


@each_of("make", CLASSES + NUMBERS)
@each_of(("n", "error"), [(0, ValueError), (-5, ValueError), (10.0, TypeError)])
def test_a_number_of_examples_that_is_none_is_refused(
    make: Make, n: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match="n must be a whole number of at least"):
        make(n)


@each_of("make", CLASSES + NUMBERS)
@each_of("noise", [-0.1, math.inf, math.nan])
def test_noise_that_is_no_standard_deviation_is_refused(make: Make, noise: float) -> None:
    with pytest.raises(ValueError, match="standard deviation"):
        make(10, noise)


@each_of("make", [circles, gaussians, spiral])
def test_noise_has_the_standard_deviation_asked_for(make: Make) -> None:
    noisy, exact = make(3000, 0.2, rng=random.Random(1)).X, make(3000, 0.0).X
    squares = [math.dist(a, b) ** 2 for a, b in zip(noisy, exact, strict=True)]
    assert math.sqrt(math.fsum(squares) / 6000) == pytest.approx(0.2, rel=0.05)


# One by one ---------------------------------------------------------------------------------------


def test_circles_and_moons_without_noise_are_those_of_scikit_learn() -> None:
    for make, theirs in ((circles, make_circles(60, factor=0.5)), (moons, make_moons(60))):
        X, y = make(60, 0.0)
        ours = sorted(
            (label, *(round(x, 9) + 0.0 for x in row)) for row, label in zip(X, y, strict=True)
        )
        expected = sorted(
            (label, *(round(x, 9) + 0.0 for x in row))
            for row, label in zip(theirs[0].tolist(), theirs[1].tolist(), strict=True)
        )
        assert ours == expected


def test_xor_is_the_exclusive_or_of_the_signs_with_a_gap_and_four_full_quarters() -> None:
    X, y = xor(400, rng=random.Random(1))
    assert all(label == ((x1 > 0) != (x2 > 0)) for (x1, x2), label in zip(X, y, strict=True))
    assert all(0.1 <= abs(x) <= 1.0 for row in X for x in row)
    assert set(Counter((x1 > 0, x2 > 0) for x1, x2 in X).values()) == {100}


def test_gaussians_lie_about_their_centres() -> None:
    X, y = gaussians(2000, 0.5, rng=random.Random(1))
    for label, centre in ((0, -1.0), (1, 1.0)):
        for column in zip(
            *(row for row, own in zip(X, y, strict=True) if own == label), strict=True
        ):
            assert math.fsum(column) / 1000 == pytest.approx(centre, abs=0.06)


def test_the_arms_of_a_spiral_are_opposite_and_wind_out_to_radius_1() -> None:
    X, y = spiral(100, 0.0)
    first = [row for row, label in zip(X, y, strict=True) if label == 0]
    second = [row for row, label in zip(X, y, strict=True) if label == 1]
    for a, b in zip(first, second, strict=True):
        assert a == pytest.approx([-b[0], -b[1]], abs=1e-12)
    radii = [math.hypot(*row) for row in first]
    assert radii == sorted(radii)
    assert radii[-1] == pytest.approx(1.0)
    crossings = sum(a[0] * b[0] < 0 for a, b in itertools.pairwise(first))
    assert crossings == 3  # half turns: three within three and a half


def test_least_squares_finds_the_plane_that_made_the_data() -> None:
    assert solved(*plane(50, 0.0, rng=random.Random(1))) == pytest.approx([2.0, -3.0, 1.0])
    noisy = solved(*plane(2000, 0.1, rng=random.Random(1)))
    assert noisy == pytest.approx([2.0, -3.0, 1.0], abs=0.02)


def test_least_squares_finds_the_prices_of_size_stories_and_distance() -> None:
    X, y = house_prices(50, 0.0, rng=random.Random(1))
    assert solved(X, y)[:3] == pytest.approx([100.0, 1000.0, -30.0], rel=1e-6)
    noisy = solved(*house_prices(2000, rng=random.Random(1)))
    assert noisy[:3] == pytest.approx([100.0, 1000.0, -30.0], rel=0.06)


def test_houses_are_such_as_there_are() -> None:
    made = house_prices(500, 0.0, rng=random.Random(1))
    sizes, stories, distances = zip(*made.X, strict=True)
    assert 60.0 <= min(sizes) <= max(sizes) <= 250.0
    assert set(stories) == {1.0, 2.0, 3.0}
    assert 0.0 <= min(distances) <= max(distances) <= 200.0
    assert min(made.y) > 0.0
    assert made.feature_names == ["size", "stories", "distance"]
