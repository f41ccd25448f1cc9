"""What the notebooks contain: all that the curriculum asks for, and nothing that is not so."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from article_rows import NUMBERS, ROWS
from books import (
    COURSE,
    FOLDER,
    NOTE,
    code_cells,
    exercises,
    numbers_asserted,
    path_of,
    programs,
    read,
    tags,
    title,
    words,
)

every_notebook = pytest.mark.parametrize("name", COURSE)
README = FOLDER / "README.md"
LARGEST = 1_500_000  # bytes
PUBLIC = ("autograd", "nn", "nn.data", "nn.schedules", "autograd.classroom", "nn.view.chart")


# The curriculum -----------------------------------------------------------------------------------


def test_every_row_of_the_curriculum_has_a_home() -> None:
    assert {row for rows in ROWS.values() for row in rows} == set(range(1, 24))


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name, rows in ROWS.items() for row in rows]
)
def test_the_numbers_of_a_row_are_asserted(name: str, row: int) -> None:
    missing = NUMBERS[name][row] - numbers_asserted(read(name)).get(row, set())
    assert not missing, f"{name} has no cell that asserts {missing} of row {row}"


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name, rows in ROWS.items() for row in rows]
)
def test_a_row_that_asserts_nothing_is_noticed(name: str, row: int) -> None:
    book = read(name)
    for cell in code_cells(book):
        if f"row-{row}" in tags(cell):
            cell.source = re.sub(r"\bassert .*", "assert 1 == 1", cell.source)
    assert not NUMBERS[name][row] <= numbers_asserted(book).get(row, set())


@every_notebook
def test_the_first_cell_says_what_it_is_about(name: str) -> None:
    said = title(read(name))
    assert said["title"].startswith(f"{int(name[:2])} · ")
    assert [int(row) for row in re.findall(r"\d+", said["rows"])] == list(ROWS.get(name, ()))
    assert re.match(r"\d", said["minutes"])


@every_notebook
def test_it_ends_in_exercises_terms_and_where_to_go_next(name: str) -> None:
    book = read(name)
    places = [
        next((place for place, cell in enumerate(book.cells) if cell.source.startswith(head)), -1)
        for head in ("## Exercises", "## What you have met", "## Where to go next")
    ]
    assert -1 < places[0] < places[1] < places[2] == len(book.cells) - 1
    assert book.cells[-1].source.endswith(NOTE)
    if name != "11_build_your_own":  # which is an exercise from end to end
        assert 3 <= len(exercises(book)) <= 5


@every_notebook
def test_every_exercise_has_a_hint_and_a_solution_that_is_closed(name: str) -> None:
    for cell, solution in exercises(read(name)):
        assert solution.strip(), f"no solution below:\n{cell.source}"
        assert "hint=" in cell.source or "check_" in cell.source, f"no hint:\n{cell.source}"
    assert "<details open" not in words(read(name))


# The form -----------------------------------------------------------------------------------------


@every_notebook
def test_it_is_stored_with_its_outputs_and_is_not_large(name: str) -> None:
    assert path_of(name).stat().st_size < LARGEST
    cells = code_cells(read(name))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert any("data" in output for cell in cells for output in cell.outputs), "no picture"


@every_notebook
def test_it_is_plain_python_with_known_tags(name: str) -> None:
    ast.parse(programs(read(name)))
    known = {"exercise", "slide", "same-slide", "varies", *(f"row-{row}" for row in range(1, 24))}
    for cell in read(name).cells:
        assert set(tags(cell)) <= known


@every_notebook
def test_every_function_that_it_uses_exists(name: str) -> None:
    book = read(name)
    for node in ast.walk(ast.parse(programs(book))):
        ours = isinstance(node, ast.ImportFrom) and re.match(r"(autograd|nn)\b", str(node.module))
        if isinstance(node, ast.ImportFrom) and ours:
            assert node.module in PUBLIC, f"{node.module} is not for students"
            module = import_module(str(node.module))
            for alias in node.names:
                assert alias.name in getattr(module, "__all__", vars(module)), alias.name
    spoken = re.findall(r"`((?:nn|autograd)(?:\.\w+)+)", words(book))
    used = re.findall(r"(?<![\w.])((?:nn|autograd)(?:\.\w+)+)", programs(book))
    for dotted in {*spoken, *used}:
        assert resolves(dotted), f"{dotted} does not exist"


def resolves(dotted: str) -> bool:
    """Whether a name such as nn.data.moons, or a module, exists in the package."""
    package, *names = dotted.split(".")
    found: object = import_module(package)
    for place, name in enumerate(names):
        try:
            found = getattr(found, name)
        except AttributeError:
            try:
                found = import_module(".".join([package, *names[: place + 1]]))
            except ImportError:
                return False
    return True


def test_a_name_that_does_not_exist_is_found() -> None:
    assert resolves("nn.data.moons")
    assert resolves("autograd.classroom")
    assert not resolves("nn.data.suns")


# The words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*COURSE, "README"])
def test_every_link_leads_to_a_file(name: str) -> None:
    text = README.read_text(encoding="utf-8") if name == "README" else words(read(name))
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert "://" not in link, f"{link}: the course needs no network"
        assert (FOLDER / link.partition("#")[0]).is_file(), link


def misspelt(folder: Path, text: str) -> str:
    path = folder / "text.md"
    path.write_text(text, encoding="utf-8")
    names = "atleast"  # of our own, which look like slips
    program = [sys.executable, "-m", "codespell_lib", "--ignore-words-list", names, str(path)]
    found = subprocess.run(program, capture_output=True, text=True)
    assert not found.stderr
    return found.stdout.replace(str(path), "")


@pytest.mark.parametrize("name", [*COURSE, "README"])
def test_the_spelling_is_clean(name: str, tmp_path: Path) -> None:
    if name == "README":
        text = README.read_text(encoding="utf-8")
    else:
        text = words(read(name)) + programs(read(name))
    assert not misspelt(tmp_path, text)


def test_a_wrong_spelling_is_found(tmp_path: Path) -> None:
    assert "receive" in misspelt(tmp_path, "to recieve a gradient")  # codespell:ignore


def test_the_table_of_the_course_says_what_the_notebooks_say() -> None:
    table = README.read_text(encoding="utf-8")
    for name in COURSE:
        said = title(read(name))
        line = next(each for each in table.splitlines() if f"]({name}.ipynb)" in each)
        cells = [" ".join(each.split()) for each in line.strip("| ").split(" | ")]
        assert cells[0] == f"[{said['title']}]({name}.ipynb)"
        assert cells[1] == said["question"]
        assert cells[2] == re.match(r"\d+", said["minutes"])[0]  # type: ignore[index]  # it is one
        assert re.findall(r"\d+", cells[3]) == re.findall(r"\d+", said["rows"])
