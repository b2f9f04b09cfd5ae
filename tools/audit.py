"""`make audit`: known vulnerabilities of what is locked, and lists of it.

Each lock file is looked up, those of the extras and of development too. A
list is a software bill of materials in CycloneDX 1.6, made from the lock file
alone, so that equal locks give equal bytes.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models_ml.settings import PROJECT, load_settings

#: `name[extras]==version`, as uv writes it, with hashes on later lines.
_PINNED: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)"
)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
#: Exit statuses beside 0: all was looked up, and nothing is known of it.
_VULNERABLE: Final = 1
_NOT_CHECKED: Final = 2


class AuditError(RuntimeError):
    """Nothing can be said of the packages; the message says why."""


@dataclass(frozen=True)
class Package:
    """A package of a lock file."""

    name: str
    version: str
    digests: tuple[str, ...]
    """SHA-256, in hex, of each file that may be installed."""


def locked(lock: str) -> Iterator[Package]:
    """The packages of a lock file's text."""
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock):
        match = _PINNED.match(entry)
        if match:
            digests = tuple(_HASH.findall(entry))
            yield Package(match["name"], match["version"], digests)


def bill_of_materials(packages: list[Package]) -> dict[str, Any]:
    """CycloneDX 1.6; see https://cyclonedx.org/docs/1.6/json/."""
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "plateia",
                "bom-ref": "plateia",
            }
        },
        "components": [_component(package) for package in packages],
    }


def _component(package: Package) -> dict[str, Any]:
    normal = re.sub(r"[-_.]+", "-", package.name).lower()
    purl = f"pkg:pypi/{normal}@{package.version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
        # A lock allows several files of a package, of which one is installed.
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{normal}/{package.version}/",
                "hashes": [
                    {"alg": "SHA-256", "content": digest}
                    for digest in package.digests
                ],
            }
        ],
    }


def verdict(report: dict[str, Any]) -> tuple[int, str]:
    """Exit status, and a sentence, of what pip-audit reports."""
    entries = report["dependencies"]
    bad = [
        f"{each['name']} {each['version']}: {known['id']}, fixed in"
        f" {', '.join(known['fix_versions']) or 'no version'}"
        for each in entries
        for known in each.get("vulns", ())
    ]
    unknown = [each["name"] for each in entries if "skip_reason" in each]
    if bad:
        return _VULNERABLE, "known vulnerabilities:\n  " + "\n  ".join(bad)
    if unknown:
        return _NOT_CHECKED, (
            f"{len(unknown)} of {len(entries)} packages were not checked: the"
            " advisory service does not know them, or was not reached; run"
            " this where https://pypi.org can be asked"
        )
    return 0, f"{len(entries)} packages: no known vulnerability"


def look_up(python: Path, lock: Path) -> dict[str, Any]:
    """What pip-audit, in the environment of `python`, says of a lock file.

    Raises AuditError where it says nothing.
    """
    done = subprocess.run(
        [
            *(python, "-m", "pip_audit", "--requirement", lock),
            *("--disable-pip", "--require-hashes", "--format", "json"),
            *("--progress-spinner", "off"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        lines = done.stderr.strip().splitlines() or ["it printed nothing"]
        raise AuditError(
            "nothing was checked: the advisory service cannot be asked"
            f" ({lines[-1]})"
        ) from error
    return report


def audit(lock: Path, folder: Path, python: Path) -> int:
    """List a lock's packages, then look for vulnerabilities; see `verdict`."""
    packages = list(locked(lock.read_text("utf-8")))
    name = lock.stem.replace("requirements", "sbom")
    output = folder / f"{name}.cdx.json"
    text = json.dumps(bill_of_materials(packages), indent=2) + "\n"
    output.write_text(text, "utf-8")
    print(f"{output}: {len(packages)} packages")
    try:
        status, told = verdict(look_up(python, lock))
    except AuditError as error:
        status, told = _NOT_CHECKED, str(error)
    print(f"{lock.name}: {told}")
    return status


def main() -> int:
    """Audit the locks; a known vulnerability comes before what is unknown."""
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument(
        "--locks",
        type=Path,
        nargs="+",
        default=sorted(PROJECT.glob("requirements*.lock")),
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=load_settings().home,
        help="for the lists: sbom.cdx.json of requirements.lock",
    )
    parser.add_argument(
        "--python",
        type=Path,
        default=Path(sys.executable),
        help="an interpreter that has pip-audit",
    )
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    statuses = {
        audit(lock, options.folder, options.python) for lock in options.locks
    }
    worst_first = (_VULNERABLE, _NOT_CHECKED)
    return next((each for each in worst_first if each in statuses), 0)


if __name__ == "__main__":
    sys.exit(main())
