"""Makes the fixtures of torch-weights.test.ts and torch-file.test.ts with real PyTorch.

    python make_checkpoint.py FOLDER

Networks, narrow but with the names and depths of the published ones, after a few forward passes in training mode (so that running
statistics are not their defaults):

    resnet-18.safetensors, resnet-50.safetensors   torchvision's names, with `input` and `logits` among the tensors
    resnet-18.pth                                  the same network as torch.save writes it today (zip)
    resnet-20.th                                   CIFAR, option A with zeros around, `linear`, DataParallel, in a training script's
                                                   {"state_dict", "epoch", "best_prec1"} (zip)
    resnet-20-legacy.th                            the same network's bare state dict in the legacy format
    resnet-56.th                                   as resnet-20.th, of 56 layers and in the legacy format
    resnet-20-B.th                                 option B, `shortcut.0/1`, in the zip format of pickle protocol 4
    logits.safetensors                             what each .th network makes of two images, see `cifar_images`

And tensors of every kind that a state dict may hold, see `views`: views.pt (zip) and views-legacy.pt. And a state dict with what
training scripts put beside one, see `script`, in both formats and in pickle protocols 2 and 4: script.pt, script-4.pt, script-legacy.pt
and script-legacy-4.pt. `python make_checkpoint.py FOLDER script` makes these four alone.
In the two legacy files the source of torch's Linear and its place, which PyTorch puts there, were overwritten with as many letters.

Needs torch and numpy; safetensors is simple enough to be written here.
"""

import argparse
import collections
import datetime
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = (4, 6, 6, 8)
CIFAR_WIDTHS = (4, 8, 16)
CLASSES = 5
DTYPES = {torch.float32: "F32", torch.int64: "I64"}


