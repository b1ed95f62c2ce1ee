"""How a large course of a school is read: requests, time, memory, against what is least possible.

A teacher's course of 200 pupils and 60 assignments, 12,000 submissions, from the stand-in school
with 20 ms of latency. canvasapi with pages of 100 reads the same, one list after another, until it
has taken several times as long: for all of it it needs minutes. Each
reader is a process of its own, so that its memory is its own; the school is another. What the
machine itself adds to the waiting is seen in bare pages, fetched by the standard library.
"""

import argparse
import asyncio
import json
import math
import multiprocessing
import resource
import subprocess
import sys
import time
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlsplit

from sandbox.canvas.seed import token_of

PUPILS, TASKS, LATENCY = 200, 60, 0.020
TEACHER = token_of("farida")
# A row of the list of courses, groups and periods each fit on one page.
LEAST = (
    1 + 1 + 1 + math.ceil(TASKS / 100) + math.ceil(PUPILS / 100) + math.ceil(PUPILS * TASKS / 100)
)
RIVAL_SECONDS = 30
MOST_REQUESTS, MOST_TIME, MOST_MB = 1.05, 1.25, 200


def read_with_dars(url: str) -> dict[str, float]:
    """Read the large course as a sync does."""
    from pydantic import SecretStr

    from src.canvas.fetch import fetch_course
    from src.clients.canvas import CanvasClient
    from src.clients.canvas_network import CanvasNetwork
    from src.settings import CanvasSettings

    async def read() -> dict[str, float]:
        async with CanvasNetwork(CanvasSettings(), allow_loopback=True) as network:
            client = CanvasClient(network, url, SecretStr(TEACHER))
            begun = time.perf_counter()
            courses = (await client.courses()).rows
            large = next(row for row in courses if row.course_code == "LARGE 1")
            found = await fetch_course(client, large)
            seconds = time.perf_counter() - begun
            assert found.is_complete
            rows = len(found.submissions.rows)
            return {"seconds": seconds, "requests": client.requests, "rows": rows}

    return asyncio.run(read())


def read_with_canvasapi(url: str) -> dict[str, float]:
    """Read the same lists by canvasapi, with pages of 100, for so long as it is worth while."""
    import warnings

    from canvasapi import Canvas

    warnings.simplefilter("ignore")
    client = Canvas(url, TEACHER)
    begun = time.perf_counter()
    courses = list(client.get_courses(enrollment_state="active", per_page=100))
    large = next(one for one in courses if one.course_code == "LARGE 1")
    list(large.get_assignment_groups(per_page=100))
    list(large.get_assignments(include=["all_dates", "overrides"], per_page=100))
    list(large.get_grading_periods(per_page=100))
    list(large.get_enrollments(type=["StudentEnrollment"], per_page=100))
    rows = 0
    for _ in large.get_multiple_submissions(student_ids=["all"], per_page=100):
        rows += 1
        if time.perf_counter() - begun > RIVAL_SECONDS:
            break
    return {"seconds": time.perf_counter() - begun, "rows": rows}


def read_bare(url: str) -> dict[str, float]:
    """Fetch the same pages by the standard library and look at nothing but the next link."""
    line = HTTPConnection(urlsplit(url).netloc)
    headers = {"Authorization": f"Bearer {TEACHER}", "User-Agent": "bare"}
    headers["Accept"] = "application/json+canvas-string-ids"

    def pages(path: str) -> list[bytes]:
        found, following = [], f"/api/v1/{path}"
        while following:
            line.request("GET", following, headers=headers)
            answer = line.getresponse()
            found.append(answer.read())
            links = answer.getheader("Link", "").split(",")
            following = next((one.split(";")[0][1:-1] for one in links if 'rel="next"' in one), "")
            following = following.removeprefix(url)
        return found

    begun = time.perf_counter()
    [listed] = pages("courses?per_page=100")
    number = next(one["id"] for one in json.loads(listed) if one["course_code"] == "LARGE 1")
    course = f"courses/{number}"
    pages(f"{course}/assignment_groups?per_page=100")
    pages(f"{course}/assignments?include[]=all_dates&include[]=overrides&per_page=100")
    pages(f"{course}/grading_periods?per_page=100")
    pages(f"{course}/enrollments?type[]=StudentEnrollment&per_page=100")
    work = pages(f"{course}/students/submissions?student_ids[]=all&per_page=100")
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "rows": sum(len(json.loads(page)) for page in work)}


