"""What plot_confusion promises: counts and shares of the row, under the names of the classes."""

from __future__ import annotations

from typing import Any

import pytest

from nn.view import plot_confusion


def cells(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def words(figure: Any) -> tuple[list[str], list[str]]:
    axes = figure.axes[0]
    across = [label.get_text() for label in axes.get_xticklabels()]
    return across, [label.get_text() for label in axes.get_yticklabels()]


def test_each_cell_has_the_count_and_the_share_of_its_row() -> None:
    figure = plot_confusion([0, 0, 1, 2, 2, 2], [0, 0, 0, 0, 2, 2])
    assert cells(figure) == ["2\n50%", "1\n25%", "1\n25%", "0", "0", "0", "0", "0", "2\n100%"]
    shares = figure.axes[0].collections[0].get_array()
    assert shares is not None
    assert shares.tolist() == [[0.5, 0.25, 0.25], [0, 0, 0], [0, 0, 1]]
    assert words(figure) == (["0", "1", "2"], ["0 (4)", "1 (0)", "2 (2)"])


def test_the_first_class_is_the_top_row() -> None:
    axes = plot_confusion([0, 1], [0, 1]).axes[0]
    assert axes.get_ylim() == (1.5, -0.5)
    assert axes.texts[0].get_position() == (0, 0)


@pytest.mark.parametrize(
    ("predictions", "targets"),
    [([0, 1], [0, 0]), ([-1, 1], [-1, -1]), (["cat", "dog"], ["cat", "cat"])],
)
def test_class_names_stand_for_the_classes_in_order(predictions: Any, targets: Any) -> None:
    figure = plot_confusion(predictions, targets, class_names=["cat", "dog"], title="Pets")
    assert words(figure) == (["cat", "dog"], ["cat (2)", "dog (0)"])
    assert cells(figure) == ["1\n50%", "1\n50%", "0", "0"]
    assert figure.axes[0].get_title(loc="left") == "Pets"


def test_a_class_that_does_not_occur_has_its_row() -> None:
    assert len(cells(plot_confusion([0, 2], [0, 2], class_names=["a", "b", "c"]))) == 9


def test_what_cannot_be_drawn_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"2 predictions and 1 targets"):
        plot_confusion([0, 1], [0])
    with pytest.raises(ValueError, match="2 is none of the classes"):
        plot_confusion([0, 2], [0, 1], class_names=["a", "b"])
    with pytest.raises(ValueError, match="class_names has 3 names; the number of classes is 2"):
        plot_confusion([-1, 1], [-1, 1], class_names=["a", "b", "c"])
    with pytest.raises(TypeError, match=r"0\.3 is none"):
        plot_confusion([0.3], [0])
