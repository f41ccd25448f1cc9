"""Class lists as schools have them: every encoding, with titles and without, checked before use."""

import codecs

import pytest

from autograd.classroom.sheets.class_list import LONGEST, MOST, names_in, names_of

NAMES = "Ada\nJosé Müller\nZoë\n"


@pytest.mark.parametrize(
    "data",
    [
        NAMES.encode(),
        NAMES.encode("utf-8-sig"),
        NAMES.encode("latin-1"),
        NAMES.encode("utf-16"),
        codecs.BOM_UTF16_BE + NAMES.encode("utf-16-be"),
        NAMES.replace("\n", "\r\n").encode("cp1252"),
        NAMES.replace("\n", "\r").encode(),
        b"\n\n" + NAMES.replace("\n", "\n \n").encode(),
    ],
)
def test_the_names_are_read_in_any_encoding(tmp_path, data):
    path = tmp_path / "class.txt"
    path.write_bytes(data)
    assert names_of(path) == names_of(str(path)) == ["Ada", "José Müller", "Zoë"]


@pytest.mark.parametrize(
    "text",
    [
        "Name\nAda Lovelace\nBo Li\n",
        "name;points\nAda Lovelace;3\nBo Li;4\n",
        "id,Student Name,email\n1,Ada Lovelace,a@b\n2,Bo Li,c@d\n",
        "First name\tSurname\nAda\tLovelace\nBo\tLi\n",
        "Nachname;Vorname\nLovelace;Ada\nLi;Bo\n",
        "Name,Vorname\nLovelace,Ada\nLi,Bo\n",
        '"name","group"\n"Ada Lovelace","1"\n"Bo Li","2"\n',
        "NAME:\nAda Lovelace\nBo Li\n",
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".txt"])
def test_titles_are_no_students_and_say_where_the_names_are(tmp_path, text, suffix):
    path = tmp_path / f"class{suffix}"
    path.write_text(text, encoding="utf-8")
    assert names_of(path) == ["Ada Lovelace", "Bo Li"]


def test_a_student_with_a_number_is_no_title(tmp_path):
    path = tmp_path / "class.csv"
    path.write_text("Student 1\nStudent 2\n", encoding="utf-8")
    assert names_of(path) == ["Student 1", "Student 2"]


def test_one_column_needs_no_title(tmp_path):
    path = tmp_path / "class.csv"
    path.write_text('"Lovelace, Ada"\n"Li, Bo"\n', encoding="utf-8")
    assert names_of(path) == ["Lovelace, Ada", "Li, Bo"]


def test_in_a_text_a_comma_is_a_part_of_the_name(tmp_path):
    path = tmp_path / "class.txt"
    path.write_text("Lovelace, Ada\nLi, Bo\nCher\n", encoding="utf-8")
    assert names_of(path) == ["Lovelace, Ada", "Li, Bo", "Cher"]


def test_first_names_alone_will_do_and_a_row_that_ends_early_has_what_it_has(tmp_path):
    path = tmp_path / "class.csv"
    path.write_text("Group,Vorname\n1,Ada\n2\n3,Bo\n", encoding="utf-8")
    assert names_of(path) == ["Ada", "Bo"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"1,Ada,3\n2,Bo,4\n", "3 columns, '1', 'Ada', '3', and none is called name"),
        (b"PK\x03\x04 and so on", "is a spreadsheet or an archive: save the list as CSV"),
        (b"\x89PNG\0\0", "is no text"),
        (b"name\n", "no name in it"),
        (b"", "no name in it"),
        (b"name\n" + b"x" * 200_000, "is no list of names"),
    ],
)
def test_what_is_no_class_list_is_said(tmp_path, data, message):
    path = tmp_path / "class.csv"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=message):
        names_of(path)


def test_an_empty_file_has_no_names(tmp_path):
    path = tmp_path / "class.txt"
    path.write_bytes(b"\n \n")
    assert names_in(path) == []


def test_names_in_a_list_are_taken_as_they_are():
    assert names_of(["name", " Ada ", ""]) == ["name", "Ada"]
    assert names_of("") == [""]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["Ada", "Bo", "Ada"], "^Ada is in the class list twice: tell them apart"),
        (["x" * (LONGEST + 1)], "has 101 letters, which is no name"),
        ([" ", ""], "no name in it"),
        ([str(number) for number in range(MOST + 1)], "has 10,001 names, and 10,000 is the most"),
    ],
)
def test_names_that_cannot_be_are_refused(names, message):
    with pytest.raises(ValueError, match=message):
        names_of(names)


def test_as_many_and_as_long_names_as_may_be_are_taken():
    assert len(names_of(["x" * LONGEST, *map(str, range(MOST - 1))])) == MOST
