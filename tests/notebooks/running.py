"""A notebook in a kernel of its own, as a student runs it: from top to bottom.

First it is run as it is stored, with the blanks. Then each solution is run in the same kernel.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbclient
import nbformat
from books import FOLDER, code_cells, exercises, with_solution

GIVE_UP = 900  # seconds: no cell is to take so long on the slowest machine; it does not end
SETUP = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", module="ipykernel")  # the kernel's own affairs
del warnings
"""
MEASURE = "__import__('time').process_time()"  # of the kernel, whatever else the machine does


@dataclass
class Run:
    """What came of a notebook: its cells with their fresh outputs, and those that were added."""

    cells: list[Any]
    added: list[Any]
    processor_seconds: float


def run(book: Any, scratch: Path) -> Run:
    """Execute a notebook, and then its solutions. IPython writes into ``scratch``."""
    setup = new_cell(SETUP)
    numbers = {id(cell): number for number, cell in enumerate([setup, *code_cells(book)], 1)}
    solved = [
        new_cell(with_solution(cell, text, numbers[id(cell)])) for cell, text in exercises(book)
    ]
    for cell in code_cells(book):
        cell.outputs, cell.execution_count = [], None
    measured = new_cell(MEASURE)
    everything = [setup, *book.cells, *solved, measured]
    whole = nbformat.v4.new_notebook(cells=everything, metadata=book.metadata)
    client = nbclient.NotebookClient(
        whole, kernel_name="python3", timeout=GIVE_UP, allow_errors=True, record_timing=False,
        coalesce_streams=True, resources={"metadata": {"path": str(FOLDER)}},
    )  # fmt: skip
    # What the tests import is what the kernel imports, installed or not.
    environment = os.environ | {"PYTHONPATH": str(FOLDER.parent), "IPYTHONDIR": str(scratch)}
    asyncio.run(client.async_execute(env=environment))  # a loop for each thread, which is closed
    seconds = float(measured.outputs[0].data["text/plain"])
    return Run(book.cells, [setup, *solved], seconds)


def new_cell(source: str) -> Any:
    return nbformat.v4.new_code_cell(source)
