"""What is known for certain about an answer: the values of its data blocks and of the look-ups that it names."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from kstock.chat.v1 import block_pb2
from kstock.common.v1 import flow_pb2, local_date_pb2, ranking_pb2
from kstock.scanner.v1 import scan_pb2

from shared.market.times import to_kst
from shared.rpc.messages.times import read_local_date, read_timestamp

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NUMERIC = frozenset(
    {
        FieldDescriptor.CPPTYPE_INT32,
        FieldDescriptor.CPPTYPE_INT64,
        FieldDescriptor.CPPTYPE_UINT32,
        FieldDescriptor.CPPTYPE_UINT64,
        FieldDescriptor.CPPTYPE_DOUBLE,
        FieldDescriptor.CPPTYPE_FLOAT,
    }
)
_WITHOUT_VALUE = (FieldDescriptor.TYPE_ENUM, FieldDescriptor.TYPE_BYTES)


@dataclass(slots=True)
class Facts:
    """Values by what they measure.

    Attributes:
        won: Prices and amounts in won.
        rates: Rates in basis points.
        numbers: Everything else: shares, scores, index points, counts.
        days: Dates.
        moments: Times, as hours and minutes in Korea.
        words: Texts; a number in a text that was looked up is known, too.
        mean_volumes: Shares per day on average.
        changes: Returns over periods, which comparisons subtract from each other.
    """

    won: set[int] = field(default_factory=set)
    rates: set[Decimal] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    moments: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    mean_volumes: set[Decimal] = field(default_factory=set)
    changes: set[Decimal] = field(default_factory=set)

    def take(self, value: object, name: str = "") -> None:
        """Add a value with everything in it.

        Args:
            value: A message, dataclass, collection or plain value.
            name: Name of the field that it stands in; its end tells the unit.
        """
        if isinstance(value, Message):
            self._take_message(value)
        elif isinstance(value, str):
            self.words.append(value)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            self._take_number(Decimal(str(value)), name)
        elif isinstance(value, date):
            self._take_time(value)
        elif dataclasses.is_dataclass(value):
            for item in dataclasses.fields(value):
                self.take(getattr(value, item.name), item.name)
        else:
            self._take_collection(value, name)

    def derive(self, multiples: Iterable[Decimal] = ()) -> None:
        """Add what answers compute from values and print.

        Args:
            multiples: Factors that the question names: 평소의 3배 asks for three times a mean.
        """
        self.rates |= {abs(one - other) for one, other in combinations(self.changes, 2)}
        self.numbers |= {Decimal(round(factor * mean)) for factor in multiples for mean in self.mean_volumes}

    @property
    def numbers_in_words(self) -> frozenset[Decimal]:
        """Every number in the texts."""
        return frozenset(read_number(found) for text in self.words for found in NUMBER.findall(text))

    def _take_collection(self, value: object, name: str) -> None:
        if isinstance(value, Mapping):
            for key, one in value.items():
                self._take_metric(str(key), one)
        elif isinstance(value, Iterable):
            self._take_all(list(value), name)

    def _take_time(self, value: date) -> None:
        if isinstance(value, datetime):
            self._take_moment(value)
        else:
            self.days.add(value)

    def _take_message(self, message: Message) -> None:
        if isinstance(message, local_date_pb2.LocalDate):
            if message.year:
                self.days.add(read_local_date(message))
            return
        if isinstance(message, Timestamp):
            self._take_moment(read_timestamp(message))
            return
        for descriptor, value in message.ListFields():
            if descriptor.type in _WITHOUT_VALUE:
                continue
            self.take(value, descriptor.name)
        for name in _zeros(message):
            self._take_number(Decimal(0), name)
        if isinstance(message, block_pb2.BarsSummary | block_pb2.IndexSummary):
            self.changes.add(Decimal(message.change_bps))
        if isinstance(message, scan_pb2.ScanRun):
            skipped = (one.count for one in message.status_counts if one.status != scan_pb2.TICKER_STATUS_OK)
            self.numbers.add(Decimal(sum(skipped)))
        if isinstance(message, block_pb2.BarsSummary):
            self.mean_volumes.add(Decimal(message.mean_volume_shares))
        self.won.update(derived_won(message))
        self.rates.update(derived_rates(message))

    def _take_all(self, values: list[Any], name: str) -> None:
        self.numbers.add(Decimal(len(values)))
        for one in values:
            self.take(one, name)
        flows = [one for one in values if isinstance(one, flow_pb2.Flow)]
        if flows:
            self._take_flows(flows)
        boards = [one for one in values if isinstance(one, ranking_pb2.MarketFlow)]
        self.won.add(sum(flow.pension_net_krw for flow in boards))

    def _take_flows(self, flows: list[flow_pb2.Flow]) -> None:
        """Sums over the days, of both groups together, and their share of the turnover."""
        sums = [sum(getattr(flow, name) for flow in flows) for name in ("foreign_net_krw", "institution_net_krw")]
        self.won.update((*sums, sum(sums), sum(flow.pension_net_krw for flow in flows)))
        turnover = sum(getattr(flow, "turnover_krw", 0) for flow in flows)
        if turnover:
            self.rates.update(_rate(amount, turnover) for amount in (*sums, sum(sums)))
        for name in ("foreign_net_krw", "institution_net_krw"):
            self.numbers.update(Decimal(length) for length in _streaks([getattr(flow, name) for flow in flows]))

    def _take_metric(self, name: str, value: object) -> None:
        """A measured input of a strategy: a fraction, a price or a number, whatever its name."""
        if isinstance(value, int | float):
            self.numbers.add(Decimal(str(value)))
            self.rates.add(Decimal(str(value)) * 10_000)
            self.won.add(round(value))
        else:
            self.take(value, name)

    def _take_number(self, value: Decimal, name: str) -> None:
        if name.endswith("_krw"):
            self.won.add(int(value))
        elif name.endswith("_bps"):
            self.rates.add(value)
        elif name.endswith("_e2"):
            self.numbers.add(value / 100)
        else:
            self.numbers.add(value)

    def _take_moment(self, moment: datetime) -> None:
        local = to_kst(moment)
        self.days.add(local.date())
        self.moments.update((f"{local:%H:%M:%S}", f"{local:%H:%M}"))


def _zeros(message: Message) -> Iterator[str]:
    """Numeric fields that are 0: such a one is not sent."""
    for one in message.DESCRIPTOR.fields:
        is_number = one.cpp_type in _NUMERIC
        if is_number and not one.has_presence and not one.is_repeated and not getattr(message, one.name):
            yield one.name


def read_number(text: str) -> Decimal:
    """A number as it is written: `1,284`, `12.5`."""
    return Decimal(text.replace(",", "").rstrip("."))


def derived_won(message: Message) -> Iterator[int]:
    """Amounts that code computes from a message and prints: means and differences of closes."""
    if isinstance(message, block_pb2.BarsSummary) and message.bars:
        closes = [bar.close_krw for bar in message.bars]
        yield round(sum(closes) / len(closes))
        yield message.high_krw - message.low_krw


_OVERVIEW = (5, 20)
"""Sessions over which an overview of an instrument tells its change."""


def derived_rates(message: Message) -> Iterator[Decimal]:
    """Rates that code computes from a message and prints."""
    if isinstance(message, block_pb2.BarsSummary) and message.last_close_krw:
        closes = [bar.close_krw for bar in message.bars]
        references = [message.base_close_krw, message.high_krw, message.low_krw]
        if closes:
            references.append(round(sum(closes) / len(closes)))
        yield from (_rate(message.last_close_krw - one, one) for one in references if one)
        yield from (_rate(after - before, before) for before, after in pairwise((message.base_close_krw, *closes)) if before)
        starts = [closes[-1 - sessions] for sessions in _OVERVIEW if len(closes) > sessions]
        yield from (_rate(closes[-1] - start, start) for start in starts if start)
    values = {descriptor.name: value for descriptor, value in message.ListFields()}
    if values.get("close_krw") and values.get("stop_krw"):
        yield _rate(values["stop_krw"] - values["close_krw"], values["close_krw"])


def _rate(part: int, whole: int) -> Decimal:
    return Decimal(part) / Decimal(whole) * 10_000


def _streaks(values: list[int]) -> Iterator[int]:
    """Lengths of the runs of one sign that end at the newest value."""
    length = 0
    for value in reversed(values):
        if value == 0 or (values[-1] > 0) != (value > 0):
            break
        length += 1
    yield length
