"""Rules of the contract that the linter does not know: names carry units, prices are integers, zeros are not absences."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from tests.contract.rpc.hosting import SERVICES

PROTOS = Path(__file__).resolve().parents[2] / "protos"
GENERATED = ("_pb2.py", "_pb2.pyi", "_pb2_grpc.py", "_pb2_grpc.pyi")


def all_messages() -> Iterator[Descriptor]:
    """Every message of the contract that a method can carry."""
    seen: set[str] = set()
    waiting = [
        message for service in SERVICES for method in service.methods for message in (method.input_type, method.output_type)
    ]
    while waiting:
        message = waiting.pop()
        if message.full_name in seen or not message.full_name.startswith("kstock."):
            continue
        seen.add(message.full_name)
        if not message.GetOptions().map_entry:
            yield message
        waiting += [field.message_type for field in message.fields if field.message_type is not None]


FIELDS = [field for message in all_messages() for field in message.fields]


def offenders(suffix: str, allowed: set[int]) -> list[str]:
    return [field.full_name for field in FIELDS if field.name.endswith(suffix) and field.type not in allowed]


def test_won_are_64_bit_integers() -> None:
    assert offenders("_krw", {FieldDescriptor.TYPE_INT64}) == []


def test_rates_are_signed_basis_points() -> None:
    assert offenders("_bps", {FieldDescriptor.TYPE_SINT32}) == []


def test_index_points_are_scaled_integers() -> None:
    integers = {FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_SINT64, FieldDescriptor.TYPE_INT32}
    assert offenders("_e2", integers) == []


@pytest.mark.parametrize("word", ["price", "close", "open", "high", "low", "turnover"])
def test_no_price_is_a_float(word: str) -> None:
    floats = {FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT}
    assert [field.full_name for field in FIELDS if word in field.name.split("_") and field.type in floats] == []


def test_points_in_time_are_named_time() -> None:
    stamps = [
        field
        for field in FIELDS
        if field.message_type is not None and field.message_type.full_name == "google.protobuf.Timestamp"
    ]
    assert [f.full_name for f in stamps if not f.name.endswith(("_time", "_times"))] == []


def test_an_enum_in_a_request_that_may_be_left_out_has_presence() -> None:
    """Only the kind of a scan, a backtest or a publication, the index, board, measure or part asked for must be given."""
    required = {
        "kstock.scanner.v1.RunScanRequest.kind",
        "kstock.scanner.v1.RunBacktestRequest.kind",
        "kstock.signal.v1.PublishSignalsRequest.kind",
        "kstock.market.v1.ListIndexBarsRequest.index",
        "kstock.market.v1.ListMarketFlowsRequest.board",
        "kstock.market.v1.RankInstrumentsRequest.measure",
        "kstock.market.v1.IngestSessionRequest.part",
    }
    without = {
        field.full_name
        for service in SERVICES
        for method in service.methods
        for field in method.input_type.fields
        if field.enum_type is not None and not field.is_repeated and not field.has_presence
    }
    assert without == required


def test_every_paged_request_has_both_fields_and_its_response_a_token() -> None:
    for service in SERVICES:
        for method in service.methods:
            names = method.input_type.fields_by_name
            assert ("page_size" in names) == ("page_token" in names), method.full_name
            if "page_token" in names:
                assert "next_page_token" in method.output_type.fields_by_name, method.full_name


def test_every_generated_file_has_its_proto() -> None:
    orphans = [
        path.name
        for path in PROTOS.rglob("*_pb2*")
        if path.suffix in (".py", ".pyi") and not path.with_name(path.name.split("_pb2")[0] + ".proto").exists()
    ]
    assert orphans == []


def test_every_proto_has_its_generated_files() -> None:
    for proto in PROTOS.rglob("*.proto"):
        wanted = GENERATED if proto.stem.endswith("_service") else GENERATED[:2]
        missing = [proto.stem + suffix for suffix in wanted if not proto.with_name(proto.stem + suffix).exists()]
        assert missing == []


def test_protos_are_no_package() -> None:
    assert list(PROTOS.rglob("__init__.py")) == []


def test_the_contract_imports_google_protobuf_only() -> None:
    lines = [
        line for proto in PROTOS.rglob("*.proto") for line in proto.read_text().splitlines() if line.startswith("import ")
    ]
    assert [line for line in lines if not line.startswith(('import "google/protobuf/', 'import "kstock/'))] == []
