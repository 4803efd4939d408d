"""Principal components of a small table, from the definition, in double precision.

Run: python3 Tests/Fixtures/make_component_goldens.py (needs NumPy). Writes components/rows.npy [60, 9],
components/directions.npy [3, 9], components/explained.npy [3] and components/coordinates.npy [60, 3].
"""
import pathlib

import numpy as np

folder = pathlib.Path(__file__).parent / "components"
random = np.random.default_rng(7)
# Nine directions of different spread, turned so that no axis is one of them, and away from zero.
turn, _ = np.linalg.qr(random.normal(size=(9, 9)))
rows = (random.normal(size=(60, 9)) * [5, 3, 2, 1, 0.7, 0.5, 0.3, 0.2, 0.1]) @ turn + random.normal(size=9)
rows = rows.astype(np.float32)
centred = rows.astype(np.float64) - rows.astype(np.float64).mean(axis=0)
values, vectors = np.linalg.eigh(centred.T @ centred)
directions = vectors[:, ::-1][:, :3].T
for direction in directions:
    if direction[np.abs(direction).argmax()] < 0:
        direction *= -1
explained = values[::-1][:3] / values.sum()
for name, array in [("rows", rows), ("directions", directions), ("explained", explained),
                    ("coordinates", centred @ directions.T)]:
    np.save(folder / f"{name}.npy", np.ascontiguousarray(array, dtype=np.float32))
