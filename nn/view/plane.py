"""Plane: the places of a plane of two features at which a model is asked."""
# X is a table of examples, as in every textbook

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.checks.arguments import plain, same_length, whole_number
from nn.view.palette import check_count


class Plane:
    """Two features of a table of examples as a plane, past the outermost examples by a tenth.

    ``points`` are the examples' places on it, ``across`` and ``up`` the coordinates to ask at, and
    ``rows`` whole examples for all these places, line by line from the bottom. Of more than two
    features, those that are not drawn stand at their means. ``table`` is X as an array.

    Raises ValueError, naming the function ``name``, if X has not these two columns.
    """

    def __init__(
        self,
        name: str,
        X: Sequence[Any],
        *,
        features: tuple[int, int],
        feature_names: Sequence[str],
        resolution: int,
    ) -> None:
        self.table = table_of(name, X)
        count = self.table.shape[1]
        if not all(0 <= column < count for column in features):
            raise ValueError(
                f"{name}() draws the columns {features[0]} and {features[1]} of the rows of X, "
                f"counted from 0, and X has the shape {self.table.shape}."
            )
        if len(set(features)) != 2:
            raise ValueError(f"{name}() draws two different features.")
        check_count("feature_names", feature_names, count, "features")
        names = list(feature_names) or [f"feature {column + 1}" for column in range(count)]
        self.names = [names[column] for column in features]
        self.points = self.table[:, list(features)]
        steps = whole_number("resolution", resolution, least=2)
        self.across, self.up = (side(column, steps) for column in self.points.T)
        self.rows = np.tile(self.table.mean(axis=0), (steps * steps, 1))
        self.rows[:, features[0]] = np.tile(self.across, steps)
        self.rows[:, features[1]] = np.repeat(self.up, steps)

    def show(self, axes: Any, colours: Any, **options: Any) -> Any:
        """Colour the plane, and return the image; ``options`` go to ``imshow``."""
        half_across = (self.across[1] - self.across[0]) / 2
        half_up = (self.up[1] - self.up[0]) / 2
        image = axes.imshow(
            colours,
            extent=(
                self.across[0] - half_across, self.across[-1] + half_across,
                self.up[0] - half_up, self.up[-1] + half_up,
            ),
            origin="lower", aspect="auto", interpolation="bilinear", **options,
        )  # fmt: skip
        axes.set_xlim(self.across[0], self.across[-1])
        axes.set_ylim(self.up[0], self.up[-1])
        return image


def table_of(name: str, X: Sequence[Any]) -> Any:
    """Return X as an array of rows, or raise the ValueError that says what is wrong with it."""
    rows = [plain(row) for row in plain(X)]
    same_length(name, X=rows)
    widths = {len(row) if isinstance(row, list) else 0 for row in rows}
    if len(widths) > 1 or 0 in widths:
        raise ValueError(f"{name}() takes rows of the same number of features each.")
    table = np.array(rows, dtype=float)
    if not np.isfinite(table).all():
        raise ValueError(f"{name}() cannot draw rows with nan or inf in them.")
    return table


def side(column: Any, steps: int) -> Any:
    """Return the coordinates to ask at along one axis."""
    margin = 0.1 * (column.max() - column.min()) or 1.0
    return np.linspace(column.min() - margin, column.max() + margin, steps)
