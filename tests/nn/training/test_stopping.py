"""What early stopping promises: the parameters of the best epoch, all of them or none."""

from __future__ import annotations

import pytest
from interrupting import interrupted_at

from autograd import Value
from nn.checks.parameters import write
from nn.training.history import History
from nn.training.stopping import EarlyStopping


def watching(patience: int, losses: list[float]) -> tuple[EarlyStopping, History, Value]:
    """Return an early stopping that saw the losses while the parameter was 1.0, 2.0 and so on."""
    parameter, history = Value(0.0), History()
    stopping = EarlyStopping(patience, [parameter])
    for loss in losses:
        parameter.data += 1.0
        history.rows.append({"loss": loss})
        stopping.look(history)
    return stopping, history, parameter


@pytest.mark.parametrize(
    ("losses", "best"),
    [([3.0], 1), ([3.0, 2.0, 1.0], 3), ([1.0, 2.0, 3.0], 1), ([2.0, 1.0, 1.0, 2.0], 2)],
)
def test_the_best_epoch_is_the_first_with_the_smallest_loss(losses: list[float], best: int) -> None:
    stopping, history, parameter = watching(9, losses)
    stopping.restore(history)
    assert stopping.best_epoch == best
    assert parameter.data == float(best)


@pytest.mark.parametrize(
    ("losses", "over"),
    [([], False), ([1.0, 2.0], False), ([1.0, 2.0, 2.0], True), ([1.0, 2.0, 0.5], False)],
)
def test_it_is_over_after_so_many_epochs_without_a_smaller_loss(
    losses: list[float], over: bool
) -> None:
    stopping, history, _ = watching(2, losses)
    assert stopping.is_over(history) is over


def test_before_the_first_epoch_there_is_nothing_to_restore() -> None:
    stopping, history, parameter = watching(2, [])
    parameter.data = 7.0
    stopping.restore(history)
    assert (parameter.data, history.note) == (7.0, "")


def test_ctrl_c_at_any_line_leaves_all_the_old_numbers_or_all_the_new_ones() -> None:
    old, new = [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]
    for line in range(1, 1000):
        parameters = [Value(number) for number in old]
        came = interrupted_at(line, lambda: write(parameters, new))  # noqa: B023  runs at once
        assert [p.data for p in parameters] in (old, new), line
        if not came:
            break
    assert 3 < line < 999
