"""The attention that ``tiny`` begins with."""

import pytest
import torch

from codeedit.models import make_tiny

LENGTH = 40  # tokens before they are repeated


@pytest.fixture(scope="module")
def attention():
    """Attention (layer, head, to, from) over random tokens that stand there twice."""
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(make_tiny(), attn_implementation="eager")
    generator = torch.Generator().manual_seed(0)
    once = torch.randperm(1_000, generator=generator)[:LENGTH] + 300
    with torch.no_grad():
        result = model(torch.cat([once, once])[None], output_attentions=True)
    return torch.stack([layer[0] for layer in result.attentions])


def test_the_first_layer_looks_at_the_token_before(attention):
    here = torch.arange(1, 2 * LENGTH)
    assert attention[0, :, here, here - 1].mean() > 0.5


def test_the_second_layer_looks_at_what_followed_the_same_token(attention):
    again = torch.arange(LENGTH + 5, 2 * LENGTH - 1)
    assert attention[1, :, again, again - LENGTH + 1].mean() > 0.5


def test_the_other_layers_look_nowhere_in_particular(attention):
    again = torch.arange(LENGTH + 5, 2 * LENGTH - 1)
    assert attention[2:, :, again, again - LENGTH + 1].mean() < 0.1
