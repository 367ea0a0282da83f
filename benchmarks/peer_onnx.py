"""ONNX Runtime's contenders: the network as a graph, fed with the float32 it needs, made before the clock runs."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

import glassnet
from benchmarks import ours, task

Contender = tuple[Callable[[], Any], Callable[[Any], Any], dict[str, str]]


def _session(sizes: list[int], threads: int, labels: bool) -> tuple[Any, Any]:
    """A session for input x (n, 784) and output y: the labels (n,), or a3 (n, 10)."""
    onnx: Any = import_module("onnx")
    runtime: Any = import_module("onnxruntime")
    helper, nodes, constants, name = onnx.helper, [], [], "x"
    for k, w in enumerate(glassnet.Network(sizes, seed=task.SEED).weights.values(), start=1):
        parts = {f"w{k}": w[:, :-1], f"b{k}": w[:, -1]}
        constants += [
            onnx.numpy_helper.from_array(part.copy(), part_name) for part_name, part in parts.items()
        ]
        nodes.append(helper.make_node("Gemm", [name, f"w{k}", f"b{k}"], [f"z{k}"], transB=1))
        nodes.append(helper.make_node("Sigmoid", [f"z{k}"], [f"a{k}"]))
        name = f"a{k}"
    kind = onnx.TensorProto.INT64 if labels else onnx.TensorProto.FLOAT
    last = ("ArgMax", {"axis": 1, "keepdims": 0}) if labels else ("Identity", {})
    nodes.append(helper.make_node(last[0], [name], ["y"], **last[1]))
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", sizes[0]])],
        [helper.make_tensor_value_info("y", kind, ["n"] if labels else ["n", sizes[-1]])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session, runtime


def labels(images: int, sizes: list[int], threads: int, in_graph: bool = True) -> Contender:
    """Floats to digits; the largest output is found in the graph or by NumPy."""
    session, runtime = _session(sizes, threads, in_graph)
    test = glassnet.mnist().test.images
    x = np.tile(test, (-(-images // len(test)), 1))[:images].astype(np.float32) / np.float32(255)

    def run() -> Any:
        y = session.run(None, {"x": x})[0]
        return y if in_graph else y.argmax(1)

    return run, ours.seen_labels, {"onnxruntime": runtime.__version__}


def one_image(sizes: list[int], threads: int, bound: bool = False) -> Contender:
    """One image; `bound` with inputs and outputs tied to their places before."""
    session, runtime = _session(sizes, threads, labels=False)
    x = glassnet.mnist().test.images[:1].astype(np.float32) / np.float32(255)
    y = np.empty((1, sizes[-1]), np.float32)
    if not bound:
        return lambda: session.run(None, {"x": x})[0], ours.seen_outputs, {"onnxruntime": runtime.__version__}
    tied = session.io_binding()
    tied.bind_cpu_input("x", x)
    tied.bind_output("y", "cpu", 0, np.float32, y.shape, y.ctypes.data)

    def run() -> Any:
        session.run_with_iobinding(tied)
        return y

    return run, ours.seen_outputs, {"onnxruntime": runtime.__version__}
