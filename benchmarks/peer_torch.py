"""PyTorch's contenders for an epoch: by autograd, by hand, and by hand compiled; float32 tensors made before.

No DataLoader: a batch is one `index_select`. Losses are kept as tensors and looked at after the clock has stopped.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks import task

Contender = tuple[Callable[[], Any], Callable[[Any], Any], dict[str, str]]


def _tensors(job: task.Epoch, threads: int) -> tuple[Any, Any, Any, Any]:
    torch: Any = import_module("torch")
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    batches = list(torch.from_numpy(job.order).split(job.batch))
    return torch, torch.from_numpy(job.floats), torch.from_numpy(job.targets), batches


def _parameters(torch: Any, job: task.Epoch) -> list[Any]:
    """The initial weights as w, bias, w, bias, …."""
    split = ((w[:, :-1], w[:, -1]) for w in job.weights)
    return [torch.from_numpy(part.copy()) for pair in split for part in pair]


def autograd(threads: int, **given: Any) -> Contender:
    """As everybody writes it: forward, `backward()`, `torch.optim.SGD`, here fused."""
    job = task.epoch(given)
    torch, images, targets, batches = _tensors(job, threads)

    def run() -> Any:
        parameters = [one.requires_grad_() for one in _parameters(torch, job)]
        momentum = task.MOMENTUM if job.optimizer == "momentum" else 0.0
        optimizer = torch.optim.SGD(parameters, job.rate, momentum, fused=True)
        losses = []
        for rows in batches:
            a = images.index_select(0, rows)
            for w, bias in zip(parameters[::2], parameters[1::2], strict=True):
                a = torch.sigmoid(torch.nn.functional.linear(a, w, bias))
            loss = (a - targets.index_select(0, rows)).square().sum() / len(rows)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return parameters, losses

    return run, _look(torch, job), {"torch": torch.__version__}


def by_hand(threads: int, compiled: bool = False, **given: Any) -> Contender:
    """The ledger's lines without autograd, updates in place; `compiled` by torch.compile."""
    job = task.epoch(given)
    torch, images, targets, batches = _tensors(job, threads)

    def update(w: list[Any], v: list[Any], x: Any, t: Any) -> Any:
        a = [x]
        for layer in range(0, len(w), 2):
            a.append(torch.addmm(w[layer + 1], a[-1], w[layer].t()).sigmoid_())
        e = a[-1] - t
        loss = e.square().sum() / len(t)
        d_z = e.mul_(a[-1]).mul_(1 - a[-1]).mul_(2 / len(t))
        for layer in range(len(w) - 2, -1, -2):
            below = a[layer // 2]
            v[layer].mul_(task.MOMENTUM).addmm_(d_z.t(), below)
            v[layer + 1].mul_(task.MOMENTUM).add_(d_z.sum(0))
            if layer:
                d_z = torch.mm(d_z, w[layer]).mul_(below).mul_(1 - below)
            w[layer].add_(v[layer], alpha=-job.rate)
            w[layer + 1].add_(v[layer + 1], alpha=-job.rate)
        return loss

    step = torch.compile(update, fullgraph=True, dynamic=False) if compiled else update

    @torch.inference_mode()  # type: ignore[untyped-decorator]
    def run() -> Any:
        w = _parameters(torch, job)
        v = [torch.zeros_like(one) for one in w]
        losses = [step(w, v, images.index_select(0, rows), targets.index_select(0, rows)) for rows in batches]
        return w, losses

    if compiled:
        run()  # compiles; a failure is told before the first turn
    return run, _look(torch, job), {"torch": torch.__version__}


def _look(torch: Any, job: task.Epoch) -> Callable[[Any], Any]:
    def look(result: Any) -> Any:
        w = [one.detach().numpy() for one in result[0]]
        weights = [task.joined(*pair) for pair in zip(w[::2], w[1::2], strict=True)]
        return job.look(weights, torch.stack(result[1]).numpy())

    return look
