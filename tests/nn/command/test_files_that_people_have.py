"""Files as people have them: each trains, or is refused with what cures it; and the cure works.

The test does what the message says, word for word, until the file trains. The files are made here,
in the image of what spreadsheets, instruments and public collections write.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import nn.command.report
from nn.command.experiment import Experiment
from nn.command.main import main
from nn.command.options import add_settings, settings_in
from nn.data import Dataset, load_csv
from nn.saving.model_file import load_all

QUICK = ["--hidden", "2", "--epochs", "2", "--batch-size", "64"]
FILE_OPTIONS = ("target", "classes", "features", "without", "missing", "decimal", "thousands",
                "delimiter", "header", "encoding")  # fmt: skip


def rows(pattern: str, *choices: Sequence[Any], count: int = 12) -> str:
    """Lines of a file: ``{n}`` is their number, ``{0}`` and so on one of the choices."""
    return "".join(
        pattern.format(*(each[(n - 1) % len(each)] for each in choices), n=n) + "\n"
        for n in range(1, count + 1)
    )


class File(NamedTuple):
    """A file, how it is called for, the cures that its refusals name, and what is then learned."""

    content: str | bytes
    options: str = ""
    cures: tuple[str | bytes, ...] = ()
    features: list[str] = []  # noqa: RUF012  # never changed
    first: list[float] = []  # noqa: RUF012  # never changed
    classes: list[str] | None = None
    note: str = ""


GERMAN = "Größe, cm;Sorte\n" + rows("18{0},5;{1}", range(10), ["yes", "no"])
TITANIC = "PassengerId,Survived,Pclass,Name,Sex,Age,Cabin,Fare\n" + rows(
    '{n},{0},3,"Braund, Mr. {n}",{1},{2},,7.25',
    [0, 1, 1, 0, 1], ["male", "female"], ["22", "38", "", "35", "54", "2", "27"],
)  # fmt: skip
IRIS = (
    "5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n7.0,3.2,Iris-versicolor\n6.4,3.1,Iris-versicolor\n"
)

FILES = {
    # The kinds that were found first.
    "a comma in a name": File(GERMAN, features=["Größe, cm"], first=[180.5], classes=["no", "yes"]),
    "commas in the name of the target": File(
        'a;b;"y (net, in EUR, now)"\n' + rows("{0},5;{n},25;{1},75", range(7), range(5)),
        features=["a", "b"], first=[0.5, 1.25],
    ),
    "a comma that may be both, as decimals": File(
        "km,price\n" + rows('"2,30{0}",9{1}0', range(9), range(9)),
        cures=("--decimal ,",), features=["km"], first=[2.3],
    ),
    "a comma that may be both, as thousands": File(
        "km,price\n" + rows('"2,30{0}",9{1}0', range(9), range(9)),
        cures=("--thousands ,",), features=["km"], first=[2300.0],
    ),
    "both marks, as in Germany": File(
        "a;b\n" + rows("1.23{0},5;{1},5", range(9), range(9)), features=["a"], first=[1230.5]
    ),
    "blanks between thousands": File(
        "a,b\n" + rows("1 23{0},{1}.5", range(9), range(9)), features=["a"], first=[1230.0]
    ),
    "prices in dollars": File(
        "a,b\n" + rows("${n}.50,{0}.5", range(9)), features=["a"], first=[1.5]
    ),
    "percentages": File("a,b\n" + rows("{n}%,{0}.5", range(9)), features=["a"], first=[0.01]),
    "a typographer's minus": File(
        "a,b\n" + rows("\u2212{n},{0}.5", range(9)), features=["a"], first=[-1.0]
    ),
    "words for nothing in the target": File(
        "a,b\n" + rows("{0},{1}", range(7), ["oak", "NA", "yew", "?", "N/A"]),
        cures=("--missing drop",), features=["a"], first=[0.0], classes=["oak", "yew"],
        note="left out 7 of 12 rows",
    ),
    "words for nothing in a feature": File(
        "a,b,c\n" + rows("{0},{1},{2}", range(7), ["1", "nan", "3", "4"], ["oak", "yew"]),
        cures=("--missing drop",), features=["a", "b"], first=[0.0, 1.0], classes=["oak", "yew"],
    ),
    "classes with and without decimals": File(
        "a,b\n" + rows("{0},{1}", range(7), ["1.0", "0", "1", "0.0"]), "--classes",
        features=["a"], first=[0.0], classes=["0", "1"],
    ),
    "truths in all spellings": File(
        "a,b\n" + rows("{0},{1}", range(7), ["true", "False", "TRUE", "false"]),
        features=["a"], first=[0.0], classes=["false", "true"],
    ),
    "names, an identifier and empty columns": File(
        TITANIC, "--target Survived --classes", ("--without Name,Sex,Cabin --missing drop",),
        ["PassengerId", "Pclass", "Age", "Fare"], [1.0, 3.0, 22.0, 7.25], ["0", "1"],
        note="leave it out with --without PassengerId",
    ),
    "four frauds": File(
        "a,b,kind\n" + rows("{0}.5,{1}.25,{2}", range(7), range(11), ["fraud"] + ["ok"] * 124,
                            count=500),
        features=["a", "b"], first=[0.5, 0.25], classes=["fraud", "ok"],
        note="'fraud (4)' of 500 examples are rare",
    ),
    "a line": File("x,y\n" + rows("{n},{0}", [3 * n + 1 for n in range(1, 61)], count=60),
                   features=["x"], first=[1.0]),
    "an older Windows": File(
        GERMAN.encode("cp1252"), cures=("--encoding cp1252",), features=["Größe, cm"],
        first=[180.5], classes=["no", "yes"],
    ),
    "a workbook": File(
        b"PK\x03\x04" + b"\0" * 20 + b"xl/workbook.xml", cures=(GERMAN.encode("utf-8-sig"),),
        features=["Größe, cm"], first=[180.5], classes=["no", "yes"],
    ),
    "Excel's own first line": File(
        "sep=;\n" + GERMAN, features=["Größe, cm"], first=[180.5], classes=["no", "yes"]
    ),
    "an index": File(
        ",a,b\n" + rows("{n},{0},{1}.5", range(7), range(5)), features=["a"], first=[0.0],
        note="counts the rows: left out",
    ),
    "trailing commas": File(
        "a,b,,\n" + rows("{0},{1}.5,,", range(7), range(5)) + ",,,\n,,,\n",
        features=["a"], first=[0.0],
    ),
    # In the image of public collections.
    "wines, with semicolons": File(
        '"fixed acidity";"pH";"quality"\n' + rows("7.{0};3.{1};{2}", range(9), range(9), [5, 6, 7]),
        "--classes", features=["fixed acidity", "pH"], first=[7.0, 3.0], classes=["5", "6", "7"],
    ),
    "the air of a city: dates, decimal commas and two empty columns": File(
        "Date;Time;CO;RH;T;;\n"
        + rows("1{0}/03/2004;18.00.00;2,{0};48,{1};13,6{0};;", range(9), range(7)),
        cures=("--without Date,Time",), features=["CO", "RH"], first=[2.0, 48.0],
    ),
    "penguins: words, and NA": File(
        "species,island,bill,mass,sex\n"
        + rows("{0},Torgersen,39.{1},37{2}0,{3}", ["Adelie", "Gentoo"], range(9), range(7),
               ["male", "female", "NA"]),
        "--target species", ("--without island,sex",), ["bill", "mass"], [39.0, 3700.0],
        ["Adelie", "Gentoo"],
    ),
    "houses with an identifier": File(
        "Id,LotArea,SalePrice\n" + rows("{n},8{0}50,20{1}500", range(9), range(7)),
        features=["Id", "LotArea"], first=[1.0, 8050.0], note="with --without Id",
    ),
    "cars: a question mark for the power": File(
        "mpg,horsepower,weight\n" + rows("18.{0},{1},35{0}4", range(9), ["130", "?", "165", "150"]),
        "--target mpg", ("--missing drop",), ["horsepower", "weight"], [130.0, 3504.0],
    ),
    "flowers without names of columns": File(
        IRIS * 3, cures=("--no-header",), features=["column 1", "column 2"], first=[5.1, 3.5],
        classes=["Iris-setosa", "Iris-versicolor"],
    ),
    "salaries by one feature": File(
        "YearsExperience,Salary\n"
        + rows("{n}.1,{0}", [f"{39343 + 5000 * n}.00" for n in range(12)]),
        features=["YearsExperience"], first=[1.1],
    ),
    "economies in dollars": File(
        "year,debt,gdp\n" + rows("20{n:02},{0}000000000.5,{1}", [1200, 1900, 1500],
                                 [f"{n * 10**12 + 5e11:.0f}" for n in range(1, 13)]),
        features=["year", "debt"], first=[2001.0, 1200000000000.5], note="numbers the rows",
    ),
    "unemployment in percent": File(
        "region,rate,change\n" + rows("R{n},{0}.{1} %,{1}.5", range(4, 9), range(9)),
        cures=("--without region",), features=["rate"], first=[0.04],
    ),
    "a byte-order mark": File(
        ("name;x;y\n" + rows("n{n};{0},5;{1},25", range(9), range(5))).encode("utf-8-sig"),
        cures=("--without name",), features=["x"], first=[0.5],
    ),
    "what Excel calls Unicode text": File(
        ("größe\tsorte\n" + rows("{0},5\t{1}", range(9), ["süß", "herb"])).encode("utf-16"),
        features=["größe"], first=[0.5], classes=["herb", "süß"],
    ),
    "two hundred names": File(
        "a,name\n" + rows("{0},name {n}", range(7), count=200), features=["a"], first=[0.0],
        classes=sorted(f"name {n}" for n in range(1, 201)), note="has 200 classes in 200 rows",
    ),
    "a constant target": File(
        "a,b,c\n" + rows("{0},{1}.5,7", range(7), range(5)), cures=("--target b",),
        features=["a", "c"], first=[0.0, 7.0], note="c has the same number everywhere",
    ),
    "a web page": File(b"<!DOCTYPE html><html>", cures=(b"a,b\n" + b"1,2\n2,3\n3,4\n4,5\n" * 3,)),
}  # fmt: skip


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pictures out, which take longer than all the rest."""
    monkeypatch.setattr(nn.command.report.Report, "draw", lambda *_: [])


