"""A picture needs what draws it, and nothing of what draws the others."""

from __future__ import annotations

import subprocess
import sys

import pytest

CHARTS = {
    "plot_activations": "nn.plot_activations('tanh')",
    "plot_boundary": "nn.plot_boundary(lambda x: 0, X, y)",
    "plot_confusion": "nn.plot_confusion([0, 1], [0, 1])",
    "plot_history": "nn.plot_history({'loss': [1.0, 0.5]})",
    "plot_weights": "nn.plot_weights(model, shape=(1, 2))",
    "plot_neurons": "nn.plot_neurons(model, X)",
}


def run(missing: str, code: str) -> subprocess.CompletedProcess[str]:
    """Run a program in which a package cannot be imported."""
    hidden = f"import sys\nfor name in {missing.split()!r}: sys.modules[name] = None\n"
    given = (
        "import nn; X, y = [[0.0, 1.0], [1.0, 0.0], [2.0, 1.0]], [0, 1, 1]\n"
        "model = nn.MLP(2, [2, 1])\n"
    )
    return subprocess.run(
        [sys.executable, "-c", hidden + given + code], capture_output=True, text=True, check=False
    )


def test_charts_are_drawn_without_graphviz() -> None:
    done = run("graphviz pygraphviz", "\n".join(f"print({call})" for call in CHARTS.values()))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Figure(") == len(CHARTS)


def test_the_diagram_is_drawn_without_matplotlib_and_numpy() -> None:
    done = run(
        "matplotlib numpy", "print('digraph' in nn.draw_network(model, x=[1.0, 2.0]).source)"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "True\n"


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_without_matplotlib_says_what_to_type(name: str) -> None:
    done = run("matplotlib", CHARTS[name])
    assert f"nn.{name} needs the package matplotlib" in done.stderr
    assert "python -m pip install matplotlib" in done.stderr


def test_a_diagram_without_graphviz_says_what_to_type() -> None:
    done = run("graphviz", "nn.draw_network(model)")
    assert "needs the package graphviz" in done.stderr
    assert "python -m pip install graphviz" in done.stderr


@pytest.mark.parametrize(
    ("missing", "package", "code"),
    [
        ("numpy", "numpy", "import autograd; autograd.compile(lambda x: x)"),
        ("sklearn", "scikit-learn", "nn.data.digits()"),
    ],
)
def test_whatever_else_is_missing_is_named_with_what_to_type(
    missing: str, package: str, code: str
) -> None:
    done = run(missing, code)
    assert f"needs the package {package}, which is not installed here" in done.stderr
    assert f"python -m pip install {package}" in done.stderr
