"""Between the arrays of the library and the tensors of its networks."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from humanpose.sequence import Floats


def to_tensor(array: NDArray[Any]) -> Tensor:
    """The same numbers as float32, any shape, on the CPU."""
    return torch.from_numpy(np.asarray(array, dtype=np.float32))


def to_array(tensor: Tensor) -> Floats:
    """The same numbers as float64, any shape; of a tensor on the CPU, without gradient."""
    array: Floats = tensor.numpy().astype(float)
    return array
