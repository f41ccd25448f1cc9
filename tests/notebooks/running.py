"""A notebook in a kernel of its own, as a student runs it: from top to bottom.

First it is run as it is stored, with the blanks. Then each solution is run in the same kernel.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbclient
import nbformat
from books import FOLDER, code_cells, exercises, with_solution

CELL_SECONDS = 20
SETUP = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", module="ipykernel")  # the kernel's own affairs
del warnings
"""


@dataclass
class Run:
    """What came of a notebook: its cells with their fresh outputs, and those that were added."""

    cells: list[Any]
    added: list[Any]
    seconds: float


def run(book: Any, scratch: Path) -> Run:
    """Execute a notebook, and then its solutions. IPython writes into ``scratch``."""
    setup = new_cell(SETUP)
    numbers = {id(cell): number for number, cell in enumerate([setup, *code_cells(book)], 1)}
    solved = [
        new_cell(with_solution(cell, text, numbers[id(cell)])) for cell, text in exercises(book)
    ]
    for cell in code_cells(book):
        cell.outputs, cell.execution_count = [], None
    everything = [setup, *book.cells, *solved]
    whole = nbformat.v4.new_notebook(cells=everything, metadata=book.metadata)
    begin = time.perf_counter()
    client = nbclient.NotebookClient(
        whole, kernel_name="python3", timeout=CELL_SECONDS, allow_errors=True, record_timing=False,
        coalesce_streams=True, resources={"metadata": {"path": str(FOLDER)}},
    )  # fmt: skip
    # What the tests import is what the kernel imports, installed or not.
    environment = os.environ | {"PYTHONPATH": str(FOLDER.parent), "IPYTHONDIR": str(scratch)}
    asyncio.run(client.async_execute(env=environment))  # a loop for each thread, which is closed
    return Run(book.cells, [setup, *solved], time.perf_counter() - begin)


def new_cell(source: str) -> Any:
    return nbformat.v4.new_code_cell(source)
