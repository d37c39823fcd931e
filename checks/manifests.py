"""What `deploy/` and the Dockerfile say, as those judge it who will read it: hadolint, Compose, Kubernetes, nginx."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.proxies import command, configure
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
SCRIPTS = Path(sysconfig.get_path("scripts"))
# What clusters run, oldest to newest.
KUBERNETES = ("1.32.0", "1.35.0", "1.37.0")
# Read by kustomize alone, which has no schema of the cluster's.
KUSTOMIZE = "kustomization.yaml"


def main() -> int:
    """0 when none of them finds fault."""
    if os.name == "nt":
        sys.exit("manifests: hadolint and nginx do not run on Windows")
    with tempfile.TemporaryDirectory(prefix="convoscope-nginx-") as name:
        wrong = [what for what, judge in judges(Path(name)) if not passes(what, judge)]
    return 1 if wrong else 0


def judges(folder: Path) -> Iterator[tuple[str, list[str | Path]]]:
    """Each file and the command that judges it; `folder` is for what nginx is shown."""
    strictly = ["--disable-ignore-pragma", "--failure-threshold", "style"]
    yield "Dockerfile", [SCRIPTS / "hadolint", *strictly, ROOT / "Dockerfile"]
    schema = ["--builtin-schema", "vendor.compose-spec"]
    yield "compose.yaml", [SCRIPTS / "check-jsonschema", *schema, DEPLOY / "compose.yaml"]
    manifests = sorted(file for file in (DEPLOY / "kubernetes").glob("*.yaml") if file.name != KUSTOMIZE)
    for version in KUBERNETES:
        strictly = ["--strict", "--quiet", "-k", version]
        yield f"kubernetes {version}, {len(manifests)} files", [SCRIPTS / "kubernetes-validate", *strictly, *manifests]
    configure(folder, free_port(), ["http://127.0.0.1:8000"])
    yield "nginx.conf", [*command(folder, "-t", "-q")]


def passes(what: str, judge: Sequence[str | Path]) -> bool:
    """Whether a judge finds no fault; what it says otherwise, a warning too."""
    done = subprocess.run(judge, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    sound = done.returncode == 0 and "warn" not in done.stdout.lower()
    print(f"manifests: {what}: {'no fault' if sound else 'fault'}", flush=True)
    if not sound:
        print(done.stdout.rstrip(), flush=True)
    return sound


if __name__ == "__main__":
    sys.exit(main())