def read_by_both(path: Path, options: list[str]) -> Dataset:
    """The data that the command learns, which must be what ``load_csv`` returns."""
    parser = argparse.ArgumentParser()
    add_settings(parser)
    settings = settings_in(parser.parse_args(options))
    dataset = Experiment(str(path), **settings).prepared().dataset
    arguments = {name: each for name, each in settings.items() if name in FILE_OPTIONS}
    assert load_csv(path, **arguments) == dataset
    return dataset


@pytest.mark.parametrize("name", FILES)
def test_a_file_trains_or_is_refused_with_what_makes_it_train(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = FILES[name]
    path, out = tmp_path / "data.csv", tmp_path / "out"
    path.write_bytes(file.content.encode() if isinstance(file.content, str) else file.content)
    options = shlex.split(file.options)
    for cure in file.cures:
        assert main(["train", str(path), *options, *QUICK, "--out", str(out)]) == 2
        said = capsys.readouterr().err
        assert said.startswith("chalkgrad: data.csv") or "--target" in said
        assert said.count("\n") == 1
        if isinstance(cure, bytes):
            path.write_bytes(cure)
        else:
            assert cure.split()[0] == "--target" or cure in said
            options += shlex.split(cure)
    assert main(["train", str(path), *options, *QUICK, "--out", str(out)]) == 0
    assert file.note in capsys.readouterr().err
    dataset = read_by_both(path, options)
    saved = load_all(out / "model.json")
    if file.features:
        assert saved.feature_names == dataset.feature_names == file.features
        assert dataset.X[0] == pytest.approx(file.first, rel=1e-12)
        assert saved.class_names == file.classes


def test_there_are_the_kinds_that_were_found_and_as_many_again() -> None:
    assert len(FILES) >= 21 + 10
