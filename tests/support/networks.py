"""Networks of the real kind, small, with an answer that is known."""

from pathlib import Path

import torch

from humanpose.main_refiner.network import MainRefiner, MainRefinerConfig
from humanpose.nets.checkpoint import save_checkpoint
from humanpose.pof.network import Pof, PofConfig
from humanpose.skeleton import COCO17
from tests.support.synthetic import standing_limbs

_LOG_CONCENTRATION = 3.5


def standing_network(path: Path, *, log_concentration: float = _LOG_CONCENTRATION) -> Path:
    """Save a POF network that says of every picture that the person stands and faces it."""
    config = PofConfig(limbs=COCO17.bone_indices, d_model=16, num_layers=1, num_heads=2)
    network = Pof(config)
    directions = torch.tensor([*standing_limbs().tolist(), [0.0, -1.0, 0.0]])  # and up
    answer = torch.cat([directions, torch.full((len(directions), 1), log_concentration)], dim=1)
    heads = network.heads
    with torch.no_grad():
        heads.hidden.zero_()
        heads.hidden_bias.fill_(1.0)
        heads.out.zero_()
        heads.out[:, 0] = answer / torch.nn.functional.gelu(torch.ones(()))
    save_checkpoint(path, network, config, training={"minutes": 0})
    return path


def opinionated_main_refiner(path: Path) -> Path:
    """Save a MainRefiner whose every input matters a little, as after a short training."""
    torch.manual_seed(0)
    config = MainRefinerConfig(limbs=COCO17.bone_indices, d_model=16, num_layers=1, num_heads=2)
    network = MainRefiner(config)
    with torch.no_grad():
        for weights in network.parameters():
            if not weights.any():
                weights.normal_(0, 0.05)
    save_checkpoint(path, network, config, training={"minutes": 0})
    return path
