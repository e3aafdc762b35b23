import torch
from torch import nn

from fathom.recipe.average import Average


def test_the_average_is_the_slow_one():
    net = nn.Linear(3, 2)
    average = Average(net, decay=0.9)
    slow = {name: p.detach().clone() for name, p in net.named_parameters()}
    for step in range(50):
        with torch.no_grad():
            for p in net.parameters():
                p += torch.randn_like(p)
        average.update(step)
        decay = min(0.9, (1 + step) / (10 + step))
        slow = {name: decay * slow[name] + (1 - decay) * p.detach() for name, p in net.named_parameters()}
    assert all(torch.allclose(average.means[name], slow[name], atol=1e-6) for name in slow)


def test_without_a_decay_it_is_the_weights():
    net = nn.Linear(3, 2)
    average = Average(net, decay=0.0)
    with torch.no_grad():
        net.weight += 1
    average.update(5)
    assert torch.equal(average.means["weight"], net.weight)


def test_in_place_and_back():
    net = nn.Linear(3, 2)
    average = Average(net, decay=0.5)
    mean, now = net.weight.detach().clone(), torch.randn(2, 3)
    with torch.no_grad():
        net.weight.copy_(now)
    with average.in_place():
        assert torch.equal(net.weight, mean)
    assert torch.equal(net.weight, now)
