"""Photos and documents from the bot, and the way to their bytes."""

from sandbox.api import method
from sandbox.content import read_caption
from sandbox.core import Sandbox
from sandbox.errors import ApiError, Json, bad_request
from sandbox.files import image_size, public
from sandbox.methods.sending import deliver
from sandbox.params import Params

_MAX_PHOTO = 10 * 1024 * 1024
_MAX_DOCUMENT = 50 * 1024 * 1024


@method("sendPhoto")
def send_photo(box: Sandbox, params: Params) -> Json:
    """Sends a picture with an optional caption; it is kept in one size, its own."""
    caption = read_caption(params)
    meta = box.files.sent(params, "photo", "photo")
    if meta["file_size"] > _MAX_PHOTO:
        raise bad_request("file is too big")
    data, _ = box.files.read(meta["path"])
    size = image_size(data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    photo = {**public(meta), "width": size[0], "height": size[1]}
    return deliver(box, params, {"photo": [photo], **caption})


@method("sendDocument")
def send_document(box: Sandbox, params: Params) -> Json:
    """Sends a file with an optional caption."""
    caption = read_caption(params)
    meta = box.files.sent(params, "document", "document")
    if meta["file_size"] > _MAX_DOCUMENT:
        raise ApiError(413, "Request Entity Too Large")
    document = {**public(meta), "file_name": meta["name"], "mime_type": meta["type"]}
    return deliver(box, params, {"document": document, **caption})


@method("getFile")
def get_file(box: Sandbox, params: Params) -> Json:
    """Where the bytes of a file are: `/file/bot<token>/<file_path>`."""
    meta = box.world.files.get(params.text("file_id"))
    if meta is None:
        raise bad_request("invalid file_id")
    return {**public(meta), "file_path": meta["path"]}
