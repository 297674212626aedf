"""Writes training.json: what PyTorch makes of a small network in 20 updates, for each optimizer, loss and helper of `lib/train`.

    python lib/train/torch/make_training.py        (torch 2.13.0, CPU, float64)

Inputs, labels and first weights come from PyTorch's generator, seed 7; everything that the test needs stands in the file.
"""

import copy
import json
import pathlib

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

STEPS, BATCH, INPUTS, HIDDEN, CLASSES = 20, 5, 8, 6, 4
torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
inputs = torch.randn(STEPS, BATCH, INPUTS).float().double()
labels = torch.randint(CLASSES, (STEPS, BATCH))
first = nn.Sequential(nn.Linear(INPUTS, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES))
with torch.no_grad():
    for parameter in first.parameters():
        parameter.copy_(parameter.float().double())


def flat(model):
    """Weights as [in, out], the order of TensorFlow.js."""
    return {
        name: [round(value, 9) for value in (p.T if p.ndim == 2 else p).reshape(-1).tolist()]
        for name, p in model.state_dict().items()
    }


def train(make, rate, loss=nn.CrossEntropyLoss(), clip=None, average=None, warm_up=None):
    model = copy.deepcopy(first)
    optimizer = make(model.parameters(), rate)
    schedule = warm_up and torch.optim.lr_scheduler.LinearLR(optimizer, *warm_up)
    averaged = average and AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(average))
    losses = []
    for x, label in zip(inputs, labels):
        optimizer.zero_grad()
        value = loss(model(x), label)
        value.backward()
        if clip:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        if averaged:
            averaged.update_parameters(model)
        if schedule:
            schedule.step()
        losses.append(round(value.item(), 9))
    result = {"losses": losses, "weights": flat(model)}
    if averaged:
        result["average"] = flat(averaged.module)
    return result


def sgd(parameters, rate):
    return torch.optim.SGD(parameters, rate, momentum=0.9, weight_decay=1e-4)


def squared(logits, label):
    return nn.functional.mse_loss(logits, nn.functional.one_hot(label, CLASSES).double())


optim = torch.optim
cases = {
    "sgd": train(sgd, 0.1),
    "nesterov": train(lambda p, r: optim.SGD(p, r, momentum=0.8, nesterov=True, weight_decay=0.01), 0.1),
    "adam": train(lambda p, r: optim.Adam(p, r), 0.01),
    "adam with decay": train(lambda p, r: optim.Adam(p, r, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1), 0.02),
    "adamW": train(lambda p, r: optim.AdamW(p, r), 0.01),
    "adamW with decay": train(lambda p, r: optim.AdamW(p, r, betas=(0.8, 0.95), weight_decay=0.3), 0.02),
    "label smoothing": train(sgd, 0.1, loss=nn.CrossEntropyLoss(label_smoothing=0.1)),
    "squared error": train(sgd, 0.1, loss=squared),
    "clipping": train(sgd, 0.1, clip=0.3),
    "average": train(sgd, 0.1, average=0.9),
    "ramp": train(sgd, 0.1, warm_up=(0.1, 1.0, 8)),
}
data = {"inputs": inputs.tolist(), "labels": labels.tolist(), "first": flat(first), "cases": cases}
text = json.dumps(data, separators=(",", ":"))
pathlib.Path(__file__).with_name("training.json").write_text(text + "\n")
