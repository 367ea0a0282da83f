"""Model files give back what went in; everything else is refused with its reason and runs nothing."""

import json
import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glassnet import FileFormatError, GlassnetError, InputError, Network
from glassnet.modelfile import read_tensors


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    Network((6, 4, 3), seed=2).save(path, recipe="lecture")
    return path


def crafted(path: Path, header: object, body: bytes = b"", length: int | None = None) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + body)
    return path


def header_of(path: Path) -> tuple[dict[str, Any], bytes]:
    content = path.read_bytes()
    end = 8 + struct.unpack("<Q", content[:8])[0]
    return json.loads(content[8:end]), content[end:]


@pytest.mark.parametrize(
    "kind", [("relu", "softmax", "cross_entropy"), ("tanh", "sigmoid", "binary_cross_entropy")]
)
def test_round_trip(tmp_path: Path, kind: tuple[str, str, str]) -> None:
    network = Network((784, 20, 12, 10), *kind, seed=3)
    network.save(tmp_path / "m", recipe="quick", test_accuracy=0.9)
    loaded = Network.load(tmp_path / "m")
    assert loaded.fingerprint == network.fingerprint
    assert loaded.architecture == network.architecture
    assert loaded.metadata["recipe"] == "quick"
    assert loaded.metadata["sizes"] == "784-20-12-10"
    assert loaded.metadata["format"] == "glassnet-1"
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "m").read_bytes()


def test_packaged_model_says_what_it_is() -> None:
    network = Network.load("lecture")
    assert network.sizes == (784, 14, 10)
    assert network.metadata["fingerprint"] == network.fingerprint
    assert {"recipe", "seed", "data_sha256", "update", "engine", "test_accuracy"} <= set(network.metadata)


def test_every_truncation_is_refused(model: Path, tmp_path: Path) -> None:
    content = model.read_bytes()
    part = tmp_path / "part"
    for length in range(len(content)):
        part.write_bytes(content[:length])
        with pytest.raises(FileFormatError):
            Network.load(part)
    part.write_bytes(content + b"\0")
    with pytest.raises(FileFormatError):
        Network.load(part)


def test_a_header_whose_length_begins_like_a_pickle_is_read(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    header = b'{"w1":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.ljust(0x480)
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    assert path.read_bytes()[:2] == b"\x80\x04"
    assert read_tensors(path)[0]["w1"].tolist() == [0.0]


def test_pickles_and_archives_are_refused_by_kind(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "ran",))

    for number, content in enumerate([pickle.dumps(Bomb(), protocol) for protocol in range(6)]):
        path = tmp_path / f"{number}.pt"
        path.write_bytes(content)
        with pytest.raises(FileFormatError):
            Network.load(path)
    np.savez(tmp_path / "w.npz", w1=np.zeros(3))
    with pytest.raises(FileFormatError, match="zip"):
        Network.load(tmp_path / "w.npz")
    assert not (tmp_path / "ran").exists()


def test_bad_headers(tmp_path: Path) -> None:
    path = tmp_path / "bad"
    w1 = {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}
    headers: list[Path] = []
    cases: list[tuple[object, bytes, int | None]] = [
        ({}, b"", 0),
        ({}, b"", 2**64 - 1),
        ({}, b"", 10**6),
        (b"not json", b"", None),
        (b"\xff\xfe{}", b"", None),
        (b'{"w1": 1, "w1": 2}', b"", None),
        ({"w1": w1 | {"data_offsets": [0, 9]}}, bytes(9), None),
        ({"w1": w1, "w2": w1}, bytes(8), None),
        ({"w1": w1 | {"data_offsets": [8, 16]}}, bytes(16), None),
        ({"w1": w1 | {"shape": [2**63, 2**63]}}, bytes(8), None),
        ({"w1": w1 | {"dtype": "F99"}}, bytes(8), None),
        ({"w1": w1}, bytes(8), None),
    ]
    for header, body, length in cases:
        headers.append(crafted(path, header, body, length))
        with pytest.raises(FileFormatError):
            Network.load(path)
    path.write_bytes(b"")
    with pytest.raises(FileFormatError):
        Network.load(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other-1"}, "format"),
        ({"sizes": "6-4"}, "w1"),
        ({"sizes": "4-6-3"}, "expected (6, 5), found (4, 7)"),
        ({"sizes": "999999999-999999999"}, "weights"),
        ({"sizes": "six-4-3"}, "sizes"),
        ({"hidden": "step"}, "hidden"),
        ({"loss": "cross_entropy"}, "output"),
        ({"fingerprint": "0" * 16}, "fingerprint"),
    ],
)
def test_metadata_that_does_not_hold(model: Path, change: dict[str, str], message: str) -> None:
    header, body = header_of(model)
    header["__metadata__"] |= change
    with pytest.raises(FileFormatError) as caught:
        Network.load(crafted(model, header, body))
    assert message in str(caught.value)


def test_nan_extra_tensor_and_other_dtypes(model: Path) -> None:
    header, body = header_of(model)
    nan = body[: 4 * 5] + struct.pack("<f", float("nan")) + body[4 * 6 :]
    with pytest.raises(FileFormatError, match="finite"):
        Network.load(crafted(model, header, nan))
    extra = header | {"w3": {"dtype": "U8", "shape": [1], "data_offsets": [len(body), len(body) + 1]}}
    with pytest.raises(FileFormatError, match="w3"):
        Network.load(crafted(model, extra, body + b"\0"))
    other = {key: (value | {"dtype": "I32"} if key == "w1" else value) for key, value in header.items()}
    with pytest.raises(FileFormatError, match="int32"):
        Network.load(crafted(model, other, body))


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(InputError):
            Network.load(path)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_damage_is_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.unlink(missing_ok=True)
    Network((3, 2), seed=1).save(path)
    content = bytearray(path.read_bytes())
    for _change in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        network = Network.load(path)
    except GlassnetError:
        return
    assert all(np.isfinite(weight).all() for weight in network.weights.values())
