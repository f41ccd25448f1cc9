"""What every chart promises: it saves itself whole, in the format of the suffix."""

from __future__ import annotations

from pathlib import Path

import pytest

import nn.view
from nn.view import Chart, plot_history

SIGNATURES = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


def a_chart() -> Chart:
    return plot_history({"loss": [1.0, 0.5]})


@pytest.mark.parametrize("kind", SIGNATURES)
def test_the_suffix_says_in_which_format_a_chart_is_saved(kind: str, tmp_path: Path) -> None:
    path = a_chart().save(tmp_path / f"curve.{kind.upper()}")
    assert path == tmp_path / f"curve.{kind.upper()}"
    assert path.read_bytes().startswith(SIGNATURES[kind])
    assert list(tmp_path.iterdir()) == [path]


def test_another_suffix_and_a_missing_folder_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"curve\.jpg.*\.png, \.svg or \.pdf"):
        a_chart().save("curve.jpg")
    with pytest.raises(FileNotFoundError, match="missing"):
        a_chart().save(tmp_path / "missing" / "curve.png")


def test_every_public_name_says_what_it_is() -> None:
    for name in nn.view.__all__:
        assert getattr(nn.view, name).__doc__
