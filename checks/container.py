"""The Dockerfile, as hadolint judges it: every rule, none ignored."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HADOLINT = Path(sysconfig.get_path("scripts"), "hadolint")


def main() -> int:
    if os.name == "nt":
        sys.exit("container: hadolint does not run on Windows")
    strictly = ["--disable-ignore-pragma", "--failure-threshold", "style"]
    verdict = subprocess.run([HADOLINT, *strictly, "Dockerfile"], cwd=ROOT).returncode
    print("container:", "hadolint finds fault" if verdict else "hadolint finds no fault")
    return verdict


if __name__ == "__main__":
    sys.exit(main())
