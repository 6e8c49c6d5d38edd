"""The networks' attention, against PyTorch's own."""

import pytest
import torch
import torch.nn.functional as F

from humanpose.nets.attention import Attention


@pytest.mark.parametrize("length", [1, 12, 15, 16, 32])  # short rows have a way of their own
@pytest.mark.parametrize("steepness", [1.0, 100.0])
@pytest.mark.parametrize("biased", [True, False])
def test_it_is_what_pytorch_computes(length: int, steepness: float, biased: bool) -> None:
    torch.manual_seed(length)
    layer = Attention(32, 4)
    torch.nn.init.normal_(layer.qkv.weight, std=steepness**0.5)
    x, bias = torch.randn(6, length, 32), 50 * torch.randn(4, length, length)
    q, k, v = layer.qkv(layer.norm(x)).view(6, length, 3, 4, 8).permute(2, 0, 3, 1, 4)
    mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias if biased else None)
    expected = layer.out(mixed.transpose(1, 2).reshape(6, length, 32))
    said = layer(x, bias if biased else None)
    torch.testing.assert_close(said, expected, atol=2e-3, rtol=1e-3)
