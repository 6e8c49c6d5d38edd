"""A tree of rigid links, moved by joint rotations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.sequence import Floats


@dataclass(frozen=True, eq=False)
class Tree:
    """Nodes in an order in which a parent comes before its children."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    """Index of each node's parent; -1 for the root, which is the first node."""
    offsets: Floats
    """(J, 3) each node seen from its parent, in the parent's axes."""

    def paths(self, root: Floats, turns: Sequence[Floats]) -> dict[str, Floats]:
        """Where every node is.

        Args:
            root: (T, 3) path of the root.
            turns: per node (T, 3, 3) its rotation in its parent; the root's in the world.

        Returns:
            Node name -> (T, 3), in the unit of the offsets.
        """
        places, frames = [root], [turns[0]]
        for parent, offset, turn in zip(
            self.parents[1:], self.offsets[1:], turns[1:], strict=True
        ):
            places.append(places[parent] + frames[parent] @ offset)
            frames.append(frames[parent] @ turn)
        return dict(zip(self.names, places, strict=True))


def euler(order: str, angles_deg: Floats) -> Floats:
    """(T, 3, 3) from (T, N) angles about the N axes of ``order``, in SciPy's spelling."""
    if not order:
        return np.broadcast_to(np.eye(3), (len(angles_deg), 3, 3))
    turn: Any = Rotation.from_euler(order, angles_deg, degrees=True)
    return np.asarray(turn.as_matrix()).reshape(-1, 3, 3)
