"""What the market gate does to verdicts (strategies.md 6, Use): it decides who is tradable and never changes a score."""

from dataclasses import dataclass, replace
from typing import Protocol

from servers.scanner.as_of import published_by
from servers.scanner.gate import GateColour, GateParameters
from servers.scanner.gate_inputs import closing_reading, gate_base, read_closes
from servers.scanner.gate_reader import GateNow
from servers.scanner.panel import Panel
from shared.market.signal import Candidate, Grade
from shared.market.times import from_yyyymmdd
from shared.store.store import Store

_BEST = frozenset({Grade.S, Grade.A})


@dataclass(frozen=True, slots=True, kw_only=True)
class GateVerdict:
    """The gate of one session; `has_data` is False when both indices are missing, which reads as YELLOW."""

    colour: GateColour
    has_data: bool


class CurrentGate(Protocol):
    """Whoever knows the gate as it stands."""

    @property
    def current(self) -> GateNow | None:
        """None while nobody knows it."""
        ...


class GateDesk:
    """Finds the gate that belongs to a panel."""

    def __init__(self, store: Store, keeper: CurrentGate, parameters: GateParameters) -> None:
        """Keep the collaborators."""
        self._store = store
        self._keeper = keeper
        self._parameters = parameters

    async def of(self, panel: Panel) -> GateVerdict:
        """The gate as it stands where the panel is of the same session; else that of the panel's closes."""
        session, current = from_yyyymmdd(panel.session), self._keeper.current
        if current is not None and current.session.day == session:
            return GateVerdict(colour=current.colour, has_data=current.has_data)
        async with self._store.read() as uow:
            # Within a replayed session the store may hold closes that are not known yet.
            known = published_by(panel.as_of).bars >= panel.session
            closes = await read_closes(uow, session) if known else {}
        market = closing_reading(gate_base(panel, closes), self._parameters)
        return GateVerdict(colour=market.reading.colour, has_data=bool(market.indices))


def apply_gate(candidate: Candidate, gate: GateVerdict) -> Candidate:
    """The verdict under the gate: under YELLOW only grades S and A stay tradable, under RED none; cautions say why."""
    if gate.colour is GateColour.GREEN or (gate.colour is GateColour.YELLOW and candidate.grade in _BEST):
        return candidate
    return replace(candidate, tradable=False, cautions=(*candidate.cautions, _caution(gate)))


def _caution(gate: GateVerdict) -> str:
    if gate.colour is GateColour.RED:
        return "마켓 게이트 RED – 신규 매매 보류"
    return f"마켓 게이트 {'YELLOW' if gate.has_data else '자료 없음'} – S·A 등급만 매매 대상"
