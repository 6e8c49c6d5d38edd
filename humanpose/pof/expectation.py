"""Directions with a spread as one vector each, so that they can be averaged, and back."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from humanpose.geometry import unit
from humanpose.nets.tensors import to_array
from humanpose.sequence import Floats, concentration_of, mean_cosine


def expected_vectors(directions: Tensor, log_concentration: Tensor) -> Floats:
    """(..., 3) as long as the expected cosine of the angle to the true direction.

    Args:
        directions: (..., 3) unit vectors.
        log_concentration: (...) log kappa of a von Mises-Fisher distribution about them.
    """
    cosine = mean_cosine(np.exp(np.ascontiguousarray(to_array(log_concentration))))
    return to_array(directions) * cosine[..., None]


def split_expected(vectors: Floats, known: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """(..., 3) unit vectors, and (...) their concentration; NaN and 0 where not known.

    Args:
        vectors: (..., 3) mean of ``expected_vectors``.
        known: (...) or with axes of length 1.
    """
    length = np.where(known, np.linalg.norm(vectors, axis=-1), 0.0)
    return np.where(known[..., None], unit(vectors), np.nan), concentration_of(length)
