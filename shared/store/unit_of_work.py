"""One transaction and every repository inside it."""

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.store.repositories.bars import BarRepository
from shared.store.repositories.instruments import InstrumentRepository
from shared.store.repositories.meta import MetaRepository
from shared.store.repositories.official import ShareCountRepository
from shared.store.repositories.signal_events import SignalEventRepository
from shared.store.repositories.signals import SignalRepository
from shared.store.repositories.sources import SourceRepository


class UnitOfWork:
    """Repositories that share one transaction: all of their changes are committed, or none."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.meta = MetaRepository(connection)
        self.sources = SourceRepository(connection)
        self.instruments = InstrumentRepository(connection)
        self.bars = BarRepository(connection)
        self.share_counts = ShareCountRepository(connection)
        self.signals = SignalRepository(connection)
        self.signal_events = SignalEventRepository(connection)
