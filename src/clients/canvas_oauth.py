"""OAuth2 at a school: how a person lets Dars in without making a token by hand.

Every school gives out a key of its own. An access token lives for an hour and is kept for as long:
asking for one again and again is throttled. The refresh token stays the same.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import BaseModel, SecretStr, ValidationError

from src.clients.canvas_address import read_address
from src.clients.canvas_errors import AnswerUnreadable, CallRefused, NoRight, TokenDead
from src.clients.canvas_models import CanvasId, WireModel
from src.clients.canvas_network import CanvasCall, CanvasNetwork


@dataclass(frozen=True, slots=True)
class OAuthKey:
    """What one school knows Dars by.

    Attributes:
        address: The school's.
        client_id: The number of the key.
        secret: Shown to the school only.
        redirect_uri: Where people come back to, as the key has it.
    """

    address: str
    client_id: str
    secret: SecretStr
    redirect_uri: str


class _User(WireModel):
    id: CanvasId


class OAuthTokens(BaseModel):
    """What a school gives out."""

    access_token: SecretStr
    refresh_token: SecretStr | None = None
    expires_in: int = 3600
    user: _User | None = None


def login_url(key: OAuthKey, state: str) -> str:
    """Return the page of the school on which a person agrees.

    Args:
        key: The school's.
        state: Random, and known to be this person's: it comes back with the code. No scopes are
            asked for: a key without any refuses them, one that has some gives them all.
    """
    query = {"client_id": key.client_id, "response_type": "code", "state": state}
    query["redirect_uri"] = key.redirect_uri
    return f"{key.address}/login/oauth2/auth?{urlencode(query)}"


async def exchange_code(network: CanvasNetwork, key: OAuthKey, code: SecretStr) -> OAuthTokens:
    """Turn the code with which a person came back into tokens. A code works once.

    Raises:
        TokenDead: It is used up or too old: the person has to agree again.
        CallRefused: The school does not know the key.
        CanvasError: What else it came to; after a cut line the person has to agree again as well.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code.get_secret_value(),
        "redirect_uri": key.redirect_uri,
    }
    return await _tokens(network, key, form, may_repeat=False)


async def refresh(network: CanvasNetwork, key: OAuthKey, kept: SecretStr) -> OAuthTokens:
    """Get the next access token; the refresh token stays as it is.

    Raises:
        TokenDead: The refresh token is not valid any more: the person has to agree again.
        CallRefused: The school does not know the key.
        CanvasError: What else it came to.
    """
    form = {"grant_type": "refresh_token", "refresh_token": kept.get_secret_value()}
    return await _tokens(network, key, form, may_repeat=True)


async def revoke(network: CanvasNetwork, address: str, token: SecretStr) -> None:
    """End a token at the school; one that is dead already is not missed.

    Raises:
        CanvasError: The school could not be told; the token is to be forgotten all the same.
    """
    call = CanvasCall(
        "DELETE",
        address,
        f"{address}/login/oauth2/token",
        headers={"Authorization": f"Bearer {token.get_secret_value()}"},
        may_repeat=True,
    )
    try:
        await network.ask(call, network.lane(token.get_secret_value()))
    except TokenDead:
        return


async def _tokens(
    network: CanvasNetwork, key: OAuthKey, form: dict[str, str], *, may_repeat: bool
) -> OAuthTokens:
    address = read_address(key.address, allow_loopback=network.allow_loopback)
    form |= {"client_id": key.client_id, "client_secret": key.secret.get_secret_value()}
    url = f"{address}/login/oauth2/token"
    call = CanvasCall("POST", address, url, form=form, may_repeat=may_repeat)
    try:
        answer = await network.ask(call, network.lane(key.secret.get_secret_value()))
        return OAuthTokens.model_validate(answer.data)
    except NoRight:
        raise CallRefused("the school does not know the key") from None
    except CallRefused:
        raise TokenDead("the school takes neither code nor token any more: agree again") from None
    except ValidationError:
        raise AnswerUnreadable("the answer holds no token", maybe_done=True) from None
