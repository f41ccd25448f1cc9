"""What reading a CSV file promises: the numbers that are there, or the line that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import Dataset, iris, load_csv
from nn.data.csv_file import dataset_of

Write = Callable[[str | bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Return a function that writes a file and returns its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "pets.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


PETS = Dataset([[4.2, 25.0], [31.0, 60.0]], [0, 1], ["weight", "height"], ["cat", "dog"])


# What is read -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "weight,height,pet\n4.2,25,cat\n31,60,dog\n",
        "weight;height;pet\n4.2;25;cat\n31;60;dog\n",
        "weight\theight\tpet\n4.2\t25\tcat\n31\t60\tdog\n",
        "weight,height,pet\r\n4.2,25,cat\r\n31,60,dog",  # Windows, and no last line end
        "weight,height,pet\r4.2,25,cat\r31,60,dog\r",  # an old Mac
        "\ufeffweight,height,pet\n4.2,25,cat\n31,60,dog\n",  # Excel's byte-order mark
        '"weight", "height", "pet"\n"4.2", 25, "cat"\n 31 ,6e1,dog \n',
        "\n\nweight,height,pet\n\n4.2,25,cat\n   \n31,60,dog\n\n",  # blank lines
    ],
)
def test_every_usual_form_of_a_file_is_the_same_table(written: Write, content: str) -> None:
    assert load_csv(written(content)) == PETS
    assert load_csv(str(written(content))) == PETS


def test_a_quoted_cell_holds_delimiters_quotes_and_line_ends() -> None:
    made = dataset_of('"a, b",pet\n1,"the ""big"" one"\n2,"two\nlines"\n', "pets.csv")
    assert made.feature_names == ["a, b"]
    assert made.class_names == ['the "big" one', "two\nlines"]


def test_a_target_of_numbers_is_learned_as_floats() -> None:
    made = dataset_of("size,price\n80,8000\n120,12500\n", "houses.csv")
    assert (made.y, made.class_names) == ([8000.0, 12500.0], [])
    assert type(made.y[0]) is float


def test_the_target_is_the_column_of_that_name() -> None:
    text = "pet,weight,height\ncat,4.2,25\ndog,31,60\n"
    made = dataset_of(text, "pets.csv", "pet")
    assert made == PETS
    by_weight = dataset_of("weight,height\n4.2,25\n", "pets.csv", target="weight")
    assert (by_weight.X, by_weight.y, by_weight.feature_names) == ([[25.0]], [4.2], ["height"])


def test_classes_are_in_order_whatever_the_order_of_the_rows() -> None:
    first = dataset_of("a,pet\n1,dog\n2,cat\n", "pets.csv")
    assert (first.class_names, first.y) == (["cat", "dog"], [1, 0])


def test_numbers_can_be_names_of_classes() -> None:
    text = "a,digit\n1,10\n2,9\n3,10\n"
    made = dataset_of(text, "digits.csv", classes=True)
    assert (made.class_names, made.y) == (["9", "10"], [1, 0, 1])
    mixed = dataset_of("a,grade\n1,5\n2,5+\n", "grades.csv", classes=True)
    assert (mixed.class_names, mixed.y) == (["5", "5+"], [0, 1])


def test_names_in_other_alphabets_are_read(written: Write) -> None:
    assert load_csv(written("größe,动物\n1,猫\n2,犬\n")).feature_names == ["größe"]


def test_the_iris_file_of_the_package_is_read_as_any_other() -> None:
    import nn

    path = Path(nn.__file__).parent / "data" / "files" / "iris.csv"
    assert load_csv(path) == iris()


@given(
    st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    )
)
def test_every_digit_of_every_number_is_kept(rows: list[list[float]]) -> None:
    text = "a,b,c\n" + "".join(",".join(map(repr, row)) + "\n" for row in rows)
    made = dataset_of(text, "numbers.csv")
    assert [[*x, y] for x, y in zip(made.X, made.y, strict=True)] == rows


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "pets.csv is empty: its first line must name the columns."),
        ("\n  \n", "pets.csv is empty"),
        ("a,b\n", "names of columns and no row of numbers below them"),
        ("a\n1\n", "line 1: a single column, 'a'"),
        ("1,2\n3,4\n", "line 1: only numbers, where the names of the columns should be"),
        ("a,b,a\n1,2,3\n", "line 1: two columns are called 'a'"),
        ("a,,c\n1,2,3\n", "line 1: column 2 has no name"),
        ("a,b\n1,2\n3\n", "line 3: 1 cell, where line 1 names 2 columns"),
        ("a,b\n1,2\n\n3,4,5\n", "line 4: 3 cells, where line 1 names 2 columns"),
        ("a,b\n1,2\n,4\n", "line 3: the number in column 'a' is missing. Fill it in"),
        ("a,b\n1,2\nNA,4\n", r"line 3: the number in column 'a' is missing \('NA'\)"),
        ("a,b\nnan,2\n", "line 2: the number in column 'a' is missing"),
        ("a,b\n1,2\n3,\n", "line 3: the number in column 'b' is missing"),
        ("a,b\n1,cat\n3,\n", "line 3: the number in column 'b' is missing"),
        ("a,b\n1,2\nlarge,4\n", "line 3: column 'a' holds 'large', which is no number."),
        ("a,b\ninf,2\n", "line 2: column 'a' holds 'inf', which is no number"),
        ("a,b\n1_000,2\n", "line 2: column 'a' holds '1_000', which is no number"),
        ("a;b\n1,5;2\n", "line 2: column 'a' holds '1,5', .* Write a point, not a comma"),
        ('a,b\n"x\ny",1\n', r"line 2: column 'a' holds 'x\\ny'"),
        ('a,b\n1,"p\nq"\nbig,r\n', "line 4: column 'a' holds 'big'"),
        ("a,b\n1,2\n2,two\n", "line 3: the target 'b' is 'two', .* pass classes=True"),
        ('a,b\n1,2\n3,"4\n', "line 3: this is no CSV .* lone quote"),
        (b"a,b\n1,caf\xe9\n", r"line 2: the byte 0xe9 is not UTF-8: save the file as UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1: the byte 0xff is not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16-le"), "line 1: a byte 0"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    written: Write, content: str | bytes, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        load_csv(written(content))
    assert str(caught.value).startswith("pets.csv")


def test_an_unknown_target_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"Did you mean 'weight'\? It has: weight, height, pet"):
        dataset_of("weight,height,pet\n1,2,cat\n", "pets.csv", "wieght")


def test_a_file_that_is_not_there_is_the_usual_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no\.csv"):
        load_csv(tmp_path / "no.csv")
