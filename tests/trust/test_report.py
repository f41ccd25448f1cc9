"""The report tells what the long runs kept, and what to run where something is missing."""

import json

import pytest
import report
import results

KEPT = {
    "numerics": {
        "points": 10_000,
        "worst": {
            "exp": {"value": [0.5, [], []], "gradient": [1.25, [], []], "second": [2.0, [], []]},
            "sech2": {"value": [1.0, [], []], "gradient": [3.0, [], []], "second": [0.0, [], []]},
            "alias": {"value": [0.0, [], []], "gradient": [0.0, [], []], "second": [4.0, [], []]},
        },
    },
    "dags": {"graphs": 100_000, "worst": 0.374, "seed": 7},
    "faults": {"planted": 1_100, "equivalent": 100, "caught": 995, "survivors": ["a  ->  b"]},
}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    for part, found in KEPT.items():
        results.keep(part, found)
    return tmp_path


def test_report_is_markdown_with_the_numbers_kept(kept, capsys):
    assert report.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "| `exp` | 0.50 | 1.25 | 2.00 |"
    assert lines[3] == "| the 2 that only formulas use | 1.00 | 3.00 | 4.00 |"
    assert "| random graphs of up to 60 nodes against mpmath | 100,000 |" in lines
    assert any(line.endswith("| 37 % |") for line in lines)
    assert all(line.startswith("|") for line in lines if line)


def test_equivalent_faults_are_counted_apart(kept, capsys):
    report.main()
    out = capsys.readouterr().out
    assert "| 1,100 |" in out
    assert "| 100 |" in out
    assert "| of the other 1,000, noticed | 995 (99.5 %) |" in out
    assert "| survivors | `a  ->  b` |" in out


@pytest.mark.parametrize("part", list(KEPT))
def test_report_without_a_run_says_what_to_run(part, kept, capsys):
    (kept / f"{part}.json").unlink()
    assert report.main() == 1
    told = capsys.readouterr()
    assert report.PARTS[part] in told.err
    assert not told.out


def test_what_is_kept_comes_back(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path / "new")
    assert results.kept("numerics") is None
    results.keep("numerics", KEPT["numerics"])
    assert results.kept("numerics") == json.loads(json.dumps(KEPT["numerics"]))
