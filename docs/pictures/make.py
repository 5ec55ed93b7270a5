"""Makes the pictures of the pages from the example workbook: ``python docs/pictures/make.py``.

Chromium, LibreOffice and pdftoppm (Poppler) must be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import metricsheet

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "acme_lifecycle.xlsx"
PAGES = {
    "html": ("--window-size=1120,1000",),
    "html_dark_phone": (
        "--window-size=420,1000",
        "--force-dark-mode",
        "--blink-settings=preferredColorScheme=0",
    ),
}


def main() -> None:
    """Write the HTML page in light and on a dark phone, and the first page of the workbook."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(EXAMPLE, folder)
        os.chdir(folder)  # pictures show the name of the file alone
        card = metricsheet.evaluate(EXAMPLE.name, period="quarter", by="Segment", metrics="builtin")
        card.write(folder / "card.html")
        card.write(folder / "card.xlsx")
        for picture, options in PAGES.items():
            shot = f"--screenshot={HERE / picture}.png"
            page = (folder / "card.html").as_uri()
            command = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", *options, shot, page]
            subprocess.run(command, check=True, capture_output=True)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        to_pdf = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            name,
            f"{name}/card.xlsx",
        ]
        subprocess.run(to_pdf, check=True, capture_output=True)
        to_png = [
            "pdftoppm",
            "-r",
            "75",
            "-png",
            "-singlefile",
            "-l",
            "1",
            f"{name}/card.pdf",
            str(HERE / "workbook"),
        ]
        subprocess.run(to_png, check=True)


if __name__ == "__main__":
    main()
