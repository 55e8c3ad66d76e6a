"""Make the vector that a network's heads read visible, without the framework that the network was made in.

An ONNX file is a protocol-buffers message, and such messages are merged by joining their bytes: an output is added to a
network by appending a few bytes that name it. The names of its operators are read for the same purpose. Source: the
encoding of protocol buffers, https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

POOLED: Final = "pooled"
"""An output of this name is the vector that heads read; without one, it is found from the heads."""
LINEAR: Final = frozenset(
    """
    Add Cast DequantizeLinear DynamicQuantizeLinear DynamicQuantizeMatMul Gemm Identity MatMul MatMulInteger
    MatMulIntegerToFloat MatMulNBits Mul QGemm QLinearAdd QLinearMatMul QuantizeLinear
    """.split()
)
"""Operators that a linear head may be made of, quantised or not."""
_GRAPH, _NODE, _FIXED, _OUTPUT = 7, 1, 5, 12
_FLOAT_TENSOR = bytes((0x0A, 0x02, 0x08, 0x01))
"""A type: a tensor of 32-bit floats, of any shape."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operator of a network."""

    kind: str
    """What it does, as ONNX names it: "Gemm"."""
    takes: tuple[str, ...]
    """Names of what it reads, constants among them."""
    gives: tuple[str, ...]
    """Names of what it makes."""


def pooled_in(content: bytes, heads: Collection[str]) -> str | None:
    """Return the name of the one vector that all heads of a network read, or None if they do not read one.

    Args:
        content: the bytes of the ONNX file.
        heads: outputs of which each says something of the whole text.
    """
    try:
        nodes, fixed, outputs = _graph(memoryview(content))
    except (IndexError, ValueError, UnicodeDecodeError):
        return None
    if POOLED in outputs:
        return POOLED
    found = read_by(nodes, fixed, [head for head in heads if head in outputs])
    return found.pop() if len(found) == 1 else None


def read_by(nodes: Iterable[Node], fixed: Collection[str], heads: Iterable[str]) -> set[str]:
    """Return what heads are computed from, beyond linear operators and constants.

    Args:
        nodes: the operators of the network.
        fixed: names of its constants.
        heads: outputs of it.
    """
    made = {name: node for node in nodes for name in node.gives}
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(heads)
    while waiting:
        name = waiting.pop()
        if not name or name in seen or name in fixed:
            continue
        seen.add(name)
        node = made.get(name)
        if node is not None and node.kind == "Constant":
            continue
        if node is None or node.kind not in LINEAR:
            found.add(name)
        else:
            waiting.extend(node.takes)
    return found


def with_output(content: bytes, name: str) -> bytes:
    """Return the network with one more output of a name, a tensor of floats."""
    told = _field(1, name.encode()) + _field(2, _FLOAT_TENSOR)
    return content + _field(_GRAPH, _field(_OUTPUT, told))


def _graph(content: memoryview) -> tuple[list[Node], set[str], set[str]]:
    """Return the operators, the names of what is fixed, and the names of the outputs."""
    nodes: list[Node] = []
    fixed: set[str] = set()
    outputs: set[str] = set()
    for number, graph in _fields(content):
        if number != _GRAPH:
            continue
        for what, part in _fields(graph):
            if what == _NODE:
                nodes.append(_node(part))
            elif what == _FIXED:
                fixed |= {_text(value) for field, value in _fields(part) if field == 8}
            elif what == _OUTPUT:
                outputs |= {_text(value) for field, value in _fields(part) if field == 1}
    return nodes, fixed, outputs


def _node(part: memoryview) -> Node:
    takes, gives, kind = [], [], ""
    for field, value in _fields(part):
        if field == 1:
            takes.append(_text(value))
        elif field == 2:
            gives.append(_text(value))
        elif field == 4:
            kind = _text(value)
    return Node(kind, tuple(takes), tuple(gives))


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield (number, bytes) of the fields of a message that hold bytes; numbers are skipped."""
    place = 0
    while place < len(message):
        key, place = _number(message, place)
        wire = key & 7
        if wire == 2:
            size, place = _number(message, place)
            if place + size > len(message):
                raise ValueError("cut short")
            yield key >> 3, message[place : place + size]
            place += size
        elif wire == 0:
            _, place = _number(message, place)
        elif wire in (1, 5):
            place += 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")


def _number(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")


def _text(part: memoryview) -> str:
    return bytes(part).decode()


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)
