"""The processes of one training: alone, or several that torchrun started."""

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist

from humanpose.errors import SettingsError


@dataclass(frozen=True)
class Ranks:
    """This process among all that train together."""

    rank: int
    count: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this is the process that validates and writes."""
        return self.rank == 0

    def agree(self, stop: bool, minutes: float) -> tuple[bool, float]:
        """Whether any process wants to stop, and the clock that all go by, min."""
        if self.count == 1:
            return stop, minutes
        both = torch.tensor([stop, minutes], dtype=torch.float64)
        dist.all_reduce(both, op=dist.ReduceOp.MAX)
        return bool(both[0]), float(both[1])

    def mean(self, values: Mapping[str, float]) -> dict[str, float]:
        """Each value's mean over the processes, which must all have the same names."""
        if self.count == 1:
            return dict(values)
        total = torch.tensor(list(values.values()), dtype=torch.float64)
        dist.all_reduce(total)
        return dict(zip(values, (total / self.count).tolist(), strict=True))


@contextmanager
def joined_ranks(device: str | None) -> Iterator[Ranks]:
    """Join the processes that torchrun started, if it did; each one takes its own GPU.

    Args:
        device: "cpu", "cuda", or None: a GPU if there is one.

    Raises:
        SettingsError: there is no such device.
    """
    if "LOCAL_RANK" not in os.environ:
        yield Ranks(0, 1, _device(device, 0))
        return
    own = _device(device, int(os.environ["LOCAL_RANK"]))
    if own.type == "cuda":
        torch.cuda.set_device(own)
    dist.init_process_group("cpu:gloo,cuda:nccl" if own.type == "cuda" else "gloo")
    try:
        yield Ranks(dist.get_rank(), dist.get_world_size(), own)
        dist.barrier()  # who leaves while another still works takes its connections along
        gc.collect()  # else what is left of them aborts the process at its end, now and then
    finally:
        dist.destroy_process_group()


def _device(wanted: str | None, local_rank: int) -> torch.device:
    gpus = torch.cuda.device_count()
    if wanted == "cpu" or (wanted is None and gpus == 0):
        return torch.device("cpu")
    if gpus == 0:
        raise SettingsError("there is no CUDA GPU here; leave out --device cuda")
    if local_rank >= gpus:
        raise SettingsError(f"there are {gpus} GPUs; start no more processes than that")
    return torch.device("cuda", local_rank)