class Unit(nn.Module):
    """A basic unit or a bottleneck, with the names and the stride of torchvision's."""

    def __init__(self, inputs: int, width: int, stride: int, bottleneck: bool) -> None:
        super().__init__()
        self.bottleneck = bottleneck
        outputs = width * (4 if bottleneck else 1)
        if bottleneck:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = projection(inputs, outputs, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.bottleneck:
            y = self.bn3(self.conv3(torch.relu(y)))
        return torch.relu(y + shortcut)


def projection(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


class ResNet(nn.Module):
    def __init__(self, counts: tuple[int, ...], bottleneck: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTHS[0], 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTHS[0])
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = WIDTHS[0]
        for stage, (count, width) in enumerate(zip(counts, WIDTHS)):
            units = []
            for k in range(count):
                stride = 2 if stage > 0 and k == 0 else 1
                units.append(Unit(channels, width, stride, bottleneck))
                channels = width * (4 if bottleneck else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(channels, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for stage in range(4):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


class ZerosAround(nn.Module):
    """Option A as the well-known CIFAR code has it: every second pixel, a quarter of the new width in zeros on each side."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.zeros = width // 4

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.zeros, self.zeros))


class CifarUnit(nn.Module):
    def __init__(self, inputs: int, width: int, stride: int, option: str) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != width:
            self.shortcut = ZerosAround(width) if option == "A" else projection(inputs, width, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


class CifarResNet(nn.Module):
    def __init__(self, depth: int, option: str) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, CIFAR_WIDTHS[0], 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(CIFAR_WIDTHS[0])
        channels = CIFAR_WIDTHS[0]
        for stage, width in enumerate(CIFAR_WIDTHS):
            units = []
            for k in range((depth - 2) // 6):
                units.append(CifarUnit(channels, width, 2 if stage > 0 and k == 0 else 1, option))
                channels = width
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.linear = nn.Linear(channels, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


def cifar_images() -> torch.Tensor:
    """Two images [2, 3, 32, 32] whose numbers both sides can compute exactly: (37 i mod 101) / 64 - 0.75 for the i-th."""
    i = torch.arange(2 * 3 * 32 * 32)
    return ((37 * i % 101).float() / 64 - 0.75).reshape(2, 3, 32, 32)


def stirred(model: nn.Module, size: int) -> nn.Module:
    """Moves every parameter off its default and every running statistic too."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
        for _ in range(5):
            model(torch.randn(8, 3, size, size))
    return model.eval()


def save_safetensors(tensors: dict[str, torch.Tensor], path: Path) -> None:
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def legacy(content: object, path: Path) -> None:
    torch.save(content, path, _use_new_zipfile_serialization=False)


def views() -> dict[str, object]:
    """Tensors of each type, and views of one storage: what they hold is repeated in torch-file.test.ts."""
    base = torch.arange(24, dtype=torch.float32)
    grid = base.reshape(2, 3, 4)
    numbers = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 2.0**-24, float("inf")])
    return {
        "base": base,
        "transposed": grid.permute(2, 0, 1),
        "offset": grid[1, 1:, 1::2],
        "expanded": base[5].expand(2, 3),
        "scalar": base[7],
        "empty": base[:0].reshape(0, 3),
        "parameter": nn.Parameter(base[2:6].reshape(2, 2)),
        "float16": numbers.half(),
        "bfloat16": numbers.bfloat16(),
        "float64": torch.tensor([0.1, -1e300], dtype=torch.float64),
        "int64": torch.tensor([2**53 + 1, -1]),
        "int32": torch.tensor([7, -7], dtype=torch.int32),
        "uint8": torch.tensor([0, 255], dtype=torch.uint8),
    }


class Meter:
    """A class of a training script's own."""

    def __init__(self) -> None:
        self.values = [0.5, np.float32(0.25)]


def script() -> dict[str, object]:
    """A checkpoint as training scripts write it: Python's own objects, numpy's and PyTorch's beside the tensors."""
    w = nn.Parameter(torch.arange(6.0).reshape(2, 3))
    optimizer = torch.optim.SGD([w], 0.1, momentum=0.9)
    w.grad = torch.ones(2, 3)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [100, 150])
    args = argparse.Namespace(arch="resnet20", lr=0.1, data=Path("data"), resume=None, gpus={0, 1})
    return {
        "state_dict": collections.OrderedDict(w=w.detach()),
        "args": args,
        "best_prec1": np.float64(91.5),
        "best": torch.tensor(91.5),
        "errors": np.arange(3.0),
        "random": (np.random.get_state(), torch.get_rng_state()),
        "meter": Meter(),
        "optimizer": optimizer.state_dict(),
        "optimizer_itself": optimizer,
        "schedule": schedule.state_dict(),
        "log": collections.defaultdict(list, loss=[1.5, 1.25]),
        "of_type": {torch.float32: torch.device("cpu"), (1, 2): torch.Size([3])},
        "masks": [torch.ones(3, dtype=torch.bool), torch.zeros(2, dtype=torch.complex64), torch.eye(2).to_sparse()],
        "when": datetime.datetime(2020, 1, 2),
        "network": nn.Linear(2, 1),
        "bytes": (b"abc", bytearray(b"abc"), frozenset([1]), 2**100, 1 + 2j, ...),
    }


def save_script(folder: Path) -> None:
    np.random.seed(0)
    torch.manual_seed(0)
    content = script()
    torch.save(content, folder / "script.pt")
    torch.save(content, folder / "script-4.pt", pickle_protocol=4)
    legacy(content, folder / "script-legacy.pt")
    torch.save(content, folder / "script-legacy-4.pt", pickle_protocol=4, _use_new_zipfile_serialization=False)


def main() -> None:
    folder = Path(sys.argv[1])
    save_script(folder)
    if sys.argv[2:] == ["script"]:
        return
    for depth, counts, bottleneck in ((18, (2, 2, 2, 2), False), (50, (3, 4, 6, 3), True)):
        torch.manual_seed(depth)
        model = stirred(ResNet(counts, bottleneck), 64)
        with torch.no_grad():
            images = torch.randn(2, 3, 64, 64)
            logits = model(images)
        save_safetensors(
            {**model.state_dict(), "input": images, "logits": logits}, folder / f"resnet-{depth}.safetensors"
        )
        if depth == 18:
            torch.save(model.state_dict(), folder / "resnet-18.pth")

    logits = {}
    for name, depth, option in (("resnet-20", 20, "A"), ("resnet-56", 56, "A"), ("resnet-20-B", 20, "B")):
        torch.manual_seed(depth)
        model = stirred(CifarResNet(depth, option), 32)
        with torch.no_grad():
            logits[name] = model(cifar_images())
        parallel = {"state_dict": nn.DataParallel(model).state_dict(), "epoch": 3, "best_prec1": 91.5}
        if name == "resnet-20":
            torch.save(parallel, folder / "resnet-20.th")
            legacy(model.state_dict(), folder / "resnet-20-legacy.th")
        elif name == "resnet-56":
            legacy(parallel, folder / "resnet-56.th")
        else:
            torch.save(model.state_dict(), folder / "resnet-20-B.th", pickle_protocol=4)
    save_safetensors(logits, folder / "logits.safetensors")

    torch.save(views(), folder / "views.pt")
    legacy(views(), folder / "views-legacy.pt")
    print(f"fixtures by PyTorch {torch.__version__}")


main()
