"""Learn from rows of numbers. A program of its own, `python -m sla.prediction.fitting`, that reads
JSON and writes JSON: what it needs is large, and is gone with it."""

import sys
from typing import Any

import numpy as np
import orjson
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.linear_model import LogisticRegression

from sla.prediction.inference import FAR

TREES = {
    "learning_rate": 0.05,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "early_stopping": False,
    "random_state": 0,
}
MIN_SCALE = 1e-6


def fit(given: dict[str, Any]) -> dict[str, Any]:
    """Return what `inference.Judge` reads.

    `rows`, with None for what is missing, and for each `late` (0 or 1) and `hours`, the log hours
    left, None where that is unknown. The same input gives the same model.
    """
    rows = np.array(given["rows"], dtype=float)
    rows[:, np.isnan(rows).all(axis=0)] = 0.0  # what was never known tells nothing
    late = np.array(given["late"], dtype=int)
    hours = np.array(given["hours"], dtype=float)
    timed = ~np.isnan(hours)
    trees = {**TREES, "max_iter": given["trees"]}
    classifier = HistGradientBoostingClassifier(**trees).fit(rows, late)
    return {
        "forest": plain_forest(classifier),
        "weights": _weights(rows, late),
        "median": plain_forest(_quantile(trees, 0.5, rows[timed], hours[timed])),
        "late": plain_forest(_quantile(trees, 0.9, rows[timed], hours[timed])),
    }


def plain_forest(model: Any) -> dict[str, Any]:
    """Return the trees of a boosted model as JSON can hold them."""
    trees = [_tree(stage[0].nodes) for stage in model._predictors]
    return {"start": float(np.ravel(model._baseline_prediction)[0]), "trees": trees}


def _tree(nodes: Any) -> list[list[Any]]:
    return [
        [
            -1 if node["is_leaf"] else int(node["feature_idx"]),
            min(float(node["num_threshold"]), sys.float_info.max),  # JSON knows no infinity
            bool(node["missing_go_to_left"]),
            int(node["left"]),
            int(node["right"]),
            float(node["value"]),
        ]
        for node in nodes
    ]


def _quantile(
    trees: dict[str, Any], quantile: float, rows: Any, hours: Any
) -> HistGradientBoostingRegressor:
    model = HistGradientBoostingRegressor(
        loss="quantile", quantile=quantile, **{**trees, "max_iter": trees["max_iter"] // 2}
    )
    return model.fit(rows, hours)


def _weights(rows: Any, late: Any) -> dict[str, Any]:
    means = np.nan_to_num(np.nanmean(rows, axis=0))
    scales = np.maximum(np.nan_to_num(np.nanstd(rows, axis=0)), MIN_SCALE)
    scaled = np.clip(np.nan_to_num((rows - means) / scales), -FAR, FAR)
    model = LogisticRegression(C=0.003, max_iter=300).fit(scaled, late)
    return {
        "start": float(model.intercept_[0]),
        "weights": model.coef_[0].tolist(),
        "means": means.tolist(),
        "scales": scales.tolist(),
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(fit(orjson.loads(sys.stdin.buffer.read()))))
