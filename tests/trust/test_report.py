"""The README says what the long runs have measured, and what they have measured is this engine."""

import planted_faults
import pytest
import report
import results
from points import INNER
from worst import own_rows

KEPT = {
    "numerics": {
        "points": 10_000,
        "worst": {
            "exp": {"value": 0.5, "gradient": 1.25, "second": 2.0},
            "sech2": {"value": 1.0, "gradient": 3.0, "second": 0.0},
            "alias": {"value": 0.0, "gradient": 0.0, "second": 4.0},
        },
    },
    "dags": {
        "graphs": 100_000,
        "worst": 0.374,
        "seed": 7,
        "thirds": 25_000,
        "worst third": 0.471,
    },
    "faults": {"planted": 1_100, "equivalent": 100, "caught": 995, "survivors": ["a  ->  b"]},
}
ANEW = "python tests/trust/report.py --measure"


# What stands in the README ------------------------------------------------------------------------


def test_tables_of_the_readme_are_what_was_measured():
    text = report.README.read_text(encoding="utf-8")
    for table in report.tables(results.measured()):
        assert f"\n{table}\n" in text, "python tests/trust/report.py writes them"


def test_every_operation_was_measured():
    found = set(results.kept("numerics")["worst"])
    assert found >= own_rows(), f"{ANEW} {' '.join(own_rows() - found)}"
    assert own_rows() >= found, "measured once, and gone"


def test_faults_are_those_of_this_engine_or_nearly_so():
    found = results.kept("faults")
    assert found["equivalent"] == pytest.approx(len(planted_faults.equivalent()), rel=0.2)
    assert found["planted"] == pytest.approx(len(planted_faults.all_faults()), rel=0.2)
    assert found["caught"] + len(found["survivors"]) == found["planted"] - found["equivalent"]


# The report itself --------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "PATH", tmp_path / "measured.json")
    monkeypatch.setattr(report, "README", tmp_path / "README.md")
    report.README.write_text("before\n\n" + "\n".join(report.tables(KEPT)) + "\nafter\n")
    for part, found in KEPT.items():
        results.keep(part, found)
    return tmp_path


def test_report_is_markdown_with_the_numbers_kept(kept, capsys):
    assert report.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert "| `exp` | 0.50 | 1.25 | 2.00 |" in lines
    assert "| the 2 that only formulas use | 1.00 | 3.00 | 4.00 |" in lines
    assert "| random graphs of up to 60 nodes against mpmath | 100,000 |" in lines
    assert any(line.endswith("| 37 % |") for line in lines)
    assert any(line.endswith("| 47 % |") for line in lines)
    assert all(line.startswith("|") for line in lines if line)


def test_equivalent_faults_are_counted_apart(kept, capsys):
    report.main()
    out = capsys.readouterr().out
    assert "| 1,100 |" in out
    assert "| 100 |" in out
    assert "| of the other 1,000, noticed | 995 (99.5 %) |" in out
    assert "| survivors | `a  ->  b` |" in out


def test_new_numbers_take_the_place_of_the_old_ones(kept):
    results.keep("dags", KEPT["dags"] | {"graphs": 5, "worst": 0.25, "seed": 1})
    results.keep_errors(10_000, {"exp": dict.fromkeys(report.KINDS, (7.126, (), ()))})
    report.main()
    text = report.README.read_text(encoding="utf-8")
    assert text.startswith("before\n\n| what was tried")
    assert text.endswith("|\n\nafter\n")
    assert "against mpmath | 5 |" in text
    assert "| `exp` | 7.13 | 7.13 | 7.13 |" in text
    assert "100,000" not in text
    assert set(results.kept("numerics")["worst"]) == set(KEPT["numerics"]["worst"])


def test_a_run_over_other_points_forgets_the_run_before(kept):
    results.keep_errors(20, {"exp": dict.fromkeys(report.KINDS, (1.0, (), ()))})
    assert set(results.kept("numerics")["worst"]) == {"exp"}


@pytest.mark.parametrize("part", list(KEPT))
def test_report_without_a_run_says_what_to_run(part, kept, capsys):
    results.PATH.unlink()
    for other, found in KEPT.items():
        if other != part:
            results.keep(other, found)
    assert report.main() == 1
    told = capsys.readouterr()
    assert report.PARTS[part] in told.err
    assert not told.out


def test_inner_operations_share_a_row():
    text = report.README.read_text(encoding="utf-8")
    assert f"| the {len(INNER)} that only formulas use |" in text
