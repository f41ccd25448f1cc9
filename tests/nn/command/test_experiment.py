"""What an experiment promises: settings that suit the data, and an report in its own units."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import nn
from nn.command.experiment import RATES, SCALERS, Experiment
from nn.command.known_data import KNOWN_DATA, data_source
from nn.command.predict import classes_from, coefficients, formula, output_for, outputs_for
from nn.command.report import writable_folder
from nn.optimizers import OPTIMIZERS
from nn.saving.model_file import load_all

QUICK: dict[str, Any] = {"hidden": (2,), "epochs": 2, "batch_size": 64}


def csv_file(folder: Path, text: str, name: str = "data.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


# The settings -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KNOWN_DATA)
def test_each_data_set_can_be_learned_as_usual(name: str) -> None:
    prepared = Experiment.usual(name).prepared()
    count = len(prepared.dataset.y)
    assert len(prepared.validation.y) == round(0.2 * count)
    assert len(prepared.training.y) + len(prepared.validation.y) == count
    assert prepared.loss == ("categorical_crossentropy" if prepared.dataset.class_names else "mse")
    assert prepared.remarks() == []
    assert prepared.source.about


def test_what_is_given_goes_before_what_is_usual() -> None:
    usual, given = Experiment.usual("spiral"), Experiment.usual("spiral", epochs=7)
    assert (usual.epochs, given.epochs) == (150, 7)
    assert usual.lr == given.lr == 0.02


def test_every_optimizer_has_a_usual_learning_rate() -> None:
    assert RATES.keys() == OPTIMIZERS.keys()
    assert Experiment("iris", optimizer="sgd").chosen_lr() == RATES["sgd"]
    assert Experiment("iris", optimizer="sgd", lr=0.5).chosen_lr() == 0.5


def test_the_weights_at_first_suit_the_activation_unless_they_are_chosen() -> None:
    assert Experiment("iris", activation="relu").chosen_initial() == "he"
    assert Experiment("iris").chosen_initial() == "xavier"
    assert Experiment("iris", activation="relu", initial="uniform").chosen_initial() == "uniform"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_learns_with_its_usual_rate(optimizer: str) -> None:
    report = Experiment("gaussians", hidden=(), optimizer=optimizer, epochs=10).run(progress=False)
    assert report.metrics()["validation"]["accuracy"] >= 0.9


@pytest.mark.parametrize(
    ("data", "settings", "words"),
    [
        ("irsi", {}, "no data set and no file 'irsi'. Did you mean 'iris'?"),
        ("iris", {"target": "petal_width"}, "iris says itself what is to be learned"),
        ("iris", {"classes": True}, "iris says itself what is to be learned"),
        ("iris", {"loss": "mse"}, "'mse' does not suit species, whose values are classes"),
        ("iris", {"loss": "hinge"}, "tells two classes apart, and species has 3"),
        ("iris", {"loss": "log_loss"}, "tells two classes apart, and species has 3"),
        ("plane", {"loss": "hinge"}, "'hinge' does not suit y, whose values are numbers"),
    ],
)
def test_settings_that_do_not_suit_the_data_are_refused(
    data: str, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        Experiment(data, **settings).prepared()


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        (
            "x,y\n1,a\n2,a\n",
            {},
            "y is 'a' everywhere: nothing to learn. Choose another column with --target.",
        ),
        ("x,y\n1,5\n2,5\n3,5\n", {"validation": 0.0}, "y is '5' everywhere: nothing to learn"),
        ("x,y\n1,1\n2,2\n3,3\n", {}, "2 examples to learn from and 1 set aside are too few"),
        ("x,y\n1,1\n", {"validation": 0.0}, "1 example to learn from and 0 set aside"),
        ("x,y\n1,1\n", {}, "one example cannot be split"),
        ("x,y\n1,a\n2,\n", {}, "missing in 'y' (line 3)"),
        ("x,y\n1,a\n", {"target": "z"}, "has no column 'z'"),
    ],
)
def test_a_file_that_cannot_be_learned_is_refused(
    text: str, settings: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        Experiment(csv_file(tmp_path, text), **settings).prepared()


def test_a_folder_is_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is a folder or a device, not a CSV file"):
        data_source(str(tmp_path))


def test_numbers_that_look_like_names_raise_a_doubt(tmp_path: Path) -> None:
    rows = "".join(f"{place},{place % 2}\n" for place in range(20))
    path = csv_file(tmp_path, f"x,label\n{rows}")
    (remark,) = Experiment(path).prepared().remarks()
    assert "2 different values, all whole: if they are names of classes, add --classes" in remark
    prepared = Experiment(path, classes=True).prepared()
    assert prepared.remarks() == []
    assert prepared.dataset.class_names == ["0", "1"]


# What comes of it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["categorical_crossentropy", "binary_crossentropy", "hinge"])
def test_two_classes_are_learned_with_each_of_their_losses(loss: str) -> None:
    report = Experiment("moons", loss=loss).run(progress=False)
    assert report.metrics()["validation"]["accuracy"] >= 0.95
    answers = classes_from(report.saved, outputs_for(report.saved, report.validation.X))
    right = sum(a == b for a, b in zip(answers, report.validation.y, strict=True))
    assert f"({right} of {len(answers)} examples)" in report.verdict()


@pytest.mark.parametrize("normalise", SCALERS)
def test_a_number_is_answered_in_its_own_units(normalise: str) -> None:
    experiment = Experiment("plane", hidden=(), normalise=normalise, lr=0.05, epochs=60)
    report = experiment.run(progress=False)
    assert coefficients(report.saved) == pytest.approx([2.0, -3.0, 1.0], abs=0.1)
    for row, height in zip(report.validation.X, report.validation.y, strict=True):
        assert output_for(report.saved, row).data == pytest.approx(height, abs=0.5)


def test_the_metrics_are_those_of_the_answers() -> None:
    report = Experiment.usual("house_prices").run(progress=False)
    measured = report.metrics()["validation"]
    answers = outputs_for(report.saved, report.validation.X)
    assert measured["examples"] == len(report.validation.y) == 40
    assert measured["rmse"] == nn.root_mean_squared_error(answers, report.validation.y)
    assert measured["loss"] == pytest.approx(measured["rmse"] ** 2)
    assert f"typical error {measured['rmse']:.4g} (40 examples)" in report.verdict()


def test_without_examples_aside_the_verdict_says_so() -> None:
    report = Experiment("moons", validation=0.0, **QUICK).run(progress=False)
    assert report.verdict().startswith("training accuracy: ")
    assert list(report.metrics()) == ["training"]
    assert list(report.history) == ["loss", "accuracy"]


@pytest.mark.parametrize("seed", range(5))
def test_what_the_accuracy_hides_about_a_rare_class_is_said(seed: int, tmp_path: Path) -> None:
    rows = "".join(
        f"{n % 7},{n % 11},{'fraud' if n in (3, 77, 200, 400) else 'ok'}\n" for n in range(500)
    )
    path = csv_file(tmp_path, f"a,b,kind\n{rows}")
    report = Experiment(path, seed=seed, **QUICK).run(progress=False)
    assert report.validation.y.count(0) == 1  # of each class its share is set aside
    verdict = report.verdict()
    for words in (
        "always answering 'ok' would reach 99.0%", "'fraud': ", " of 1 found (recall), ",
        "F1, the mean over the classes: ",
    ):  # fmt: skip
        assert words in verdict
    assert any("'fraud (4)' of 500 examples are rare" in remark for remark in report.remarks)
    assert "note: 'fraud (4)'" in report.summary()
    assert "always answering" not in Experiment("moons", **QUICK).run(progress=False).verdict()


def test_few_examples_are_gone_through_more_often(tmp_path: Path) -> None:
    rows = "".join(f"{n},{3 * n + 1}\n" for n in range(60))
    report = Experiment(csv_file(tmp_path, f"x,y\n{rows}")).run(progress=False)
    assert len(report.history.rows) == 250
    assert report.metrics()["validation"]["r2"] >= 0.99
    short = Experiment(csv_file(tmp_path, f"x,y\n{rows}"), epochs=20, lr=0.001).run(progress=False)
    (remark,) = short.remarks
    assert remark.endswith("still falling in the last epoch: go on with --epochs 80 --resume.")


def test_numbers_in_units_of_a_million_millions_are_learned(tmp_path: Path) -> None:
    rows = "".join(f"{1e12 + n * 3e10:.0f},{2e12 + n * 1e10:.0f}\n" for n in range(60))
    report = Experiment(csv_file(tmp_path, f"debt,gdp\n{rows}")).run(progress=False)
    assert report.metrics()["validation"]["r2"] >= 0.99


def test_the_same_seed_gives_the_same_file_and_another_seed_another(tmp_path: Path) -> None:
    files = []
    for seed in (3, 3, 4):
        saved = Experiment("moons", seed=seed, **QUICK).run(progress=False).saved
        path = tmp_path / f"{len(files)}.json"
        nn.save(saved.model, path, scaler=saved.scaler, notes=saved.notes)
        files.append(path.read_bytes())
    assert files[0] == files[1]
    assert files[0] != files[2]


def test_the_file_answers_as_the_network_does_and_says_how_it_was_made(tmp_path: Path) -> None:
    report = Experiment("iris", l2=0.25, **QUICK).run(progress=False)
    report.write(tmp_path)
    twin = load_all(tmp_path / "model.json")
    assert outputs_for(twin, report.validation.X) == outputs_for(report.saved, report.validation.X)
    assert twin.class_names == ["setosa", "versicolor", "virginica"]
    assert twin.feature_names is not None
    assert twin.feature_names[0] == "sepal_length"
    assert twin.notes is not None
    assert (twin.notes["data"], twin.notes["target"], twin.notes["l2"]) == ("iris", "species", 0.25)
    metrics = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    assert metrics == report.metrics() == twin.notes["metrics"]


def test_no_path_of_the_machine_goes_into_the_file(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "x,y\n" + "".join(f"{n},{n / 2}\n" for n in range(10)))
    Experiment(path, **QUICK).run(progress=False).write(tmp_path)
    assert str(tmp_path) not in (tmp_path / "model.json").read_text(encoding="utf-8")


def test_many_classes_and_many_features_leave_pictures_out(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n},class {n % 25}\n" for n in range(75))
    report = Experiment(csv_file(tmp_path, f"a,b,c\n{rows}"), **QUICK).run(progress=False)
    out = writable_folder(tmp_path / "out")
    names = {path.name for path in report.write(out)}
    assert names == {"model.json", "summary.txt", "metrics.json", "history.csv", "curve.png",
                     "network.svg"}  # fmt: skip


LEAST = {"iris": 0.95, "moons": 0.98, "wine": 0.95, "breast_cancer": 0.95, "digits": 0.95}


@pytest.mark.parametrize("data", [*LEAST, "diabetes"])
def test_the_usual_settings_learn_well_and_not_by_luck(data: str) -> None:
    report = Experiment.usual(data).run(progress=False)
    measured = report.metrics()["validation"]
    if data == "diabetes":
        assert measured["r2"] >= 0.4
    else:
        assert measured["accuracy"] >= LEAST[data]
    # A single epoch, or steps too small to matter, may be lucky with the accuracy, not with this.
    losses = report.history["loss"]
    assert losses[-1] < 0.7 * losses[0]
    assert len(losses) >= 10


def test_the_network_for_digits_is_that_of_the_benchmarks() -> None:
    prepared = Experiment.usual("digits").prepared()
    assert prepared.experiment.hidden == (32,)
    assert prepared.parameters() == 64 * 32 + 32 + 32 * 10 + 10


def test_house_prices_are_learned_to_the_formula_that_made_them() -> None:
    report = Experiment.usual("house_prices").run(progress=False)
    weights = coefficients(report.saved)
    assert weights is not None
    assert weights[:3] == pytest.approx([100.0, 1000.0, -30.0], rel=0.02)
    assert formula(report.saved) in report.verdict()
