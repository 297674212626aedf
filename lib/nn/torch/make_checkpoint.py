"""Makes the fixtures of torch-weights.test.ts with real PyTorch: small ResNets with torchvision's names, and the logits they give.

    python make_checkpoint.py FOLDER

Writes resnet-18.safetensors and resnet-50.safetensors: the state dict after a few forward passes in training mode (so that running
statistics are not their defaults), and as `input` and `logits` what the network in evaluation mode makes of a batch. Needs torch and
numpy; safetensors is simple enough to be written here.
"""

import json
import struct
import sys
from pathlib import Path

import torch
from torch import nn

WIDTHS = (4, 6, 6, 8)
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
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shortcut = x if self.downsample is None else self.downsample(x)
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.bottleneck:
            y = self.bn3(self.conv3(torch.relu(y)))
        return torch.relu(y + shortcut)


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


def save(tensors: dict[str, torch.Tensor], path: Path) -> None:
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


def main() -> None:
    folder = Path(sys.argv[1])
    for depth, counts, bottleneck in ((18, (2, 2, 2, 2), False), (50, (3, 4, 6, 3), True)):
        torch.manual_seed(depth)
        model = ResNet(counts, bottleneck)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(0.1 * torch.randn_like(parameter))
            for _ in range(5):
                model(torch.randn(8, 3, 64, 64))
            model.eval()
            images = torch.randn(2, 3, 64, 64)
            logits = model(images)
        save({**model.state_dict(), "input": images, "logits": logits}, folder / f"resnet-{depth}.safetensors")
        print(f"resnet-{depth} by PyTorch {torch.__version__}")


main()
