"""Is a mistake that comes again and again found soon, and are slips left alone? Simulated pupils.

A pupil has one misconception of the library, or none. Five problems a session are chosen by Dars
itself; in a problem that lists the misconception the pupil shows it with a chance of 80 %, and in
any problem 5 % of the answers are a slip: one of the mistakes that the problem lists, by chance.
What is told is decided by the rules that Dars uses. Once told, the simulation of a pupil ends.
"""

import argparse
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.selection import as_candidate
from src.content.library import check_paths
from src.content.reader import ParsedRow
from src.mastery.mistakes import SIGHTINGS, Meeting, is_pattern
from src.practice.choosing import choose
from src.practice.rules import Candidate, PastAnswer, session_seed

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 1, 4, 12, tzinfo=UTC)
SHOWS, SLIPS, RIGHT = 0.8, 0.05, 0.7
WANTED_PRECISION = 0.9


@dataclass(frozen=True)
class Library:
    """The problems of a grade, and which misconceptions each can show, once for each mistake."""

    candidates: Mapping[int, Candidate]
    shows: Mapping[int, Sequence[str]]


@dataclass(frozen=True)
class Told:
    """What a pupil was told of, and how often they had met it by then."""

    misconception: str
    is_theirs: bool
    encounters: int
    sightings: int


def read_libraries() -> dict[int, Library]:
    """Read the library by grade."""
    found = check_paths([ROOT / "content"], check=lambda _: ())
    rows = [item.problem for item in found if isinstance(item, ParsedRow)]
    libraries = {}
    for grade in (6, 7, 8):
        own = {number: p for number, p in enumerate(rows) if p.grade == grade}
        candidates = {n: as_candidate(n, p) for n, p in own.items()}
        shows = {n: [m["id"] for m in p.misconceptions if "id" in m] for n, p in own.items()}
        libraries[grade] = Library(candidates, shows)
    return libraries


def practise(library: Library, theirs: str | None, seed: int, sessions: int) -> Told | None:
    """Let a pupil practise until they are told of a mistake; None where that does not happen."""
    rng, past = Random(seed), list[PastAnswer]()
    met: dict[str, list[Meeting]] = defaultdict(list)
    problems = [*library.candidates.values()]
    for day in range(sessions):
        now = START + timedelta(days=day)
        of_day = session_seed(seed, now.date(), day)
        for pick in choose(problems, past[:200], now=now, seed=of_day):
            card, problem = pick.problem, pick.problem.id
            shown = answer(library.shows[problem], theirs, rng)
            is_correct = shown is None and rng.random() < RIGHT
            past.insert(0, PastAnswer(problem, card.family, card.difficulty, is_correct, now))
            for one in set(library.shows[problem]):
                met[one].insert(0, Meeting(problem, one == shown))
            if shown is not None and is_pattern(met[shown]):
                seen = len({one.problem_id for one in met[shown] if one.showed})
                return Told(shown, shown == theirs, len(met[shown]), seen)
    return None


def answer(shows: Sequence[str], theirs: str | None, rng: Random) -> str | None:
    """Return the misconception that an answer shows, if it shows one."""
    if theirs in shows and rng.random() < SHOWS:
        return theirs
    return rng.choice(shows) if shows and rng.random() < SLIPS else None


def main() -> int:
    """Print how soon mistakes are found and how often what is told is true."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=150, help="of either kind")
    parser.add_argument("--sessions", type=int, default=60)
    options = parser.parse_args()
    with_one, without = list[Told | None](), list[Told | None]()
    libraries = read_libraries()
    for number in range(options.pupils):
        library = libraries[6 + number % 3]
        listing = defaultdict(set)
        for problem, shows in library.shows.items():
            for one in shows:
                listing[one].add(problem)
        possible = sorted(one for one, where in listing.items() if len(where) >= SIGHTINGS)
        theirs = Random(number).choice(possible)
        with_one.append(practise(library, theirs, number, options.sessions))
        without.append(practise(library, None, options.pupils + number, options.sessions))
    return report(with_one, without, options.sessions)


def report(with_one: Sequence[Told | None], without: Sequence[Told | None], sessions: int) -> int:
    """Print what came of the pupils with a mistake and of those without; 1 if it is not well."""
    told = [one for one in (*with_one, *without) if one]
    true = [one for one in told if one.is_theirs]
    precision = len(true) / len(told)
    median = statistics.median(one.encounters for one in true)
    at_once = sum(one.encounters <= SIGHTINGS for one in true) / len(true)
    print(f"{len(with_one)} pupils with a mistake, {len(without)} without, {sessions} sessions")
    print(f"found {len(true)} of {len(with_one)}; the others met it too seldom or slipped first")
    mean = statistics.mean(one.encounters for one in true)
    print(
        f"problems that could show it, until found: median {median:g}, mean {mean:.2f}, "
        f"within {SIGHTINGS} {at_once:.0%}"
    )
    print(f"problems that showed it, until found: at most {max(one.sightings for one in true)}")
    print(f"precision {precision:.3f}: {len(told) - len(true)} of {len(told)} told were slips")
    return int(median > SIGHTINGS or precision < WANTED_PRECISION)


if __name__ == "__main__":
    raise SystemExit(main())
