"""A real mail server on loopback, for the letters that the service sends."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from pydantic import SecretStr

from service.settings import Settings


@dataclass
class PostOffice:
    """Takes letters by SMTP, or refuses them; knows none of the service's code."""

    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    refuses: str = ""
    port: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, as RFC 5321 has it."""
        writer.write(b"220 post office\r\n")
        sender = to = ""
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "MAIL":
                sender = line.partition("<")[2].partition(">")[0]
            elif verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
            if verb == "RCPT" and self.refuses:
                writer.write(f"{self.refuses} <{to}> is not taken here\r\n".encode())
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                body = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
                self.letters.append(message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
                self.envelopes.append((sender, to))
                self.arrived.set()
                writer.write(b"250 taken\r\n")
            else:
                writer.write(b"221 bye\r\n" if verb == "QUIT" else b"250 yes\r\n")
            if verb == "QUIT":
                break
        await writer.drain()
        writer.close()


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """Open while the test runs, in a thread and an event loop of its own."""
    office, loop = PostOffice(), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(office.talk, "127.0.0.1", 0))
    office.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield office

    async def shut() -> None:
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.01)

    asyncio.run_coroutine_threadsafe(shut(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def settings(settings: Settings, post_office: PostOffice) -> Settings:
    """The service of these tests has a mail server."""
    return settings.model_copy(update={"smtp_url": SecretStr(post_office.url), "mail_from": "said@hillside.example"})
