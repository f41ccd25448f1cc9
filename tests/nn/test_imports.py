"""What importing nn promises."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import nn


def printed(program: str) -> str:
    """Return what a program prints in an interpreter of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    return done.stdout.strip()


def test_importing_and_using_nn_imports_nothing_from_outside() -> None:
    program = (
        "import sys, nn\n"
        "nn.mse(nn.MLP(2, [3, 1])([1.0, 2.0]), 1.0).backward(); nn.data.iris()\n"
        "print(sorted({'numpy', 'graphviz', 'matplotlib'} & set(sys.modules)))"
    )
    assert printed(program) == "[]"


def test_importing_nn_loads_no_room_and_no_slow_module_of_the_standard_library() -> None:
    program = (
        "import sys; before = set(sys.modules)\n"
        "import nn\n"
        "nn.SGD(nn.Neuron(2).parameters(), lr=0.1).step()\n"
        "slow = {'dataclasses', 'inspect', 'json', 'csv', 'hashlib', 'difflib', 'tempfile'}\n"
        "rooms = {f'nn.{room}' for room in nn.ROOMS} - {'nn.checks'}\n"
        "print(sorted((slow | rooms) & (set(sys.modules) - before)))"
    )
    # A neuron draws its weights, and the module random brings the hashes.
    assert printed(program) in ("[]", "['hashlib']")


@pytest.mark.parametrize("room", nn.ROOMS)
def test_every_room_is_there_after_importing_nn_alone(room: str) -> None:
    assert printed(f"import nn; print(nn.{room}.__name__)") == f"nn.{room}"


def test_every_public_name_exists_and_says_what_it_is() -> None:
    for name in nn.__all__:
        assert getattr(nn, name).__doc__


def test_every_name_that_is_loaded_later_is_public_and_found_where_it_is_said_to_be() -> None:
    for module, names in nn.LATER.items():
        assert set(names) <= set(nn.__all__)
        for name in names:
            assert getattr(nn, name) is getattr(sys.modules[module], name)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'nn' has no attribute 'fitt'"):
        nn.fitt  # noqa: B018  to look is the test
