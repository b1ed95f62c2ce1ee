"""How updates reach the bot."""

from urllib.parse import urlsplit

from sandbox.api import method
from sandbox.core import Sandbox
from sandbox.errors import Json, bad_request
from sandbox.params import Params

_LONGEST_POLL = 50
_MAX_UPDATES = 100
_LIST = "can't parse allowed updates JSON object"


@method("getUpdates")
async def get_updates(box: Sandbox, params: Params) -> list[Json]:
    """Updates from `offset` on; waits for the first one up to `timeout` seconds."""
    box.updates.allow(params.json("allowed_updates", _LIST))
    limit = params.integer("limit", _MAX_UPDATES)
    timeout = min(max(params.integer("timeout"), 0), _LONGEST_POLL)
    offset = params.integer("offset")
    return await box.updates.poll(offset, limit if 1 <= limit <= _MAX_UPDATES else 100, timeout)


@method("setWebhook")
def set_webhook(box: Sandbox, params: Params) -> bool:
    """Has updates sent to `url` from now on; an empty one ends that."""
    url = params.text("url")
    if not url:
        return _end(box, params)
    secret = params.text("secret_token")
    _check(url, secret)
    box.updates.allow(params.json("allowed_updates", _LIST))
    if params.flag("drop_pending_updates"):
        box.updates.drop_all()
    connections = min(max(params.integer("max_connections", 40), 1), 100)
    box.world.put_setting(
        "webhook", {"url": url, "secret_token": secret, "max_connections": connections}
    )
    box.updates.interrupt("terminated by setWebhook request")
    box.webhook.last_error = None
    box.webhook.start()
    return True


@method("deleteWebhook")
def delete_webhook(box: Sandbox, params: Params) -> bool:
    """Goes back to getUpdates."""
    return _end(box, params)


def _end(box: Sandbox, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        box.updates.drop_all()
    if box.world.settings.get("webhook"):
        box.world.put_setting("webhook", None)
        box.webhook.stop()
    return True


@method("getWebhookInfo")
def get_webhook_info(box: Sandbox, params: Params) -> Json:
    """Where updates go, how many wait and what went wrong last."""
    hook = box.world.settings.get("webhook")
    info: Json = {
        "url": hook["url"] if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(box.world.pending),
    }
    if hook:
        info["max_connections"] = hook["max_connections"]
        if box.webhook.last_error is not None:
            info["last_error_date"], info["last_error_message"] = box.webhook.last_error
    if box.world.settings.get("allowed_updates"):
        info["allowed_updates"] = box.world.settings["allowed_updates"]
    return info


def _check(url: str, secret: str) -> None:
    # Telegram insists on https; its self-hosted server, like this one, takes http as well.
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not parts.hostname:
        raise bad_request("bad webhook: URL host is empty")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not all(char.isascii() and (char.isalnum() or char in "_-") for char in secret):
        raise bad_request("secret token contains unallowed characters")
