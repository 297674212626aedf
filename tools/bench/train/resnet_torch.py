"""PyTorch's side of the benchmark: a CIFAR ResNet (option A), channels last, SGD with momentum; eager or by torch.compile.

Speaks the benchmark's protocol: prints one JSON line when warm, then for each line `N` on standard input
trains N steps and prints {"seconds": ..., "peakMiB": ...}.
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


class BasicUnit(nn.Module):
    """Two 3x3 convolutions and an identity shortcut, zero-padded where the channels grow."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels_out)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels_out)
        self.grown = channels_out - channels_in

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shortcut = x
        if self.grown:
            before = self.grown // 2
            shortcut = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, before, self.grown - before))
        y = F.relu(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        return F.relu(y + shortcut)


def resnet(depth: int) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    channels = 16
    for width, first_stride in ((16, 1), (32, 2), (64, 2)):
        for unit in range((depth - 2) // 6):
            layers.append(BasicUnit(channels, width, first_stride if unit == 0 else 1))
            channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def main() -> None:
    batch, threads, depth = (int(argument) for argument in sys.argv[1:4])
    mode = sys.argv[4]
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = resnet(depth).to(memory_format=torch.channels_last)
    images = torch.randn(1024, 3, 32, 32).to(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (1024,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)

    forward = torch.compile(model) if mode == "compile" else model

    def step() -> float:
        chosen = torch.randperm(1024)[:batch]
        optimizer.zero_grad()
        loss = F.cross_entropy(forward(images[chosen]), labels[chosen])
        loss.backward()
        optimizer.step()
        return loss.item()

    start = time.perf_counter()
    for _ in range(4):
        step()
    warm_up = time.perf_counter() - start
    parameters = sum(p.numel() for p in model.parameters())
    title = f"PyTorch {torch.__version__}, {'torch.compile' if mode == 'compile' else mode}"
    print(json.dumps({"ready": title, "parameters": parameters, "warmUpSeconds": warm_up}), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            step()
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peakMiB": peak}), flush=True)


main()
