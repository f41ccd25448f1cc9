"""What reading a CSV file promises: the numbers that are there, or the line that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import Dataset, iris, load_csv
from nn.data.csv_file import Chosen, dataset_of
from nn.data.csv_table import table_of_text
from nn.data.reading import Reading

Write = Callable[[str | bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Return a function that writes a file and returns its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "pets.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def dataset_in(text: str, name: str = "pets.csv", **chosen: Any) -> Dataset:
    return dataset_of(table_of_text(text, name), Chosen(**chosen))


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
        "weight,height,pet\n4.2,25,cat\n31,60,dog\n,,\n,,\n",  # as spreadsheets end
        "weight,height,pet,,\n4.2,25,cat,,\n31,60,dog,,\n",  # trailing commas
        "weight,height,pet\n4.2,25,cat,\n31,60,dog,\n",
        "sep=;\nweight;height;pet\n4,2;25;cat\n31;60;dog\n",  # Excel's own first line
        "weight|height|pet\n4.2|25|cat\n31|60|dog\n",
        ",weight,height,pet\n0,4.2,25,cat\n1,31,60,dog\n",  # an index, as pandas writes it
        '"","weight","height","pet"\n"1",4.2,25,"cat"\n"2",31,60,"dog"\n',  # and as R does
        "weight,height,pet\n4.2,25,cat\n31,60,dog\n".encode("utf-16"),
        "weight,height,pet\n4.2,25,cat\n31,60,dog\n".encode("utf-16-le"),
        "weight,height,pet\n4.2,25,cat\n31,60,dog\n".encode("utf-16-be"),
    ],
)
def test_every_usual_form_of_a_file_is_the_same_table(written: Write, content: str | bytes) -> None:
    assert load_csv(written(content)) == PETS
    assert load_csv(str(written(content))) == PETS


def test_a_quoted_cell_holds_delimiters_quotes_and_line_ends() -> None:
    made = dataset_in('"a, b",pet\n1,"the ""big"" one"\n2,"two\nlines"\n', "pets.csv")
    assert made.feature_names == ["a, b"]
    assert made.class_names == ['the "big" one', "two\nlines"]


def test_a_target_of_numbers_is_learned_as_floats() -> None:
    made = dataset_in("size,price\n80,8000\n120,12500\n", "houses.csv")
    assert (made.y, made.class_names) == ([8000.0, 12500.0], [])
    assert type(made.y[0]) is float


def test_the_target_is_the_column_of_that_name() -> None:
    text = "pet,weight,height\ncat,4.2,25\ndog,31,60\n"
    made = dataset_in(text, target="pet")
    assert made == PETS
    by_weight = dataset_in("weight,height\n4.2,25\n", "pets.csv", target="weight")
    assert (by_weight.X, by_weight.y, by_weight.feature_names) == ([[25.0]], [4.2], ["height"])


def test_classes_are_in_order_whatever_the_order_of_the_rows() -> None:
    first = dataset_in("a,pet\n1,dog\n2,cat\n", "pets.csv")
    assert (first.class_names, first.y) == (["cat", "dog"], [1, 0])


def test_numbers_can_be_names_of_classes() -> None:
    text = "a,digit\n1,10\n2,9\n3,10\n"
    made = dataset_in(text, "digits.csv", classes=True)
    assert (made.class_names, made.y) == (["9", "10"], [1, 0, 1])
    mixed = dataset_in("a,grade\n1,5\n2,5+\n", "grades.csv", classes=True)
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
    made = dataset_in(text, "numbers.csv")
    assert [[*x, y] for x, y in zip(made.X, made.y, strict=True)] == rows


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "pets.csv is empty: its first line must name the columns."),
        ("\n  \n", "pets.csv is empty"),
        ("a,b\n", "names of columns and no row of numbers below them"),
        ("a\n1\n", "a single column, 'a': .* write delimiter=':'"),
        ("1,2\n3,4\n", "line 1: the names of the columns should be here, .* header=False"),
        ("5.1,oak\n4.9,oak\n", "line 1: the names of the columns should be here"),
        ("a,b,a\n1,2,3\n", "line 1: two columns are called 'a'"),
        ("a,b\n1,2\n3\n", "line 3: 1 cell, where line 1 names 2 columns"),
        ("a,b\n1,2\n\n3,4,5\n", "line 4: 3 cells, where line 1 names 2 columns"),
        ("a,b\n1,2\n,4\n", "missing in 'a' .line 3.. Fill them in, .* 1 row of 2: missing='drop'"),
        ("a,b\n1,2\nNA,4\n", "cells are missing in 'a' .'NA' in line 3"),
        ("a,b\nnan,2\n", "cells are missing in 'a' .'nan' in line 2"),
        ("a,b\nNA,2\n?,4\n", r"cells are missing in 'a' \('\?', 'NA' in lines 2, 3\)"),
        ("a,b\n1,2\n3,\n", "cells are missing in 'b' .line 3"),
        ("a,b\n1,cat\n3,\n", "cells are missing in 'b' .line 3"),
        ("a,b\n1,2\nlarge,4\n", "'a' .'large' in line 3.*computes with numbers"),
        ("a,b\ninf,2\n", "'a' .text: 'inf' in line 2"),
        ("a,b\n1_000,2\n", "'a' .text: '1_000' in line 2"),
        ('a,b\n"x\ny",1\n', r"'a' .text: 'x\\ny' in line 2"),
        ('a,b\n1,"p\nq"\nbig,r\n', "'a' .'big' in line 4"),
        ("a,b\n1,2\n2,two\n", "line 3: the target 'b' is 'two', .* write classes=True"),
        ('a,b\n1,2\n3,"4\n', "line 3: this is no CSV .* lone quote"),
        ("a" * 140_000 + ",b\n1,2\n", "line 1: .*a cell of more than 131,072 characters"),
        (b"a,b\n1,caf\xe9\n", "line 2: the byte 0xe9 is not UTF-8. .*'1,café'.*encoding='cp1252'"),
        (b"a,b\n1,\0\n", "line 2: a byte 0, which no text has"),
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
        dataset_in("weight,height,pet\n1,2,cat\n", target="wieght")


def test_a_file_that_is_not_there_is_the_usual_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no\.csv"):
        load_csv(tmp_path / "no.csv")


# Which columns ------------------------------------------------------------------------------------


SIZES = "Id,weight,height,pet\n1,4.2,25,cat\n2,31,60,dog\n"


def test_features_are_taken_in_the_order_in_which_they_are_named(written: Write) -> None:
    made = load_csv(written(SIZES), features=["height", "weight"])
    assert (made.X, made.feature_names) == ([[25.0, 4.2], [60.0, 31.0]], ["height", "weight"])
    assert load_csv(written(SIZES), without=["Id"]) == PETS


def test_the_last_column_that_is_not_left_out_is_the_target(written: Write) -> None:
    made = load_csv(written(SIZES), without=["Id", "pet"])
    assert (made.y, made.feature_names) == ([25.0, 60.0], ["weight"])


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"without": ["id"]}, "has no column 'id'. Did you mean 'Id'"),
        ({"features": ["weight", "width"]}, "has no column 'width'"),
        ({"features": ["weight", "pet"]}, "'pet' is the column to be learned"),
        ({"without": ["Id", "weight", "height"]}, "has no column left to learn 'pet' from"),
        ({"without": ["Id", "weight", "height", "pet"]}, "has no column left to be learned"),
    ],
)
def test_columns_that_cannot_be_chosen_are_refused(
    written: Write, chosen: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        load_csv(written(SIZES), **chosen)


def test_a_column_without_a_name_gets_one() -> None:
    assert dataset_in("a,,c\n1,2,x\n4,7,y\n").feature_names == ["a", "column 2"]


def test_a_file_without_names_can_be_read(written: Write) -> None:
    made = load_csv(written("5.1,3.5,oak\n4.9,3.0,oak\n6.3,3.3,yew\n"), header=False)
    assert (made.feature_names, made.y) == (["column 1", "column 2"], [0, 0, 1])
    years = load_csv(written("2019,2020\n1,2\n3,4\n"), header=True)
    assert years.feature_names == ["2019"]


# Classes ------------------------------------------------------------------------------------------


def test_a_class_that_is_written_in_several_ways_is_one() -> None:
    made = dataset_in("a,b\n1,1\n2,1.0\n3,0\n4,0.0\n5,1\n", classes=True)
    assert (made.class_names, made.y) == (["0", "1"], [1, 1, 0, 0, 1])
    truth = dataset_in("a,b\n1,true\n2,False\n3,TRUE\n4,True\n")
    assert (truth.class_names, truth.y) == (["false", "true"], [1, 0, 1, 1])
    assert dataset_in("a,b\n1,a\n2,A\n").class_names == ["A", "a"]  # letters may be classes


@pytest.mark.parametrize("sign", ["NA", "nan", "?", "N/A", "", "null", "None", "-", "#N/A"])
def test_what_is_missing_is_never_a_class(sign: str) -> None:
    text = f"a,b\n1,oak\n2,{sign}\n3,yew\n"
    with pytest.raises(ValueError, match=r"missing in 'b' .*line 3.*1 row of 3: missing='drop'"):
        dataset_in(text)
    reading = Reading(missing="drop")
    table = table_of_text(text, "trees.csv", reading)
    made = dataset_of(table, Chosen(), reading)
    assert (made.X, made.class_names) == ([[1.0], [3.0]], ["oak", "yew"])
    assert table.notes == ["left out 1 of 3 rows, in which cells are missing."]


# All that is wrong, at once -----------------------------------------------------------------------

MANY_WRONGS = """\
Id,Name,Sex,Age,Cabin,Date,Survived
1,"Braund, Mr. Owen",male,22,,1912-04-10,0
2,"Cumings, Mrs. John",female,38,C85,1912-04-11,1
3,"Heikkinen, Miss. Laina",female,,,1912-04-12,1
4,"Allen, Mr. William",male,35,,1912-04-13,0
"""


def test_one_message_lists_all_that_is_wrong_and_what_it_says_cures_it(written: Write) -> None:
    path = written(MANY_WRONGS)
    with pytest.raises(ValueError, match="computes with numbers") as caught:
        load_csv(path, target="Survived")
    said = str(caught.value)
    for words in (
        "'Name' (text: 'Braund, Mr. Owen' in line 2)", "'Sex' (text: 'male' in line 2)",
        "'Date' (dates: '1912-04-10' in line 2)", "'Cabin' (text: 'C85' in line 3)",
        "cells are missing in 'Age' (line 4)",
        "Leave out the columns and 1 row of 4: without=['Name', 'Sex', 'Cabin', 'Date'], missing=",
    ):  # fmt: skip
        assert words in said
    made = load_csv(path, "Survived", without=["Name", "Sex", "Cabin", "Date"], missing="drop")
    assert made.X == [[1.0, 22.0], [2.0, 38.0], [4.0, 35.0]]


def test_what_was_left_out_before_stays_left_out_by_the_cure(written: Write) -> None:
    with pytest.raises(ValueError, match=r"without=\['Name', 'Sex', 'Date'\]"):
        load_csv(
            written(MANY_WRONGS),
            "Survived",
            without=["Name"],
            features=["Id", "Name", "Sex", "Date"],
        )


def test_a_column_that_is_mostly_empty_is_left_out_rather_than_its_rows(written: Write) -> None:
    path = written("a,b,c\n1,,5\n2,,6\n3,7,7\n4,,8\n")
    with pytest.raises(ValueError, match=r"Leave out the column: without=\['b'\]"):
        load_csv(path)
    assert load_csv(path, without=["b"]).X == [[1.0], [2.0], [3.0], [4.0]]


def test_numbers_of_several_units_are_refused(written: Write) -> None:
    with pytest.raises(ValueError, match=r"'a' has numbers of several units.*without=\['a'\]"):
        load_csv(written("a,b,c\n12%,1,2\n0.5,2,3\n"))


def test_a_delimiter_that_the_file_does_not_have_is_to_be_left_out(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    with pytest.raises(ValueError, match="leave the delimiter out, and it is found"):
        load_csv(file, delimiter="\t")
    assert load_csv(file).y == [2.0, 4.0]
