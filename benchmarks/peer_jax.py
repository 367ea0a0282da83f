"""JAX's contender for an epoch: one jitted `lax.scan` over the batches, compiled before the clock runs."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks import task

Contender = tuple[Callable[[], Any], Callable[[Any], Any], dict[str, str]]


def scan(**given: Any) -> Contender:
    """Weights in, weights and losses out; each step of the scan gathers its batch (all at once took twice as long)."""
    jax: Any = import_module("jax")
    jnp: Any = import_module("jax.numpy")
    jax.config.update("jax_platforms", "cpu")
    job = task.epoch(given)
    assert job.images % job.batch == 0, "a scan needs batches of one size"
    images, targets = jnp.asarray(job.floats), jnp.asarray(job.targets)
    order = jnp.asarray(job.order.reshape(-1, job.batch))
    start = [(jnp.asarray(w[:, :-1]), jnp.asarray(w[:, -1])) for w in job.weights]

    def loss_of(weights: Any, x: Any, t: Any) -> Any:
        for w, bias in weights:
            x = jax.nn.sigmoid(x @ w.T + bias)
        return ((x - t) ** 2).sum() / job.batch

    def update(state: Any, batch: Any) -> Any:
        weights, v = state
        x, t = images[batch], targets[batch]
        loss, gradient = jax.value_and_grad(loss_of)(weights, x, t)
        v = jax.tree.map(lambda old, g: task.MOMENTUM * old + g, v, gradient)
        weights = jax.tree.map(lambda w, change: w - job.rate * change, weights, v)
        return (weights, v), loss

    @jax.jit  # type: ignore[untyped-decorator]
    def epoch(weights: Any, order: Any) -> Any:
        (weights, _v), losses = jax.lax.scan(update, (weights, jax.tree.map(jnp.zeros_like, weights)), order)
        return weights, losses

    def run() -> Any:
        return jax.block_until_ready(epoch(start, order))

    def look(result: Any) -> Any:
        return job.look([task.joined(*pair) for pair in result[0]], result[1])

    run()
    return run, look, {"jax": jax.__version__}
