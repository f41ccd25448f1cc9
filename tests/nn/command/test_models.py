"""The commands about a saved model, ``predict`` and ``show``, as a user runs them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import nn
from nn.command.main import main

FRUIT = """\
grams,red,fruit
120,0.2,pear
180,0.9,apple
130,0.3,pear
170,0.8,apple
125,0.1,pear
190,0.95,apple
118,0.2,pear
176,0.85,apple
121,0.22,pear
184,0.92,apple
"""


@pytest.fixture(scope="module")
def fruit(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a model that has learned to tell fruit apart."""
    folder = tmp_path_factory.mktemp("fruit")
    data = folder / "fruit.csv"
    data.write_text(FRUIT, encoding="utf-8")
    assert main(["train", str(data), "--epochs", "30", "--out", str(folder)]) == 0
    return str(folder / "model.json")


# predict --------------------------------------------------------------------------------------


def test_predict_writes_the_class_and_its_probabilities_for_each_row(
    fruit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, out = tmp_path / "new.csv", tmp_path / "answers.csv"
    new.write_text("red,shelf,grams\n0.9,3,182\n0.15,2,119\n", encoding="utf-8")
    assert main(["predict", fruit, str(new), "-o", str(out)]) == 0
    assert capsys.readouterr().out == (
        f"2 predictions: prediction, probability of apple, probability of pear\nwrote {out}\n"
    )
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["prediction"] for row in rows] == ["apple", "pear"]
    assert float(rows[0]["probability of apple"]) > 0.5 > float(rows[1]["probability of apple"])


def test_predict_knows_the_data_sets_by_name(tmp_path: Path) -> None:
    names = nn.data.iris().feature_names
    nn.save(nn.Layer(4, 3), tmp_path / "model.json", feature_names=names)
    out = tmp_path / "answers.csv"
    assert main(["predict", str(tmp_path / "model.json"), "iris", "-o", str(out)]) == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 151


def test_what_predict_cannot_use_is_a_line_and_exit_code_2(
    fruit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, out = tmp_path / "new.csv", tmp_path / "answers.csv"
    new.write_text("grams,colour\n120,0.5\n", encoding="utf-8")
    for file, data, words in (
        (fruit, str(new), "new.csv has no column 'red', which the model needs."),
        (fruit, "moons", "moons has no column 'grams' and none 'red'"),
        (fruit, "nowhere.csv", "no file 'nowhere.csv'"),
        (str(new), str(new), "The file is cut off or damaged, or is no JSON."),
        (str(tmp_path / "none.json"), str(new), "none.json: No such file or directory"),
    ):
        capsys.readouterr()
        assert main(["predict", file, data, "-o", str(out)]) == 2
        error = capsys.readouterr().err
        assert words in error
        assert error.startswith("chalkgrad: ")
        assert error.count("\n") == 1
    assert not out.exists()
    new.write_text("grams,red\n120,0.5\n", encoding="utf-8")
    assert main(["predict", fruit, str(new), "-o", str(tmp_path / "none" / "answers.csv")]) == 2
    assert "there is no folder" in capsys.readouterr().err


# show -----------------------------------------------------------------------------------------


def test_show_tells_what_the_model_is_and_how_it_was_made(
    fruit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "network.svg"
    assert main(["show", fruit, "-o", str(picture)]) == 0
    printed = capsys.readouterr().out
    for words in (
        "MLP(2, [8, 8, 2]", "inputs:   grams, red", "classes:  apple, pear", "fruit.csv",
        "(x - centre) / width", "hidden      8 8", "validation:  examples 2, loss ",
        f"wrote {picture}",
    ):  # fmt: skip
        assert words in printed
    assert "grams" in picture.read_text(encoding="utf-8")


def test_show_tells_a_line_as_its_formula(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    neuron = nn.Neuron(1, nonlin=False)
    neuron.w[0].data, neuron.b.data = 2.0, -1.0
    nn.save(neuron, tmp_path / "line.json", feature_names=["x"], notes={"target": "y"})
    assert main(["show", str(tmp_path / "line.json"), "-o", str(tmp_path / "line.png")]) == 0
    assert "y = 2 * x - 1" in capsys.readouterr().out


def test_show_takes_the_notes_that_others_have_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = {"by": "Ada", "metrics": {"mine": {"curve": [1, 2], "best": 0.5}, "note": "fine"}}
    nn.save(nn.Neuron(1), tmp_path / "neuron.json", notes=notes)
    assert main(["show", str(tmp_path / "neuron.json")]) == 0
    printed = capsys.readouterr().out
    for words in ("by  Ada", "mine:  curve [1, 2], best 0.5", "note:  fine"):
        assert words in printed


def test_what_show_cannot_show_is_a_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nn.save(nn.Neuron(1), tmp_path / "neuron.json")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    assert main(["show", str(tmp_path / "other.json")]) == 2
    assert "this is another kind of file" in capsys.readouterr().err
    assert main(["show", str(tmp_path / "neuron.json"), "-o", str(tmp_path / "x.bmp")]) == 2
    printed = capsys.readouterr()
    assert "end the name in .svg, .png or .pdf" in printed.err
    assert printed.out == ""
