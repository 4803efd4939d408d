"""Pictures drawn here, a model trained on them, indexes of them, and servers of these: what the page is tested with.

A picture is a ball of one colour on a ground of another, large or small. Its features are colours and edges of its parts
(`--network descriptor`), so no network's weights are needed, and a small model learns the sentences in seconds.
"""

import json
import re
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

COLOURS = {
    "red": (205, 55, 50), "green": (60, 150, 80), "blue": (55, 95, 190), "yellow": (235, 200, 80),
    "white": (240, 238, 230), "black": (35, 35, 40),
}  # fmt: skip
SIZES = {"small": 0.22, "large": 0.42}
SIDE = 240
# What turns the rest of a line round, where nobody stops it.
TURN = "\u202e"
# All must be shown as the texts that they are, without turning anything.
HOSTILE_GROUP = f"<i>odd</i>{TURN}"
HOSTILE_CAPTION = 'a <b>large</b> red ball <img src="x" onerror="alert(1)"> on a blue ground'
HOSTILE_NAME = f"<img src=x onerror=alert(1)>{TURN}.png"
SHOWN_NAME = HOSTILE_NAME.replace(TURN, "")


def picture(ball: str, ground: str, size: str, width: int = SIDE) -> bytes:
    """A PNG."""
    radius = SIZES[size] * SIDE
    assert 2 * radius < width, "the ball is wider than the picture"
    rows = bytearray()
    for y in range(SIDE):
        rows.append(0)  # no filter
        half = max(0.0, radius**2 - (y - SIDE / 2) ** 2) ** 0.5
        left, right = round(width / 2 - half), round(width / 2 + half)
        shade = 1 - 0.25 * y / SIDE
        colours = [bytes(round(value * shade) for value in COLOURS[name]) for name in (ground, ball)]
        rows += colours[0] * left + colours[1] * (right - left) + colours[0] * (width - right)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, SIDE, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    )


def scenes() -> Iterator[tuple[str, str, str]]:
    """Ball, ground, size."""
    return ((ball, ground, size) for ball in COLOURS for ground in COLOURS if ball != ground for size in SIZES)


def sentences(ball: str, ground: str, size: str) -> list[str]:
    return [f"a {size} {ball} ball on a {ground} ground", f"the {ground} ground has a {size} {ball} ball"]


class World:
    """Everything in one folder."""

    def __init__(self, folder: Path, vse: Path) -> None:
        self.folder, self.vse = folder, vse
        self.photos = folder / "photos"
        self.model = folder / "balls.safetensors"
        self.index, self.empty = folder / "balls.index", folder / "empty.index"
        self._draw()
        self._train()
        self._fill()

    def run(self, *arguments: object) -> str:
        command = [str(self.vse), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\nfailed: {done.stderr.strip()}")
        return done.stdout

    def _draw(self) -> None:
        self.photos.mkdir()
        for ball, ground, size in scenes():
            # Pictures of other shapes too: the page must cope with them.
            width = SIDE * 3 // 2 if ground == "yellow" else SIDE
            (self.photos / f"{size}-{ball}-on-{ground}.png").write_bytes(picture(ball, ground, size, width))

    def _train(self) -> None:
        data = self.folder / "data"
        data.mkdir()
        names = self.folder / "names.txt"
        names.write_text("".join(f"{size}-{ball}-on-{ground}.png\n" for ball, ground, size in scenes()))
        features = self.folder / "features.npy"
        self.run("features", "--list", names, "--base", self.photos, "--network", "descriptor", "--output", features)
        captions = [sentence for scene in scenes() for sentence in sentences(*scene)]
        for split in ("train", "dev", "test"):
            shutil.copy(features, data / f"{split}_ims.npy")
            (data / f"{split}_caps.txt").write_text("".join(f"{caption}\n" for caption in captions))
        self.run(
            "train", "--data", data, "--output", self.model, "--dim", 64, "--word-dim", 32, "--image-hidden", 128,
            "--epochs", 150, "--batch-size", 30, "--learning-rate", 0.002, "--precision", "float32")  # fmt: skip

    def _fill(self) -> None:
        hostile = self.folder / HOSTILE_NAME
        hostile.write_bytes(picture("red", "blue", "large", SIDE + 20))
        captions = self.folder / "captions.txt"
        everything = [sentence for scene in scenes() for sentence in sentences(*scene)] + [HOSTILE_CAPTION]
        captions.write_text("".join(f"{caption}\n" for caption in everything))
        metadata = self.folder / "metadata.jsonl"
        metadata.write_text(json.dumps({"<u>place</u>": f"<s>studio</s>{TURN}"}) + "\n")
        network = ["--network", "descriptor"]
        self.run("index", "add", self.index, "--model", self.model, "--photos", self.photos, *network)
        features, names = self.folder / "hostile.npy", self.folder / "hostile.txt"
        self.run("features", hostile, *network, "--output", features)
        names.write_text(f"{hostile}\n")
        self.run(
            "index",
            "add",
            self.index,
            "--features",
            features,
            "--names",
            names,
            "--metadata",
            metadata,
            "--group",
            HOSTILE_GROUP,
        )
        self.run("index", "add", self.index, "--captions", captions)
        one = self.folder / "one.txt"
        one.write_text("a red ball\n")
        self.run("index", "add", self.empty, "--model", self.model, "--captions", one)
        self.run("index", "remove", self.empty, "#1")


class Server:
    """`vse serve` on a free port, and again on the one that it had."""

    def __init__(self, world: World, index: Path, *options: str) -> None:
        self._command = [world.vse, "serve", index, "--network", "descriptor", *options]
        self._log = world.folder / "server.log"
        self.port = 0
        self.start()

    def start(self) -> None:
        with self._log.open("a") as log:
            command = [*self._command, "--port", str(self.port)]
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                self.url = f"http://127.0.0.1:{self.port}/"
                return
        raise SystemExit(f"vse serve did not start: {self._log.read_text().strip()}")

    def stop(self) -> int:
        """Its exit code."""
        self._process.terminate()
        try:
            return self._process.wait(timeout=15)
        finally:
            self._process.kill()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.stop()
