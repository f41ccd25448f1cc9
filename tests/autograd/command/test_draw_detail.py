"""chalkgrad draw --detail: an expression by its neurons and layers, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd.command.main import main

NETWORK = [
    "layer2_neuron1_w * tanh(layer1_neuron1_w*x) + layer2_neuron1_b",
    *("layer1_neuron1_w=0.5", "layer2_neuron1_w=-1", "layer2_neuron1_b=0.1", "x=2"),
]


@pytest.mark.parametrize(
    ("detail", "boxes"),
    [("neuron", ["layer1.neuron1", "layer2.neuron1"]), ("layer", ["layer1", "layer2"])],
)
def test_a_box_is_drawn_for_each_neuron_or_layer(
    detail: str, boxes: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "graph.svg"
    assert main(["draw", *NETWORK, "--detail", detail, "-o", str(path)]) == 0
    drawn = path.read_text(encoding="utf-8")
    assert all(f">{box}</text>" in drawn for box in (*boxes, "inputs"))
    assert "‖grad‖" in drawn
    assert "d/dlayer1_neuron1_w" in capsys.readouterr().out


def test_forward_only_shows_no_gradient(tmp_path: Path) -> None:
    path = tmp_path / "graph.svg"
    assert main(["draw", *NETWORK, "--detail", "layer", "--forward-only", "-o", str(path)]) == 0
    assert "‖" not in path.read_text(encoding="utf-8")


def test_without_names_that_tell_the_neurons_it_says_what_to_write(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["draw", "w*x", "w=1", "x=2", "--detail", "neuron"]) == 2
    assert "such as neuron1_w or layer1_neuron2_w" in capsys.readouterr().err


def test_an_unknown_detail_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["draw", "w*x", "w=1", "x=2", "--detail", "atom"])
    assert caught.value.code == 2
    assert "operation" in capsys.readouterr().err
