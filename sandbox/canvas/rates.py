"""The leaky bucket of each caller, and the headers that tell what is left in it."""

import time
from collections import Counter
from dataclasses import dataclass

from sandbox.canvas.config import SchoolConfig

# Held while a request runs and given back at its end, so that many at once are refused.
_UP_FRONT = 50.0
_OVERFLOW = 200.0


@dataclass(slots=True)
class _Bucket:
    level: float
    since: float
    running: int = 0


class Rates:
    """One bucket for each token, or for each address without one."""

    def __init__(self, config: SchoolConfig) -> None:
        self._config = config
        self._buckets: dict[str, _Bucket] = {}
        self.counts: Counter[str] = Counter()
        self.most_running = 0

    def begin(self, key: str) -> bool:
        """Takes a request in; False where the bucket is full."""
        bucket = self._leaked(key)
        if bucket.level >= self._config.bucket_size:
            self.counts["throttled"] += 1
            return False
        bucket.level += _UP_FRONT
        bucket.running += 1
        self.most_running = max(self.most_running, bucket.running)
        return True

    def end(self, key: str, seconds: float) -> dict[str, str]:
        """Charges what a request cost; returns the headers that say so."""
        bucket, cost = self._leaked(key), seconds + self._config.base_cost
        bucket.running -= 1
        full = self._config.bucket_size + _OVERFLOW
        bucket.level = max(0.0, min(full, bucket.level - _UP_FRONT + cost))
        left = self._config.bucket_size - bucket.level
        return {"X-Request-Cost": f"{cost}", "X-Rate-Limit-Remaining": f"{left}"}

    def fill(self, key: str) -> None:
        """Fills a bucket to the brim."""
        self._leaked(key).level = self._config.bucket_size + _OVERFLOW

    def clear(self) -> None:
        """Empties every bucket and forgets the counts."""
        for bucket in self._buckets.values():
            bucket.level = _UP_FRONT * bucket.running
        self.counts.clear()
        self.most_running = 0

    def _leaked(self, key: str) -> _Bucket:
        now = time.monotonic()
        bucket = self._buckets.setdefault(key, _Bucket(0.0, now))
        gone = (now - bucket.since) * self._config.leak_per_second
        bucket.level, bucket.since = max(0.0, bucket.level - gone), now
        return bucket
