"""The machine, the programs on it, and the Python that the peers run in."""

import ctypes
import ctypes.util
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from suite.processes import note

BENCHMARKS = Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent
# By module, what pip installs for it; the first that it can.
PACKAGES = {
    "numpy": ["numpy"],
    "torch": ["torch==2.13.0+cpu", "torch"],
    "hnswlib": ["hnswlib"],
    "PIL": ["pillow"],
    "skimage": ["scikit-image"],
}
SHOWN_NAMES = {"numpy": "NumPy", "torch": "PyTorch", "hnswlib": "hnswlib", "PIL": "Pillow", "skimage": "scikit-image"}


@dataclass
class Peers:
    """The Python that peers run in, and why packages are missing there, by module."""

    python: Path
    missing: dict[str, str] = field(default_factory=dict)

    def lacks(self, modules: tuple[str, ...]) -> str | None:
        """Why something cannot run that needs these modules; nothing when it can."""
        reasons = [f"{SHOWN_NAMES[each]}: {self.missing[each]}" for each in modules if each in self.missing]
        return "; ".join(reasons) or None

    @staticmethod
    def installed(python: Path | None) -> "Peers":
        """Those of a given Python, or of Benchmarks/.venv, which is made and filled as far as possible."""
        if python is not None:
            return Peers(python, {each: "not installed" for each in PACKAGES if not has_module(python, each)})
        folder = BENCHMARKS / ".venv"
        peers = Peers(folder / "bin" / "python")
        if not peers.python.exists():
            note(f"making {folder.relative_to(ROOT)}")
            made = subprocess.run([sys.executable, "-m", "venv", folder], stdout=sys.stderr, stderr=sys.stderr)
            if made.returncode != 0:
                reason = "python3 cannot make virtual environments (Debian: apt-get install python3-venv)"
                return Peers(Path(sys.executable), dict.fromkeys(PACKAGES, reason))
        for module, packages in PACKAGES.items():
            if not has_module(peers.python, module):
                reason = install(peers.python, packages)
                if reason:
                    peers.missing[module] = reason
        return peers


def has_module(python: Path, module: str) -> bool:
    """Whether a module can be imported, which for hnswlib also needs the CPU that it was compiled for."""
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0


def install(python: Path, packages: list[str]) -> str | None:
    """Installs the first of some packages that pip can, or says why none."""
    reason = None
    for package in packages:
        note(f"installing {package}")
        ran = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package],
            capture_output=True, text=True)
        if ran.returncode == 0:
            return None
        lines = ran.stderr.strip().splitlines()
        reason = next((line for line in lines if "ERROR" in line), lines[-1] if lines else "pip failed")
    return f"not installed ({reason.replace('|', '/')})"


def available_cores() -> int:
    """The cores this process may use, where the system says so (Linux), else all."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def first_match(pattern: str, path: str) -> str | None:
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1).strip() if found else None


def printed(command: list[str | Path]) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def library(name: str) -> ctypes.CDLL | None:
    found = ctypes.util.find_library(name)
    return ctypes.CDLL(found) if found else None


def onednn_version() -> str | None:
    class Version(ctypes.Structure):
        _fields_ = [("major", ctypes.c_int), ("minor", ctypes.c_int), ("patch", ctypes.c_int)]

    if (onednn := library("dnnl")) is None:
        return None
    onednn.dnnl_version.restype = ctypes.POINTER(Version)
    version = onednn.dnnl_version().contents
    return f"{version.major}.{version.minor}.{version.patch}"


def libvips_version() -> str | None:
    vips = library("vips")
    return ".".join(str(vips.vips_version(each)) for each in range(3)) if vips else None


def package_version(python: Path, module: str) -> str | None:
    name = PACKAGES[module][-1]
    return printed([python, "-c", f"import importlib.metadata as m; print(m.version({name!r}))"])


def description(peers: Peers, threads: int, cpu: str) -> str:
    """Date, commit, processor, and the versions of what was measured."""
    swift = re.search(r"Swift version ([\d.]+)", printed(["swift", "--version"]) or "")
    versions = {
        "Swift": swift.group(1) if swift else None,
        "oneDNN": onednn_version(),
        "libvips": libvips_version(),
        **{
            name: package_version(peers.python, module)
            for module, name in SHOWN_NAMES.items()
            if module not in peers.missing
        },
    }
    memory = first_match(r"^MemTotal:\s*(\d+) kB", "/proc/meminfo")
    system = first_match(r'^PRETTY_NAME="(.*)"', "/etc/os-release") or platform.platform(terse=True)
    commit = printed(["git", "-C", ROOT, "describe", "--always", "--dirty"])
    facts = [
        f"{date.today().isoformat()}, commit {commit or 'unknown'}",
        f"{cpu}, {threads} threads on {available_cores()} cores",
        f"{int(memory) / 1e6:.0f} GB of memory" if memory else None,
        system,
        ", ".join(f"{name} {version}" for name, version in versions.items() if version),
    ]
    return "; ".join(fact for fact in facts if fact) + "."
