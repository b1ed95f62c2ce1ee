"""Claude, by the Messages API. The only file that imports anthropic, and only to make a call.

The SDK's own retries are off: every attempt is reserved in the ledger before it is made. Answers
are streamed, so that a call which breaks off has told at least what its prompt cost.
"""

import asyncio
import importlib
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from src.clients.calls import Completion, ModelError, ModelRejected, ModelUnavailable, Prompt
from src.clients.messages import PartialAnswer, parameters, read_json, read_name, read_result
from src.models import ApiProvider
from src.settings import ModelSettings

if TYPE_CHECKING:
    from anthropic import APIStatusError, AsyncAnthropic
    from httpx2 import Response

TOTAL_SECONDS = 20.0
CONNECT_SECONDS = 3.0
OFFICIAL_HOST = "api.anthropic.com"
# Far more than an event has; the SDK would keep all of a longer one.
_LONGEST_EVENT = 2**17
_LAST_WORD = "[DONE]"

# Turned away at the door: the provider did no work. Whatever else it answers, it may have; even a
# gateway's 503, which the gateway may say when the model behind it was too slow.
_BUSY = {429, 529}
_NOT_ACCEPTED = {400, 401, 402, 403, 404, 405, 413, 414, 415, 422}
_ASK_ELSEWHERE = {307, 308}
_TURNED_AWAY = _BUSY | _NOT_ACCEPTED | _ASK_ELSEWHERE
_MAY_HAVE_WORKED = {408, 409, 499}


