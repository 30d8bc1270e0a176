"""Learn which team cases went to. A program of its own, `python -m dispatch.routing.fitting`, that
reads JSON and writes JSON: what it needs is large, and is gone with it."""

import sys
from collections import Counter
from typing import Any

import numpy as np
import orjson
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

FEWEST = 2  # cases that a feature must have been seen in to be learned of
STRENGTH = 1.0
ROUNDS = 200
DECIMALS = 4


def fit(given: dict[str, Any]) -> dict[str, Any]:
    """Return what `router.Router` reads, of `rows` of features, the team and the weight of each.

    The same input gives the same model.
    """
    seen = Counter(name for row in given["rows"] for name in row)
    names = sorted(name for name, count in seen.items() if count >= FEWEST)
    at = {name: number for number, name in enumerate(names)}
    rows = [[at[name] for name in row if name in at] for row in given["rows"]]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = [column for row in rows for column in row]
    matrix = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(rows), len(names)))
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS)
    model.fit(matrix, given["teams"], sample_weight=given["weights"])
    start, weights = model.intercept_, model.coef_
    if len(model.classes_) == 2:  # noqa: PLR2004 - then scikit-learn states the second alone
        start, weights = np.array([0, *start]), np.vstack([np.zeros(len(names)), weights])
    weights = np.round(weights, DECIMALS)
    return {
        "teams": model.classes_.tolist(),
        "start": np.round(start, DECIMALS).tolist(),
        "weights": {name: weights[:, number].tolist() for name, number in at.items()},
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(fit(orjson.loads(sys.stdin.buffer.read()))))
