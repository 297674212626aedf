"""PyTorch's side of the course's benchmark: chapter 01's plain networks, eager, channels last. Prints {"images", "seconds"}.

Arguments: mode (single20, single56, sequential, pool), epochs, seeds, threads. The images are random numbers of the same shape.
"""

import json
import multiprocessing
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

IMAGES, BATCH = 10_000, 128


def plain(depth: int) -> nn.Sequential:
    """3x3 convolution, batch norm, ReLU, again and again: 8, 16 and 32 channels, halving the sides between them."""
    layers: list[nn.Module] = []
    channels = 1
    per_stage = (depth - 2) // 3
    for width, first_stride, count in ((8, 1, per_stage + 1), (16, 2, per_stage), (32, 2, per_stage)):
        for layer in range(count):
            stride = first_stride if layer == 0 else 1
            layers += [nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))


def train(task: tuple[int, int, int, int]) -> None:
    depth, seed, steps, threads = task
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    model = plain(depth).to(memory_format=torch.channels_last)
    images = torch.randn(IMAGES, 1, 14, 14).to(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (IMAGES,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    order = torch.randperm(IMAGES)
    for step in range(steps):
        first = (step % (IMAGES // BATCH)) * BATCH
        chosen = order[first : first + BATCH]
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images[chosen]), labels[chosen])
        loss.backward()
        optimizer.step()
        loss.item()


def main() -> None:
    mode = sys.argv[1]
    epochs, seeds, threads = (int(argument) for argument in sys.argv[2:5])
    steps = epochs * (IMAGES // BATCH)
    depths = {"single20": [20], "single56": [56]}.get(mode)
    runs = [(depth, 1) for depth in depths] if depths else [(d, s + 1) for s in range(seeds) for d in (20, 56)]
    start = time.perf_counter()
    if mode == "pool":
        with multiprocessing.get_context("spawn").Pool(threads) as pool:
            pool.map(train, [(depth, seed, steps, 1) for depth, seed in runs], chunksize=1)
    else:
        for depth, seed in runs:
            train((depth, seed, steps, threads))
    seconds = time.perf_counter() - start
    print(json.dumps({"images": len(runs) * steps * BATCH, "seconds": seconds}))


if __name__ == "__main__":
    main()