class ClaudeClient:
    """Asks Claude, or a gateway that speaks its protocol."""

    def __init__(
        self, api_key: str, base_url: str, *, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self._api_key, self._base_url, self._total_seconds = api_key, base_url, total_seconds
        self._sdk: AsyncAnthropic | None = None

    @property
    def provider(self) -> ApiProvider:
        """What the ledger calls the provider."""
        official = urlsplit(self._base_url).hostname == OFFICIAL_HOST
        return ApiProvider.CLAUDE if official else ApiProvider.COMPATIBLE

    async def prepare(self) -> None:
        """Import the SDK in another thread: it takes seconds, and the first pupil would wait."""
        await asyncio.to_thread(importlib.import_module, "anthropic")

    async def close(self) -> None:
        """Close the connections."""
        if self._sdk is not None:
            await self._sdk.close()
            self._sdk = None

    async def complete(self, prompt: Prompt) -> Completion:
        """Make one attempt, with a limit on its whole time.

        Raises:
            ModelUnavailable: No answer, or not to the end.
            ModelRejected: The request or the key is not accepted.
            ModelRefused: The model declined.
            ModelCutOff: The answer did not fit into ``max_tokens``.
        """
        sdk = await self._get_sdk()
        progress = PartialAnswer(prompt)
        with _explained(progress):
            async with asyncio.timeout(self._total_seconds):
                stream = await sdk.messages.create(**parameters(prompt), stream=True)
                progress.request_id = read_name(stream.response.headers.get("request-id"))
                async with stream:
                    measured: Any = _Measured(stream.response, progress)
                    async for event in stream.raw_events(measured):
                        measured.unread = 0
                        # Some gateways name no events and end with a word of their own.
                        if event.data and event.data.strip() != _LAST_WORD:
                            progress.take(read_json(event.data))
            return progress.finish()

    async def _get_sdk(self) -> "AsyncAnthropic":
        if self._sdk is None:
            await self.prepare()
            import anthropic  # noqa: PLC0415 - 4 s of CPU: only where a model is called
            import httpx2  # noqa: PLC0415 - comes with it

            from src.clients.bounded import bound  # noqa: PLC0415 - needs it

            timeout = httpx2.Timeout(self._total_seconds, connect=CONNECT_SECONDS)
            self._sdk = anthropic.AsyncAnthropic(
                api_key=self._api_key,
                base_url=self._base_url,
                max_retries=0,
                timeout=timeout,
                # A redirect would carry what a pupil wrote to an address that nobody agreed to.
                http_client=anthropic.DefaultAsyncHttpxClient(
                    timeout=timeout,
                    follow_redirects=False,
                    event_hooks={"response": [bound]},
                ),
                default_headers={"Accept-Encoding": "identity"},
            )
        return self._sdk

    async def create_batch(self, prompts: Mapping[str, Prompt]) -> str:
        """Submit many prompts at half the price; their answers come within a day.

        Args:
            prompts: Each under a name of at most 64 letters, digits, ``-`` and ``_``.

        Returns:
            The provider's name for the batch.

        Raises:
            ModelUnavailable: No answer; unless ``reached`` is false, the batch may exist.
            ModelRejected: The requests or the key are not accepted.
        """
        sdk = await self._get_sdk()
        requests: list[Any] = [
            {"custom_id": name, "params": parameters(prompt)} for name, prompt in prompts.items()
        ]
        with _explained(PartialAnswer()):
            name = read_name((await sdk.messages.batches.create(requests=requests)).id)
            if name is None:
                raise ValueError("a batch without a name")
            return name

    async def has_ended(self, batch_id: str) -> bool:
        """Return whether every prompt of a batch is answered or given up.

        Raises:
            ModelError: The provider did not say.
        """
        sdk = await self._get_sdk()
        with _explained(PartialAnswer()):
            batch = await sdk.messages.batches.retrieve(batch_id)
        return batch.processing_status == "ended"

    async def batch_results(
        self, batch_id: str
    ) -> AsyncGenerator[tuple[str, Completion | ModelError]]:
        """Yield the name of each prompt with its answer, or with why there is none to use.

        Args:
            batch_id: A batch that has ended.

        Raises:
            ModelError: The results cannot be read, or break off.
        """
        sdk = await self._get_sdk()
        with _explained(PartialAnswer()):
            batches = sdk.messages.batches.with_streaming_response
            async with batches.results(batch_id) as response:
                async for line in response.iter_lines():
                    item = read_json(line)
                    yield str(item["custom_id"]), read_result(item.get("result"))


class _Measured:
    """The body of a response, which is given up where an event of it never ends."""

    def __init__(self, response: "Response", progress: PartialAnswer) -> None:
        self._response, self._progress, self.unread = response, progress, 0

    async def aiter_bytes(self) -> AsyncGenerator[bytes]:
        """Yield what comes."""
        async for piece in self._response.aiter_bytes():
            self.unread += len(piece)
            if self.unread > _LONGEST_EVENT:
                self._progress.size += self.unread
                self.unread = 0
                self._progress.check_length()
            yield piece


def make_client(settings: ModelSettings) -> ClaudeClient | None:
    """Return a client for the key in the settings; None where there is no key."""
    if settings.api_key is None:
        return None
    return ClaudeClient(settings.api_key.get_secret_value(), settings.base_url)


@contextmanager
def _explained(progress: PartialAnswer) -> Iterator[None]:
    """Turn what the SDK raises into our errors, with what the provider had reported by then."""
    import anthropic  # noqa: PLC0415 - is imported by now
    import httpx2  # noqa: PLC0415 - is imported by now

    try:
        yield
    except ModelError:
        raise
    except TimeoutError:
        raise ModelUnavailable("the provider took too long", **progress.told()) from None
    except anthropic.APIStatusError as error:
        progress.request_id = read_name(error.request_id) or progress.request_id
        raise _explain_status(error, progress) from error
    except anthropic.APIConnectionError as error:
        # Only with these is it certain that nothing of the request was sent.
        apart = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
        reached = not isinstance(error.__cause__, (*apart, httpx2.UnsupportedProtocol))
        raise ModelUnavailable(
            f"the provider cannot be reached: {type(error.__cause__).__name__}",
            reached=reached,
            **progress.told(),
        ) from error
    except Exception as error:
        # What a provider sends can be wrong in any way, and the SDK passes most of it on.
        reason = f"the answer cannot be read: {type(error).__name__}"
        raise ModelUnavailable(reason, **progress.told()) from error


def _explain_status(error: "APIStatusError", progress: PartialAnswer) -> ModelError:
    status, told = error.status_code, progress.told()
    reason = f"the provider answered {status} {read_name(error.type) or ''}".rstrip()
    reached = status not in _TURNED_AWAY
    # An error in the middle of a stream has status 200.
    is_refused = 300 <= status < 500 and status not in _BUSY | _MAY_HAVE_WORKED
    return (ModelRejected if is_refused else ModelUnavailable)(reason, reached=reached, **told)
