"""What language models have cost, per caller and day in Korea."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import delete, select

from shared.store.repositories.base import Repository
from shared.store.tables.chat import model_usage

EVERYBODY = ""
"""The principal under which all callers are counted together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    """Tokens read and written, and their cost in millionths of a US dollar."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_micro_usd: int = 0

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "ModelUsage") -> "ModelUsage":
        """Both together."""
        return ModelUsage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost_micro_usd=self.cost_micro_usd + other.cost_micro_usd,
        )

    def __sub__(self, other: "ModelUsage") -> "ModelUsage":
        """What is left without the other; may be negative."""
        return ModelUsage(
            input_tokens=self.input_tokens - other.input_tokens,
            output_tokens=self.output_tokens - other.output_tokens,
            cost_micro_usd=self.cost_micro_usd - other.cost_micro_usd,
        )


class ModelUsageRepository(Repository):
    """Sums that only grow, but for corrections of what was reserved."""

    async def add(self, day: date, usage: Mapping[str, ModelUsage]) -> Mapping[str, ModelUsage]:
        """Add to callers' days, negative numbers included.

        The rows stay locked until the transaction ends, so that two callers cannot both take what is left.

        Args:
            day: Day in Korea.
            usage: What to add, by principal.

        Returns:
            The sums after it, by principal.
        """
        # Always in the same order: two transactions that lock the same rows must not wait for each other.
        return {principal: await self._add(day, principal, usage[principal]) for principal in sorted(usage)}

    async def _add(self, day: date, principal: str, usage: ModelUsage) -> ModelUsage:
        names = tuple(ModelUsage.__dataclass_fields__)
        statement = self._insert(model_usage)
        raised = await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[model_usage.c.day, model_usage.c.principal],
                set_={name: model_usage.c[name] + statement.excluded[name] for name in names},
            ).returning(*(model_usage.c[name] for name in names)),
            {"day": day, "principal": principal, **asdict(usage)},
        )
        return ModelUsage(**raised.mappings().one())

    async def of(self, day: date, principal: str) -> ModelUsage:
        """A caller's sums of a day."""
        columns = (model_usage.c[name] for name in ModelUsage.__dataclass_fields__)
        found = await self._connection.execute(
            select(*columns).where(model_usage.c.day == day, model_usage.c.principal == principal)
        )
        row = found.mappings().one_or_none()
        return ModelUsage() if row is None else ModelUsage(**row)

    async def delete_before(self, day: date) -> int:
        """Forget the days before one.

        Returns:
            Number of rows deleted.
        """
        return (await self._connection.execute(delete(model_usage).where(model_usage.c.day < day))).rowcount

    async def delete(self, principal: str) -> int:
        """Forget a caller; the sums of everybody stay.

        Returns:
            Number of rows deleted.
        """
        return (await self._connection.execute(delete(model_usage).where(model_usage.c.principal == principal))).rowcount
