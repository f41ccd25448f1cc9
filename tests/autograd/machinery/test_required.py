"""A package that is missing is named by what one types to install it, and what it is wanted for."""

import subprocess
import sys

import pytest

from autograd.machinery.required import required

WITHOUT = """
import sys
for name in ("graphviz", "pygraphviz", "PIL", "matplotlib", "numpy"):
    sys.modules[name] = None
"""


def run(code):
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + code], capture_output=True, text=True, check=False
    )


def test_a_package_that_is_there_is_returned():
    import json.decoder

    assert required("json.decoder", "A test") is json.decoder


def test_a_missing_package_is_named_as_pip_knows_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ModuleNotFoundError, match="An animation needs the package pillow") as error:
        required("PIL", "An animation")
    assert "python -m pip install pillow" in str(error.value)
    assert error.value.name == "PIL"


def test_a_known_package_that_another_one_lacks_is_named_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "needs_pillow.py").write_text("import PIL.Image")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ModuleNotFoundError, match="A document needs the package pillow"):
        required("needs_pillow", "A document")


def test_a_package_that_lacks_something_of_its_own_says_so_itself(tmp_path, monkeypatch):
    (tmp_path / "broken_one.py").write_text("import nothing_of_this_name")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="No module named 'nothing_of_this_name'"):
        required("broken_one", "A test")


def test_the_whole_public_face_is_there_on_a_bare_python():
    done = run("from autograd import *; import autograd.view; print(draw, Drawing)")
    assert done.returncode == 0, done.stderr


def test_steps_are_told_and_written_in_words_on_a_bare_python(tmp_path):
    path = tmp_path / "steps.md"
    code = (
        "from autograd import Value, steps\n"
        "x = Value(2.0, label='x')\n"
        f"print(steps(x * x)); print(steps(x * x).save({str(path)!r}))"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert "x.grad += x" in done.stdout
    assert path.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize(
    ("wanted", "package"),
    [
        ("draw(y)", "graphviz"),
        ("draw(y).save('y.svg')", "graphviz"),
        ("steps(y).save('y.html')", "graphviz"),
        ("steps(y).save('y.gif')", "pillow"),
        ("steps(y).save('y.pdf')", "matplotlib"),
    ],
)
def test_a_picture_on_a_bare_python_says_what_to_install(wanted, package):
    done = run(f"from autograd import Value, draw, steps; y = Value(2.0) * 3.0; {wanted}")
    assert f"python -m pip install {package}" in done.stderr
