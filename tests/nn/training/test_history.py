"""What a history promises: to be read as a table, looked up by name, drawn, and shown in a page."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from urllib.parse import unquote

import pandas
import pytest

from nn.training.history import History, spread

FULL = [
    {"loss": 0.75, "accuracy": 0.5, "validation_loss": 0.875},
    {"loss": 0.25, "accuracy": 1.0, "validation_loss": 0.375},
]


def history_of(rows: list[dict[str, float]]) -> History:
    history = History()
    history.rows += rows
    return history


def test_the_history_reads_as_columns_and_as_rows() -> None:
    history = history_of(FULL)
    assert list(history) == ["loss", "accuracy", "validation_loss"]
    assert dict(history)["loss"] == [row["loss"] for row in history.rows]
    assert repr(history) == "<History of 2 epochs: loss, accuracy, validation_loss>"


def test_a_name_that_the_history_has_not_is_an_error_that_lists_those_it_has() -> None:
    with pytest.raises(KeyError, match="no 'f1', only: loss, accuracy"):
        history_of(FULL)["f1"]


def test_to_dict_is_plain_and_makes_a_table_in_json_and_pandas() -> None:
    plain = history_of(FULL).to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert pandas.DataFrame(plain)["validation_loss"].tolist() == [0.875, 0.375]


def test_a_long_history_prints_short_with_the_first_and_the_last_epoch() -> None:
    lines = str(history_of([{"loss": 1.0 / epoch} for epoch in range(1, 201)])).splitlines()
    assert len(lines) == 12
    assert lines[1].split() == ["1", "1.000"]
    assert lines[-1].split() == ["200", "0.005000"]


def test_the_table_ends_with_what_is_to_be_said() -> None:
    history = history_of(FULL)
    history.note, history.interrupted = "the best was the first", True
    assert str(history).splitlines()[-2:] == ["the best was the first", "interrupted in epoch 3"]


def test_notes_are_said_once_each_in_their_order_in_text_and_in_a_page() -> None:
    history = history_of(FULL)
    for text in ("learned with the eager engine", "best < second", "best < second"):
        history.add_note(text)
    assert history.notes == history.note.splitlines()
    assert str(history).splitlines()[-2:] == ["learned with the eager engine", "best < second"]
    page = history._repr_html_()
    assert "<p>learned with the eager engine</p><p>best &lt; second</p>" in page


def test_notes_are_said_even_before_the_first_epoch() -> None:
    history = History()
    history.add_note("a < b")
    assert str(history).splitlines() == ["no epoch was finished", "a < b"]
    assert "a &lt; b" in history._repr_html_()


@pytest.mark.parametrize("count", [1, 2, 11, 12, 13, 1000])
def test_spread_has_the_ends_and_no_position_twice(count: int) -> None:
    positions = spread(count, most=11)
    assert positions[0] == 0
    assert positions[-1] == count - 1
    assert positions == sorted(set(positions))
    assert len(positions) == min(count, 11)


# In pictures and pages ------------------------------------------------------------------------


def test_plot_draws_the_curves_of_the_history() -> None:
    chart = history_of(FULL).plot(title="Iris")
    assert [list(line.get_ydata()) for line in chart.axes[0].lines[:2]] == [
        [0.75, 0.25],
        [0.875, 0.375],
    ]
    assert chart.get_suptitle() == "Iris"


def test_an_empty_history_has_no_curves_and_says_so() -> None:
    with pytest.raises(ValueError, match="no epoch was finished"):
        History().plot()
    assert History()._repr_html_() == "<p>no epoch was finished</p>"


def test_a_notebook_shows_the_table_the_remarks_and_the_curves() -> None:
    history = history_of(FULL)
    history.interrupted = True
    page = history._repr_html_()
    assert '<th scope="col">accuracy</th><th scope="col">validation loss</th></tr>' in page
    assert "<tr><td>2</td><td>0.2500</td><td>1.000</td><td>0.3750</td></tr>" in page
    assert "<p>interrupted in epoch 3</p>" in page
    assert 'alt="Training curves: loss, accuracy, validation_loss"' in page
    (data,) = re.findall(r"base64,([^\"]+)", unquote(page))
    assert base64.b64decode(data).startswith(b"\x89PNG")


def test_a_name_cannot_break_out_of_the_page() -> None:
    page = history_of([{"loss": 1.0, "<script>": 1.0}])._repr_html_()
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 2


def test_without_matplotlib_a_notebook_shows_the_table_alone() -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from nn.training.history import History\n"
        "history = History(); history.rows.append({'loss': 0.5})\n"
        "print(history._repr_html_())"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == (
        '<table><tr><th scope="col">epoch</th><th scope="col">loss</th></tr>'
        "<tr><td>1</td><td>0.5000</td></tr></table>"
    )
