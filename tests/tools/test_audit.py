"""What `make audit` lists, and what it says of it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from models_ml.settings import PROJECT
from tools import audit
from tools.audit import Package, bill_of_materials, locked, look_up, verdict

ONE, TWO = "1" * 64, "2" * 64
LOCK = f"""\
granian[uvloop]==2.8.7 \\
    --hash=sha256:{ONE} \\
    --hash=sha256:{TWO}
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:{TWO}
"""


def test_every_locked_package_is_read() -> None:
    assert list(locked(LOCK)) == [
        Package("granian", "2.8.7", (ONE, TWO)),
        Package("colorama", "0.4.6", (TWO,)),
    ]


def test_the_projects_own_lock_is_listed_whole() -> None:
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    packages = list(locked(lock))
    assert len(packages) == lock.count("==") - lock.count("== '")
    assert all(package.digests for package in packages)
    made = bill_of_materials(packages)
    references = [each["bom-ref"] for each in made["components"]]
    assert len(set(references)) == len(packages)
    assert "pkg:pypi/litestar@2.25.0" in references


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "version": "1", "vulns": [], **more}


KNOWN = [{"id": "PYSEC-1", "fix_versions": ["2"]}]
#: A report of pip-audit without packages.
LEAST: dict[str, Any] = {"dependencies": []}


def test_a_known_vulnerability_is_named() -> None:
    report = {"dependencies": [entry("a"), entry("b", vulns=KNOWN)]}
    status, told = verdict(report)
    assert status == 1
    assert "b 1: PYSEC-1, fixed in 2" in told


def test_what_was_not_looked_up_is_not_called_safe() -> None:
    skipped = {"name": "b", "skip_reason": "not found"}
    status, told = verdict({"dependencies": [entry("a"), skipped]})
    assert status == 2
    assert "1 of 2 packages were not checked" in told


def test_all_that_was_looked_up_is_safe() -> None:
    told = verdict({"dependencies": [entry("a")]})
    assert told == (0, "1 packages: no known vulnerability")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements-extra.lock"
    path.write_text(LOCK)
    return path


def run_main(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["audit", *map(str, arguments)])
    return audit.main()


def test_a_service_that_cannot_be_asked_is_told_in_a_sentence(
    lock: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Here by an interpreter that has no pip-audit."""
    with pytest.raises(audit.AuditError, match="nothing was checked"):
        look_up(Path(sys.executable), lock)
    folder = lock.parent / "lists"
    status = run_main(monkeypatch, "--locks", lock, "--folder", folder)
    assert status == 2
    assert "nothing was checked" in capsys.readouterr().out
    made = json.loads((folder / "sbom-extra.cdx.json").read_text())
    assert len(made["components"]) == 2


@pytest.mark.parametrize(
    ("reports", "status"),
    [
        ([{}, {}], 0),
        ([{}, {"skip_reason": "not found"}], 2),
        ([{"skip_reason": "not found"}, {"vulns": KNOWN}], 1),
    ],
)
def test_the_worst_of_all_locks_is_told(
    reports: list[dict[str, Any]],
    status: int,
    lock: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = iter(reports)
    monkeypatch.setattr(
        audit,
        "look_up",
        lambda *_: {"dependencies": [entry("a", **next(said))]},
    )
    other = lock.with_name("requirements.lock")
    other.write_text(LOCK)
    told = run_main(
        monkeypatch, "--locks", other, lock, "--folder", lock.parent
    )
    assert told == status
    printed = capsys.readouterr().out
    assert all(f"\n{each.name}: " in printed for each in (other, lock))


def test_every_lock_is_audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = []

    def note(_: Path, lock: Path) -> dict[str, Any]:
        looked_up.append(lock.name)
        return LEAST

    monkeypatch.setattr(audit, "look_up", note)
    assert run_main(monkeypatch, "--folder", tmp_path) == 0
    assert looked_up == [
        "requirements-dev.lock",
        "requirements-otel.lock",
        "requirements-spark.lock",
        "requirements.lock",
    ]
    assert len(list(tmp_path.glob("sbom*.cdx.json"))) == len(looked_up)
