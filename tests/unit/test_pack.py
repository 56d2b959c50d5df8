"""A state survives being stored, to the byte."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from parking.domain.errors import BadJournal
from parking.pack import pack, unpack

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_values_come_back_as_they_went(value: object) -> None:
    assert unpack(pack(value)) == value


@given(arrays(np.float64, (3, 4)) | arrays(np.int64, (5,)) | arrays(np.bool_, (0, 7)) | arrays(np.int8, ()))
def test_columns_come_back_with_their_type_shape_and_bytes(column: np.ndarray) -> None:
    back = unpack(pack({"column": column}))["column"]
    assert (back.dtype, back.shape, back.tobytes()) == (column.dtype, column.shape, column.tobytes())
    assert pack({"column": back}) == pack({"column": column})


def test_a_column_read_back_can_be_written_to() -> None:
    back = unpack(pack(np.zeros(3)))
    back[1] = 7.0
    assert back.tolist() == [0.0, 7.0, 0.0]


@pytest.mark.parametrize("value", [np.array([object()]), object(), np.float64(1.0), {1, 2}.__iter__()])
def test_what_would_need_pickle_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        pack(value)


@given(st.binary(max_size=200))
def test_damaged_bytes_say_what_to_do_and_nothing_else(data: bytes) -> None:
    try:
        unpack(data)
    except BadJournal as trouble:
        assert "older snapshot" in str(trouble)
