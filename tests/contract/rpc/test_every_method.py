"""Walks every method of the contract: scope, deadline cap and error map hold for each."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.rpc import error_details_pb2

from shared.market.errors import InvalidInput
from shared.rpc.errors import detail, status_of
from shared.rpc.handlers import HostedService
from shared.rpc.methods import METHODS, Scope
from tests.contract.rpc.hosting import EVERY_SCOPE, PUBLIC_ONLY, SERVICES, bearer, plain_channel, serving

EVERY_METHOD = [method for service in SERVICES for method in service.methods]


PROTOS = Path(__file__).resolve().parents[3] / "protos"


def comments() -> dict[str, str]:
    """What is said about each method: its own comment and that of its service."""
    found: dict[str, str] = {}
    for file in PROTOS.glob("kstock/*/v1/*_service.proto"):
        text = file.read_text()
        package = re.search(r"^package (.+);$", text, re.MULTILINE)
        service = re.search(r"((?:^//.*\n)+)service (\w+) {\n((?:.*\n)*?)}", text, re.MULTILINE)
        assert package is not None
        assert service is not None
        for said, method in re.findall(r"((?: +//.*\n)+) +rpc (\w+)\(", service[3]):
            found[f"/{package[1]}.{service[2]}/{method}"] = re.sub(r"\s*//", "", service[1] + said)
    return found


def full_name(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def servicer_of(service: ServiceDescriptor, behaviour: Any) -> object:
    return type(service.name, (), {method.name: behaviour for method in service.methods})()


async def call(channel: grpc.aio.Channel, method: MethodDescriptor, request: bytes, token: str | None) -> None:
    """Call a method with raw bytes and read its answer to the end."""
    metadata = bearer(token) if token else ()
    if method.server_streaming:
        stream = channel.unary_stream(full_name(method))(request, metadata=metadata)
        async for _ in stream:
            pass
    else:
        await channel.unary_unary(full_name(method))(request, metadata=metadata)


async def failures_of_every_method(channel: grpc.aio.Channel, token: str | None) -> dict[str, grpc.aio.AioRpcError]:
    failures = {}
    for method in EVERY_METHOD:
        with pytest.raises(grpc.aio.AioRpcError) as failure:
            await call(channel, method, b"", token)
        failures[full_name(method)] = failure.value
    return failures


async def refuse(self: object, request: object, context: object) -> NoReturn:
    raise InvalidInput("ticker", "is empty")


async def hang(self: object, request: object, context: object) -> None:
    await asyncio.Event().wait()


def test_the_table_lists_exactly_the_methods_of_the_contract() -> None:
    assert set(METHODS) == {full_name(method) for method in EVERY_METHOD}


def test_every_method_has_a_scope_and_a_deadline() -> None:
    without = [name for name, policy in METHODS.items() if policy.scope is None or policy.deadline <= timedelta(0)]
    assert without == []


def test_the_comments_name_the_scope_of_the_table() -> None:
    wrong = {name: text for name, text in comments().items() if f"scope {METHODS[name].scope}" not in text.lower()}
    assert wrong == {}


async def test_every_method_turns_a_domain_error_into_its_status() -> None:
    services = [HostedService(descriptor=service, servicer=servicer_of(service, refuse)) for service in SERVICES]
    async with serving(*services) as server, plain_channel(server) as channel:
        failures = await failures_of_every_method(channel, EVERY_SCOPE)
    for name, failure in failures.items():
        info = detail(status_of(failure), error_details_pb2.ErrorInfo)
        assert failure.code() is grpc.StatusCode.INVALID_ARGUMENT, name
        assert info is not None, name
        assert (info.domain, info.reason) == ("kstock", "INVALID_FIELD"), name


async def test_every_method_beyond_public_is_denied_to_a_public_caller() -> None:
    services = [HostedService(descriptor=service, servicer=servicer_of(service, refuse)) for service in SERVICES]
    async with serving(*services) as server, plain_channel(server) as channel:
        failures = await failures_of_every_method(channel, PUBLIC_ONLY)
    let_in = {name for name, failure in failures.items() if failure.code() is grpc.StatusCode.INVALID_ARGUMENT}
    denied = {name for name, failure in failures.items() if failure.code() is grpc.StatusCode.PERMISSION_DENIED}
    assert let_in == {name for name, policy in METHODS.items() if policy.scope is Scope.PUBLIC}
    assert denied == set(METHODS) - let_in


async def test_every_method_ends_at_its_deadline_cap() -> None:
    services = [HostedService(descriptor=service, servicer=servicer_of(service, hang)) for service in SERVICES]
    hasty = {name: replace(policy, deadline=timedelta(milliseconds=5)) for name, policy in METHODS.items()}
    async with serving(*services, policies=hasty) as server, plain_channel(server) as channel:
        failures = await failures_of_every_method(channel, EVERY_SCOPE)
    assert {failure.code() for failure in failures.values()} == {grpc.StatusCode.DEADLINE_EXCEEDED}


async def test_every_method_without_a_servicer_says_that_it_is_not_served() -> None:
    services = [HostedService(descriptor=service, servicer=object()) for service in SERVICES]
    async with serving(*services) as server, plain_channel(server) as channel:
        failures = await failures_of_every_method(channel, EVERY_SCOPE)
    assert {failure.code() for failure in failures.values()} == {grpc.StatusCode.UNIMPLEMENTED}


async def test_every_method_refuses_random_bytes_with_a_clear_error() -> None:
    services = [HostedService(descriptor=service, servicer=servicer_of(service, refuse)) for service in SERVICES]
    async with serving(*services) as server, plain_channel(server) as channel:
        for method in EVERY_METHOD:
            with pytest.raises(grpc.aio.AioRpcError) as failure:
                await call(channel, method, b"\xff\xfe\x00garbage\x0a\xff", EVERY_SCOPE)
            violations = detail(status_of(failure.value), error_details_pb2.BadRequest)
            assert violations is not None
            assert violations.field_violations[0].field == "request", full_name(method)
