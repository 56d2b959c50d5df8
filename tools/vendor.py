"""Make the console's one vendored bundle anew from the lock file, or check that it is what the lock file makes.

    python tools/vendor.py           write parking/web/static/vendor
    python tools/vendor.py --check   compare only; exit 1 on a difference

Needs node and npm. `npm ci` verifies each package against the sha512 of the lock file; scripts of packages never run.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "web"
TARGET = ROOT / "parking" / "web" / "static" / "vendor"

BUNDLE = "lib.mjs"
ENTRY = "entry.mjs"
SHIPPED = ("preact", "htm", "@preact/signals", "@preact/signals-core")
"""Packages whose code is inside the bundle; esbuild itself is not."""

OLDEST = "chrome80"
"""Browser shells of government desks are years behind."""


def build(folder: Path) -> dict[str, bytes]:
    """Files of the vendor folder by name, built in an empty folder."""
    for name in ("package.json", "package-lock.json", ".npmrc", ENTRY):
        shutil.copy(SOURCE / name, folder / name)
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is missing: install node, then run this again")
    subprocess.run([npm, "ci", "--ignore-scripts", "--silent"], cwd=folder, check=True)
    command = [str(folder / "node_modules/.bin/esbuild"), ENTRY, "--bundle", "--format=esm", "--minify"]
    command += [f"--target={OLDEST}", "--legal-comments=none", f"--outfile={BUNDLE}", "--log-level=warning"]
    subprocess.run(command, cwd=folder, check=True)
    files = {BUNDLE: (folder / BUNDLE).read_bytes()}
    packages = [_package(folder / "node_modules" / name, files) for name in SHIPPED]
    manifest = {
        "made_by": "tools/vendor.py",
        "files": [{"file": BUNDLE, "sha256": sha256(files[BUNDLE]).hexdigest()}],
        "packages": packages,
    }
    files["VENDOR.json"] = (json.dumps(manifest, indent=2) + "\n").encode()
    return files


def _package(folder: Path, files: dict[str, bytes]) -> dict[str, str]:
    """What the manifest says of one package; its licence text goes along, without addresses of elsewhere."""
    facts = json.loads((folder / "package.json").read_text())
    name = f"LICENSE-{facts['name'].replace('@', '').replace('/', '-')}.txt"
    files[name] = _without_addresses((folder / "LICENSE").read_text()).encode()
    return {"name": facts["name"], "version": facts["version"], "licence": facts["license"], "text": name}


def _without_addresses(text: str) -> str:
    return text.replace("https://", "").replace("http://", "")


def main() -> int:
    """Write or compare; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        made = build(Path(folder))
    if check:
        kept = {path.name: path.read_bytes() for path in TARGET.iterdir()}
        wrong = sorted(name for name in {*made, *kept} if made.get(name) != kept.get(name))
        sys.stdout.write(f"differs: {', '.join(wrong)}\n" if wrong else "vendored files are what the lock file makes\n")
        return 1 if wrong else 0
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for name, body in made.items():
        (TARGET / name).write_bytes(body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
