"""Rules of VCP that people tune (strategies.md 10, `vcp` and `grade_vcp`)."""

from dataclasses import dataclass

from servers.scanner.strategies.ranges import check_ranges, number
from servers.scanner.strategies.vcp_kernel import MAX_LEGS, Rules
from shared.market.errors import InvalidInput
from shared.market.signal import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class VcpParameters:
    """Numbers of strategies.md 2 and 3 under their own names: bars, fractions, `adv_min` in won, weights of the total."""

    adv_min: float = number(1.0e9, low=0.0, high=1.0e15)
    atr_n: int = number(14, low=2, high=50)
    zz_atr_mult: float = number(1.5, low=0.1, high=10.0)
    zz_min: float = number(0.03, low=0.001, high=0.5)
    zz_max: float = number(0.12, low=0.001, high=0.9)
    live_min_bars: int = number(3, low=1, high=60)
    live_min_depth: float = number(0.01, low=0.0, high=0.5)
    lookback: int = number(130, low=10, high=300)
    base_min_bars: int = number(15, low=2, high=300)
    t1_min: float = number(0.08, low=0.0, high=1.0)
    t1_max: float = number(0.40, low=0.0, high=1.0)
    ratio_max: float = number(0.75, low=0.01, high=1.0)
    shoulder_up: float = number(0.05, low=0.0, high=1.0)
    shoulder_dn: float = number(0.08, low=0.0, high=1.0)
    last_depth_max: float = number(0.15, low=0.0, high=1.0)
    k_max: int = number(6, low=2, high=MAX_LEGS)
    trend_min: int = number(6, low=0, high=8)
    breakout_vr: float = number(1.5, low=0.0, high=100.0)
    max_stop: float = number(0.08, low=0.001, high=0.5)
    weight_vcp: float = number(0.5, low=0.0, high=1.0)
    weight_smart: float = number(0.5, low=0.0, high=1.0)
    smart_missing_cap: Grade = Grade.A

    def __post_init__(self) -> None:
        """Refuse values out of range and rules that contradict themselves."""
        check_ranges("vcp", self)
        for low, high in (("zz_min", "zz_max"), ("t1_min", "t1_max"), ("base_min_bars", "lookback")):
            if getattr(self, low) > getattr(self, high):
                raise InvalidInput(f"vcp.{low}", f"must not be above vcp.{high}")
        if abs(self.weight_vcp + self.weight_smart - 1.0) > 1e-9:
            raise InvalidInput("vcp.weight_vcp", "and vcp.weight_smart must add up to 1")
        if not isinstance(self.smart_missing_cap, Grade):
            raise InvalidInput("vcp.smart_missing_cap", "must be one of S, A, B, C")

    def rules(self) -> Rules:
        """The part that the compiled pass needs."""
        return Rules(**{name: getattr(self, name) for name in Rules._fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeParameters:
    """Lowest total of each grade, in points of 100, and the target returns that go with the grades, as fractions."""

    s: float = number(80.0, low=0.0, high=100.0)
    a: float = number(65.0, low=0.0, high=100.0)
    b: float = number(50.0, low=0.0, high=100.0)
    target_s: float = number(0.20, low=0.0, high=3.0)
    target_a: float = number(0.15, low=0.0, high=3.0)
    target_b: float = number(0.10, low=0.0, high=3.0)
    target_c: float = number(0.05, low=0.0, high=3.0)

    def __post_init__(self) -> None:
        """Refuse grades that do not rise."""
        check_ranges("grade_vcp", self)
        if not self.b < self.a < self.s:
            raise InvalidInput("grade_vcp", "needs B < A < S")

    @property
    def bounds(self) -> tuple[float, float, float]:
        """Lowest totals of B, A, S."""
        return self.b, self.a, self.s

    @property
    def targets(self) -> tuple[float, float, float, float]:
        """Target returns of S, A, B, C."""
        return self.target_s, self.target_a, self.target_b, self.target_c
