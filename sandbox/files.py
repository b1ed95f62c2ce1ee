"""Photos and documents: their bytes beside the state file, or in memory without one."""

import re
import secrets
import struct
from pathlib import Path

from sandbox.errors import Json, bad_request
from sandbox.journal import open_private
from sandbox.params import Params, Upload
from sandbox.world import World

_FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "sticker": "stickers"}
_TYPE = re.compile(r"[a-z0-9][\w.+-]{0,126}/[a-z0-9][\w.+-]{0,126}", re.ASCII | re.IGNORECASE)
_ANY = "application/octet-stream"
_SUFFIX = re.compile(r"\.\w{1,9}", re.ASCII)
_JPEG_SIZES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


class Files:
    """Keeps what bots and pupils upload."""

    def __init__(self, world: World) -> None:
        self._world = world
        state = world.config.state
        self._folder = None if state is None else state.with_name(state.name + ".files")
        self._memory: dict[str, bytes] = {}

    def keep(self, kind: str, upload: Upload) -> Json:
        """Stores bytes.

        Returns:
            What is known of the file: file_id, file_unique_id, file_size, path, name and type.

        Raises:
            ApiError: Its type is none: it could not be sent with the bytes.
        """
        if not _TYPE.fullmatch(upload.content_type):
            raise bad_request("mime_type must be like text/plain")
        number = self._world.next_file_number
        self._world.next_file_number += 1
        end = Path(upload.name).suffix
        suffix = end if _SUFFIX.fullmatch(end) else ".bin"
        meta: Json = {
            "number": number,
            "kind": kind,
            "file_id": f"SBX{kind[:2].upper()}{number:06d}{secrets.token_hex(8)}",
            "file_unique_id": f"SBXU{number:08d}",
            "file_size": len(upload.data),
            "path": f"{_FOLDERS.get(kind, 'files')}/file_{number}{suffix}",
            "name": Path(upload.name).name,
            "type": upload.content_type,
        }
        self._write(meta["path"], upload.data)
        self._world.put_file(meta)
        return meta

    def read(self, path: str) -> tuple[bytes, str]:
        """The bytes of a file and their type.

        Raises:
            KeyError: There is no such file.
        """
        for meta in self._world.files.values():
            if meta["path"] == path:
                data = self._memory.get(path)
                if data is None and self._folder is not None:
                    data = (self._folder / path).read_bytes()
                if data is not None:
                    return data, meta["type"] if _TYPE.fullmatch(meta["type"]) else _ANY
        raise KeyError(path)

    def sent(self, params: Params, name: str, kind: str) -> Json:
        """The file that a call sends: uploaded, `attach://`, or a file_id known from before.

        Raises:
            ApiError: There is no file in that parameter, or it can't be had.
        """
        value = params.text(name)
        upload = params.files.get(value.removeprefix("attach://") if value else name)
        if upload is not None:
            if not upload.data:
                raise bad_request("file must be non-empty")
            return self.keep(kind, upload)
        if not value:
            raise bad_request(f"there is no {name} in the request")
        if value.startswith(("http://", "https://")):
            # A sandbox fetches nothing from the network.
            raise bad_request("failed to get HTTP URL content")
        if value not in self._world.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        known: Json = self._world.files[value]
        return known

    def _write(self, path: str, data: bytes) -> None:
        if self._folder is None:
            self._memory[path] = data
            return
        target = self._folder / path
        self._folder.mkdir(mode=0o700, exist_ok=True)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        target.unlink(missing_ok=True)
        with open_private(target) as file:
            file.write(data)


def public(meta: Json) -> Json:
    """The part of a file's description that every Telegram object with a file shares."""
    return {key: meta[key] for key in ("file_id", "file_unique_id", "file_size")}


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG, GIF or WebP; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X" and len(data) >= 30:
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        if data[position + 1] in _JPEG_SIZES:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return None
