"""Published models: how many parameters, how many examples, how good."""

from dataclasses import dataclass

from ddlib import checks
from ddlib.datasets.tables import DATA, csv_rows

__all__ = ["Model", "read_models"]

_MODELS = ("imagenet_models", "language_models")


@dataclass(frozen=True)
class Model:
    """A published model: its size, what it was trained on, and how well it does.

    Attributes
    ----------
    name, year, source
    P : int                      parameters
    N : int                      training examples (images) or tokens
    K : int or None              classes; None for a language model
    top1_error : float or None   in per cent; None for a language model
    """

    name: str
    year: int
    P: int
    N: int
    K: int | None
    top1_error: float | None
    source: str


def read_models(name):
    """The models of a table of the course, in the order of the table.

    Parameters
    ----------
    name : str           "imagenet_models" or "language_models"

    Returns
    -------
    list of Model

    Raises
    ------
    ValueError           for another name

    >>> read_models("imagenet_models")[0].P
    60965224
    """
    if not isinstance(name, str) or name not in _MODELS:
        raise ValueError(f"name must be one of {', '.join(_MODELS)}; got {checks.shown(name)}")
    (_, header), *rows = csv_rows(DATA / f"{name}.csv")
    models = []
    for _, cells in rows:
        row = dict(zip(header, cells))
        K, error = row.get("K"), row.get("top1_error")
        models.append(
            Model(
                row["model"],
                int(row["year"]),
                int(row["P"]),
                int(row["N"]),
                int(K) if K else None,
                float(error) if error else None,
                row["source"],
            )
        )
    return models
