"""One estimator of crowd-kit over one file of labels, in an environment of its own: `benchmarks/consensus.py` starts it.

reference.py LABELS.npz NAME ITERATIONS TOLERANCE prints {"cpu_s", "peak_mb", "accuracy", "change"}; `change`: of its objective in the end.
"""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
from crowdkit.aggregation import GLAD, MACE, DawidSkene, MajorityVote, OneCoinDawidSkene  # type: ignore[import-not-found]


def main(path: str, name: str, iterations: str, tolerance: str) -> None:
    """Fit, and print what it took."""
    rows = np.load(path)
    frame = pd.DataFrame({column: rows[column] for column in ("task", "worker", "label")})
    many, tol = int(iterations), float(tolerance)
    model = {
        "majority": MajorityVote,
        "dawid_skene": lambda: DawidSkene(n_iter=many, tol=tol),
        "one_coin": lambda: OneCoinDawidSkene(n_iter=many, tol=tol),
        "mace": lambda: MACE(n_iter=many, n_restarts=1),
        "glad": lambda: GLAD(n_iter=many, tol=tol, silent=True),
    }[name]()
    began = time.process_time()
    found = model.fit_predict(frame)
    took = time.process_time() - began
    right = float((found.sort_index().to_numpy() == rows["truth"][found.sort_index().index]).mean())
    losses = getattr(model, "loss_history_", [])
    print(
        json.dumps(
            {
                "cpu_s": took,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "accuracy": right,
                "change": abs(losses[-1] - losses[-2]) if len(losses) > 1 else None,
            }
        )
    )


main(*sys.argv[1:])
