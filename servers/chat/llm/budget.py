"""What a language model may cost in a day: reserved before a turn, corrected after it."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from servers.chat.llm.errors import ModelUnavailable, Trouble
from servers.chat.llm.ledger import UsageLedger
from servers.chat.llm.port import TokenCount
from shared.clock import Clock
from shared.config import ChatSettings
from shared.market.times import kst_date
from shared.store.repositories.model_usage import EVERYBODY, ModelUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars per million tokens; both zero for a model that costs nothing."""

    input_usd: Decimal = Decimal(0)
    output_usd: Decimal = Decimal(0)

    def of(self, count: TokenCount) -> ModelUsage:
        """The tokens with their cost, rounded up to a millionth of a dollar."""
        cost = count.input_tokens * self.input_usd + count.output_tokens * self.output_usd
        return ModelUsage(input_tokens=count.input_tokens, output_tokens=count.output_tokens, cost_micro_usd=math.ceil(cost))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Most of a day in Korea, for one caller and for all together; None for no cap on the cost."""

    user_tokens: int
    all_tokens: int
    user_micro_usd: int | None = None
    all_micro_usd: int | None = None


def prices_of(settings: ChatSettings) -> Prices:
    """The prices that an operator set."""
    return Prices(input_usd=settings.input_usd_per_million, output_usd=settings.output_usd_per_million)


def caps_of(settings: ChatSettings) -> Caps:
    """The caps that an operator set."""
    return Caps(
        user_tokens=settings.user_tokens_per_day,
        all_tokens=settings.tokens_per_day,
        user_micro_usd=_micro(settings.user_usd_per_day),
        all_micro_usd=_micro(settings.usd_per_day),
    )


def _micro(usd: Decimal | None) -> int | None:
    return None if usd is None else int(usd * 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What was taken from a caller's day ahead of a turn."""

    day: date
    principal: str
    usage: ModelUsage


class Budget:
    """Days of callers. The day is one of machine time: providers bill by the wall, whatever the market's clock shows."""

    def __init__(self, ledger: UsageLedger, clock: Clock, *, caps: Caps, prices: Prices) -> None:
        self._ledger = ledger
        self._clock = clock
        self._caps = caps
        self._prices = prices

    async def reserve(self, principal: str, expected: TokenCount) -> Reservation:
        """Take the most that a turn can cost from the caller's day and from everybody's.

        Raises:
            ModelUnavailable: One of the caps would be passed; nothing is taken then.
        """
        day, usage = kst_date(self._clock.machine_now()), self._prices.of(expected)
        await self._ledger.learn(day, principal)
        # No other turn may come in between from here on.
        caps, used = self._caps, self._ledger.used
        _check(used(day, principal) + usage, caps.user_tokens, caps.user_micro_usd, whose="of the caller")
        _check(used(day, EVERYBODY) + usage, caps.all_tokens, caps.all_micro_usd, whose="of all callers")
        self._ledger.add(day, principal, usage)
        return Reservation(day=day, principal=principal, usage=usage)

    def settle(self, reservation: Reservation, used: TokenCount) -> ModelUsage:
        """Put what was really used in the place of what was reserved.

        Returns:
            What was used, with its cost.
        """
        usage = self._prices.of(used)
        self._ledger.add(reservation.day, reservation.principal, usage - reservation.usage)
        return usage


def _check(sums: ModelUsage, tokens: int, micro_usd: int | None, *, whose: str) -> None:
    if sums.tokens > tokens:
        raise ModelUnavailable(Trouble.BUDGET, f"the tokens {whose} for today are used up")
    if micro_usd is not None and sums.cost_micro_usd > micro_usd:
        raise ModelUnavailable(Trouble.BUDGET, f"the money {whose} for today is used up")
