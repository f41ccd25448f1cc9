"""What taking a text apart promises: the delimiter that gives a table, and the line of each row."""

from __future__ import annotations

import random

import pytest

from nn.data.csv_table import DELIMITERS, best_delimiter, table_of_text
from nn.data.reading import Reading


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Größe, cm;Sorte\n180,5;yes\n175,0;no\n", ";"),
        ('a;b;"y (net, in EUR, now)"\n1,5;2,5;3,5\n', ";"),
        ('a;b;"y (net, in EUR, now)"\n1;2;3\n', ";"),
        ("a;b\n1,5;2,5\n", ";"),
        ('name,x\n"Braund; Mr. Owen",1\n"Cumings; Mrs.",2\n', ","),
        ("colours,x\nred;blue,1\ngreen;red,2\n", ","),
        ("a\tb, in cm\n1\t2,5\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("height  weight sex\n 180  70 m\n  99   7 f\n", " "),
        ("my x\n5\n7\n", ","),
        ("Size, cm\n5\n7\n9\n", ";"),  # a single column
        ("a, b\n1, 2\n3, 4\n", ","),
        ("a,b\n", ","),
        ("only\n1\n", ","),
        ('"Size, cm";"Kind"\n"180,5";"oak, old"\n', ";"),
    ],
)
def test_the_delimiter_is_the_one_with_which_the_rows_read_best(text: str, delimiter: str) -> None:
    assert best_delimiter(text) == delimiter


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("seed", range(20))
def test_a_random_table_is_read_with_the_delimiter_that_it_was_written_with(
    delimiter: str, seed: int
) -> None:
    rng = random.Random(seed)
    mark = rng.choice(".,") if delimiter != "," else "."
    titles = [rng.choice(["size", "Größe, cm", "a|b", "net; EUR", "x"]) + str(n) for n in range(3)]
    rows = [
        [f"{rng.uniform(-9, 9):.2f}".replace(".", mark), str(rng.randint(0, 99)), rng.choice("xyz")]
        for _ in range(5)
    ]
    quoted = [f'"{title}"' for title in titles]
    text = "\n".join(delimiter.join(each) for each in [quoted, *rows])
    assert table_of_text(text, "x.csv").header == titles
    assert best_delimiter(text) == delimiter


def test_rows_know_their_lines_below_a_line_for_excel_and_quoted_line_ends() -> None:
    table = table_of_text('sep=;\na;b\n"1\n2";3\n\n4;5\n', "x.csv")
    assert [row.line for row in table.rows] == [3, 6]


def test_several_blanks_are_one() -> None:
    table = table_of_text('height  weight "the sex"\n 180  70   "m"\n  99   7 f\n', "x.csv")
    assert table.header == ["height", "weight", "the sex"]
    assert [row.cells for row in table.rows] == [["180", "70", "m"], ["99", "7", "f"]]


def test_a_title_above_the_names_is_refused() -> None:
    with pytest.raises(ValueError, match="a single name, and 3 cells in the rows below: delete"):
        table_of_text("My table,,\na,b,c\n1,2,3\n", "x.csv")


def test_a_delimiter_that_was_said_is_used() -> None:
    table = table_of_text("a:b\n1:2\n", "x.csv", Reading(delimiter=":"))
    assert (table.header, table.rows[0].cells) == (["a", "b"], ["1", "2"])


def test_an_index_is_left_out_with_a_note_and_other_columns_without_names_stay() -> None:
    table = table_of_text(",a,b\n0,5,6\n1,7,8\n", "x.csv")
    assert table.header == ["a", "b"]
    assert table.notes == ["the first column has no name and counts the rows: left out."]
    assert table_of_text(",a\n5,5\n9,7\n", "x.csv").header == ["column 1", "a"]
