"""The moods that the invented instruments go through: advance, contraction, breakout or failure, decline, rest.

The contraction is the shape that the VCP scan looks for: three ever shallower pullbacks on falling volume under a pivot.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CONTRACTIONS, _FAILURES = 0.5, 0.3  # shares of the advances that contract, and of the contractions that fail


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some sessions of one mood, arrays of shape (k,): log drift, share of the usual noise, multiple of the usual volume.

    `appetite` in -1..1 is which way foreigners and institutions lean.
    """

    drift: NDArray[np.float64]
    noise: float
    volume: NDArray[np.float64]
    appetite: float


@dataclass(frozen=True, slots=True, eq=False)
class Moods:
    """The stretches of n instruments over t sessions; every array has shape (t, n). See `Stretch`."""

    drift: NDArray[np.float64]
    noise: NDArray[np.float64]
    volume: NDArray[np.float64]
    appetite: NDArray[np.float64]


def draw_moods(seed: int, count: int, sessions: int) -> Moods:
    """Moods of `count` instruments, each with its own sequence and its own place in the cycle."""
    moods = Moods(*(np.empty((sessions, count)) for _ in range(4)))
    for column in range(count):
        random = np.random.default_rng([seed, 2, column])
        position = -int(random.integers(0, 330))
        for stretch in _life(random):
            start, end = max(position, 0), min(position + stretch.drift.size, sessions)
            if start < end:
                part = slice(start - position, end - position)
                moods.drift[start:end, column] = stretch.drift[part]
                moods.noise[start:end, column] = stretch.noise
                moods.volume[start:end, column] = stretch.volume[part]
                moods.appetite[start:end, column] = stretch.appetite
            position = end if start < end else position + stretch.drift.size
            if position >= sessions:
                break
    return moods


def _life(random: np.random.Generator) -> Iterator[Stretch]:
    while True:
        yield _steady(random, length=(120, 200), change=(0.5, 0.8), noise=0.9, volume=1.0, appetite=0.5)
        if random.random() < _CONTRACTIONS:
            yield _contraction(random)
            if random.random() < _FAILURES:
                yield _steady(random, length=(8, 15), change=(-0.18, -0.08), noise=1.0, volume=1.3, appetite=-0.5)
            else:
                yield _breakout(random)
        yield _steady(random, length=(60, 110), change=(-0.48, -0.3), noise=1.2, volume=0.9, appetite=-0.4)
        yield _steady(random, length=(30, 70), change=(-0.05, 0.08), noise=0.8, volume=0.7, appetite=0.0)


def _steady(
    random: np.random.Generator,
    *,
    length: tuple[int, int],
    change: tuple[float, float],
    noise: float,
    volume: float,
    appetite: float,
) -> Stretch:
    sessions = int(random.integers(*length))
    drift = np.full(sessions, random.uniform(*change) / sessions)
    return Stretch(drift, noise, np.full(sessions, volume), appetite)


def _breakout(random: np.random.Generator) -> Stretch:
    sessions = int(random.integers(12, 25))
    drift = np.full(sessions, random.uniform(0.08, 0.18) / sessions)
    drift[0] += random.uniform(0.03, 0.06)
    volume = np.full(sessions, 1.4)
    volume[0] = 3.5
    return Stretch(drift, 0.8, volume, 0.8)


def _contraction(random: np.random.Generator) -> Stretch:
    first = random.uniform(0.13, 0.22)
    second = first * random.uniform(0.45, 0.6)
    third = second * random.uniform(0.42, 0.55)
    second_high, third_high = -random.uniform(0.005, 0.02), -random.uniform(0.015, 0.03)
    heights = [
        -first,
        second_high,
        second_high - second,
        third_high,
        third_high - third,
        third_high - random.uniform(0.003, 0.012),
    ]
    lengths = [int(random.integers(low, low + 4)) for low in (8, 8, 6, 6, 4, 4)]
    levels, drift = [0.0, *heights], []
    for level, height, length in zip(levels, heights, lengths, strict=False):
        drift.append(np.full(length, (height - level) / length))
    joined = np.concatenate(drift)
    return Stretch(joined, 0.22, np.linspace(0.9, 0.35, joined.size), 0.4)
