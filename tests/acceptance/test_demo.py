"""`dars demo` as a newcomer starts it: it touches nothing that is real."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]


async def start_demo(folder: Path) -> asyncio.subprocess.Process:
    variables = {
        "DATABASE_URL": f"sqlite:///{folder}/real.db",
        "DARS_DATA_DIR": str(folder / "demo"),
        "PYTHONPATH": str(ROOT),
    }
    return await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            "demo",
            "--port",
            "0",
            "--class",
        ),
        env=os.environ | variables,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def name_in_bangla(ready: str) -> str:
    """Return what the chat of a Bangla pupil is called, before anybody wrote."""
    url = ready.split("open ")[1].split(maxsplit=1)[0]
    async with aiohttp.ClientSession() as http:
        bangla = {"id": 601, "first_name": "মিতু", "language_code": "bn"}
        await http.post(f"{url}/sandbox/users", json=bangla)
        async with http.get(f"{url}/sandbox/users/601/screen") as answer:
            return str((await answer.json())["bot"]["first_name"])


async def test_a_demo_has_its_own_database_and_a_second_one_is_told_so(tmp_path: Path) -> None:
    demo = await start_demo(tmp_path)
    assert demo.stdout is not None
    async with asyncio.timeout(120):
        while b"Dars is ready" not in (line := await demo.stdout.readline()):
            assert demo.returncode is None
        school = (await demo.stdout.readline()).decode().rpartition(" ")[2].strip()
        pages = (await demo.stdout.readline()).decode().partition("teachers: ")[2].split()[0]
    assert await name_in_bangla(line.decode()) == "দরস"
    async with aiohttp.ClientSession() as http, http.get(school) as page:
        assert (page.status, "Mathematics 7" in await page.text()) == (200, True)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        async with http.post(pages) as inside:
            assert "7A" in await inside.text()
        async with http.get(f"{pages.partition('/in/')[0]}/classes/1") as page:
            assert (await page.text()).count('class="flag ') == 5
    second = await start_demo(tmp_path)
    _, said = await second.communicate()
    demo.send_signal(signal.SIGINT)
    await demo.communicate()
    assert second.returncode == 1
    assert "another demo runs" in said.decode()
    assert "Traceback" not in said.decode()
    assert not (tmp_path / "real.db").exists()
    assert (tmp_path / "demo" / "demo.db").exists()
    key = tmp_path / "demo" / "secret.key"
    assert (key.stat().st_mode & 0o777, len(key.read_text().strip())) == (0o600, 44)
