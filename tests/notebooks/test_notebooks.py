"""Every notebook runs from top to bottom in a real kernel, and says what is stored in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from books import COURSE, FOLDER, code_cells, exercises, read, tags
from running import Run
from sameness import difference

every_notebook = pytest.mark.parametrize("executed_name", COURSE)
Executed = Callable[[str], Run]
NOTEBOOK_SECONDS = 60


@every_notebook
def test_it_runs_without_an_error_or_a_warning(executed: Executed, executed_name: str) -> None:
    run = executed(executed_name)
    for cell in [*code_cells(run), *run.added]:
        for output in cell.outputs:
            assert output.output_type != "error", f"{cell.source}\n{output.ename}: {output.evalue}"
            assert output.get("name") != "stderr", f"{cell.source}\n{output.text}"


@every_notebook
def test_every_cell_and_so_every_check_has_run(executed: Executed, executed_name: str) -> None:
    run = executed(executed_name)
    for cell in [*code_cells(run), *run.added]:
        assert cell.execution_count, f"this cell did not run:\n{cell.source}"
    for cell in code_cells(run):
        if any(tag.startswith("row-") for tag in tags(cell)):
            printed = "".join(each.get("text", "") for each in cell.outputs)
            assert "✓" in printed, f"this cell does not say what it has shown:\n{cell.source}"


@every_notebook
def test_the_outputs_mean_what_is_stored(executed: Executed, executed_name: str) -> None:
    for stored, fresh in zip(read(executed_name).cells, executed(executed_name).cells, strict=True):
        if stored.cell_type == "code":
            differs = difference(stored.outputs, fresh.outputs, varies="varies" in tags(stored))
            assert not differs, f"{stored.source}\n{differs}"


@every_notebook
def test_it_takes_less_than_a_minute(executed: Executed, executed_name: str) -> None:
    """Of a single cell, the run itself is stopped after 20 seconds: then there is an error."""
    assert executed(executed_name).seconds < NOTEBOOK_SECONDS


@every_notebook
def test_the_solutions_were_judged(executed: Executed, executed_name: str) -> None:
    """Whether each is right, and each blank is not, is asserted in the kernel."""
    assert len(executed(executed_name).added) == 1 + len(exercises(read(executed_name)))


@every_notebook
def test_the_outputs_show_nothing_of_the_machine(executed: Executed, executed_name: str) -> None:
    for book in (read(executed_name), executed(executed_name)):
        for cell in code_cells(book):
            shown = json.dumps(cell.outputs)
            found = re.findall(r"(?:/home/|/tmp/|/root/|/usr/|[A-Z]:\\\\|at 0x[0-9a-f]{6})", shown)
            assert not found, cell.source
            assert str(FOLDER.parent) not in shown, cell.source
