"""What importing nn promises."""

from __future__ import annotations

import os
import subprocess
import sys

import nn


def test_importing_and_using_nn_imports_nothing_from_outside() -> None:
    program = (
        "import sys, nn\n"
        "nn.mse(nn.MLP(2, [3, 1])([1.0, 2.0]), 1.0).backward(); nn.data.iris()\n"
        "print(sorted({'numpy', 'graphviz', 'matplotlib'} & set(sys.modules)))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_every_public_name_exists_and_says_what_it_is() -> None:
    for name in nn.__all__:
        assert getattr(nn, name).__doc__
