from dataclasses import fields

import pytest

from servers.scanner.strategies.parameters import StrategyParameters, build_parameters, parse_parameters, rule_version
from shared.market.errors import InvalidInput
from shared.market.signal import Grade, SignalKind

CHAPTER_10 = """
[common]
min_bars = 60
window = 320
price_min = 1000
exclude_warning = true
fee = 0.00015
slip_ticks = 1
[vcp]
adv_min = 1.0e9
atr_n = 14
zz_atr_mult = 1.5
zz_min = 0.03
zz_max = 0.12
live_min_bars = 3
live_min_depth = 0.01
lookback = 130
base_min_bars = 15
t1_min = 0.08
t1_max = 0.40
ratio_max = 0.75
shoulder_up = 0.05
shoulder_dn = 0.08
last_depth_max = 0.15
k_max = 6
trend_min = 6
breakout_vr = 1.5
max_stop = 0.08
weight_vcp = 0.5
weight_smart = 0.5
smart_missing_cap = "A"
[grade_vcp]
S = 80
A = 65
B = 50
[jongga]
adv_min = 3.0e9
value_pts = [3.0e10, 1.0e11, 5.0e11]
news_hours = 72
near_high = 0.95
body_min = 0.01
body_range = 0.5
wick_max = 0.5
sideways = 0.15
contract = 0.5
chg_min = 0.03
chg_max = 0.29
value_min = 3.0e10
tp = 0.05
sl = 0.03
gap_tp = 0.03
gap_sl = -0.02
time_stop = "10:00"
grade = {S = 10, A = 8, B = 6}
[day]
adv_min = 3.0e9
vol_full = 2.0
vol_half = 1.5
box_width = 0.20
ma5_near = 0.01
inst_full = 1.0e10
inst_half = 5.0e9
ratio_full = 0.05
ratio_half = 0.025
tp = 0.05
sl = 0.03
grade = {S = 90, A = 75, B = 60}
[gate]
green = 70
yellow = 40
gate_hyst = 2
crash = -0.03
[signal]
ma = 25
disparity_threshold = -0.08
drop_min = 5
drop_pct = 0.03
surge = 3.0
surge_drop = 0.015
rearm = 0.003
stale_sec = 60
"""


def test_the_defaults_are_those_of_the_definition():
    assert parse_parameters(CHAPTER_10) == parse_parameters("") == StrategyParameters()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[vpc]\nt1_min = 0.1", "vpc"),
        ("vcp = 3", "vcp"),
        ("[vcp]\nt1_minimum = 0.1", "vcp.t1_minimum"),
        ("[vcp]\nt1_min = 1.5", "vcp.t1_min"),
        ("[vcp]\nt1_min = -0.1", "vcp.t1_min"),
        ("[vcp]\nt1_min = nan", "vcp.t1_min"),
        ("[vcp]\nt1_min = '0.1'", "vcp.t1_min"),
        ("[vcp]\nt1_min = true", "vcp.t1_min"),
        ("[vcp]\nt1_min = 0.5", "vcp.t1_min"),
        ("[vcp]\natr_n = 14.0", "vcp.atr_n"),
        ("[vcp]\nk_max = 13", "vcp.k_max"),
        ("[vcp]\nzz_min = 0.2", "vcp.zz_min"),
        ("[vcp]\nbase_min_bars = 131", "vcp.base_min_bars"),
        ("[vcp]\nweight_vcp = 0.6", "vcp.weight_vcp"),
        ("[vcp]\nsmart_missing_cap = 'D'", "vcp.smart_missing_cap"),
        ("[vcp]\nsmart_missing_cap = 3", "vcp.smart_missing_cap"),
        ("[grade_vcp]\nS = 60", "grade_vcp"),
        ("[grade_vcp]\ns = 90", "grade_vcp.s"),
        ("[common]\nmin_bars = 59", "common.min_bars"),
        ("[common]\nexclude_warning = 1", "common.exclude_warning"),
        ("[jongga]\naverage_turnover_min = 1.0", "jongga.average_turnover_min"),
        ("[jongga]\nprice_min = 1", "jongga.price_min"),
        ("[jongga]\nvalue_pts = 3", "jongga.value_pts"),
        ("[jongga]\nvalue_pts = [3.0, 2.0, 1.0]", "jongga.value_pts"),
        ("[jongga]\nvalue_pts = [3.0, 'x', 9.0]", "jongga.value_pts"),
        ("[jongga]\ntime_stop = 10", "jongga.time_stop"),
        ("[jongga]\ntime_stop = '25:00'", "jongga.time_stop"),
        ("[jongga]\nadv_min = -1.0", "jongga.adv_min"),
        ("[jongga]\nnear_high = 95.0", "jongga.near_high"),
        ("[jongga.grade]\nT = 1", "jongga.grade.T"),
        ("[day]\nadv_min = -1.0", "day.adv_min"),
        ("[day]\nma5_near = 2.0", "day.ma5_near"),
        ("[gate]\ngate_hyst = -1", "gate.gate_hyst"),
        ("[signal]\nma = 5000", "signal.ma"),
        ("[signal]\ndrop_pct = 1.5", "signal.drop_pct"),
        ("[signal]\nstale_sec = -5", "signal.stale_sec"),
        ("[signal]\ncooldown_sec = -1", "signal.cooldown_sec"),
        ("[gate]\nyellow = 80", "gate"),
        ("[signal]\nstale_sec = 'x'", "signal.stale_sec"),
        ("[vcp\nt1_min = 1", "parameters"),
    ],
)
def test_a_wrong_key_or_value_is_named(text, named):
    with pytest.raises(InvalidInput) as caught:
        parse_parameters(text)
    assert caught.value.field == named


def test_given_values_arrive_in_the_type_of_their_field():
    common, pattern = "[common]\nprice_min = 500\nexclude_warning = false\n", "[vcp]\nadv_min = 5\nsmart_missing_cap = 'B'\n"
    parameters = parse_parameters(common + pattern + "[signal]\nstale_sec = 30")
    assert parameters.vcp.adv_min == 5.0
    assert isinstance(parameters.vcp.adv_min, float)
    assert parameters.vcp.smart_missing_cap is Grade.B
    assert parameters.signal.stale_after.total_seconds() == 30
    assert (parameters.jongga.price_min, parameters.jongga.exclude_warning) == (500, False)


def test_every_kind_has_a_version_that_fits_its_column():
    versions = {rule_version(kind, StrategyParameters()) for kind in SignalKind}
    assert len(versions) == len(SignalKind)
    assert all(len(version) <= 40 for version in versions)


def test_a_version_changes_with_the_numbers_that_the_kind_depends_on_and_no_others():
    usual, tuned = StrategyParameters(), build_parameters({"jongga": {"tp": 0.06}})
    changed = {kind for kind in SignalKind if rule_version(kind, usual) != rule_version(kind, tuned)}
    assert changed == {SignalKind.JONGGA}
    common = build_parameters({"common": {"price_min": 900}})
    assert all(rule_version(kind, usual) != rule_version(kind, common) for kind in SignalKind)


def test_every_section_can_be_set_from_a_file():
    assert {each.name for each in fields(StrategyParameters)} == {
        "common", "vcp", "grade_vcp", "jongga", "day", "gate", "signal",
    }  # fmt: skip
