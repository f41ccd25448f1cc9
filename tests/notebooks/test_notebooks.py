"""Every notebook runs from top to bottom in a real kernel, and says what is stored in it."""

from __future__ import annotations

import json
import re

from books import FOLDER, code_cells, exercises, read, tags
from running import Run
from sameness import difference

PROCESSOR_SECONDS = 60


def test_it_runs_without_an_error_or_a_warning(executed: Run) -> None:
    for cell in [*code_cells(executed), *executed.added]:
        for output in cell.outputs:
            assert output.output_type != "error", f"{cell.source}\n{output.ename}: {output.evalue}"
            assert output.get("name") != "stderr", f"{cell.source}\n{output.text}"


def test_every_cell_and_so_every_check_has_run(executed: Run) -> None:
    for cell in [*code_cells(executed), *executed.added]:
        assert cell.execution_count, f"this cell did not run:\n{cell.source}"
    for cell in code_cells(executed):
        if any(tag.startswith("row-") for tag in tags(cell)):
            printed = "".join(each.get("text", "") for each in cell.outputs)
            assert "✓" in printed, f"this cell does not say what it has shown:\n{cell.source}"


def test_the_outputs_mean_what_is_stored(name: str, executed: Run) -> None:
    for stored, fresh in zip(read(name).cells, executed.cells, strict=True):
        if stored.cell_type == "code":
            differs = difference(stored.outputs, fresh.outputs, varies="varies" in tags(stored))
            assert not differs, f"{stored.source}\n{differs}"


def test_it_keeps_a_processor_busy_for_less_than_a_minute(executed: Run) -> None:
    assert executed.processor_seconds < PROCESSOR_SECONDS


def test_the_solutions_were_judged(name: str, executed: Run) -> None:
    """Whether each is right, and each blank is not, is asserted in the kernel."""
    assert len(executed.added) == 1 + len(exercises(read(name)))


def test_the_outputs_show_nothing_of_the_machine(name: str, executed: Run) -> None:
    for book in (read(name), executed):
        for cell in code_cells(book):
            shown = json.dumps(cell.outputs)
            found = re.findall(r"(?:/home/|/tmp/|/root/|/usr/|[A-Z]:\\\\|at 0x[0-9a-f]{6})", shown)
            assert not found, cell.source
            assert str(FOLDER.parent) not in shown, cell.source
