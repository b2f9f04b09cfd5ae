"""What compose.yaml and the Dockerfile promise, and the image's own steps.

No container engine is needed: the steps that make the image are run in a
folder and a Python environment of their own, with what it copies and installs
and nothing else.
"""

import os
import re
import shlex
import shutil
import string
import subprocess
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

from models_ml.settings import PROJECT
from models_ml.warehouse.dbt_process import PARSED
from tests.conftest import environment_of

COMPOSE = yaml.safe_load((PROJECT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (PROJECT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def steps(instructions: str) -> list[tuple[str, str]]:
    """The Dockerfile's steps of some instructions, each with what it says."""
    pattern = rf"^({instructions})\s+(.*)$"
    return re.findall(pattern, DOCKERFILE, re.MULTILINE)


def said(instruction: str) -> list[str]:
    return [text for _, text in steps(instruction)]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"\d+g", service["mem_limit"])
    assert "privileged" not in service
    assert "cap_add" not in service


@pytest.mark.parametrize(
    ("name", "user"), [("build", "publisher"), ("api", "reader")]
)
def test_a_service_asks_the_store_with_a_key_of_its_own(
    name: str, user: str
) -> None:
    environment = SERVICES[name]["environment"]
    assert environment["AWS_ACCESS_KEY_ID"] == user
    assert environment["AWS_SECRET_ACCESS_KEY"] == (
        "${S3_%s_PASSWORD}" % user.upper()  # noqa: UP031 - braces
    )
    assert "S3_ROOT_PASSWORD" not in str(environment)


def test_the_api_cannot_sign() -> None:
    assert "PLATEIA_SIGNING_KEY" not in SERVICES["api"]["environment"]


def test_the_users_of_the_bucket_are_made_as_the_script_says(
    tmp_path: Path,
) -> None:
    """The script of `bucket`, with an `mc` that notes what it is asked."""
    noted, mc = tmp_path / "noted", tmp_path / "mc"
    mc.write_text(
        f'#!/bin/sh\necho "$@" >> {noted}\n'
        f'case "$2 $3" in "policy create") cp "$6" {tmp_path}/"$5".json;; esac'
    )
    mc.chmod(0o755)
    shell, flags, script = SERVICES["bucket"]["entrypoint"]
    script = script.replace("$$", "$").replace("/tmp/", f"{tmp_path}/")  # noqa: S108
    subprocess.run(
        [shell, flags, script],
        env={
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            **{name: f"of {name}" for name in ("ROOT", "PUBLISHER", "READER")},
        },
        check=True,
    )
    asked = noted.read_text().splitlines()
    assert "admin user add s reader of READER" in asked
    assert "admin policy attach s publisher --user publisher" in asked
    read = ["s3:GetObject", "s3:ListBucket"]
    for user, allowed in {
        "reader": read,
        "publisher": [*read, "s3:PutObject", "s3:DeleteObject"],
    }.items():
        (statement,) = yaml.safe_load((tmp_path / f"{user}.json").read_text())[
            "Statement"
        ]
        assert statement["Action"] == allowed
        assert statement["Resource"] == [
            "arn:aws:s3:::plateia",
            "arn:aws:s3:::plateia/*",
        ]


def test_the_image_is_healthy_once_a_release_serves() -> None:
    (check,) = re.findall(r"HEALTHCHECK .*", DOCKERFILE)
    assert "/readyz" in check
    assert said("USER") == ["plateia"]


def images() -> list[str]:
    """Of every FROM, and of every service that is not built here."""
    arguments = dict(default.split("=", 1) for default in said("ARG"))
    built = [image.split()[0] for image in said("FROM")]
    pulled = [
        service["image"] for service in SERVICES.values() if "image" in service
    ]
    return [string.Template(k).substitute(arguments) for k in built + pulled]


@pytest.mark.parametrize("image", sorted(set(images())))
def test_an_image_is_named_by_its_digest(image: str) -> None:
    assert re.fullmatch(r"[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}", image)


def test_a_service_is_pulled_or_built_from_the_dockerfile() -> None:
    for service in SERVICES.values():
        assert ("image" in service) != (service.get("build") == ".")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's /app: what the Dockerfile copies and runs, in its order.

    `python` in it is a new environment with what the image's pip installs.
    Debian's own packages are left to the machine.
    """
    root = tmp_path_factory.mktemp("image")
    venv.create(root / "python", with_pip=True)
    for instruction, step in steps("COPY|RUN"):
        if instruction == "COPY":
            copy_into(root, step)
        elif not step.startswith("apt-get"):
            run_in(root, "sh", "-ec", step)
    return root


def copy_into(root: Path, step: str) -> None:
    *sources, target = shlex.split(step)
    for source in sources:
        path = PROJECT / source
        if path.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, root / target, ignore=ignored)
        else:
            shutil.copy(path, root / target / path.name)


def run_in(root: Path, *command: str) -> str:
    """What a command prints, with the image's Python before this one's."""
    own = {
        "PATH": f"{root / 'python' / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": "",
    }
    done = subprocess.run(
        command,
        cwd=root,
        env=environment_of(root / "home", "sample") | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.xdist_group("image")
@pytest.mark.parametrize(
    "command",
    [
        ("pip", "check"),
        ("python", "-m", "models_ml", "--help"),
        ("python", "-c", "import api.server, models_ml.training.train"),
    ],
    ids=shlex.join,
)
def test_what_the_image_holds_is_enough(
    image: Path, command: tuple[str, ...]
) -> None:
    assert run_in(image, *command) or "-c" in command


@pytest.mark.xdist_group("image")
def test_the_image_holds_no_tool_of_development(image: Path) -> None:
    listed = run_in(image, "pip", "list", "--format=freeze")
    assert "granian==" in listed
    for name in ("pytest", "ruff", "mypy", "sqlfluff", "jupyter"):
        assert f"\n{name}==" not in listed


@pytest.mark.xdist_group("image")
def test_the_image_holds_the_parsed_project(image: Path) -> None:
    assert (image / PARSED.relative_to(PROJECT)).exists()
