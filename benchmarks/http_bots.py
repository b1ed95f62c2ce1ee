"""The bots that `benchmarks.http` compares, each as a process: NAME URL TOKEN [DATABASE_URL].

The plain bots answer each text with one message, as Dars answers a right answer.
"""

import asyncio
import sys

TEXT = "✅ That is right!\n\n<b>Question 2 of 5</b> · about 2 min\n\nWhat is 1000 + 700?"


def run_telegram_bot(url: str, token: str) -> None:
    """python-telegram-bot as its documentation shows it: default transport, run_polling."""
    from telegram.ext import Application, MessageHandler, filters

    async def echo(update, context) -> None:  # type: ignore[no-untyped-def]  # as its docs show
        await context.bot.send_message(update.effective_chat.id, TEXT, parse_mode="HTML")

    app = (
        Application.builder()
        .token(token)
        .base_url(f"{url}/bot")
        .concurrent_updates(True)
        .connection_pool_size(256)
        .pool_timeout(30)
        .build()
    )
    app.add_handler(MessageHandler(filters.TEXT, echo))
    app.run_polling(timeout=10, bootstrap_retries=5)


def run_aiogram(url: str, token: str) -> None:
    """The same bot in aiogram; runs in the interpreter of the rivals."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    async def main() -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(url))
        bot, dispatcher = Bot(token, session=session), Dispatcher()

        @dispatcher.message()  # type: ignore[untyped-decorator]  # not installed here
        async def echo(message) -> None:  # type: ignore[no-untyped-def]  # not installed here
            await bot.send_message(message.chat.id, TEXT, parse_mode="HTML")

        await dispatcher.start_polling(bot, polling_timeout=10)

    asyncio.run(main())


def run_dars(url: str, token: str, database_url: str, *, fast_loop: bool) -> None:
    """The real bot on a database, on asyncio's loop or on uvloop."""
    import uvloop

    from bot.run import run_polling, stop_on_signals
    from src import database, logs
    from src.settings import load_settings

    async def main() -> None:
        stopping = asyncio.Event()
        stop_on_signals(stopping)
        database.configure(database_url)
        await run_polling(settings, stopping)
        await database.dispose()

    settings = load_settings({"TELEGRAM_BOT_TOKEN": token, "DARS_TELEGRAM_API_URL": url})
    logs.configure(settings.process, settings.secrets)
    factory = uvloop.new_event_loop if fast_loop else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main())


def main() -> None:
    """Run the bot that is named."""
    name, url, token, *rest = sys.argv[1:]
    if name == "python-telegram-bot":
        run_telegram_bot(url, token)
    elif name == "aiogram":
        run_aiogram(url, token)
    else:
        run_dars(url, token, rest[0], fast_loop=name.endswith("uvloop"))


if __name__ == "__main__":
    main()
