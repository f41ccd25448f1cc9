"""What reading a number promises: the number that was meant, or None; never another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import load_csv
from nn.data.csv_file import dataset_of
from nn.data.csv_table import table_of_text
from nn.data.reading import Reading
from nn.data.written_numbers import number_in


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7", 7.0), ("-7.25", -7.25), ("+.5", 0.5), ("5.", 5.0), ("1e-3", 0.001), ("007", 7.0),
        ("1,234", 1234.0), ("1,234,567.5", 1234567.5), ("1 234", 1234.0), ("1\u00a0234.5", 1234.5),
        ("1\u202f234", 1234.0), ("1'234", 1234.0), ("1\u2019234", 1234.0),
        ("\u22125", -5.0), ("\u2013 5", None), ("$12", 12.0), ("-$1,200", -1200.0), ("12 €", 12.0),
        ("£ 3.50", 3.5), ("12%", 0.12), ("12.5 %", 0.125), ("-3%", -0.03),
        ("1,23", None), ("12,3456", None), ("0,123", None), ("1,234,5", None), ("1 23", None),
        ("1.2.3", None), ("1,234 567", None), ("1_000", None), ("inf", None), ("nan", None),
        ("1e400", None), ("", None), (".", None), ("-", None), ("12 kg", None), ("$", None),
        ("5-", None), ("(5)", None), ("0x10", None), ("2020-01-05", None), ("%", None),
    ],
)  # fmt: skip
def test_a_cell_with_a_decimal_point_is_its_number(cell: str, value: float | None) -> None:
    assert number_in(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,5", 1.5), ("1.234,5", 1234.5), ("1.234.567", 1234567.0), ("-0,25", -0.25),
        ("1 234,5", 1234.5), ("12,5 %", 0.125), ("1,5e3", 1500.0), ("1.5", None), ("1,2,3", None),
    ],
)  # fmt: skip
def test_a_cell_with_a_decimal_comma_is_its_number(cell: str, value: float | None) -> None:
    assert number_in(cell, ",") == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_writes_is_read_with_every_digit(value: float) -> None:
    assert number_in(repr(value)) == value
    assert number_in(repr(value).replace(".", ","), ",") == value


@given(
    whole=st.integers(0, 10**12),
    decimals=st.text("0123456789", max_size=5),
    blank=st.sampled_from([" ", "\u00a0", "\u202f", "'"]),
)
def test_thousands_and_decimals_are_read_as_they_were_written(
    whole: int, decimals: str, blank: str
) -> None:
    point = f"{whole:,}" + (f".{decimals}" if decimals else "")
    comma = point.translate(str.maketrans(".,", ",."))
    value = float(f"{whole}.{decimals}")
    assert (
        number_in(point) == number_in(comma, ",") == number_in(point.replace(",", blank)) == value
    )


def column(text: str, **reading: str) -> list[float]:
    """The first column of a table in a text."""
    how = Reading(**reading)  # type: ignore[arg-type]  # only texts are given here
    return [row[0] for row in dataset_of(table_of_text(text, "x.csv", how), None, how).X]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("a;b\n1,5;1\n2,302;2\n", [1.5, 2.302]),
        ("a;b\n2,302;1\n7,125;2\n", [2.302, 7.125]),  # a semicolon goes with the decimal comma
        ("a;b\n1.234,5;1\n2.302;2\n", [1234.5, 2302.0]),
        ("a;b\n1.234,5;1\n2,302;2\n", [1234.5, 2.302]),
        ('a,b\n"2,302",1\n12.5,2\n', [2302.0, 12.5]),  # the point is taken
        ('a,b\n"2,302",1.5\n"9,100",2.5\n', [2302.0, 9100.0]),  # and in another column
        ('a,b\n"1,234,567",1\n"2,302",2\n', [1234567.0, 2302.0]),
        ("a,b\n1.234,1\n980.125,2\n", [1.234, 980.125]),
        ("a\tb\n1,5\t1\n2,25\t2\n", [1.5, 2.25]),
        ("a;b\n12.5;1\n7.25;2\n", [12.5, 7.25]),
    ],
)
def test_the_file_tells_which_mark_is_the_decimal_one(text: str, numbers: list[float]) -> None:
    assert column(text) == numbers


@pytest.mark.parametrize(
    ("text", "decimal", "thousands"),
    [
        ('a,b\n"2,302",1\n980,2\n', [2.302, 980.0], [2302.0, 980.0]),
        ("a;b\n1.234;1\n980;2\n", [1.234, 980.0], [1234.0, 980.0]),
        ("a\tb\n2,302\t1\n", [2.302], [2302.0]),
        ("a;b\n2,302;1\n12.5;2\n", None, [2302.0, 12.5]),
    ],
)
def test_what_may_mean_two_things_is_refused_and_each_option_settles_it(
    text: str, decimal: list[float] | None, thousands: list[float]
) -> None:
    mark = "." if "1.234" in text else ","
    with pytest.raises(ValueError, match=f"may be .* decimal='[{mark}]' .* thousands='[{mark}]'"):
        column(text)
    if decimal is not None:
        assert column(text, decimal=mark) == decimal
    assert column(text, thousands=mark) == thousands


def test_both_decimal_marks_in_one_column_are_refused_with_both_lines() -> None:
    with pytest.raises(ValueError, match=r"line 2: column 'a' has '1.5' here and '2,5' in line 3"):
        column("a;b\n1.5;1\n2,5;2\n")


def test_each_column_may_have_a_mark_of_its_own() -> None:
    made = dataset_of(table_of_text("a;b;c\n1,5;2.5;x\n3,5;4.5;y\n", "x.csv"))
    assert made.X == [[1.5, 2.5], [3.5, 4.5]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"decimal": ";"}, "decimal is a point or a comma"),
        ({"thousands": " "}, "blanks and apostrophes between thousands are understood without it"),
        ({"decimal": ",", "thousands": ","}, "cannot be the decimal mark and part thousands"),
        ({"missing": "skip"}, "missing is 'refuse' or 'drop'"),
        ({"delimiter": ";;"}, "a delimiter is one character"),
    ],
)
def test_settings_that_mean_nothing_are_refused(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_csv("x.csv", **arguments)  # type: ignore[arg-type]  # all of them are texts
