"""One transaction and every repository inside it."""

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.store.repositories.backtests import BacktestRepository
from shared.store.repositories.bars import BarRepository
from shared.store.repositories.conversations import ConversationRepository
from shared.store.repositories.factors import FactorRepository
from shared.store.repositories.flows import FlowRepository
from shared.store.repositories.gates import GateRepository
from shared.store.repositories.imports import ImportRepository
from shared.store.repositories.indices import FxRepository, IndexRepository, MarketFlowRepository
from shared.store.repositories.instruments import InstrumentRepository
from shared.store.repositories.jobs import JobRepository, LeaseRepository
from shared.store.repositories.meta import MetaRepository
from shared.store.repositories.minutes import MinuteBarRepository
from shared.store.repositories.model_usage import ModelUsageRepository
from shared.store.repositories.news import NewsRepository
from shared.store.repositories.official import ShareCountRepository
from shared.store.repositories.outcomes import OutcomeRepository
from shared.store.repositories.passage_vectors import PassageVectorRepository
from shared.store.repositories.rehearsal import RehearsalRepository
from shared.store.repositories.scans import ScanRepository
from shared.store.repositories.signal_events import SignalEventRepository
from shared.store.repositories.signals import SignalRepository
from shared.store.repositories.snapshots import SnapshotRepository
from shared.store.repositories.sources import SourceRepository


class UnitOfWork:
    """Repositories that share one transaction: all of their changes are committed, or none."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.backtests = BacktestRepository(connection)
        self.bars = BarRepository(connection)
        self.conversations = ConversationRepository(connection)
        self.factors = FactorRepository(connection)
        self.flows = FlowRepository(connection)
        self.fx = FxRepository(connection)
        self.gates = GateRepository(connection)
        self.imports = ImportRepository(connection)
        self.indices = IndexRepository(connection)
        self.instruments = InstrumentRepository(connection)
        self.jobs = JobRepository(connection)
        self.leases = LeaseRepository(connection)
        self.market_flows = MarketFlowRepository(connection)
        self.meta = MetaRepository(connection)
        self.minutes = MinuteBarRepository(connection)
        self.model_usage = ModelUsageRepository(connection)
        self.news = NewsRepository(connection)
        self.rehearsal = RehearsalRepository(connection)
        self.outcomes = OutcomeRepository(connection)
        self.passage_vectors = PassageVectorRepository(connection)
        self.scans = ScanRepository(connection)
        self.share_counts = ShareCountRepository(connection)
        self.signal_events = SignalEventRepository(connection)
        self.signals = SignalRepository(connection)
        self.snapshots = SnapshotRepository(connection)
        self.sources = SourceRepository(connection)