READERS = {"dars": read_with_dars, "bare": read_bare, "canvasapi": read_with_canvasapi}


def read_as_process(name: str, url: str) -> None:
    """Read, and print what it took."""
    found = READERS[name](url)
    found["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def measure(name: str, url: str) -> dict[str, float]:
    """Run a reader as a process."""
    command = [sys.executable, "-m", "benchmarks.canvas", "--read", name, url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def serve(answers: "multiprocessing.SimpleQueue[str]") -> None:
    """Be the school."""
    from sandbox.canvas.config import SchoolConfig
    from sandbox.canvas.run import start

    # A bucket that never fills: measured is reading, not waiting for leave to read.
    answers.put(start(SchoolConfig(port=0, bucket_size=1e9)).url)
    time.sleep(3600)


def tell(url: str, path: str, body: object) -> None:
    """Turn a switch of the school."""
    line = HTTPConnection(urlsplit(url).netloc, timeout=300)
    line.request("POST", f"/school/{path}", json.dumps(body), {"Content-Type": "application/json"})
    answer = line.getresponse()
    assert answer.status == 200, answer.read()
    line.close()


def run(rounds: int) -> int:
    """Measure both readers in turn; 1 if a limit is not kept."""
    answers: multiprocessing.SimpleQueue[str] = multiprocessing.SimpleQueue()
    school = multiprocessing.Process(target=serve, args=(answers,), daemon=True)
    school.start()
    try:
        url = answers.get()
        tell(url, "grow", {"pupils": PUPILS, "tasks": TASKS})
        tell(url, "faults", {"latency_ms": LATENCY * 1000})
        found: dict[str, list[dict[str, float]]] = {"dars": [], "bare": []}
        for _ in range(rounds):
            for name, measured in found.items():
                measured.append(measure(name, url))
        # Once: it takes longer by far.
        found["canvasapi"] = [measure("canvasapi", url)]
    finally:
        school.terminate()
    return report(found)


def report(found: dict[str, list[dict[str, float]]]) -> int:
    """Print what was measured beside the limits."""
    ours, theirs = found["dars"], found["canvasapi"]
    seconds = median(one["seconds"] for one in ours)
    rival = median(one["seconds"] for one in theirs)
    requests, memory = ours[0]["requests"], max(one["mb"] for one in ours)
    floor = requests * LATENCY
    more, waited, less = requests / LEAST, seconds / floor, seconds / rival
    print(f"{PUPILS} pupils x {TASKS} assignments: {ours[0]['rows']:.0f} submissions, 20 ms a call")
    print(f"requests   {requests:.0f}, least {LEAST}: {more:.2f} (most {MOST_REQUESTS})")
    print(f"wall time  {seconds:.2f} s, waiting {floor:.2f} s: {waited:.2f} (most {MOST_TIME})")
    bare = median(one["seconds"] for one in found["bare"])
    print(f"bare pages {bare:.2f} s by http.client: {seconds / bare:.2f} of that")
    got = theirs[0]["rows"]
    print(f"canvasapi  {rival:.2f} s for {got:.0f} submissions: {less:.2f} of its time (most 1)")
    print(f"memory     {memory:.0f} MB (most {MOST_MB}); canvasapi {theirs[0]['mb']:.0f} MB")
    kept = (
        requests <= MOST_REQUESTS * LEAST,
        seconds <= MOST_TIME * floor,
        seconds <= rival,
        memory <= MOST_MB,
        all(one["rows"] == PUPILS * TASKS for one in ours),
    )
    return int(not all(kept))


def main() -> int:
    """Run as told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--read", nargs=2, metavar=("READER", "URL"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        read_as_process(*given.read)
        return 0
    return run(given.rounds)


if __name__ == "__main__":
    sys.exit(main())
