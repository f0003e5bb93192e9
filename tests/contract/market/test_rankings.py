"""Rankings and board flows over gRPC."""

import grpc
import pytest
from kstock.common.v1 import instrument_pb2, ranking_pb2
from kstock.market.v1 import market_service_pb2 as wire

from shared.market.instrument import Board
from shared.rpc.messages.times import local_date_message, read_local_date
from shared.store.repositories.indices import MarketFlow
from tests.contract.market.conftest import DAYS
from tests.contract.store.rows import fetched


async def test_a_ranking_says_which_days_count_and_bears_out_its_order(market):
    request = wire.RankInstrumentsRequest(measure=ranking_pb2.RANK_MEASURE_TURNOVER, session_count=5)
    answer = await market.stub.RankInstruments(request)
    assert [row.instrument.ticker for row in answer.rows][:1] == ["005930"]
    assert (read_local_date(answer.first_date), read_local_date(answer.last_date)) == (DAYS[-5], DAYS[-1])
    assert answer.rows[0].change_bps == pytest.approx(
        10_000 * (answer.rows[0].close_krw / answer.rows[0].base_close_krw - 1), abs=1
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"measure": ranking_pb2.RANK_MEASURE_CHANGE, "limit": 51},
        {"measure": ranking_pb2.RANK_MEASURE_CHANGE, "session_count": 251},
        {"measure": ranking_pb2.RANK_MEASURE_CHANGE, "since": local_date_message(DAYS[0].replace(year=2020))},
    ],
)
async def test_impossible_rankings_are_refused(market, fields):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await market.stub.RankInstruments(wire.RankInstrumentsRequest(**fields))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_boards_own_flows_come_before_sums(market):
    kinds = (
        "financial_investment",
        "insurance",
        "investment_trust",
        "bank",
        "other_financial",
        "pension",
        "other_corporation",
    )
    rest = {f"{name}_net_krw": 1 for name in kinds}
    own = MarketFlow(
        board=Board.KOSPI, day=DAYS[-1], individual_net_krw=7, foreign_net_krw=-9, institution_net_krw=2, **rest
    )
    async with market.store.begin() as uow:
        await uow.market_flows.upsert([own], fetched())
    request = wire.ListMarketFlowsRequest(board=instrument_pb2.BOARD_KOSPI, session_count=3)
    flows = (await market.stub.ListMarketFlows(request)).flows
    assert [read_local_date(flow.trading_date) for flow in flows] == sorted(
        read_local_date(flow.trading_date) for flow in flows
    )
    assert (flows[-1].foreign_net_krw, flows[-1].individual_net_krw, flows[-1].summed_count) == (-9, 7, 0)
    assert all(flow.summed_count > 0 and not flow.HasField("individual_net_krw") for flow in flows[:-1])
