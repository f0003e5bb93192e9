"""What an operator sees of a running server, and the switches that reach it."""

import asyncio
import json
from datetime import timedelta

from kstock.ops.v1 import ops_service_pb2 as ops
from kstock.ops.v1 import ops_service_pb2_grpc
from kstock.signal.v1 import signal_service_pb2, signal_service_pb2_grpc

from shared.clock import WallClock
from shared.rpc.client import Target, open_channel
from tests.fixtures.eventually import eventually
from tests.fixtures.kstock_server import House

EXIT_WITHIN_S = 10.0


async def test_an_operator_sees_streams_ends_one_begins_a_job_and_drains_the_server(house: House) -> None:
    with house.up() as server:
        (file,) = house.data_dir.glob("simulated.db.*.server.json")
        announced = json.loads(file.read_text())
        target = Target(address=server.address, token=announced["token"])
        async with open_channel(target, clock=WallClock()) as channel:
            desk = ops_service_pb2_grpc.OpsServiceStub(channel)
            watching = signal_service_pb2_grpc.SignalServiceStub(channel).WatchSignals(
                signal_service_pb2.WatchSignalsRequest()
            )
            responses = aiter(watching)
            opened = (await anext(responses)).opened

            listed = await desk.ListStreams(ops.ListStreamsRequest(kind=ops.STREAM_KIND_SIGNAL))
            assert [stream.stream_id for stream in listed.streams] == [opened.stream_id]
            assert listed.streams[0].principal.startswith("token:")

            await desk.CloseStream(ops.CloseStreamRequest(stream_id=opened.stream_id))
            goodbye = [response.going_away.reason async for response in responses if response.HasField("going_away")]
            assert goodbye == ["CLOSED_BY_OPERATOR"]

            run = (await desk.RunJob(ops.RunJobRequest(job="scan-vcp"))).run
            assert run.result in ("RUNNING", "OK")

            async def done() -> bool:
                jobs = (await desk.ListJobs(ops.ListJobsRequest())).jobs
                return any(job.job == "scan-vcp" and job.last_run.result == "OK" for job in jobs)

            await eventually(done, within_s=60)
            await desk.Drain(ops.DrainRequest(grace=timedelta(seconds=2)))
        assert await asyncio.to_thread(server.process.wait, EXIT_WITHIN_S) == 0
        assert "Traceback" not in server.said
